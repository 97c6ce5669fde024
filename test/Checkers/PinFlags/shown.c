// Pages that unknown code has seen, and that an object keeps all the same.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s

#include "kernel.h"

struct area {
	struct page **pages;
	long n;
};
struct device {
	struct area *area;
};
int show_pages(struct device *d, struct page **pages, long n);

int area_register(struct device *d, unsigned long addr, long n)
{
	struct page **pages = vmalloc(n * sizeof(*pages));
	struct area *area = kzalloc(sizeof(*area), GFP_KERNEL);
	long got = 0;
	int err = -ENOMEM;

	if (!pages || !area)
		goto out;
	got = pin_user_pages_fast(addr, n, FOLL_WRITE, pages);
	if (got != n)
		goto out;
	err = show_pages(d, pages, got);
	if (err)
		goto out;
	area->pages = pages;
	area->n = got;
	d->area = area;
	return 0; // expected-warning{{pages pinned by 'pin_user_pages_fast' live on when the function has returned; FOLL_LONGTERM expected}}
out:
	if (got > 0)
		unpin_user_pages(pages, got);
	vfree(pages);
	kfree(area);
	return err;
}

int for_a_moment(struct device *d, unsigned long addr, long n)
{
	struct page **pages = vmalloc(n * sizeof(*pages));
	long got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(addr, n, FOLL_WRITE, pages);
	if (got > 0) {
		show_pages(d, pages, got);
		unpin_user_pages(pages, got);
	}
	vfree(pages);
	return 0;
}

void area_unregister(struct device *d)
{
	unpin_user_pages(d->area->pages, d->area->n);
	vfree(d->area->pages);
	kfree(d->area);
}
