// Right, and in part unusual.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinResult \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

int use_pages(struct page **pages, unsigned int n);

int signed_all_the_way(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got < n) {
		if (got > 0)
			unpin_user_pages(pages, got);
		return got < 0 ? got : -EFAULT;
	}
	return use_pages(pages, n);
}

int error_first(unsigned long start, size_t n, struct page **pages)
{
	long got = get_user_pages(start, n, 0, pages);

	if (got < 0)
		return got;
	if (got < n)
		return -EFAULT;
	return use_pages(pages, n);
}

#define IS_ERR_VALUE(x) ((unsigned long)(void *)(x) >= (unsigned long)-4095)

int errors_by_value(unsigned long start, unsigned long n, struct page **pages)
{
	unsigned long got = get_user_pages_fast(start, n, 0, pages);

	if (IS_ERR_VALUE(got))
		return got;
	return use_pages(pages, got);
}

int equal_or_not(unsigned long start, unsigned int n, struct page **pages)
{
	unsigned int got = pin_user_pages_fast(start, n, 0, pages);

	if (got != n)
		return -EFAULT;
	return use_pages(pages, n);
}

int meant_so(unsigned long start, unsigned int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if ((unsigned int)got > n)
		return -EFAULT;
	return use_pages(pages, got);
}

/* The page says by itself whether there is one. */
struct page *page_tells(struct mm_struct *mm, unsigned long addr)
{
	struct page *page = NULL;

	mmap_read_lock(mm);
	get_user_pages_remote(mm, addr, 1, FOLL_WRITE, &page, NULL);
	mmap_read_unlock(mm);
	return page;
}

int last_of_statements(unsigned long start, struct page **pages)
{
	int got = ({ get_user_pages_fast(start, 4, 0, pages); });

	return got < 0 ? got : use_pages(pages, got);
}

int both_asked(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	struct page *page = get_user_page_vma_remote(mm, addr, 0, &vma);

	if (IS_ERR_OR_NULL(page))
		return -EFAULT;
	put_page(page);
	return 0;
}

int none_left(unsigned long start, int n, struct page **pages)
{
	if (n > 0)
		return 0;
	return get_user_pages_fast(start, n, 0, pages);
}

/* Without an array the pages are only faulted in. */
void faulted_in(struct mm_struct *mm, unsigned long addr)
{
	mmap_read_lock(mm);
	get_user_pages_remote(mm, addr, 1, FOLL_WRITE, NULL, NULL);
	mmap_read_unlock(mm);
}

/* The count is one that was asked for. */
int all_of_them(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got != n)
		return -EFAULT;
	unpin_user_pages(pages, got);
	return 0;
}

//===--- shapes that drivers have --------------------------------------------===

int number_rewritten(unsigned long start, unsigned long n, struct page **pages)
{
	long pinned = pin_user_pages_fast(start, n, FOLL_WRITE, pages);
	int ret = 0;

	if (pinned != n) {
		if (pinned < 0) {
			ret = pinned;
			n = 0;
		} else {
			ret = -EFAULT;
			n = pinned;
		}
		goto out;
	}
	ret = device_start(n);
out:
	if (n > 0)
		unpin_user_pages(pages, n);
	return ret;
}

/* A wrapper that makes all failures one. */
static int pin_some(unsigned long start, unsigned int n, struct page **pages)
{
	int ret = pin_user_pages_fast(start, n, 0, pages);

	if (ret <= 0)
		return -EFAULT;
	return ret;
}

int user_of_wrapper(unsigned long start, unsigned int n, struct page **pages)
{
	int got = pin_some(start, n, pages);

	if (got < 0)
		return got;
	if (got < n) {
		unpin_user_pages(pages, got);
		return -EIO;
	}
	return use_pages(pages, got);
}

/* Negative for a moment only. */
struct vector {
	struct page **pages;
	int n;
};

int mended(struct vector *v, unsigned long start, unsigned int n)
{
	int ret = pin_user_pages_fast(start, n, FOLL_LONGTERM, v->pages);

	v->n = ret;
	if (v->n < 0)
		v->n = 0;
	return ret ? ret : -EFAULT;
}

int error_and_less(unsigned long start, int n, struct page **pages)
{
	int i, res = pin_user_pages_fast(start, n, 0, pages);

	if (res < n) {
		if (res > 0)
			for (i = 0; i < res; i++)
				unpin_user_page(pages[i]);
		return res < 0 ? res : -EIO;
	}
	return use_pages(pages, res);
}

int loop_does_not_run(unsigned long start, int n, struct page **pages)
{
	int i = 0, got = pin_user_pages_fast(start, n, 0, pages);

	while (i < got)
		unpin_user_page(pages[i++]);
	return got;
}

int both_conditions(unsigned long start, unsigned long n, struct page **pages)
{
	long pinned = pin_user_pages(start, n, 0, pages);
	int ret = 0;

	if (pinned != n)
		ret = pinned < 0 ? pinned : -ENOMEM;
	if (ret && pinned > 0)
		unpin_user_pages(pages, pinned);
	return ret;
}

