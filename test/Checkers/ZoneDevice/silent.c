// What linux.mm.ZoneDevice leaves alone.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s
// expected-no-diagnostics

#include "zone.h"

/* Pages of one's own: reuse, lists and flags are the driver's business. */
struct ring {
	struct page *page;
	int bias;
};

int can_reuse(struct ring *r)
{
	return page_ref_count(r->page) - r->bias <= 1 && page_count(r->page) == 1;
}

void own(struct list_head *list)
{
	struct page *page = alloc_page(0);

	if (!page)
		return;
	SetPageReserved(page);
	page->private = 1;
	list_add(&page->lru, list);
}

void give_back(struct page *page)
{
	set_page_count(page, 1);
	__free_page(page);
}

/* It asks. */
struct page *counted_page(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);

	if (!PageReserved(page))
		return page;
	if (is_zone_device_page(page))
		return page;
	return NULL;
}

static _Bool is_device(struct page *page)
{
	return is_zone_device_page(page);
}

int only_user(struct scatterlist *sg)
{
	if (is_device(sg_page(sg)))
		return 0;
	return page_count(sg_page(sg)) == 1;
}

/* Is it referenced at all? */
int dead(struct scatterlist *sg)
{
	return page_count(sg_page(sg)) < 1;
}

void try(unsigned long pfn)
{
	if (get_page_unless_zero(pfn_to_page(pfn)))
		put_page(pfn_to_page(pfn));
}

/* The pfn of an address that the function has. */
void of_address(unsigned long addr)
{
	get_page(pfn_to_page((addr - map_base) >> PAGE_SHIFT));
}

/* Reserved for other reasons than counting. */
_Bool is_io(unsigned long pfn)
{
	return !pfn_valid(pfn) || PageReserved(pfn_to_page(pfn));
}

/* One name for pages of two kinds. */
void either(unsigned long pfn, int mine)
{
	struct page *page = pfn_to_page(pfn);

	if (mine)
		page = alloc_page(0);
	set_page_count(page, 1);
}

/* The free list that device pages are meant to have. */
static struct page *spare;

int add_spares(struct dev_pagemap *map, unsigned long n)
{
	void *at = memremap_pages(map, 0);
	unsigned long i;

	if (IS_ERR(at))
		return -EINVAL;
	for (i = 0; i < n; i++) {
		struct page *page = virt_to_page(at + PAGE_SIZE * i);

		page->zone_device_data = spare;
		spare = page;
	}
	return 0;
}

/* An assertion decides nothing. */
void bug(void);
#define VM_BUG_ON_PAGE(cond, page)                                             \
	do {                                                                   \
		if (cond)                                                      \
			bug();                                                 \
	} while (0)

void referenced(struct scatterlist *sg)
{
	VM_BUG_ON_PAGE(page_count(sg_page(sg)) < 2, sg_page(sg));
}
