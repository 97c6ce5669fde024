// Every rule of docs/checks/linux.mm.PinResult.md.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinResult \
// RUN:   -verify %s

#include "kernel.h"

int use_pages(struct page **pages, unsigned int n);

//===--- rule 1: an error as an unsigned number ----------------------------===

int unsigned_variable(unsigned long start, unsigned int n, struct page **pages)
{
	unsigned int got = pin_user_pages_fast(start, n, 0, pages); // expected-note{{'pin_user_pages_fast' fails here, with a negative errno}}

	if (got < n) { // expected-warning{{an error of 'pin_user_pages_fast' in 'got' is compared as an unsigned number, which makes it a large one}}
		unpin_user_pages(pages, got);
		return -EFAULT;
	}
	return use_pages(pages, n);
}

int unsigned_bound(unsigned long start, size_t n, struct page **pages)
{
	long got = get_user_pages(start, n, 0, pages); // expected-note{{'get_user_pages' fails here, with a negative errno}}

	if (got < n) // expected-warning{{an error of 'get_user_pages' in 'got' is compared as an unsigned number, which makes it a large one}}
		return -EFAULT;
	return use_pages(pages, n);
}

int above_zero(unsigned long start, unsigned long n, struct page **pages)
{
	unsigned long got;

	got = pin_user_pages_fast(start, n, 0, pages); // expected-note{{'pin_user_pages_fast' fails here, with a negative errno}}
	if (got != n) {
		if (got > 0) // expected-warning{{an error of 'pin_user_pages_fast' in 'got' is compared as an unsigned number, which makes it a large one}}
			unpin_user_pages(pages, got);
		return -ENOMEM;
	}
	return 0;
}

int into_size_t(unsigned long start, size_t n, struct page **pages)
{
	size_t got = get_user_pages_fast(start, n, 0, pages); // expected-note{{'get_user_pages_fast' fails here, with a negative errno}}

	if (got >= n) // expected-warning{{an error of 'get_user_pages_fast' in 'got' is compared as an unsigned number, which makes it a large one}}
		return use_pages(pages, n);
	return -EFAULT;
}

struct request {
	struct page **pages;
	unsigned int n;
};

int into_a_member(struct request *r, unsigned long start, unsigned int n)
{
	r->n = pin_user_pages_fast(start, n, 0, r->pages); // expected-note{{'pin_user_pages_fast' fails here, with a negative errno}}
	if (r->n < n) // expected-warning{{an error of 'pin_user_pages_fast' in 'r->n' is compared as an unsigned number, which makes it a large one}}
		return -EFAULT;
	return 0;
}

int bound_of_a_loop(unsigned long start, struct page **pages)
{
	unsigned long i;
	int got = get_user_pages_fast(start, 4, 0, pages); // expected-note{{'get_user_pages_fast' fails here, with a negative errno}}

	for (i = 0; i < got; i++) // expected-warning{{an error of 'get_user_pages_fast' in 'got' is compared as an unsigned number, which makes it a large one}}
		put_page(pages[i]);
	return 0;
}

long smaller_of_two(unsigned long start, unsigned long n, struct page **pages)
{
	long got = get_user_pages_unlocked(start, n, pages, 0); // expected-note{{'get_user_pages_unlocked' fails here, with a negative errno}}

	return min(got, n); // expected-warning{{an error of 'get_user_pages_unlocked' is compared as an unsigned number, which makes it a large one}}
}

//===--- rule 2: an error as a count ---------------------------------------===

int error_released(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, 0, pages); // expected-note{{'pin_user_pages_fast' fails here, with a negative errno}}

	if (got != n) {
		unpin_user_pages(pages, got); // expected-warning{{an error is given to 'unpin_user_pages' as the number of pages}}
		return -EFAULT;
	}
	return 0;
}

int error_dirtied(unsigned long start, int n, struct page **pages)
{
	long got = pin_user_pages(start, n, 0, pages); // expected-note{{'pin_user_pages' fails here, with a negative errno}}

	if (got == n)
		return 0;
	unpin_user_pages_dirty_lock(pages, got, true); // expected-warning{{an error is given to 'unpin_user_pages_dirty_lock' as the number of pages}}
	return -EFAULT;
}

void folios_released(struct file *memfd, struct folio **folios)
{
	pgoff_t offset;
	long got = memfd_pin_folios(memfd, 0, 4095, folios, 1, &offset); // expected-note{{'memfd_pin_folios' fails here, with a negative errno}}

	unpin_folios(folios, got); // expected-warning{{an error is given to 'unpin_folios' as the number of pages}}
}

//===--- rule 3: ignored ---------------------------------------------------===

void ignored(unsigned long start, struct page **pages)
{
	get_user_pages_fast(start, 4, 0, pages); // expected-warning{{the result of 'get_user_pages_fast' is ignored: nobody knows how many pages are held}}
	use_pages(pages, 4);
}

