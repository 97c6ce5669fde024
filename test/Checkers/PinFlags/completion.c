// Pins and references whose life is that of the I/O, although another function
// gives them back.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

struct request {
	struct page **pages;
	int n;
};

int request_submit(struct request *r, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, r->pages);

	if (got != n) {
		if (got > 0)
			unpin_user_pages(r->pages, got);
		return -EFAULT;
	}
	r->n = got;
	return device_start(1);
}

void request_complete(struct request *r)
{
	unpin_user_pages_dirty_lock(r->pages, r->n, true);
}

/* References whose life is that of the I/O as well. */
int reference_submit(struct request *r, unsigned long start, int n)
{
	r->n = get_user_pages_fast(start, n, FOLL_WRITE, r->pages);
	return r->n == n ? 0 : -EFAULT;
}

void reference_complete(struct request *r)
{
	while (r->n--)
		put_page(r->pages[r->n]);
}
