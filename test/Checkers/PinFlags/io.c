// An array in an object may be there for one transfer, whose end another file
// hears of.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

struct transfer {
	struct page *map[16];
	int count;
};

int transfer_start(struct transfer *t, unsigned long a, unsigned long b, int n)
{
	int first, second = 0;

	first = pin_user_pages_unlocked(a, n, &t->map[0], 0);
	if (first == n)
		second = pin_user_pages_unlocked(b, n, &t->map[first], 0);
	if (first != n || second != n) {
		if (second > 0)
			unpin_user_pages(&t->map[first], second);
		if (first > 0)
			unpin_user_pages(t->map, first);
		return -EFAULT;
	}
	t->count = first + second;
	return 0;
}
