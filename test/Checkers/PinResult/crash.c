// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -Wno-deprecated-non-prototype -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinResult \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

void in_conditions(unsigned long start, struct page **pages)
{
	int n = 0;

	while (get_user_pages_fast(start, 1, 0, pages) < 1 + n)
		n++;
	if (get_user_pages_fast(start, 1, 0, pages), n)
		n--;
}

int of_a_float(unsigned long start, struct page **pages)
{
	double got = get_user_pages_fast(start, 1, 0, pages);

	return got < 1.0;
}

int of_a_bit_field(unsigned long start, struct page **pages)
{
	struct { int got : 7; } s;

	s.got = get_user_pages_fast(start, 9, 0, pages);
	return s.got < 9;
}

// Old declarations, and arguments that are missing.
long get_user_pages_locked();
struct page *get_kernel_page();

long without_arguments(struct page **pages)
{
	get_kernel_page();
	return get_user_pages_locked() + get_user_pages_locked(1, pages);
}

int old_style(start, n, pages)
	unsigned long start;
	int n;
	struct page **pages;
{
	return pin_user_pages_fast(start, n, 0, pages) == n;
}

__int128 of_128_bits(struct page **pages)
{
	__int128 got = pin_user_pages_fast(0, 1, 0, pages);

	return got < 3 ? got : -got;
}

int in_vla(int n)
{
	struct page *pages[n > 0 ? n : 1];

	return pin_user_pages_fast(0, n, 0, pages) == sizeof(pages);
}

int recursive(unsigned long start, struct page **pages, int n)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	return got > 1 ? recursive(start, pages, got - 1) : got;
}

int range_of_cases(unsigned long start, struct page **pages, int n)
{
	switch (get_user_pages_fast(start, n, 0, pages)) {
	case -4095 ... -1:
		return -EFAULT;
	case 0:
		return 0;
	default:
		return 1;
	}
}

int through_pointer(int (*get)(unsigned long, int, unsigned int, struct page **))
{
	get = get ? get : get_user_pages_fast;
	get(0, 1, 0, (struct page **)&through_pointer);
	return get == 0;
}
