// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -Wno-deprecated-non-prototype -Wno-constant-conversion -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

void huge_order(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, ~0u);

	if (page)
		__free_pages(page, ~0u);
}

double as_a_number(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);
	double d = page;

	free_page((unsigned long)d);
	return d;
}

unsigned char narrowed(void)
{
	unsigned char low = __get_free_page(GFP_KERNEL);

	return low & 1 ? low : low + 1;
}

int compared(void)
{
	unsigned long a = __get_free_page(GFP_KERNEL), b = get_zeroed_page(GFP_KERNEL);
	int first = a < b || a - b > 4096 || (a ^ b) == 3;

	free_page(a);
	free_page(b);
	return first;
}

// Old declarations, and arguments that are missing.
struct page *alloc_pages_vma();
void *alloc_pages_exact_nid();

void *without_arguments(int n)
{
	if (n > 1)
		return alloc_pages_vma();
	return n ? alloc_pages_exact_nid() : alloc_pages_exact_nid(1);
}

void order_of_128_bits(void)
{
	struct page *pages = alloc_pages(GFP_KERNEL, (__int128)1 << 100);

	if (pages)
		__free_pages(pages, (__int128)1 << 101);
}

void of_functions(void)
{
	free_pages((unsigned long)&of_functions, 0);
	kfree(&of_functions);
	free_pages_exact("text", 5);
}

struct page *recursive(int order)
{
	struct page *pages = alloc_pages(GFP_KERNEL, order);

	if (!pages)
		return order ? recursive(order - 1) : NULL;
	return pages;
}

void through_volatile(void)
{
	struct page *volatile page = alloc_page(GFP_KERNEL);

	if (page)
		__free_page(page);
}

void in_a_union(void)
{
	union {
		struct page *page;
		unsigned long address;
		char bytes[8];
	} u;

	u.address = __get_free_page(GFP_KERNEL);
	u.bytes[0] = 0;
	free_page(u.address);
}

void in_vla(int n)
{
	unsigned long pages[n + 1];
	int i;

	for (i = 0; i <= n; i++)
		pages[i] = __get_free_page(GFP_KERNEL);
	while (--i >= 0)
		free_page(pages[i]);
}

static void free_at(struct page **page)
{
	if (*page)
		__free_page(*page);
}

void at_the_end(void)
{
	struct page *page __attribute__((cleanup(free_at))) = alloc_page(GFP_KERNEL);
}

void void_result(struct page *page)
{
	return __free_pages(page, 0);
}
