// Right, and in part unusual.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

int fill(struct page **pages, int n);
int fill_one(struct page *page);

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

//===--- shapes that drivers have --------------------------------------------===

int dirtied_one_by_one(unsigned long start, int n, struct page **pages)
{
	int i, got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	for (i = 0; i < got; i++) {
		set_page_dirty_lock(pages[i]);
		unpin_user_page(pages[i]);
	}
	return 0;
}

int all_dirtied_first(unsigned long start, int n, struct page **pages)
{
	int i, got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got != n) {
		if (got > 0)
			unpin_user_pages(pages, got);
		return -EFAULT;
	}
	fill(pages, n);
	for (i = 0; i < n; i++)
		set_page_dirty_lock(pages[i]);
	unpin_user_pages(pages, n);
	return 0;
}

void each_where_it_can(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		if (trylock_page(pages[i])) {
			set_page_dirty(pages[i]);
			unlock_page(pages[i]);
		}
		unpin_user_page(pages[i]);
	}
}

void with_the_folio_lock(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		struct folio *folio = page_folio(pages[i]);

		folio_lock(folio);
		folio_mark_dirty(folio);
		folio_unlock(folio);
		unpin_user_page(pages[i]);
	}
}

/* The direction decides, here and there. */
int as_told(unsigned long start, int n, struct page **pages, bool write)
{
	int got = pin_user_pages_fast(start, n, write ? FOLL_WRITE : 0, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	unpin_user_pages_dirty_lock(pages, got, write);
	return 0;
}

int as_told_by_branch(unsigned long start, int n, struct page **pages, bool write)
{
	int got = pin_user_pages_fast(start, n, write ? FOLL_WRITE : 0, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	if (write)
		unpin_user_pages_dirty_lock(pages, got, true);
	else
		unpin_user_pages(pages, got);
	return 0;
}

static void mark(struct page *page)
{
	set_page_dirty_lock(page);
}

int by_a_helper(unsigned long start, int n, struct page **pages)
{
	int i, got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	for (i = 0; i < got; i++)
		mark(pages[i]);
	unpin_user_pages(pages, got);
	return 0;
}

/* Only to see whether they can be written. */
int tried(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 4, FOLL_WRITE, pages);

	if (got > 0)
		unpin_user_pages(pages, got);
	return got;
}

/* One way out for whatever went wrong. */
int one_way_out(unsigned long start, int n, struct page **pages)
{
	int ret = -EFAULT, got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got != n)
		goto out;
	ret = fill(pages, n);
	if (ret)
		goto out;
	unpin_user_pages_dirty_lock(pages, n, true);
	return 0;
out:
	if (got > 0)
		unpin_user_pages(pages, got);
	return ret;
}

struct page **or_error_pointer(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return ERR_PTR(-EFAULT);
	if (fill(pages, got)) {
		unpin_user_pages(pages, got);
		return ERR_PTR(-EIO);
	}
	return pages;
}

//===--- who decides about dirtying -----------------------------------------===
// the page is dirty already.
int dirty_already(unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	fill_one(page);
	if (!PageDirty(page))
		set_page_dirty_lock(page);
	unpin_user_page(page);
	return 0;
}

// a reserved page is never written back.
int unless_reserved(unsigned long start, int n, struct page **pages)
{
	int i, got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	for (i = 0; i < got; i++) {
		if (!PageReserved(pages[i]))
			set_page_dirty_lock(pages[i]);
		unpin_user_page(pages[i]);
	}
	return 0;
}

// the caller says whether something was written.
int if_it_was_read(unsigned long addr, bool read)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	fill_one(page);
	if (read)
		set_page_dirty_lock(page);
	unpin_user_page(page);
	return 0;
}

// A helper with a loop is not entered.
static void mark_all(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++)
		set_page_dirty_lock(pages[i]);
}

int dirtied_by_a_helper(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	mark_all(pages, got);
	unpin_user_pages(pages, got);
	return 0;
}

// false is a failure.
bool says_true(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 4, FOLL_WRITE, pages);

	if (got <= 0)
		return false;
	if (fill(pages, got)) {
		unpin_user_pages(pages, got);
		return false;
	}
	unpin_user_pages_dirty_lock(pages, got, true);
	return true;
}

// where the number of bytes is returned, 0 is nothing written.
int number_of_bytes(unsigned long start, int n, struct page **pages)
{
	int bytes, got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	bytes = fill(pages, got);
	unpin_user_pages_dirty_lock(pages, got, bytes > 0);
	return bytes;
}

// the page is no user page: the function has just allocated it.
void own_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	set_page_dirty(page);
	put_page(page);
}

// the only caller has the lock.
static void drop_locked(struct page **pages, int i)
{
	set_page_dirty(pages[i]);
	unpin_user_page(pages[i]);
}

void drop_first(struct page **pages)
{
	struct page *first = pages[0];

	lock_page(first);
	drop_locked(pages, 0);
	unlock_page(first);
}