int cut_off(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	unpin_user_pages(pages, got > 0 ? got : 0);
	return 0;
}

/* Unsigned only when it is no error any more. */
int unsigned_later(unsigned long start, size_t n, struct page **pages)
{
	long got = get_user_pages_fast(start, n, 0, pages);
	size_t have;

	if (got < 0)
		return got;
	have = got;
	if (have < n)
		return -EFAULT;
	return use_pages(pages, have);
}

int sign_asked_first(unsigned long start, unsigned int n, struct page **pages)
{
	unsigned int got = get_user_pages_fast(start, n, 0, pages);

	if (!got || (int)got < 0)
		return -EFAULT;
	if (got < n)
		return -EIO;
	return 0;
}

/* Only to fault them in. */
void faulted_in_unlocked(unsigned long addr)
{
	get_user_pages_unlocked(addr, 1, NULL, FOLL_WRITE);
}

/* The error is made NULL, which is asked for later. */
void error_made_null(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	struct page *page = get_user_page_vma_remote(mm, addr, 0, &vma);

	if (IS_ERR(page))
		page = NULL;
	if (page)
		put_page(page);
}

int assigned_in_condition(unsigned long start, int n, struct page **pages)
{
	int got;

	if ((got = get_user_pages_fast(start, n, 0, pages)) <= 0)
		return got ? got : -EFAULT;
	return use_pages(pages, got);
}

int all_or_failure(unsigned long start, int n, struct page **pages)
{
	return get_user_pages_fast(start, n, 0, pages) == n ? 0 : -EFAULT;
}

int one_or_the_other(unsigned long start, int n, struct page **pages, bool pin)
{
	int got = pin ? pin_user_pages_fast(start, n, 0, pages) :
			get_user_pages_fast(start, n, 0, pages);

	return got;
}

int round_by_round(unsigned long start, int n, struct page **pages)
{
	int got = 0, now;

	while (got < n) {
		now = get_user_pages_fast(start + got, n - got, 0, pages + got);
		if (now <= 0)
			break;
		got += now;
	}
	return got;
}

int none_is_fine(unsigned long start, unsigned int n, struct page **pages)
{
	if (!n)
		return 0;
	return get_user_pages_fast(start, n, 0, pages);
}

//===--- loops that end ------------------------------------------------------===

/* Good flags, one page at least: something is taken, or it is an error. */
long until_all_are_there(unsigned long start, long n, bool write, struct page **pages)
{
	unsigned int flags = FOLL_LONGTERM;
	long got, have;

	if (write)
		flags |= FOLL_WRITE;
	for (have = 0; have < n; have += got) {
		got = pin_user_pages(start, n - have, flags, pages + have);
		if (got < 0)
			return got;
	}
	return 0;
}

int zero_ends_it(unsigned long start, int n, struct page **pages)
{
	int got, have = 0;

	while (have < n) {
		got = get_user_pages_fast_only(start, n - have, 0, pages + have);
		if (got <= 0)
			break;
		have += got;
	}
	return have;
}

int condition_ends_it(unsigned long start, int n, struct page **pages)
{
	int got;

	while ((got = get_user_pages_fast_only(start, n, 0, pages)) > 0) {
		n -= got;
		pages += got;
	}
	return n;
}

int fewer_end_it(unsigned long start, int n, unsigned int flags, struct page **pages)
{
	long got;

	while (n) {
		got = pin_user_pages(start, 8, flags, pages);
		if (got != 8)
			return got < 0 ? got : -EFAULT;
		n -= got;
	}
	return 0;
}

/* Nothing depends on how many there were. */
int one_by_one(unsigned long start, int n, struct page **pages)
{
	int i, got;

	for (i = 0; i < n; i++) {
		got = get_user_pages_fast_only(start, 1, 0, pages + i);
		if (got < 0)
			return got;
	}
	return 0;
}

/* 0 is an error, and was ruled out before this function was called. */
static unsigned int pages_in(unsigned long start, unsigned long bytes)
{
	if (!bytes)
		return 0;
	return ((start + bytes - 1) >> PAGE_SHIFT) - (start >> PAGE_SHIFT) + 1;
}

int checked_by_the_caller(unsigned long start, unsigned long bytes, struct page **pages)
{
	unsigned int n = pages_in(start, bytes);

	return pin_user_pages_fast(start, n, 0, pages);
}

//===--- errors that are no numbers ----------------------------------------===

struct counter {
	struct page *pages[4];
	unsigned int n;
	int some;
};

int mended_in_member(struct counter *c, unsigned long start)
{
	int got = pin_user_pages_fast(start, 4, 0, c->pages);

	c->n = got;
	c->some = got;
	if (got > 0)
		return 0;
	c->n = 0;
	return got ? got : -EFAULT;
}

long summed_up(unsigned long start, long n, struct page **pages)
{
	long done, got;

	for (done = 0; done < n; done += got) {
		got = pin_user_pages_fast(start + done * PAGE_SIZE, n - done, 0, pages + done);
		if (got <= 0)
			return -got;
	}
	return done;
}
