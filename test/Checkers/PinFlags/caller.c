// Another function gives the pins back, and who calls has said for how long.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

struct region {
	struct page **pages;
	int n;
};

int map_as_told(struct region *r, unsigned long start, int n, unsigned int flags)
{
	int got = pin_user_pages_fast(start, n, flags, r->pages);

	if (got != n) {
		if (got > 0)
			unpin_user_pages(r->pages, got);
		return -EFAULT;
	}
	r->n = got;
	return 0;
}

int map_for_long(struct region *r, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE | FOLL_LONGTERM, r->pages);

	if (got != n) {
		if (got > 0)
			unpin_user_pages(r->pages, got);
		return -EFAULT;
	}
	r->n = got;
	return 0;
}

int copy_now(unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	page->private++;
	set_page_dirty_lock(page);
	unpin_user_page(page);
	return 0;
}

void unmap(struct region *r)
{
	unpin_user_pages_dirty_lock(r->pages, r->n, true);
}
