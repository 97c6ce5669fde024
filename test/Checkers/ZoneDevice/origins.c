// Where a page came from is known through a file's own functions and fields.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice
//
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "zone.h"

static int only_user(struct page *page)
{
	return page_count(page) == 1; // expected-warning{{count of user memory, which may be a device page, is compared with a constant}}
}

/* Some callers have pages of their own. */
static int only_of_two(struct page *page)
{
	return page_count(page) == 1;
}

/* Called by somebody who is not seen. */
static int callback(struct page *page)
{
	return page_count(page) == 1;
}
int (*some_callback)(struct page *) = callback;

struct buffer {
	struct page **pages;
	struct page **own;
	struct page *first;
};

int take(struct buffer *b, unsigned long start)
{
	if (get_user_pages_fast(start, 1, 0, b->pages) != 1)
		return -EINVAL;
	b->first = b->pages[0];
	b->own[0] = alloc_page(0);
	return only_user(b->pages[0]) + only_of_two(b->pages[0]) +
	       callback(b->pages[0]) + only_of_two(b->own[0]);
}

int fields(struct buffer *b)
{
	if (page_count(b->own[0]) == 1)
		return 0;
	return page_count(b->pages[0]) == 1; // expected-warning{{count of user memory, which may be a device page, is compared with a constant}}
}

/* One array for both kinds. */
int both(unsigned long start, struct page **pages)
{
	if (get_user_pages_fast(start, 1, 0, pages) != 1)
		pages[0] = alloc_page(0);
	return page_count(pages[0]) == 1;
}

/* One variable for two pages: the one that reaches the use counts. */
int reused(unsigned long addr, struct page *own)
{
	struct page *page = own;

	SetPageReserved(page);
	page = vm_normal_page(addr);
	if (!page)
		return -EINVAL;
	return isolate_lru_page(page); // expected-warning{{a mapped page, which may be a device's, is given to 'isolate_lru_page'}}
}

int reused_either(unsigned long addr, struct page *own, int mine)
{
	struct page *page = vm_normal_page(addr);

	if (mine)
		page = own;
	return isolate_lru_page(page);
}

/* In a macro that the flow of control does not know as a whole. */
#define first_of(p) _Generic((p), struct page *: (p) + 0)

int reused_macro(unsigned long addr, struct page *own)
{
	struct page *page;

	if (addr == 0) {
		page = first_of(own);
		return isolate_lru_page(page);
	}
	page = (vm_normal_page(addr));
	if (!page)
		return -EINVAL;
	return isolate_lru_page(page); // expected-warning{{a mapped page, which may be a device's, is given to 'isolate_lru_page'}}
}

/* Through a function of the file that has other callers, too. */
static int isolate(struct page *page, int *n)
{
	if (isolate_lru_page(page))
		return -EINVAL;
	++*n;
	return 0;
}

int isolate_own(struct page *own, int *n)
{
	return isolate(own, n);
}

int isolate_mapped(unsigned long addr, int *n)
{
	struct page *page = vm_normal_page(addr);

	if (!page)
		return -EINVAL;
	return isolate(page, n); // expected-warning{{a mapped page, which may be a device's, is given to 'isolate', which gives it to 'isolate_lru_page'}}
}

int isolate_asked(unsigned long addr, int *n)
{
	struct page *page = vm_normal_page(addr);

	if (!page || is_zone_device_page(page))
		return -EINVAL;
	return isolate(page, n);
}
