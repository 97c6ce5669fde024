// Right, and in part unusual.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

int plain(unsigned long start, struct page **pages, bool write)
{
	return get_user_pages_fast(start, 4, write ? FOLL_WRITE : 0, pages);
}

long long_term(unsigned long start, struct page **pages)
{
	return pin_user_pages(start, 4, FOLL_WRITE | FOLL_LONGTERM, pages);
}

int whoever_calls_knows(unsigned long start, unsigned int flags, struct page **pages)
{
	return pin_user_pages_fast(start, 4, flags | FOLL_WRITE, pages);
}

long locked_right(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	long got;

	mmap_read_lock(mm);
	got = get_user_pages(start, 1, 0, pages);
	mmap_read_unlock(mm);
	if (got < 1)
		got = get_user_pages_unlocked(start, 1, pages, 0);
	return got;
}

/* Whether it is held is the caller's affair. */
long locked_by_caller(unsigned long start, struct page **pages)
{
	return get_user_pages(start, 1, 0, pages);
}

/* An array in a page: its address is a number first. */
long array_in_a_page(unsigned long start, unsigned long page)
{
	return get_user_pages_unlocked(start, 4, (struct page **)page, 0);
}

/* Pinned for the time of the call. */
struct copy {
	struct page **pages;
};

int copy_now(struct copy *c, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, c->pages);

	if (got <= 0)
		return -EFAULT;
	device_start(got);
	unpin_user_pages_dirty_lock(c->pages, got, true);
	return 0;
}

//===--- shapes that drivers have --------------------------------------------===

long where_it_can(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	long got;

	if (!mmap_read_trylock(mm))
		return get_user_pages_unlocked(start, 1, pages, 0);
	got = get_user_pages(start, 1, 0, pages);
	mmap_read_unlock(mm);
	return got;
}

long unless_killed(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	long got;

	if (mmap_read_lock_killable(mm))
		return -EIO;
	got = pin_user_pages(start, 1, FOLL_LONGTERM, pages);
	mmap_read_unlock(mm);
	return got;
}

long downgraded(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	long got;

	mmap_write_lock(mm);
	mmap_write_downgrade(mm);
	got = get_user_pages(start, 1, 0, pages);
	if (got < 1)
		got = get_user_pages_fast(start, 1, 0, pages);
	mmap_read_unlock(mm);
	return got;
}

/* The function says whether it still has the lock. */
long maybe_dropped(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	int locked = 1;
	long got;

	mmap_read_lock(mm);
	got = get_user_pages_remote(mm, start, 1, FOLL_WRITE, pages, &locked);
	if (locked)
		mmap_read_unlock(mm);
	if (got < 1)
		got = get_user_pages_unlocked(start, 1, pages, 0);
	return got;
}

long taken_again(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	long got;

	mmap_read_lock(mm);
	got = get_user_pages(start, 1, 0, pages);
	if (got < 0) {
		mmap_read_unlock(mm);
		mmap_read_lock(mm);
		got = get_user_pages(start, 1, 0, pages);
	}
	mmap_read_unlock(mm);
	return got;
}

/* This one never takes it. */
int fast_only(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	int got;

	mmap_write_lock(mm);
	got = get_user_pages_fast_only(start, 1, FOLL_WRITE, pages);
	mmap_write_unlock(mm);
	return got;
}

long not_together(unsigned long start, struct page **pages, bool keep, bool peer)
{
	unsigned int flags = FOLL_WRITE;

	if (keep)
		flags |= FOLL_LONGTERM;
	else if (peer)
		flags |= FOLL_PCI_P2PDMA;
	return pin_user_pages_fast(start, 1, flags, pages);
}

/* Only the fast functions refuse it. */
long no_waiting(unsigned long start, struct page **pages)
{
	return get_user_pages_unlocked(start, 1, pages, FOLL_NOWAIT);
}

long number_of_a_truth(unsigned long start, struct page **pages, bool write)
{
	return pin_user_pages_fast(start, 1, write * FOLL_WRITE, pages);
}

long another_kind_of_flags(unsigned long start, struct page **pages, unsigned int flags)
{
	return pin_user_pages_fast(start, 1, flags & 4 ? FOLL_WRITE : 0, pages);
}

void read_and_dropped(unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, FOLL_WRITE, &page) != 1)
		return;
	set_page_dirty_lock(page);
	unpin_user_page(page);
}

/* What the direction was, decides twice. */
int dirtied_as_taken(unsigned long start, struct page **pages, bool write)
{
	int got = pin_user_pages_fast(start, 4, write ? FOLL_WRITE : 0, pages);

	if (got <= 0)
		return -EFAULT;
	if (write)
		set_page_dirty_lock(pages[0]);
	unpin_user_pages_dirty_lock(pages, got, write);
	return 0;
}

int zero_or_macro(unsigned long start, struct page **pages, bool write)
{
#define FOLL_OF_OLD 0x01
	return get_user_pages_fast(start, 1, write ? FOLL_OF_OLD : 0, pages);
}

enum { OUR_FLAGS_NUMBER = 4 };

int number_by_enumerator(unsigned long start, struct page **pages)
{
	return get_user_pages_fast(start, OUR_FLAGS_NUMBER, FOLL_WRITE, pages);
}

/* A function of the file takes the lock. */
static long lock_them_all(struct mm_struct **mms, int n)
{
	int i;

	for (i = 0; i < n; i++)
		mmap_read_lock(mms[i]);
	return n;
}

long locked_by_a_helper(const void *arg, struct mm_struct **mms, struct page **pages)
{
	unsigned long start;

	if (copy_from_user(&start, arg, sizeof(start)))
		return -EFAULT;
	lock_them_all(mms, 2);
	return get_user_pages(start, 1, 0, pages);
}

long locked_after_the_copy(const void *arg, struct mm_struct *mm, struct page **pages)
{
	unsigned long start;
	long got;

	if (copy_from_user(&start, arg, sizeof(start)))
		return -EFAULT;
	mmap_read_lock(mm);
	got = get_user_pages(start, 1, 0, pages);
	mmap_read_unlock(mm);
	return got;
}

/* A page that comes and goes in one function, at its old place. */
struct keeper {
	struct page *page;
};

int keeps_for_the_call(struct keeper *k, unsigned long addr)
{
	if (get_user_pages_fast(addr, 1, FOLL_WRITE, &k->page) != 1)
		return -EFAULT;
	put_page(k->page);
	k->page = NULL;
	return 0;
}

//===--- what is only read, and what is no page ----------------------------===

int read_through_mapping(unsigned long addr, void *to)
{
	struct page *page, *copy[1];

	if (pin_user_pages_fast(addr, 1, 0, &page) != 1)
		return -EFAULT;
	memcpy(to, kmap_local_page(page), 16);
	memcpy(copy, &page, sizeof(page));
	unpin_user_page(page);
	return 0;
}

int written_as_wished(unsigned long addr, bool write, const void *data)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, write ? FOLL_WRITE : 0, &page) != 1)
		return -EFAULT;
	if (write)
		memcpy(kmap_local_page(page), data, 16);
	unpin_user_pages_dirty_lock(&page, 1, write);
	return 0;
}

void array_emptied(unsigned long start, struct page **pages)
{
	int i, got = pin_user_pages_fast(start, 4, 0, pages);

	for (i = 0; i < got; i++) {
		unpin_user_page(pages[i]);
		pages[i] = NULL;
	}
}
