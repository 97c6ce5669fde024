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

int folio_lost(int id)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	if (!folio)
		return -ENOMEM;
	if (device_start(id))
		return -EIO; // expected-warning{{page allocated by 'folio_alloc' is not given back on this path; 'folio_put' expected}}
	folio_put(folio);
	return 0;
}

int area_lost(int id)
{
	void *area = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);

	if (!area)
		return -ENOMEM;
	if (device_start(id))
		return -EIO; // expected-warning{{page allocated by 'alloc_pages_exact' is not given back on this path; 'free_pages_exact' expected}}
	free_pages_exact(area, 3 * PAGE_SIZE);
	return 0;
}

int first_of_two_lost(void)
{
	struct page *first = alloc_page(GFP_KERNEL), *second;

	if (!first)
		return -ENOMEM;
	second = alloc_page(GFP_KERNEL);
	if (!second)
		return -ENOMEM; // expected-warning{{page allocated by 'alloc_pages' is not given back on this path; '__free_pages' expected}}
	__free_page(first);
	__free_page(second);
	return 0;
}

int replaced(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	__free_page(page);
	return 0; // expected-warning{{page allocated by 'alloc_pages' is not given back on this path; '__free_pages' expected}}
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

int order_by_default(int id, struct page **out)
{
	struct page *pages = alloc_pages(GFP_KERNEL, 3);

	if (!pages)
		return -ENOMEM;
	if (device_start(id)) {
		__free_page(pages); // expected-warning{{page allocated by 'alloc_pages' with order 3 is given back with 0}}
		return -EIO;
	}
	*out = pages;
	return 0;
}

struct ring {
	struct page *pages;
	void *area;
};

int ring_init(struct ring *r)
{
	r->pages = alloc_pages(GFP_KERNEL, 4); // expected-note{{taken here}}
	return r->pages ? 0 : -ENOMEM;
}

void ring_exit(struct ring *r)
{
	__free_pages(r->pages, 2); // expected-warning{{what 'pages' holds was allocated with order 4 by 'alloc_pages' and is freed with order 2}}
}

void another_size(void)
{
	void *area = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);

	if (area)
		free_pages_exact(area, 4 * PAGE_SIZE); // expected-warning{{page allocated by 'alloc_pages_exact' with size 12288 is given back with 16384}}
}

void rounded_size(void)
{
	void *area = alloc_pages_exact(5000, GFP_KERNEL);

	if (area)
		free_pages_exact(area, 2 * PAGE_SIZE); // expected-warning{{page allocated by 'alloc_pages_exact' with size 5000 is given back with 8192}}
}

int area_init(struct ring *r)
{
	r->area = alloc_pages_exact(2 * PAGE_SIZE, GFP_KERNEL); // expected-note{{taken here}}
	return r->area ? 0 : -ENOMEM;
}

void area_exit(struct ring *r)
{
	free_pages((unsigned long)r->area, 1); // expected-warning{{what 'area' holds was allocated by 'alloc_pages_exact' and is given back by 'free_pages'; 'free_pages_exact' expected}}
}

struct text {
	char *line;
};

int text_init(struct text *t)
{
	t->line = (char *)__get_free_page(GFP_KERNEL); // expected-note{{taken here}}
	return t->line ? 0 : -ENOMEM;
}

void text_exit(struct text *t)
{
	kfree(t->line); // expected-warning{{what 'line' holds was allocated by '__get_free_pages' and is given back by 'kfree'; 'free_pages' expected}}
}

