// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -Wno-deprecated-non-prototype -Wno-constant-conversion -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
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

// Old declarations, and arguments that are missing.
long get_user_pages_locked();
void mmap_write_lock_nested();

long without_arguments(struct page **pages)
{
	mmap_write_lock_nested();
	return get_user_pages_locked() + get_user_pages_locked(1, pages);
}

int old_style(start, flags, pages)
	unsigned long start;
	short flags;
	struct page **pages;
{
	return pin_user_pages_fast(start, 1, flags, pages);
}

int of_128_bits(unsigned long start, struct page **pages)
{
	return pin_user_pages_fast(start, 1, (__int128)1 << 100, pages);
}

int of_a_float(unsigned long start, float flags, struct page **pages)
{
	return pin_user_pages_fast(start, 1, flags, pages);
}

int of_a_bit_field(unsigned long start, struct page **pages)
{
	struct { unsigned int flags : 2; } s = { 1 };

	return get_user_pages_fast(start, 1, s.flags, pages);
}

int never_set(unsigned long start, struct page **pages)
{
	unsigned int flags;

	return get_user_pages_fast(start, 1, flags |= 0, pages);
}

long recursive(struct mm_struct *mm, struct page **pages, int n)
{
	mmap_read_lock(mm);
	n = n ? recursive(mm, pages, n - 1) : get_user_pages(0, 1, 0, pages);
	mmap_read_unlock(mm);
	return n;
}

int through_pointer(int (*get)(unsigned long, int, unsigned int, struct page **))
{
	get = get ? get : get_user_pages_fast;
	return get(0, 1, FOLL_WRITE, (struct page **)&through_pointer);
}

int in_vla(int n)
{
	struct page *pages[n];

	return pin_user_pages_fast(0, n, n, pages);
}
