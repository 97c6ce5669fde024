// Right, and in part unusual.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinRelease \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

int two_references(unsigned long start)
{
	struct page *page;

	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	get_page(page);
	put_page(page);
	put_page(page);
	return 0;
}

int folio_of_a_page(unsigned long start)
{
	struct page *page;

	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	folio_put(page_folio(page));
	return 0;
}

/* The address of a page is no use of it. */
unsigned long address_after(unsigned long start)
{
	struct page *page;

	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return 0;
	put_page(page);
	return (unsigned long)page;
}

int in_two_parts(unsigned long start, int n, struct page **pages, int half)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got != n || half < 0 || half > n) {
		if (got > 0)
			unpin_user_pages(pages, got);
		return -EFAULT;
	}
	unpin_user_pages(pages, half);
	unpin_user_pages(pages + half, n - half);
	return 0;
}

int all_or_nothing(unsigned long start, int n, struct page **pages)
{
	int i, got = get_user_pages_fast(start, n, 0, pages);

	if (got != n) {
		for (i = 0; i < got; i++)
			put_page(pages[i]);
		return -EFAULT;
	}
	for (i = 0; i < n; i++)
		put_page(pages[i]);
	return 0;
}

/* The page that held the array is no user page. */
int array_in_a_page(unsigned long start)
{
	struct page **pages = (struct page **)__get_free_page(GFP_KERNEL);
	long got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages(start, 512, 0, pages);
	if (got > 0)
		unpin_user_pages(pages, got);
	free_page((unsigned long)pages);
	return got < 0 ? got : 0;
}

/* A loop that runs no time at all is the engine's idea. */
int last_of_some(unsigned long start, int n)
{
	struct page *page = NULL;
	int i;

	for (i = 0; i < n; i++) {
		if (page)
			put_page(page);
		if (get_user_pages_fast(start + i, 1, 0, &page) != 1)
			return -EFAULT;
	}
	put_page(page);
	return 0;
}

void put_each(struct page **pages)
{
	int i = 0;

	while (pages[i])
		put_page(pages[i++]);
}

void put_until(struct page **pages, int n, int stop)
{
	int i;

	for (i = 0; i < n; i++)
		if (i == stop) {
			put_page(pages[stop]);
			break;
		}
}

/* A field that two kinds of pages go through. */
struct buffer {
	struct page **pages;
	int n;
	bool user;
};

int buffer_fill(struct buffer *b, unsigned long start, struct page *own)
{
	if (b->user)
		b->n = get_user_pages_fast(start, 1, 0, b->pages);
	else
		b->pages[0] = own;
	return b->n;
}

void buffer_empty(struct buffer *b)
{
	if (b->user)
		put_page(b->pages[0]);
	else
		__free_page(b->pages[0]);
}
