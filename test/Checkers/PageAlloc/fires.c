// Every rule of docs/checks/linux.mm.PageAlloc.md.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc \
// RUN:   -verify %s

#include "kernel.h"

//===--- lost --------------------------------------------------------------===

int lost_on_error(int id)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	if (device_start(id))
		return -EIO; // expected-warning{{page allocated by 'alloc_pages' is not given back on this path; '__free_pages' expected}}
	__free_page(page);
	return 0;
}

int address_lost(const int *device)
{
	unsigned long page = get_zeroed_page(GFP_KERNEL);
	char *text = (char *)page;

	if (!text)
		return -ENOMEM;
	if (!device)
		return -EFAULT; // expected-warning{{page allocated by 'get_zeroed_page' is not given back on this path; 'free_pages' expected}}
	text[0] = *device;
	free_page(page);
	return 0;
}

int refused_by_bio(struct bio *bio)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	if (bio_add_page(bio, page, PAGE_SIZE, 0) < PAGE_SIZE)
		return -EIO; // expected-warning{{page allocated by 'alloc_pages' is not given back on this path; '__free_pages' expected}}
	return 0;
}

//===--- given back wrongly ------------------------------------------------===

void another_order(void)
{
	struct page *pages = alloc_pages(GFP_KERNEL, 2);

	if (pages)
		__free_pages(pages, 0); // expected-warning{{page allocated by 'alloc_pages' with order 2 is given back with 0}}
}

struct device {
	void *buffer;
};

int buffer_init(struct device *d)
{
	d->buffer = (void *)__get_free_pages(GFP_KERNEL, 3); // expected-note{{taken here}}
	return d->buffer ? 0 : -ENOMEM;
}

void buffer_exit(struct device *d)
{
	free_page((unsigned long)d->buffer); // expected-warning{{what 'buffer' holds was allocated with order 3 by '__get_free_pages' and is freed with order 0}}
}

void exact_as_pages(size_t size)
{
	void *area = alloc_pages_exact(size, GFP_KERNEL);

	if (area)
		free_pages((unsigned long)area, 2); // expected-warning{{page allocated by 'alloc_pages_exact' is given back by 'free_pages'; 'free_pages_exact' expected}}
}

void pages_as_memory(void)
{
	void *page = (void *)__get_free_page(GFP_KERNEL);

	if (page)
		kfree(page); // expected-warning{{page allocated by '__get_free_pages' is given back by 'kfree'; 'free_pages' expected}}
}

void pages_unpinned(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (page)
		unpin_user_page(page); // expected-warning{{page allocated by 'alloc_pages' is given back by 'unpin_user_page'; '__free_pages' expected}}
}

//===--- twice, or nothing -------------------------------------------------===

int freed_twice(int id)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	if (device_start(id))
		__free_page(page); // expected-note{{given back here first}}
	__free_page(page); // expected-warning{{'__free_pages' gives back what '__free_pages' gave back already}}
	return 0;
}

int null_freed(int id, bool inlined)
{
	struct page *page = NULL;

	if (inlined) {
		page = alloc_page(GFP_KERNEL);
		if (!page)
			return -ENOMEM;
	}
	if (device_start(id)) {
		__free_page(page); // expected-warning{{'__free_pages' gets a null pointer on this path, on which nothing was taken}}
		return -EIO;
	}
	if (page)
		__free_page(page);
	return 0;
}
