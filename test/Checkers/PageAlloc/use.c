// Results before anybody asked whether there is one, and areas of no bytes.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,linux.mm.PageAlloc \
// RUN:   -verify %s

#include "kernel.h"

void *memset(void *p, int c, size_t n);


struct ring {
	void *area;
	char *text;
	struct page *page;
	size_t size;
};

unsigned long behind_at_once(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long flags = page->flags; // expected-warning{{result of 'alloc_page' is used here, and nobody asked whether it is null}}

	__free_page(page);
	return flags;
}

void written_at_once(struct ring *r)
{
	r->text = (char *)__get_free_page(GFP_KERNEL);
	r->text[0] = 0; // expected-warning{{result of '__get_free_page' is used here, and nobody asked whether it is null}}
}

void cleared_at_once(struct ring *r)
{
	r->area = (void *)__get_free_pages(GFP_KERNEL, 2);
	memset(r->area, 0, 4 * PAGE_SIZE); // expected-warning{{result of '__get_free_pages' is used here, and nobody asked whether it is null}}
}

static inline void name_page(struct page *page, unsigned long name)
{
	page->private = name;
}

static inline void name_some(struct page *page, unsigned long name)
{
	if (page)
		page->private = name;
}

void behind_a_call(struct ring *r)
{
	struct page *page = alloc_page(GFP_KERNEL);

	name_page(page, 1); // expected-warning{{result of 'alloc_page' is used here, and nobody asked whether it is null}}
	r->page = page;
}

void a_call_that_asks(struct ring *r)
{
	struct page *page = alloc_page(GFP_KERNEL);

	name_some(page, 1);
	r->page = page;
}

void neighbours(struct page **pages)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);
	int i;

	for (i = 0; i < 4; i++)
		pages[i] = page + i; // expected-warning{{result of 'alloc_pages' is used here, and nobody asked whether it is null}}
}

int asked_for_an_error(struct ring *r)
{
	r->page = alloc_page(GFP_KERNEL);
	if (IS_ERR(r->page)) // expected-warning{{'alloc_page' returns null when it fails, and no error pointer}}
		return -ENOMEM;
	return 0;
}

void how_many(struct page **pages)
{
	alloc_pages_bulk_array(GFP_KERNEL, 8, pages); // expected-warning{{'alloc_pages_bulk_array' can take fewer pages than asked for, and the number is ignored}}
}

static int setup(struct ring *r, size_t size)
{
	r->area = alloc_pages_exact(r->size, GFP_KERNEL); // expected-warning{{'alloc_pages_exact' is asked for no bytes on this path}}
	if (!r->area)
		return -ENOMEM;
	r->size = size;
	return 0;
}

int start(struct ring *r, size_t size)
{
	r->size = 0;
	return setup(r, size);
}

//===--- right -------------------------------------------------------------===

int checked(struct ring *r)
{
	r->text = (char *)__get_free_page(GFP_KERNEL);
	if (!r->text)
		return -ENOMEM;
	r->text[0] = 0;
	return 0;
}

int checked_in_one(struct ring *r)
{
	struct page *page;

	if (!(page = alloc_page(GFP_KERNEL)))
		return -ENOMEM;
	r->size = page->flags;
	r->page = page;
	return 0;
}

int checked_by_a_copy(struct ring *r)
{
	struct page *page = alloc_page(GFP_KERNEL), *same = page;

	if (!same)
		return -ENOMEM;
	r->size = page->flags;
	r->page = page;
	return 0;
}

bool is_there(struct page *page);

int checked_elsewhere(struct ring *r)
{
	r->page = alloc_page(GFP_KERNEL);
	if (!is_there(r->page))
		return -ENOMEM;
	r->size = r->page->flags;
	return 0;
}

void cannot_fail(struct ring *r)
{
	r->page = alloc_page(GFP_KERNEL | __GFP_NOFAIL);
	r->size = r->page->flags;
}

void only_its_size(struct ring *r)
{
	r->text = (char *)__get_free_page(GFP_KERNEL);
	r->size = sizeof(*r->text);
	if (r->text)
		r->text[0] = 0;
}

int counted(struct page **pages)
{
	return alloc_pages_bulk_array(GFP_KERNEL, 8, pages) == 8;
}
