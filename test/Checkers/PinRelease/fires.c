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

int release_pages_of_pins(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 4, 0, pages);

	if (got > 0)
		release_pages(pages, got); // expected-warning{{pages pinned by 'pin_user_pages_fast' are given back by 'release_pages'; 'unpin_user_pages' expected}}
	return 0;
}

int unpin_of_a_dump_page(unsigned long addr)
{
	struct page *page = get_dump_page(addr);

	if (!page)
		return -EFAULT;
	unpin_user_page(page); // expected-warning{{page taken by 'get_dump_page' is given back by 'unpin_user_page'; 'put_page' expected}}
	return 0;
}

int by_the_folio(unsigned long start)
{
	struct page *page;
	struct folio *folio;

	if (pin_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	folio = page_folio(page);
	folio_put(folio); // expected-warning{{page pinned by 'pin_user_pages_fast' is given back by 'folio_put'; 'unpin_user_page' expected}}
	return 0;
}

static void drop(struct page *page)
{
	put_page(page); // expected-warning{{page pinned by 'pin_user_pages_fast' is given back by 'put_page'; 'unpin_user_page' expected}}
}

int in_a_helper(unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	drop(page);
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

struct channel {
	struct page **buffers;
	int n;
};

int channel_open(struct channel *c, unsigned long start)
{
	c->n = pin_user_pages_fast(start, 16, FOLL_LONGTERM, c->buffers); // expected-note{{taken here}}
	return c->n;
}

void channel_close(struct channel *c)
{
	while (c->n--)
		put_page(c->buffers[c->n]); // expected-warning{{what 'buffers' holds was pinned by 'pin_user_pages_fast' and is given back by 'put_page'; 'unpin_user_page' expected}}
}

struct window {
	struct page *views[4];
	int n;
};

int window_open(struct window *w, unsigned long start)
{
	w->n = get_user_pages_fast(start, 4, 0, w->views); // expected-note{{taken here}}
	return w->n;
}

void window_close(struct window *w)
{
	unpin_user_pages(w->views, w->n); // expected-warning{{what 'views' holds was taken by 'get_user_pages_fast' and is given back by 'unpin_user_pages'; 'release_pages' expected}}
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

int falls_through(unsigned long start, int id)
{
	struct page *page;
	int ret;

	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	ret = device_start(id);
	if (ret < 0) {
		put_page(page);
		goto out;
	}
	ret = 0;
out:
	put_page(page); // expected-warning{{page taken by 'get_user_pages_fast' is given back twice}}
	return ret;
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

int one_label_too_far(unsigned long start, int id)
{
	struct page *page = NULL;
	int ret = device_start(id);

	if (ret)
		goto out;
	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		ret = -EFAULT;
out:
	put_page(page); // expected-warning{{'put_page' gets a null pointer on this path, on which nothing was taken}}
	return ret;
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

int unpinned_one_by_one(unsigned long start, unsigned long n, struct page **pages)
{
	unsigned long i;
	long got = pin_user_pages(start, n, 0, pages);

	if (got <= 0)
		return -EFAULT;
	for (i = 0; i < n; i++) // expected-warning{{the loop gives back more pages than 'pin_user_pages' may have taken: it can take fewer than asked for}}
		unpin_user_page(pages[i]);
	return 0;
}

int dirty_and_too_many(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got < 1)
		return -EFAULT;
	unpin_user_pages_dirty_lock(pages, n, true); // expected-warning{{'unpin_user_pages_dirty_lock' gives back more pages than 'pin_user_pages_fast' may have taken: it can take fewer than asked for}}
	return 0;
}

int constant_and_too_many(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 8, 0, pages);

	if (got < 8) {
		if (got > 0)
			unpin_user_pages(pages, 8); // expected-warning{{'unpin_user_pages' gives back more pages than 'pin_user_pages_fast' took on this path}}
		return -EFAULT;
	}
	unpin_user_pages(pages, 8);
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

void put_until_none(struct page **pages, int n)
{
	int i = 0;

	do {
		put_page(pages[i]); // expected-warning{{the loop gives back the same page every time: 'pages[i]' does not change in it}}
	} while (n--);
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

int stored_after(unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	unpin_user_page(page);
	page->private = 0; // expected-warning{{page pinned by 'pin_user_pages_fast' is used after it was given back}}
	return 0;
}

int written_after(unsigned long start, const char *text)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	unpin_user_page(page);
	memcpy_to_page(page, 0, text, 4); // expected-warning{{page pinned by 'pin_user_pages_fast' is used after it was given back}}
	return 0;
}

//===--- in loops, and between functions ------------------------------------===

int put_of_pins_in_a_loop(unsigned long start, struct page **pages)
{
	int i, got = pin_user_pages_fast(start, 4, 0, pages);

	for (i = 0; i < got; i++)
		put_page(pages[i]); // expected-warning{{pages pinned by 'pin_user_pages_fast' are given back by 'put_page'; 'unpin_user_page' expected}}
	return 0;
}

long folio_put_of_pins_in_a_loop(struct file *memfd, struct folio **folios)
{
	pgoff_t offset;
	long i, got = memfd_pin_folios(memfd, 0, 4095, folios, 1, &offset);

	for (i = 0; i < got; i++)
		folio_put(folios[i]); // expected-warning{{page pinned by 'memfd_pin_folios' is given back by 'folio_put'; 'unpin_folio' expected}}
	return got;
}

struct stream {
	struct page **frames;
	int n;
};

int stream_open(struct stream *s, unsigned long start)
{
	s->n = pin_user_pages_fast(start, 16, FOLL_LONGTERM, s->frames); // expected-note{{taken here}}
	return s->n;
}

void stream_close(struct stream *s)
{
	release_pages(s->frames, s->n); // expected-warning{{what 'frames' holds was pinned by 'pin_user_pages_fast' and is given back by 'release_pages'; 'unpin_user_pages' expected}}
}

// One page, filled by its address.
struct doorbell {
	struct page *bell;
};

int doorbell_open(struct doorbell *d, unsigned long start)
{
	return pin_user_pages_fast(start, 1, FOLL_LONGTERM, &d->bell) == 1 ? 0 : -EFAULT; // expected-note{{taken here}}
}

void doorbell_close(struct doorbell *d)
{
	put_page(d->bell); // expected-warning{{what 'bell' holds was pinned by 'pin_user_pages_fast' and is given back by 'put_page'; 'unpin_user_page' expected}}
}

// Filled from a local variable.
struct mailbox {
	struct page *letter;
};

int mailbox_open(struct mailbox *m, unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, FOLL_LONGTERM, &page) != 1) // expected-note{{taken here}}
		return -EFAULT;
	m->letter = page;
	return 0;
}

void mailbox_close(struct mailbox *m)
{
	put_page(m->letter); // expected-warning{{what 'letter' holds was pinned by 'pin_user_pages_fast' and is given back by 'put_page'; 'unpin_user_page' expected}}
}

// All that were asked for, from the first element on, though some were missing.
int from_the_first(struct page **pages, unsigned long start, unsigned int n)
{
	long got = pin_user_pages_unlocked(start, n, &pages[0], 0);

	if (got != n) {
		if (got >= 0)
			unpin_user_pages(pages, n); // expected-warning{{'unpin_user_pages' gives back more pages than 'pin_user_pages_unlocked' took on this path}}
		return -EFAULT;
	}
	unpin_user_pages(pages, n);
	return 0;
}
