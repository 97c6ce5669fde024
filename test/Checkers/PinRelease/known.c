// What the check gets wrong today, each marked FIXME.  Whoever cures one moves
// it to fires.c or silent.c.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinRelease \
// RUN:   -verify %s

#include "kernel.h"

//===--- false alarms ------------------------------------------------------===

/* References to one page are added up, and dropped when the next one comes. */
void added_up(struct page **pages, int n)
{
	struct page *last = NULL;
	int i, refs = 0;

	for (i = 0; i < n; i++) {
		if (pages[i] == last) {
			refs++;
			continue;
		}
		// FIXME: that 'last' is still NULL here needs an element that is NULL.
		if (refs)
			page_ref_sub(last, refs); // expected-warning{{'page_ref_sub' gets a null pointer on this path, on which nothing was taken}}
		refs = 0;
		last = pages[i];
	}
}
