// What the check gets wrong today, each marked FIXME.  Whoever cures one moves
// it to fires.c or silent.c.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinResult \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

//===--- misses ------------------------------------------------------------===

// FIXME: rule 1 where both sides have 32 bits and the loop counts from a number:
// with an error it never ends on the path, and the finding is dropped with it.
int endless_with_an_error(unsigned long start, struct page **pages)
{
	unsigned int i, got = get_user_pages_fast(start, 4, 0, pages);

	for (i = 0; i < got; i++)
		device_start(i);
	return 0;
}

// FIXME: rule 3 does not see what a comma or the head of a loop throws away.
int thrown_away(unsigned long start, struct page **pages)
{
	return pin_user_pages_fast(start, 4, 0, pages), 0;
}

void thrown_away_by_a_loop(unsigned long start, struct page **pages)
{
	for (get_user_pages_fast(start, 4, 0, pages); device_start(1);)
		;
}