void ignored_by_cast(unsigned long start, struct page **pages, bool pin)
{
	if (pin)
		(void)pin_user_pages(start, 4, 0, pages); // expected-warning{{the result of 'pin_user_pages' is ignored: nobody knows how many pages are held}}
}

//===--- rule 4: no page is asked for --------------------------------------===

int none_asked(unsigned long start, struct page **pages)
{
	return get_user_pages_fast(start, 0, 0, pages); // expected-warning{{'get_user_pages_fast' is asked for no page on this path; it needs at least one}} \
	  expected-note{{}}
}

int none_by_default(unsigned long start, struct page **pages, bool some)
{
	int n = 0;

	if (some)
		n = 4;
	return pin_user_pages_fast(start, n, 0, pages); // expected-warning{{'pin_user_pages_fast' is asked for no page on this path; it needs at least one}} \
	  expected-note{{}}
}

int fewer_than_none(unsigned long start, struct page **pages)
{
	return get_user_pages_fast_only(start, -1, 0, pages); // expected-warning{{'get_user_pages_fast_only' is asked for no page on this path; it needs at least one}} \
	  expected-note{{}}
}

//===--- rule 5: NULL or error pointer -------------------------------------===

int null_asked(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	struct page *page = get_user_page_vma_remote(mm, addr, 0, &vma);

	if (!page) // expected-warning{{'get_user_page_vma_remote' says failure with an error pointer; NULL is never returned}}
		return -EFAULT;
	put_page(page);
	return 0;
}

int error_asked(unsigned long addr)
{
	struct page *page;

	page = get_dump_page(addr);
	if (IS_ERR(page)) // expected-warning{{'get_dump_page' says failure with NULL, which is no error pointer}}
		return -EFAULT;
	put_page(page);
	return 0;
}

int null_compared(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	struct page *page;

	page = get_user_page_vma_remote(mm, addr, FOLL_WRITE, &vma);
	if (page == NULL) // expected-warning{{'get_user_page_vma_remote' says failure with an error pointer; NULL is never returned}}
		return -EFAULT;
	put_page(page);
	return 0;
}

void null_of_an_array(unsigned long addr)
{
	struct page **pages;
	int n;

	pages = io_pin_pages(addr, PAGE_SIZE, &n);
	if (pages) { // expected-warning{{'io_pin_pages' says failure with an error pointer; NULL is never returned}}
		unpin_user_pages(pages, n);
		kvfree(pages);
	}
}

//===--- rule 6: tried again for ever --------------------------------------===

int until_all_are_there(unsigned long start, int n, struct page **pages)
{
	int got, have = 0;

	while (have < n) {
		got = get_user_pages_fast_only(start + have * PAGE_SIZE, n - have, 0, pages + have); // expected-warning{{'get_user_pages_fast_only' can return 0, and the loop around it tries again for ever: only errors end it}}
		if (got < 0)
			break;
		have += got;
	}
	return have;
}

long flags_that_may_be_refused(unsigned long start, long n, unsigned int flags, struct page **pages)
{
	while (n) {
		long got = pin_user_pages(start, n, flags, pages); // expected-warning{{'pin_user_pages' can return 0, and the loop around it tries again for ever: only errors end it}}

		if (unlikely(got < 0))
			return got;
		n -= got;
		pages += got;
		start += got * PAGE_SIZE;
	}
	return 0;
}

long without_waiting(unsigned long start, long n, struct page **pages)
{
	long got;

	for (; n > 0; n -= got) {
		got = get_user_pages_unlocked(start, n, pages, FOLL_NOWAIT | FOLL_WRITE); // expected-warning{{'get_user_pages_unlocked' can return 0, and the loop around it tries again for ever: only errors end it}}
		if (got < 0)
			return got;
	}
	return 0;
}

//===--- rule 3: looked at by nobody ---------------------------------------===

int kept_and_forgotten(unsigned long start, struct page **pages)
{
	int got;

	got = pin_user_pages_fast(start, 4, 0, pages); // expected-warning{{the result of 'pin_user_pages_fast' is ignored: nobody knows how many pages are held}}
	return 0;
}

//===--- rule 7: calculated with -------------------------------------------===

long subtracted(unsigned long start, long left, struct page **pages)
{
	long got = pin_user_pages_fast(start, 4, 0, pages); // expected-note{{fails here}}

	if (!got)
		return -EFAULT;
	left -= got; // expected-warning{{an error of 'pin_user_pages_fast' in 'got' is calculated with as if it were a number}}
	return left;
}

long in_bytes(unsigned long start, struct page **pages)
{
	long got = pin_user_pages_fast(start, 4, 0, pages); // expected-note{{fails here}}

	return got * PAGE_SIZE; // expected-warning{{an error of 'pin_user_pages_fast' in 'got' is calculated with as if it were a number}}
}
