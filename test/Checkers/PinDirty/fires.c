// Every rule of docs/checks/linux.mm.PinDirty.md.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -verify %s

#include "kernel.h"

int fill(struct page **pages, int n);

//===--- rule 1: written, and not dirtied ----------------------------------===

int written_and_lost(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got != n) {
		if (got > 0)
			unpin_user_pages(pages, got);
		return -EFAULT;
	}
	fill(pages, n);
	unpin_user_pages(pages, n); // expected-note{{given back here}}
	return 0; // expected-warning{{pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied: what was written can be lost}}
}

int told_not_to(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	unpin_user_pages_dirty_lock(pages, got, false); // expected-note{{given back here}}
	return 0; // expected-warning{{pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied: what was written can be lost}}
}

int fill_one(struct page *page);

int one_page(unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	fill_one(page);
	unpin_user_page(page); // expected-note{{given back here}}
	return 0; // expected-warning{{page pinned by 'pin_user_pages_fast' for writing is given back without being dirtied: what was written can be lost}}
}

int one_by_one(unsigned long start, int n, struct page **pages)
{
	int i, got = pin_user_pages_fast(start, n, FOLL_WRITE | FOLL_LONGTERM, pages);

	if (got < 0)
		return got;
	fill(pages, got);
	for (i = 0; i < got; i++)
		unpin_user_page(pages[i]); // expected-note{{given back here}}
	return 0; // expected-warning{{pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied: what was written can be lost}}
}

long under_the_lock(unsigned long start, struct page **pages)
{
	long got;

	mmap_read_lock(current->mm);
	got = pin_user_pages(start, 4, FOLL_WRITE, pages);
	mmap_read_unlock(current->mm);
	if (got <= 0)
		return -EFAULT;
	fill(pages, got);
	unpin_user_pages(pages, got); // expected-note{{given back here}}
	return got; // expected-warning{{pages pinned by 'pin_user_pages' for writing are given back without being dirtied: what was written can be lost}}
}

void nothing_to_say(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 4, FOLL_WRITE, pages);

	if (got <= 0)
		return;
	fill(pages, got);
	// Compilers differ in where a function without a return ends.
	unpin_user_pages(pages, got); } // expected-note{{given back here}} expected-warning{{pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied: what was written can be lost}}

//===--- rule 2: without the lock ------------------------------------------===

void end_of_io(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		set_page_dirty(pages[i]); // expected-warning{{'set_page_dirty' on a user page without the page lock; the page may be truncated meanwhile}}
		unpin_user_page(pages[i]);
	}
}

static void drop(struct page **pages, int n)
{
	unpin_user_pages(pages, n);
}

void in_two_functions(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++)
		set_page_dirty(pages[i]); // expected-warning{{'set_page_dirty' on a user page without the page lock; the page may be truncated meanwhile}}
	drop(pages, n);
}

void by_its_folio(struct page **pages, int n)
{
	while (n--) {
		folio_mark_dirty(page_folio(pages[n])); // expected-warning{{'folio_mark_dirty' on a user page without the page lock; the page may be truncated meanwhile}}
		unpin_user_page(pages[n]);
	}
}

struct window {
	struct page *page;
};

void window_close(struct window *w)
{
	set_page_dirty(w->page); // expected-warning{{'set_page_dirty' on a user page without the page lock; the page may be truncated meanwhile}}
	unpin_user_page(w->page);
	w->page = NULL;
}

// The function itself writes, and lends to nobody.
int written_here(unsigned long addr, const char *text)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	memcpy_to_page(page, 0, text, 4);
	unpin_user_page(page); // expected-note{{given back here}}
	return 0; // expected-warning{{page pinned by 'pin_user_pages_fast' for writing is given back without being dirtied: what was written can be lost}}
}

//===--- rule 3: too late --------------------------------------------------===

int too_late(unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	fill_one(page);
	unpin_user_page(page); // expected-note{{given back here}}
	set_page_dirty_lock(page); // expected-warning{{'set_page_dirty_lock' on a page that 'unpin_user_page' gave back already: dirty it before}}
	return 0;
}
