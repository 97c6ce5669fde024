// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -Wno-return-type -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

int fill(struct page **pages, int n);

int nothing_returned(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 1, FOLL_WRITE, pages);

	fill(pages, got);
	if (got > 0)
		unpin_user_pages_dirty_lock(pages, got, got);
}

struct page *a_pointer(unsigned long start, struct page **pages)
{
	if (pin_user_pages_fast(start, 1, FOLL_WRITE, pages) != 1)
		return NULL;
	set_page_dirty((struct page *)pages);
	return pages[0];
}
