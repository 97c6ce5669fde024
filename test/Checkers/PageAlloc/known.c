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
