// Which call fails on the path.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinResult \
// RUN:   -analyzer-output=text %s 2>&1 | FileCheck %s --implicit-check-not=note: \
// RUN:   --implicit-check-not=warning:

#include "kernel.h"

int above_zero(unsigned long start, unsigned long n, struct page **pages)
{
	unsigned long got;

	got = pin_user_pages_fast(start, n, 0, pages);
	if (got > 0)
		unpin_user_pages(pages, got);
	return 0;
}

// CHECK: notes.c:[[#@LINE-5]]:10: warning: an error of 'pin_user_pages_fast' in 'got' is compared as an unsigned number, which makes it a large one [linux.mm.PinResult]
// CHECK: notes.c:[[#@LINE-7]]:8: note: 'pin_user_pages_fast' fails here, with a negative errno
// CHECK: notes.c:[[#@LINE-7]]:10: note: an error of 'pin_user_pages_fast' in 'got' is compared as an unsigned number, which makes it a large one

void released(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 4, 0, pages);

	unpin_user_pages(pages, got);
}

// CHECK: notes.c:[[#@LINE-3]]:2: warning: an error is given to 'unpin_user_pages' as the number of pages [linux.mm.PinResult]
// CHECK: notes.c:[[#@LINE-6]]:12: note: 'pin_user_pages_fast' fails here, with a negative errno
// CHECK: notes.c:[[#@LINE-5]]:2: note: an error is given to 'unpin_user_pages' as the number of pages
