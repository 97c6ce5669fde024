// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
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
