// What the check gets wrong today, each marked FIXME.  Whoever cures one moves
// it to fires.c or silent.c.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -verify %s

#include "kernel.h"

int fill(struct page **pages, int n);
int fill_one(struct page *page);

//===--- false alarms ------------------------------------------------------===

// FIXME: the page is dirty already.
int dirty_already(unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	fill_one(page);
	if (!PageDirty(page))
		set_page_dirty_lock(page);
	unpin_user_page(page); // expected-note{{given back here}}
	return 0; // expected-warning{{page pinned by 'pin_user_pages_fast' for writing is given back without being dirtied}}
}

// FIXME: a reserved page is never written back.
int unless_reserved(unsigned long start, int n, struct page **pages)
{
	int i, got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	for (i = 0; i < got; i++) {
		if (!PageReserved(pages[i]))
			set_page_dirty_lock(pages[i]);
		unpin_user_page(pages[i]); // expected-note{{given back here}}
	}
	return 0; // expected-warning{{pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied}}
}

// FIXME: the caller says whether something was written.  As the last argument
// of unpin_user_pages_dirty_lock() that is understood.
int if_it_was_read(unsigned long addr, bool read)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	fill_one(page);
	if (read)
		set_page_dirty_lock(page);
	unpin_user_page(page); // expected-note{{given back here}}
	return 0; // expected-warning{{page pinned by 'pin_user_pages_fast' for writing is given back without being dirtied}}
}

// FIXME: a helper with a loop is not entered, and pages that other code got are
// not excused by it.
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
	unpin_user_pages(pages, got); // expected-note{{given back here}}
	return 0; // expected-warning{{pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied}}
}

// FIXME: false is a failure.
bool says_true(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 4, FOLL_WRITE, pages);

	if (got <= 0)
		return false;
	if (fill(pages, got)) {
		unpin_user_pages(pages, got); // expected-note{{given back here}}
		return false; // expected-warning{{pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied}}
	}
	unpin_user_pages_dirty_lock(pages, got, true);
	return true;
}

// FIXME: where the number of bytes is returned, 0 is nothing written.
int number_of_bytes(unsigned long start, int n, struct page **pages)
{
	int bytes, got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	bytes = fill(pages, got);
	unpin_user_pages_dirty_lock(pages, got, bytes > 0); // expected-note{{given back here}}
	return bytes; // expected-warning{{pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied}}
}

// FIXME: the page is no user page: the function has just allocated it.
void own_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	set_page_dirty(page); // expected-warning{{'set_page_dirty' on a user page without the page lock}}
	put_page(page);
}

// FIXME: the only caller has the lock.
static void drop_locked(struct page **pages, int i)
{
	set_page_dirty(pages[i]); // expected-warning{{'set_page_dirty' on a user page without the page lock}}
	unpin_user_page(pages[i]);
}

void drop_first(struct page **pages)
{
	struct page *first = pages[0];

	lock_page(first);
	drop_locked(pages, 0);
	unlock_page(first);
}

//===--- misses ------------------------------------------------------------===

// FIXME: the function itself writes, and lends to nobody.
int written_here(unsigned long addr, const char *text)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	memcpy_to_page(page, 0, text, 4);
	unpin_user_page(page);
	return 0;
}

// FIXME: dirtied when it is given back already.
int too_late(unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	fill_one(page);
	unpin_user_page(page);
	set_page_dirty_lock(page);
	return 0;
}
