// The call, and no more than the path to it.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -analyzer-output=text %s 2>&1 | FileCheck %s --implicit-check-not=note: \
// RUN:   --implicit-check-not=warning:

#include "kernel.h"

int get_of_a_pin(unsigned long start, struct page **pages)
{
	return pin_user_pages_fast(start, 4, FOLL_GET, pages);
}

// CHECK: notes.c:[[#@LINE-3]]:9: warning: 'pin_user_pages_fast' refuses FOLL_GET [linux.mm.PinFlags]
// CHECK: notes.c:[[#@LINE-4]]:9: note: 'pin_user_pages_fast' refuses FOLL_GET
