// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
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
