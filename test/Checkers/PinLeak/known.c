// What the check gets wrong today, each marked FIXME.  Whoever cures one moves
// it to fires.c or silent.c.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinLeak \
// RUN:   -verify %s

#include "kernel.h"

//===--- false alarms ------------------------------------------------------===

int in_union(void)
{
	union {
		struct page *pages[2];
		unsigned long bits[2];
		char bytes[16];
	} u;
	int got = pin_user_pages_fast(0, 2, 0, u.pages);

	u.bytes[3] = 1;
	if (got > 0)
		unpin_user_pages((struct page **)u.bits, got);
	// FIXME: the release names the same bytes by another member of the union.
	return u.bits[1]; // expected-warning{{pages pinned by 'pin_user_pages_fast' are not given back on this path}}
}
