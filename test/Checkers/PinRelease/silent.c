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

//===--- shapes that drivers have --------------------------------------------===

/* One page at a time, into a batch that another function empties. */
struct batch {
	struct page *pages[64];
	unsigned int n;
};

static int batch_add(struct batch *b, unsigned long addr, bool write)
{
	struct page *page;
	int ret = pin_user_pages_fast(addr, 1, write ? FOLL_WRITE : 0, &page);

	if (ret < 0)
		return ret;
	b->pages[b->n++] = page;
	return 0;
}

static void batch_empty(struct batch *b)
{
	unpin_user_pages(b->pages, b->n);
	b->n = 0;
}

int batch_of_two(struct batch *b, unsigned long from, unsigned long to)
{
	int ret = batch_add(b, from, false);

	if (!ret)
		ret = batch_add(b, to, true);
	batch_empty(b);
	return ret;
}

/* Several buffers into one array; the caller cleans up whatever came. */
static int collect(unsigned long *starts, int buffers, int each,
		   struct page **pages, unsigned int *pinned)
{
	int i, ret;

	for (i = 0; i < buffers; i++) {
		ret = pin_user_pages_fast(starts[i], each, FOLL_WRITE,
					  pages + *pinned);
		if (ret < 0)
			return ret;
		*pinned += ret;
		if (ret != each)
			return -EFAULT;
	}
	return 0;
}

int collect_and_drop(unsigned long *starts, int buffers, int each,
		     struct page **pages)
{
	unsigned int pinned = 0;
	int ret = collect(starts, buffers, each, pages, &pinned);

	unpin_user_pages(pages, pinned);
	return ret;
}

/* The number asked for becomes the number there is. */
int number_rewritten(unsigned long start, unsigned long n, struct page **pages)
{
	long pinned = pin_user_pages_fast(start, n, FOLL_WRITE, pages);
	int ret = 0;

	if (pinned != n) {
		ret = pinned < 0 ? pinned : -EFAULT;
		n = pinned < 0 ? 0 : pinned;
		goto out;
	}
	ret = device_start(n);
out:
	if (n)
		unpin_user_pages(pages, n);
	return ret;
}

int number_lowered(unsigned long start, int n, struct page **pages)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got < 0)
		return got;
	if (got < n)
		n = got;
	unpin_user_pages(pages, n);
	return 0;
}

/* An error and a partial success share the way out. */
int shared_label(unsigned long start, unsigned int n, struct page **pages)
{
	int rc = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (rc != n) {
		if (rc < 0)
			goto out;
		n = rc;
		rc = -EFAULT;
		goto put;
	}
	return 0;
put:
	unpin_user_pages(pages, n);
out:
	return rc;
}

int round_by_round(unsigned long start, size_t n, struct page **pages)
{
	size_t got;
	long ret;

	for (got = 0; got < n; got += ret) {
		ret = pin_user_pages(start + got * PAGE_SIZE, n - got,
				     FOLL_LONGTERM, pages + got);
		if (ret < 0)
			goto release;
	}
	return 0;
release:
	unpin_user_pages(pages, got);
	return ret;
}

/* With an error in j the loop of the way out does not run. */
int error_ends_the_loop(unsigned long start, int n, struct scatterlist *sg)
{
	struct page *pages[8];
	int i = 0, j, ret = 0;

	while (n) {
		j = min(n, 8);
		ret = pin_user_pages_fast(start, j, FOLL_LONGTERM, pages);
		if (ret != j) {
			i = 0;
			j = ret;
			ret = -ENOMEM;
			goto free;
		}
		for (i = 0; i < j; i++)
			sg_set_page(sg++, pages[i], PAGE_SIZE, 0);
		start += j * PAGE_SIZE;
		n -= j;
	}
	return 0;
free:
	while (i < j)
		unpin_user_page(pages[i++]);
	return ret;
}

/* Two calls fill one array, and the first one's part goes back alone. */
int two_into_one(unsigned long a, unsigned long b, int na, int nb,
		 struct page **map)
{
	int i, got_b = 0, got_a = pin_user_pages_fast(a, na, 0, &map[0]);

	if (got_a == na)
		got_b = pin_user_pages_fast(b, nb, 0, &map[got_a]);
	if (got_a == na && got_b == nb)
		return 0;
	for (i = 0; i < got_b; i++)
		unpin_user_page(map[got_a + i]);
	if (got_a > 0)
		unpin_user_pages(map, got_a);
	return -EFAULT;
}

/* By frame number: the array is scratch. */
int by_frame_number(unsigned long start, unsigned long n)
{
	struct page **list = (struct page **)__get_free_page(GFP_KERNEL);
	unsigned long pfn;
	long pinned;

	if (!list)
		return -ENOMEM;
	pinned = pin_user_pages(start, n, FOLL_LONGTERM, list);
	if (pinned != n) {
		if (pinned > 0)
			unpin_user_pages(list, pinned);
		goto out;
	}
	for (pfn = page_to_pfn(list[0]); pinned--; pfn++)
		unpin_user_page(pfn_to_page(pfn));
out:
	free_page((unsigned long)list);
	return 0;
}

/* Pages and their addresses take turns in the same memory. */
struct table {
	union {
		struct page **pages;
		unsigned long *addresses;
	};
	int n;
};

