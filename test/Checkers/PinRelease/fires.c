// Every rule of docs/checks/linux.mm.PinRelease.md.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinRelease \
// RUN:   -verify %s

#include "kernel.h"

//===--- rule 1: the wrong side --------------------------------------------===

int put_of_a_pin(unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	put_page(page); // expected-warning{{page pinned by 'pin_user_pages_fast' is given back by 'put_page'; 'unpin_user_page' expected}}
	return 0;
}

int unpin_of_a_reference(unsigned long start)
{
	struct page *pages[4];
	int got = get_user_pages_fast(start, 4, 0, pages);

	if (got <= 0)
		return -EFAULT;
	unpin_user_pages(pages, got); // expected-warning{{pages taken by 'get_user_pages_fast' are given back by 'unpin_user_pages'; 'release_pages' expected}}
	return 0;
}

int free_of_a_reference(unsigned long start)
{
	struct page *page;

	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	__free_page(page); // expected-warning{{page taken by 'get_user_pages_fast' is given back by '__free_pages'; 'put_page' expected}}
	return 0;
}

/* The same between two functions, through a field. */
struct transfer {
	struct page **pages;
	int count;
};

int transfer_start(struct transfer *t, unsigned long start, int n)
{
	t->pages = kmalloc_array(n, sizeof(*t->pages), GFP_KERNEL);
	if (!t->pages)
		return -ENOMEM;
	t->count = get_user_pages_fast(start, n, FOLL_WRITE, t->pages); // expected-note{{taken here}}
	return t->count == n ? 0 : -EFAULT;
}

void transfer_end(struct transfer *t)
{
	int i;

	for (i = 0; i < t->count; i++)
		__free_page(t->pages[i]); // expected-warning{{what 'pages' holds was taken by 'get_user_pages_fast' and is given back by '__free_pages'; 'put_page' expected}}
	kfree(t->pages);
}

//===--- rule 2: twice -----------------------------------------------------===

int unpinned_twice(unsigned long start, int id)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	if (device_start(id))
		unpin_user_page(page);
	unpin_user_page(page); // expected-warning{{page pinned by 'pin_user_pages_fast' is given back twice}}
	return 0;
}

int all_twice(unsigned long start, int n, struct page **pages, int id)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got <= 0)
		return -EFAULT;
	if (device_start(id))
		unpin_user_pages(pages, got);
	unpin_user_pages(pages, got); // expected-warning{{pages pinned by 'pin_user_pages_fast' are given back twice}}
	return 0;
}

//===--- rule 3: nothing ---------------------------------------------------===

int null_is_put(unsigned long start, bool read)
{
	struct page *page = NULL;

	if (read && get_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	if (device_start(1)) {
		put_page(page); // expected-warning{{'put_page' gets a null pointer on this path, on which nothing was taken}}
		return -EIO;
	}
	if (page)
		put_page(page);
	return 0;
}

int error_is_put(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	struct page *page = get_user_page_vma_remote(mm, addr, 0, &vma);

	if (!page)
		return -EFAULT;
	put_page(page); // expected-warning{{'put_page' gets an error pointer on this path, on which nothing was taken}}
	return 0;
}

//===--- rule 4: more than was taken ---------------------------------------===

void more_than_taken(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got < 0)
		return;
	unpin_user_pages(pages, n); // expected-warning{{'unpin_user_pages' gives back more pages than 'pin_user_pages_fast' may have taken: it can take fewer than asked for}}
}

void loop_over_all(unsigned long start, int n, struct page **pages)
{
	int i, got = get_user_pages_fast(start, n, 0, pages);

	if (got < 0)
		return;
	for (i = 0; i < n; i++) // expected-warning{{the loop gives back more pages than 'get_user_pages_fast' may have taken: it can take fewer than asked for}}
		put_page(pages[i]);
}

int less_and_all_back(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got <= 0)
		return -EFAULT;
	if (got < n) {
		unpin_user_pages(pages, n); // expected-warning{{'unpin_user_pages' gives back more pages than 'pin_user_pages_fast' took on this path}}
		return -EFAULT;
	}
	unpin_user_pages(pages, got);
	return 0;
}

//===--- rule 5: one element, again and again ------------------------------===

struct message {
	struct page **pages;
	unsigned int length;
};

void put_first_for_ever(struct message *m)
{
	int i = 0;
	unsigned int length = m->length;

	while (length) {
		if (m->pages[i])
			put_page(m->pages[i]); // expected-warning{{the loop gives back the same page every time: 'm->pages[i]' does not change in it}}
		length -= min(length, 4096u);
	}
}

void unpin_last_for_ever(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++)
		unpin_user_page(pages[n - 1]); // expected-warning{{the loop gives back the same page every time: 'pages[n - 1]' does not change in it}}
}

//===--- rule 6: used after it -----------------------------------------------===

unsigned long used_after(unsigned long start)
{
	struct page *page;

	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return 0;
	put_page(page);
	return page->flags; // expected-warning{{page taken by 'get_user_pages_fast' is used after it was given back}}
}
