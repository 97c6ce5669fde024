// References of an object that has an MMU notifier, which another file
// registers.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

struct object {
	struct mmu_interval_notifier notifier;
	struct page **pages;
	int n;
};

int object_bind(struct object *o, unsigned long start)
{
	int got = get_user_pages_fast(start, o->n, FOLL_WRITE, o->pages);

	if (got == o->n)
		return 0;
	while (got-- > 0)
		put_page(o->pages[got]);
	return -EFAULT;
}

void object_unbind(struct object *o)
{
	while (o->n--)
		put_page(o->pages[o->n]);
}
