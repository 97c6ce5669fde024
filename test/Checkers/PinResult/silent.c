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
