// What the check gets wrong today, each marked FIXME.  Whoever cures one moves
// it to fires.c or silent.c.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc \
// RUN:   -verify %s

#include "kernel.h"

//===--- words -------------------------------------------------------------===

// FIXME: the text of an argument of a macro is lost.
void which_page(struct page **pages, int n)
{
	while (n--)
		__free_page(pages[1]); // expected-warning{{the loop gives back the same page every time: '' does not change in it}}
}

//===--- misses ------------------------------------------------------------===

// FIXME: an element of an array that the path allocated is lost with the array.
int lost_with_the_array(int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);

	if (!pages)
		return -ENOMEM;
	pages[0] = alloc_page(GFP_KERNEL);
	if (pages[0] && device_start(1)) {
		kfree(pages);
		return -EIO;
	}
	if (pages[0])
		__free_page(pages[0]);
	kfree(pages);
	return 0;
}
