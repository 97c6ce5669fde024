// Right, and in part unusual.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

struct device {
	struct page *page;
	void *buffer;
	int order;
};

int kept(struct device *d)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	d->page = page;
	return 0;
}

struct page *handed_up(void)
{
	return alloc_page(GFP_KERNEL);
}

void put_is_as_good(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (page)
		put_page(page);
}

void folio_of_its_own(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	if (folio)
		folio_put(folio);
}

/* An order that the device says. */
void same_order(struct device *d)
{
	struct page *page = alloc_pages(GFP_KERNEL, d->order);

	if (page)
		__free_pages(page, d->order);
}

/* One block, and then single pages. */
void split(void)
{
	struct page *pages = alloc_pages(GFP_KERNEL, 1);

	if (!pages)
		return;
	split_page(pages, 1);
	__free_page(pages);
	__free_page(pages + 1);
}

void nothing_to_free(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	free_page(page);
}

void two_references(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	get_page(page);
	__free_page(page);
	__free_page(page);
}

/* Freed through its address. */
void through_arithmetic(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	if (page)
		__free_page((struct page *)vmemmap_base + (page >> PAGE_SHIFT));
}

int buffer_init(struct device *d, bool large)
{
	d->buffer = large ? (void *)__get_free_pages(GFP_KERNEL, 3)
			  : (void *)__get_free_page(GFP_KERNEL);
	return d->buffer ? 0 : -ENOMEM;
}

void buffer_exit(struct device *d)
{
	free_pages((unsigned long)d->buffer, d->order);
}