void pages_as_exact(void)
{
	unsigned long pages = __get_free_pages(GFP_KERNEL, 1);

	if (pages)
		free_pages_exact((void *)pages, 2 * PAGE_SIZE); // expected-warning{{page allocated by '__get_free_pages' is given back by 'free_pages_exact'; 'free_pages' expected}}
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

struct mailbox {
	void *area, *text;
	size_t size;
};

int mailbox_init(struct mailbox *m)
{
	m->area = alloc_pages_exact(2 * PAGE_SIZE, GFP_KERNEL); // expected-note{{taken here}}
	m->text = (void *)__get_free_pages(GFP_KERNEL, get_order(m->size)); // expected-note{{taken here}}
	return m->area && m->text ? 0 : -ENOMEM;
}

void mailbox_exit(struct mailbox *m)
{
	free_pages_exact(m->area, PAGE_SIZE); // expected-warning{{what 'area' holds was allocated with size 8192 by 'alloc_pages_exact' and is freed with size 4096}}
	free_page((unsigned long)m->text); // expected-warning{{what 'text' holds was allocated with order 'get_order(m->size)' by '__get_free_pages' and is freed with order 0}}
}

int order_forgotten(size_t size, int id)
{
	struct page *pages = alloc_pages(GFP_KERNEL, get_order(size));

	if (!pages)
		return -ENOMEM;
	__free_page(pages); // expected-warning{{page allocated by 'alloc_pages' with order 'get_order(size)' is given back with 0}}
	return 0;
}

void first_of_four(void)
{
	struct page *pages = alloc_pages(GFP_KERNEL, 2);

	if (pages)
		put_page(pages); // expected-warning{{'put_page' frees the first of the pages only that 'alloc_pages' gave with order 2; they are no compound page}}
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

struct link {
	void *text;
};

void address_freed_twice(struct link *l)
{
	free_page((unsigned long)l->text); // expected-note{{given back here first}}
	free_page((unsigned long)l->text); // expected-warning{{'free_pages' gives back what 'free_pages' gave back already}}
}

void freed_and_put(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	__free_page(page);
	put_page(page); // expected-warning{{page allocated by 'alloc_pages' is given back twice}}
}

void nothing_yet(int id)
{
	struct page *page = NULL;

	if (device_start(id))
		__free_pages(page, 2); // expected-warning{{'__free_pages' gets a null pointer on this path, on which nothing was taken}}
}

//===--- the same every time ---------------------------------------------------===

void first_for_ever(struct page **pages, int n)
{
	while (n--)
		__free_pages(pages[0], 0); // expected-warning{{the loop gives back the same page every time: 'pages[0]' does not change in it}}
}

void address_for_ever(unsigned long *addresses, int n, int last)
{
	int i;

	for (i = 0; i < n; i++)
		free_pages(addresses[last], 0); // expected-warning{{the loop gives back the same page every time: 'addresses[last]' does not change in it}}
}

//===--- used after it was freed -----------------------------------------------===

void memory_after(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	if (!page)
		return;
	free_page(page);
	*(char *)page = 1; // expected-warning{{page allocated by '__get_free_pages' is used after it was given back}}
}

unsigned long page_after(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return 0;
	__free_page(page);
	return page->flags; // expected-warning{{page allocated by 'alloc_pages' is used after it was given back}}
}

//===--- in a structure that is a variable ---------------------------------===

struct request {
	struct page *scratch;
	int size;
};
int send_request(struct request *rq);

int lost_in_a_variable(int n)
{
	struct request rq = {};
	int *sizes;

	rq.scratch = alloc_page(GFP_KERNEL);
	if (!rq.scratch)
		return -ENOMEM;
	sizes = kmalloc(n, GFP_KERNEL);
	if (!sizes)
		return -ENOMEM; // expected-warning{{page allocated by 'alloc_pages' is not given back on this path; '__free_pages' expected}}
	n = send_request(&rq);
	kfree(sizes);
	__free_page(rq.scratch);
	return n;
}

//===--- the address of a page in memory that is freed ----------------------===

struct buffer {
	void *area;
};

static void *new_area(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	return page ? page_address(page) : NULL;
}

int lost_by_its_address(struct buffer **to)
{
	struct buffer *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);

	if (!buffer)
		return -ENOMEM;
	buffer->area = new_area();
	if (!buffer->area) {
		kfree(buffer);
		return -ENOMEM;
	}
	if (device_start(1)) {
		kfree(buffer); // expected-warning{{page allocated by 'alloc_pages' is lost when 'kfree' frees the memory that says where; '__free_pages' expected}}
		return -EIO;
	}
	*to = buffer;
	return 0;
}

//===--- orders that a wrapper is given ---------------------------------------===

static inline struct page *pages_of(unsigned int order)
{
	return alloc_pages(GFP_KERNEL, order);
}

static inline void end_of_pages(struct page *pages, unsigned int order)
{
	__free_pages(pages, order); // expected-warning{{page allocated by 'alloc_pages' with order 2 is given back with 0}}
}

int other_order_by_wrapper(void)
{
	struct page *pages = pages_of(2);

	if (!pages)
		return -ENOMEM;
	device_start(1);
	end_of_pages(pages, 0);
	return 0;
}

//===--- two ways to get the same ---------------------------------------------===

struct near {
	struct page *pages;
};

int from_near_or_far(struct near *n, unsigned long size)
{
	unsigned int order = get_order(size);
	struct page *page = alloc_pages(GFP_KERNEL, order); // expected-note{{taken here}}

	if (!page)
		page = alloc_pages(GFP_KERNEL, order);
	if (!page)
		return -ENOMEM;
	n->pages = page;
	return 0;
}

void end_of_near(struct near *n)
{
	__free_page(n->pages); // expected-warning{{what 'pages' holds was allocated with order 'order' by 'alloc_pages' and is freed with order 0}}
}

//===--- what a table refused ---------------------------------------------------===

struct xarray;
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);

int refused_by_table(struct xarray *table)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	return xa_insert(table, 1, page, GFP_KERNEL); // expected-warning{{page allocated by 'alloc_pages' is not given back on this path; '__free_pages' expected}}
}
