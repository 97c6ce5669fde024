// Every rule of docs/checks/linux.mm.ZoneDevice.md, one small function each.
// The kernel of the file decides what is said: an idle FS_DAX page has count 1
// up to 6.12 and 0 in 7.3, before 6.1 nothing hands out private pages, and the
// word of the index counts sharers since 6.2.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice
//
// RUN: %{analyze} -DERA=510 -verify=expected,old,index %s
// RUN: %{analyze} -DERA=601 -verify=expected,one,init,index %s
// RUN: %{analyze} -DERA=612 -verify=expected,one,init,share %s
// RUN: %{analyze} -DERA=703 -verify=expected,zero,init,share %s

#include "zone.h"

//===--- rule 1: device pages as ordinary ones -----------------------------===

static struct list_head spare = { &spare, &spare };

int add_spares(struct dev_pagemap *map, unsigned long n)
{
	void *at = memremap_pages(map, 0);
	unsigned long i;

	if (IS_ERR(at))
		return -EINVAL;
	for (i = 0; i < n; i++) {
		struct page *page = virt_to_page(at + PAGE_SIZE * i);

		list_add(&page->lru, &spare); // expected-warning{{'lru' of a device page is used: the list overwrites the page's 'pgmap'}}
	}
	return 0;
}

void by_range(struct dev_pagemap *map)
{
	unsigned long pfn = map->range.start >> PAGE_SHIFT;
	struct page *page = pfn_to_page(pfn);

	SetPageReserved(page); // expected-warning{{a device page is given to 'SetPageReserved': the flag of device pages belongs to the memory core}}
	__free_page(page); // expected-warning{{a device page is given to '__free_pages': the page allocator never had it}}
}

//===--- rule 2: user memory -----------------------------------------------===

int mark_user(unsigned long start, struct page **pages)
{
	if (get_user_pages_fast(start, 1, 0, pages) != 1)
		return -EINVAL;
	pages[0]->private = 1; // expected-warning{{'private' of user memory, which may be a device page, is written: these words belong to the owner of a device page}}
	set_page_count(pages[0], 1); // expected-warning{{count of user memory, which may be a device page, is set: the count of a device page belongs to its owner}}
	put_page(pages[0]);
	return 0;
}

int index_user(unsigned long start, unsigned long n, struct page **pages)
{
	if (get_user_pages_fast(start, 1, 0, pages) != 1)
		return -EINVAL;
	pages[0]->index = n; // index-warning{{'index' of user memory, which may be a device page, is written: these words belong to the owner of a device page}} share-warning{{'index' of user memory, which may be a device page, is written: this word counts the files that share an FS_DAX page here ('share'); kernels without that field keep the index in it}}
	put_page(pages[0]);
	return 0;
}

int collect_user(unsigned long start, struct page **pages)
{
	if (get_user_pages_fast(start, 1, 0, pages) != 1)
		return -EINVAL;
	list_add(&pages[0]->lru, &spare); // expected-warning{{'lru' of user memory, which may be a device page, is used: the list overwrites the page's 'pgmap'}}
	SetPageReserved(pages[0]); // expected-warning{{user memory, which may be a device page, is given to 'SetPageReserved': the flag of device pages belongs to the memory core}}
	set_page_private(pages[0], 1); // expected-warning{{user memory, which may be a device page, is given to 'set_page_private': these words belong to the owner of a device page}}
	return isolate_lru_page(pages[0]); // expected-warning{{user memory, which may be a device page, is given to 'isolate_lru_page': device pages are never on the LRU lists}}
}

int freeze_user(unsigned long start, struct page **pages)
{
	if (get_user_pages_fast(start, 1, 0, pages) != 1)
		return -EINVAL;
	return page_ref_freeze(pages[0], 1); // expected-warning{{count of user memory, which may be a device page, is set}}
}

//===--- rule 3: counts ----------------------------------------------------===

int only_user(struct scatterlist *sg)
{
	return page_count(sg_page(sg)) == 1; // one-warning{{count of a page that may be a device's is compared with a constant; idle FS_DAX pages have count 1 here, 0 in kernels without put_devmap_managed_*()}} old-warning{{idle FS_DAX and private pages have count 1 here, 0 in kernels without put_devmap_managed_*() (private ones with zone_device_page_init())}} zero-warning{{idle FS_DAX pages have count 0 here, 1 in kernels with put_devmap_managed_*()}}
}

int read_before(struct scatterlist *sg)
{
	int count = page_count(sg_page(sg));

	if (count > 1) // one-warning{{is compared with a constant}} old-warning{{is compared with a constant}} zero-warning{{is compared with a constant}}
		return -EINVAL;
	return 0;
}

//===--- rule 4: the reserved flag -----------------------------------------===

struct page *counted_page(unsigned long pfn)
{
	struct page *page;

	if (!pfn_valid(pfn))
		return NULL;
	page = pfn_to_page(pfn);
	if (!PageReserved(page)) // expected-warning{{the reserved flag decides whether the page is counted, but every device page has the flag, although it is counted}}
		return page;
	return NULL;
}

/* Its callers put what is not reserved. */
static int is_reserved(unsigned long pfn)
{
	if (pfn_valid(pfn))
		return PageReserved(pfn_to_page(pfn)); // expected-warning{{the reserved flag decides whether the page is counted}}
	return 1;
}

void put_pfn(unsigned long pfn)
{
	if (!is_reserved(pfn))
		put_page(pfn_to_page(pfn));
}

//===--- rule 5: references ------------------------------------------------===

void blind(struct follow_args *args)
{
	unsigned long pfn = args->pfn;

	if (pfn_valid(pfn))
		get_page(pfn_to_page(pfn)); // expected-warning{{reference added to the page of a pfn that nothing holds: the page may have no count to add to; a try such as get_page_unless_zero() expected}}
}

//===--- rule 6: a count read too late -------------------------------------===

struct buffer {
	struct page *page;
	int bias;
	int count;
};

void take(struct buffer *b)
{
	b->count = page_count(b->page);
}

int can_reuse(struct buffer *b)
{
	return page_ref_count(b->page) - b->bias <= 1; // expected-warning{{the count is read when others may have dropped their references already; 'take' samples it for this decision}}
}

int can_reuse_sampled(struct buffer *b)
{
	return b->count - b->bias <= 1;
}

//===--- rule 7: handing out -----------------------------------------------===

static void page_free(struct page *page) { }
static const struct dev_pagemap_ops private_ops __attribute__((used)) = {
	.page_free = page_free,
};

static struct page *free_pages_list;

struct page *hand_out(void)
{
	struct page *page = free_pages_list;

	if (!page)
		return NULL;
	free_pages_list = page->zone_device_data; // init-warning{{a page of private memory is handed out without 'zone_device_page_init': its count stays 0 and the page map is not referenced}}
	lock_page(page);
	return page;
}

struct page *hand_out_ready(void)
{
	struct page *page = free_pages_list;

	if (!page)
		return NULL;
	free_pages_list = page->zone_device_data;
	zone_init(page);
	return page;
}

//===--- rule 2: what is mapped --------------------------------------------===

int collect_mapped(unsigned long addr)
{
	struct page *page = vm_normal_page(addr);

	if (!page)
		return -EINVAL;
	return isolate_lru_page(page); // expected-warning{{a mapped page, which may be a device's, is given to 'isolate_lru_page': device pages are never on the LRU lists}}
}

int collect_asked(unsigned long addr)
{
	struct page *page = vm_normal_page(addr);

	if (!page || is_zone_device_page(page))
		return -EINVAL;
	return isolate_lru_page(page);
}
