// Right, and in part unusual.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

int fill(struct page **pages, int n);

int dirtied(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	unpin_user_pages_dirty_lock(pages, got, true);
	return 0;
}

/* It was not written: the device refused. */
int refused(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	if (fill(pages, got)) {
		unpin_user_pages(pages, got);
		return -EIO;
	}
	unpin_user_pages_dirty_lock(pages, got, true);
	return 0;
}

int only_read(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	unpin_user_pages(pages, got);
	return 0;
}

void with_the_lock(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		lock_page(pages[i]);
		set_page_dirty(pages[i]);
		unlock_page(pages[i]);
		unpin_user_page(pages[i]);
	}
}

void where_it_can(struct page *page)
{
	if (trylock_page(page)) {
		set_page_dirty(page);
		unlock_page(page);
	}
	unpin_user_page(page);
}

void by_the_other(struct page *page)
{
	set_page_dirty_lock(page);
	unpin_user_page(page);
}

/* Whose page it is, is not known here. */
void somebody_elses(struct page *page)
{
	set_page_dirty(page);
}

/* The address is all that is wanted: a reference is enough for that. */
int looked_up(unsigned long start, unsigned long *where)
{
	struct page *page;

	if (get_user_pages_fast(start, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	*where = page_to_pfn(page);
	put_page(page);
	return 0;
}

/* The caller has locked it. */
void one_of_many(struct page *page)
{
	set_page_dirty(page);
	unpin_user_page(page);
}

struct page **or_null(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return NULL;
	if (fill(pages, got)) {
		unpin_user_pages(pages, got);
		return NULL;
	}
	return pages;
}
