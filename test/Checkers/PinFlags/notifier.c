// A driver that is told when the pages go away may keep its pins.
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

int object_init(struct object *o, struct mm_struct *mm, unsigned long start)
{
	return mmu_interval_notifier_insert(&o->notifier, mm, start, PAGE_SIZE);
}

int object_pin(struct object *o, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, o->pages);

	if (got != n) {
		if (got > 0)
			unpin_user_pages(o->pages, got);
		return -EFAULT;
	}
	o->n = n;
	return 0;
}

void object_unpin(struct object *o)
{
	unpin_user_pages_dirty_lock(o->pages, o->n, true);
}
