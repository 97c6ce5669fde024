// Right, and in part unusual.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

int plain(unsigned long start, struct page **pages, bool write)
{
	return get_user_pages_fast(start, 4, write ? FOLL_WRITE : 0, pages);
}

long long_term(unsigned long start, struct page **pages)
{
	return pin_user_pages(start, 4, FOLL_WRITE | FOLL_LONGTERM, pages);
}

int whoever_calls_knows(unsigned long start, unsigned int flags, struct page **pages)
{
	return pin_user_pages_fast(start, 4, flags | FOLL_WRITE, pages);
}

long locked_right(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	long got;

	mmap_read_lock(mm);
	got = get_user_pages(start, 1, 0, pages);
	mmap_read_unlock(mm);
	if (got < 1)
		got = get_user_pages_unlocked(start, 1, pages, 0);
	return got;
}

/* Whether it is held is the caller's affair. */
long locked_by_caller(unsigned long start, struct page **pages)
{
	return get_user_pages(start, 1, 0, pages);
}

/* An array in a page: its address is a number first. */
long array_in_a_page(unsigned long start, unsigned long page)
{
	return get_user_pages_unlocked(start, 4, (struct page **)page, 0);
}

/* Pinned for the time of the call. */
struct copy {
	struct page **pages;
};

int copy_now(struct copy *c, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, c->pages);

	if (got <= 0)
		return -EFAULT;
	device_start(got);
	unpin_user_pages_dirty_lock(c->pages, got, true);
	return 0;
}
