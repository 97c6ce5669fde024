// Rule 8: the CPU does not reach private memory.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "zone.h"

static struct page *free_pages_list;

void *use_type(struct dev_pagemap *map)
{
	map->type = MEMORY_DEVICE_PRIVATE;
	return memremap_pages(map, 0);
}

struct page *fill(struct page *from)
{
	struct page *page = free_pages_list;

	free_pages_list = page->zone_device_data;
	zone_init(page);
	copy_highpage(page, from); // expected-warning{{private memory of a device is given to 'copy_highpage': the CPU cannot reach it}}
	return page;
}

static unsigned int to_ram(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	return kmap_local_page(page) != NULL; // expected-warning{{private memory of a device is given to 'kmap_local_page': the CPU cannot reach it}}
}
static const struct dev_pagemap_ops ops __attribute__((used)) = {
	.migrate_to_ram = to_ram,
};

void *asked(struct page *page)
{
	if (is_device_private_page(page))
		return kmap_local_page(page); // expected-warning{{private memory of a device is given to 'kmap_local_page'}}
	return kmap_local_page(page);
}

void *turned_away(struct page *page)
{
	if (!is_device_private_page(page))
		return NULL;
	return kmap_local_page(page); // expected-warning{{private memory of a device is given to 'kmap_local_page'}}
}

/* The page behind it is ordinary. */
void *backed(struct page *page)
{
	if (is_device_private_page(page))
		page = page->zone_device_data;
	return kmap_local_page(page);
}

void *replaced(struct page *page)
{
	if (is_device_private_page(page)) {
		struct page *backing = page->zone_device_data;

		return kmap_local_page(backing);
	}
	return kmap_local_page(page);
}

void *either(struct page *page, int yes)
{
	if (is_device_private_page(page) || yes)
		return kmap_local_page(page);
	return NULL;
}

/* An ordinary fault. */
void *fault(struct vm_fault *vmf)
{
	return kmap_local_page(vmf->page);
}
