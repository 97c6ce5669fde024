// What the check gets wrong today, each marked FIXME.  Whoever cures one moves
// it to fires.c or silent.c.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinLeak \
// RUN:   -verify %s

#include "kernel.h"

//===--- missed ------------------------------------------------------------===

// The table is not there, so nobody but this function can give them back.
int sg_table_fails(struct sg_table *table, unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got != n) {
		if (got > 0)
			unpin_user_pages(pages, got);
		kfree(pages);
		return -EFAULT;
	}
	if (sg_alloc_table_from_pages(table, pages, n, 0, n * PAGE_SIZE,
				      GFP_KERNEL)) {
		kfree(pages); // FIXME: a leak
		return -ENOMEM;
	}
	kfree(pages);
	return 0;
}

//===--- false alarms ------------------------------------------------------===

int release_pages_union(unsigned long start)
{
	struct page *pages[4];
	int got = get_user_pages_fast(start, 4, 0, pages);

	if (got > 0)
		release_pages(pages, got);
	// FIXME: the array is in a transparent union, and the release not seen.
	return 0; // expected-warning{{pages taken by 'get_user_pages_fast' are not given back}}
}

struct device {
	struct page **pages;
	int count;
};

struct device *owner_create(unsigned long start, int n)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	dev->pages = kmalloc_array(n, sizeof(*dev->pages), GFP_KERNEL);
	if (!dev->pages)
		goto fail;
	dev->count = pin_user_pages_fast(start, n, 0, dev->pages);
	if (dev->count != n)
		goto unpin;
	// FIXME: that the array was stored in its owner before the pin is forgotten.
	return dev; // expected-warning{{pages pinned by 'pin_user_pages_fast' are not given back}}
unpin:
	if (dev->count > 0)
		unpin_user_pages(dev->pages, dev->count);
fail:
	kfree(dev->pages);
	kfree(dev);
	return NULL;
}

int in_union(void)
{
	union {
		struct page *pages[2];
		unsigned long bits[2];
		char bytes[16];
	} u;
	int got = pin_user_pages_fast(0, 2, 0, u.pages);

	u.bytes[3] = 1;
	if (got > 0)
		unpin_user_pages((struct page **)u.bits, got);
	// FIXME: the release names the same bytes by another member of the union.
	return u.bits[1]; // expected-warning{{pages pinned by 'pin_user_pages_fast' are not given back on this path}}
}

// As in drivers/xen/privcmd.c of 6.12.
int two_rounds(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	unsigned int pinned = 0, offset = 0;
	int got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got <= 0)
		goto out;
	pinned += got;
	offset += got;
	got = pin_user_pages_fast(start + offset * PAGE_SIZE, n - offset, 0,
				  pages + offset);
	if (got <= 0)
		goto out;
	pinned += got;
	offset += got;
	if (!offset)
		device_start(9);
out:
	unpin_user_pages(pages, pinned);
	// FIXME: two positive numbers do not add up to 0.
	kfree(pages); // expected-warning 2{{pages pinned by 'pin_user_pages_fast' are lost when}}
	return 0;
}
