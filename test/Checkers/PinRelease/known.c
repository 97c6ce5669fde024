// What the check gets wrong today, each marked FIXME.  Whoever cures one moves
// it to fires.c or silent.c.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinRelease \
// RUN:   -verify %s

#include "kernel.h"

//===--- false alarms ------------------------------------------------------===

/* References to one page are added up, and dropped when the next one comes. */
void added_up(struct page **pages, int n)
{
	struct page *last = NULL;
	int i, refs = 0;

	for (i = 0; i < n; i++) {
		if (pages[i] == last) {
			refs++;
			continue;
		}
		// FIXME: that 'last' is still NULL here needs an element that is NULL.
		if (refs)
			page_ref_sub(last, refs); // expected-warning{{'page_ref_sub' gets a null pointer on this path, on which nothing was taken}}
		refs = 0;
		last = pages[i];
	}
}

//===--- misses ------------------------------------------------------------===

// FIXME: rule 1 in a loop: the loop is read as a release when it begins, so
// nothing is held when the wrong function is called.
int put_of_pins_in_a_loop(unsigned long start, struct page **pages)
{
	int i, got = pin_user_pages_fast(start, 4, 0, pages);

	for (i = 0; i < got; i++)
		put_page(pages[i]);
	return 0;
}

// FIXME: the same for folios.
long folio_put_of_pins_in_a_loop(struct file *memfd, struct folio **folios)
{
	pgoff_t offset;
	long i, got = memfd_pin_folios(memfd, 0, 4095, folios, 1, &offset);

	for (i = 0; i < got; i++)
		folio_put(folios[i]);
	return got;
}

// FIXME: between two functions, the union that release_pages() takes hides the
// field.
struct stream {
	struct page **frames;
	int n;
};

int stream_open(struct stream *s, unsigned long start)
{
	s->n = pin_user_pages_fast(start, 16, FOLL_LONGTERM, s->frames);
	return s->n;
}

void stream_close(struct stream *s)
{
	release_pages(s->frames, s->n);
}

// FIXME: a field that is one page, filled by its address.
struct doorbell {
	struct page *bell;
};

int doorbell_open(struct doorbell *d, unsigned long start)
{
	return pin_user_pages_fast(start, 1, FOLL_LONGTERM, &d->bell) == 1 ? 0 : -EFAULT;
}

void doorbell_close(struct doorbell *d)
{
	put_page(d->bell);
}

// FIXME: a field that is filled from a local variable.
struct mailbox {
	struct page *letter;
};

int mailbox_open(struct mailbox *m, unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, FOLL_LONGTERM, &page) != 1)
		return -EFAULT;
	m->letter = page;
	return 0;
}

void mailbox_close(struct mailbox *m)
{
	put_page(m->letter);
}