int table_pin(struct table *t, unsigned long start)
{
	int i, got = pin_user_pages_fast(start, t->n, FOLL_LONGTERM, t->pages);

	if (got != t->n) {
		if (got > 0)
			unpin_user_pages(t->pages, got);
		return -EFAULT;
	}
	for (i = 0; i < t->n; i++)
		t->addresses[i] = page_to_pfn(t->pages[i]) << PAGE_SHIFT;
	return 0;
}

void table_unpin(struct table *t)
{
	int i;

	for (i = 0; i < t->n; i++)
		unpin_user_page(pfn_to_page(t->addresses[i] >> PAGE_SHIFT));
}

/* A flag beside the pages says what kind they are. */
struct shared {
	struct page **memory;
	int n;
	bool user;
};

int shared_fill(struct shared *s, unsigned long start, struct page *own)
{
	int i;

	if (s->user)
		return pin_user_pages_fast(start, s->n, FOLL_WRITE, s->memory);
	for (i = 0; i < s->n; i++) {
		s->memory[i] = own + i;
		get_page(s->memory[i]);
	}
	return s->n;
}

void shared_drop(struct shared *s)
{
	int i;

	if (s->user)
		unpin_user_pages(s->memory, s->n);
	else
		for (i = 0; i < s->n; i++)
			put_page(s->memory[i]);
}

/* What was handed on stays, the rest goes back. */
int the_rest_goes_back(unsigned long start, int n, struct page **pages,
		       struct scatterlist *sg)
{
	int i, got = get_user_pages_fast(start, n, FOLL_WRITE, pages);

	for (i = 0; i < got; i++) {
		if (device_start(i))
			goto revert;
		sg_set_page(sg++, pages[i], PAGE_SIZE, 0);
	}
	return i;
revert:
	for (; i < got; i++)
		put_page(pages[i]);
	return -EIO;
}

/* In the loop that reads them. */
int unpinned_when_read(unsigned long start, unsigned int n, struct page **pages,
		       unsigned long *to)
{
	int i, got = pin_user_pages_fast(start, n, 0, pages);

	if (got < (int)n) {
		if (got > 0)
			unpin_user_pages(pages, got);
		return -EINVAL;
	}
	for (i = 0; i < n; i++) {
		to[i] = pages[i]->flags;
		unpin_user_page(pages[i]);
	}
	return 0;
}

/* Rows of pages, emptied where there is something. */
struct rows {
	struct page *pages[4][2];
};

int rows_fill(struct rows *r, unsigned long start, int i)
{
	if (pin_user_pages_fast(start, 1, FOLL_WRITE, &r->pages[i][0]) != 1)
		return -EFAULT;
	if (pin_user_pages_fast(start, 1, FOLL_WRITE, &r->pages[i][1]) != 1) {
		unpin_user_page(r->pages[i][0]);
		r->pages[i][0] = NULL;
		return -EFAULT;
	}
	return 0;
}

void rows_empty(struct rows *r)
{
	int i, j;

	for (i = 0; i < 4; i++)
		for (j = 0; j < 2; j++)
			if (r->pages[i][j]) {
				unpin_user_page(r->pages[i][j]);
				r->pages[i][j] = NULL;
			}
}

/* The result is not looked at; the page says it. */
struct page *looked_up(struct mm_struct *mm, unsigned long addr)
{
	struct page *page = NULL;

	mmap_read_lock(mm);
	get_user_pages_remote(mm, addr, 1, FOLL_WRITE, &page, NULL);
	mmap_read_unlock(mm);
	return page;
}

void looked_up_and_put(struct mm_struct *mm, unsigned long addr)
{
	struct page *page = looked_up(mm, addr);

	if (!page)
		return;
	set_page_dirty_lock(page);
	put_page(page);
}

void same_variable_again(unsigned long a, unsigned long b)
{
	struct page *page = NULL;

	if (get_user_pages_fast(a, 1, 0, &page) == 1) {
		put_page(page);
		page = NULL;
	}
	if (get_user_pages_fast(b, 1, 0, &page) == 1)
		put_page(page);
}

/* Two pins of one folio. */
void folio_at_once(unsigned long start)
{
	struct page *pages[2];
	int got = pin_user_pages_fast(start, 2, 0, pages);

	if (got != 2) {
		if (got > 0)
			unpin_user_page(pages[0]);
		return;
	}
	if (page_folio(pages[0]) == page_folio(pages[1])) {
		unpin_user_folio(page_folio(pages[0]), 2);
		return;
	}
	unpin_user_page(pages[0]);
	unpin_user_page(pages[1]);
}

long folios_one_by_one(struct file *memfd, struct folio **folios)
{
	pgoff_t offset;
	long i, got = memfd_pin_folios(memfd, 0, 8191, folios, 2, &offset);

	for (i = 0; i < got; i++)
		unpin_folio(folios[i]);
	return got;
}

int downwards(unsigned long start, int n, struct page **pages)
{
	int got = get_user_pages_fast(start, n, 0, pages);

	if (got < n) {
		while (--got >= 0)
			put_page(pages[got]);
		return -EFAULT;
	}
	while (--n >= 0)
		put_page(pages[n]);
	return 0;
}

void by_pointer(struct page **from, struct page **end)
{
	for (; from < end; from++)
		put_page(*from);
}

/* A pin and a reference, each given back by its own. */
int pin_and_reference(unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	if (!get_page_unless_zero(page)) {
		unpin_user_page(page);
		return -EFAULT;
	}
	unpin_user_page(page);
	put_page(page);
	return 0;
}
