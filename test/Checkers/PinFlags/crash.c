// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

enum odd { ODD = 1, EVEN = 2 };

int of_an_enum(unsigned long start, enum odd flags, struct page **pages)
{
	return get_user_pages_fast(start, 1, flags, pages);
}

int huge(unsigned long start, struct page **pages)
{
	return get_user_pages_fast(start, 1, 0x80000000u, pages);
}

int of_a_call(unsigned long start, struct page **pages)
{
	return get_user_pages_fast(start, 1, device_start(1), pages);
}

void without_result(struct mm_struct *mm)
{
	mmap_read_unlock(mm);
	mmap_read_lock(mm);
	mmap_write_lock(mm);
}
