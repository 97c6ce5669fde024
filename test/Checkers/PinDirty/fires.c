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
