// What the check gets wrong today, each marked FIXME.  Whoever cures one moves
// it to fires.c or silent.c.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s

#include "kernel.h"

//===--- false alarms ------------------------------------------------------===

// FIXME: there is one mmap_lock to the check, whatever mm it is of.
long of_two(struct mm_struct *mm, struct mm_struct *other, unsigned long start,
	    struct page **pages)
{
	long got;

	mmap_read_lock(mm);
	mmap_read_lock(other);
	mmap_read_unlock(other);
	got = get_user_pages_remote(mm, start, 1, 0, pages, NULL); // expected-warning{{'get_user_pages_remote' needs mmap_lock, which was let go on this path}}
	mmap_read_unlock(mm);
	return got;
}

int of_another(struct mm_struct *other, unsigned long start, struct page **pages)
{
	int got;

	mmap_write_lock(other);
	got = get_user_pages_fast(start, 1, 0, pages); // expected-warning{{'get_user_pages_fast' may take mmap_lock itself, and it is held for writing here}}
	mmap_write_unlock(other);
	return got;
}

//===--- misses ------------------------------------------------------------===

// FIXME: rule 7 where the array is a part of an object that the caller brought:
// many drivers have such an array for the I/O at hand.
struct doorbell {
	struct page *more[4];
};

int doorbell_map_more(struct doorbell *d, unsigned long addr)
{
	if (pin_user_pages_fast(addr, 4, FOLL_WRITE, d->more) != 4)
		return -EFAULT;
	return 0;
}

void doorbell_unmap(struct doorbell *d)
{
	unpin_user_pages(d->more, 4);
}
