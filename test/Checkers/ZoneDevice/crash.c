// Odd code is read without harm.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s
// expected-no-diagnostics

#include "zone.h"

/* Fewer arguments than the kernel's. */
struct page *skb_frag_page();
void kmap();
int page_ref_count(const struct page *page);

int none(void)
{
	kmap();
	return page_ref_count(skb_frag_page()) == 0;
}

int loops(struct page *a, struct page *b)
{
	for (;;) {
		struct page *t = a;

		a = b;
		b = t;
		if (page_count(a) == 1)
			break;
		if (page_count(b) == 2)
			return sizeof(struct { struct page *p; });
	}
	return 0;
}

int empty(struct page *(*get)(unsigned long))
{
	struct page *pages[2] = { 0 };

	pages[0] = get(0);
	*pages = pages[1];
	return page_count(*pages) == 1 && page_count(pages[0] + 1) == 1;
}

int self(struct page *page)
{
	page = page;
	return page_count(page) == 1 ? self(page) : 0;
}
