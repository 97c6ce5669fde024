// Every rule of docs/checks/linux.mm.PinFlags.md.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s

#include "kernel.h"

//===--- rules 1 and 2: refused --------------------------------------------===

int long_term_reference(unsigned long start, struct page **pages)
{
	return get_user_pages_fast(start, 4, FOLL_WRITE | FOLL_LONGTERM, pages); // expected-warning{{'get_user_pages_fast' refuses FOLL_LONGTERM}}
}

int get_of_a_pin(unsigned long start, struct page **pages, bool write)
{
	unsigned int flags = FOLL_GET;

	if (write)
		flags |= FOLL_WRITE;
	return pin_user_pages_fast(start, 4, flags, pages); // expected-warning{{'pin_user_pages_fast' refuses FOLL_GET}}
}

long internal(unsigned long start, struct page **pages)
{
	return pin_user_pages(start, 4, FOLL_PIN, pages); // expected-warning{{'pin_user_pages' refuses FOLL_PIN}}
}

int no_waiting(unsigned long start, struct page **pages)
{
	return pin_user_pages_fast(start, 4, FOLL_NOWAIT, pages); // expected-warning{{'pin_user_pages_fast' refuses FOLL_NOWAIT}}
}

long long_term_by_choice(struct mm_struct *mm, unsigned long start,
			 struct page **pages, bool write, bool keep)
{
	unsigned int flags = write ? FOLL_WRITE : 0;

	if (keep)
		flags |= FOLL_LONGTERM;
	return get_user_pages_remote(mm, start, 1, flags, pages, NULL); // expected-warning{{'get_user_pages_remote' refuses FOLL_LONGTERM}}
}

int get_of_an_unlocked_pin(unsigned long start, struct page **pages)
{
	return pin_user_pages_unlocked(start, 1, pages, FOLL_GET | FOLL_WRITE); // expected-warning{{'pin_user_pages_unlocked' refuses FOLL_GET}}
}

long peers_for_long(unsigned long start, struct page **pages)
{
	return pin_user_pages(start, 4, FOLL_LONGTERM | FOLL_PCI_P2PDMA, pages); // expected-warning{{'pin_user_pages' refuses FOLL_LONGTERM together with FOLL_PCI_P2PDMA}}
}

long peers_by_choice(unsigned long start, struct page **pages, bool peer)
{
	unsigned int flags = FOLL_LONGTERM;

	if (peer)
		flags |= FOLL_PCI_P2PDMA;
	return pin_user_pages_fast(start, 1, flags, pages); // expected-warning{{'pin_user_pages_fast' refuses FOLL_LONGTERM together with FOLL_PCI_P2PDMA}}
}

//===--- rule 3: truth values ----------------------------------------------===

int by_comparison(unsigned long start, struct page **pages, int direction)
{
	return get_user_pages_fast(start, 4, direction == 2, pages); // expected-warning{{'get_user_pages_fast' takes FOLL flags, and gets a truth value: right only as long as FOLL_WRITE is 1}}
}

int by_bool(unsigned long start, struct page **pages, bool write)
{
	return get_user_pages_fast(start, 4, write, pages); // expected-warning{{'get_user_pages_fast' takes FOLL flags, and gets a truth value: right only as long as FOLL_WRITE is 1}}
}

long by_negation(unsigned long start, struct page **pages, int to_device)
{
	return pin_user_pages_unlocked(start, 1, pages, !to_device); // expected-warning{{'pin_user_pages_unlocked' takes FOLL flags, and gets a truth value: right only as long as FOLL_WRITE is 1}}
}

int by_number(unsigned long start, struct page **pages)
{
	return get_user_pages_fast(start, 4, 1, pages); // expected-warning{{'get_user_pages_fast' takes FOLL flags, and gets a bare 1: right only as long as FOLL_WRITE is 1}}
}

int by_chosen_number(unsigned long start, struct page **pages, int direction)
{
	return pin_user_pages_fast(start, 4, direction == 2 ? 1 : 0, pages); // expected-warning{{'pin_user_pages_fast' takes FOLL flags, and gets a bare 1: right only as long as FOLL_WRITE is 1}}
}

enum direction { TO_DEVICE, FROM_DEVICE };

int by_direction(unsigned long start, struct page **pages)
{
	return pin_user_pages_fast(start, 4, FROM_DEVICE, pages); // expected-warning{{'pin_user_pages_fast' takes FOLL flags, and gets 'FROM_DEVICE', which is none}}
}

int by_chosen_direction(unsigned long start, struct page **pages, bool write)
{
	return pin_user_pages_fast(start, 4, write ? FROM_DEVICE : TO_DEVICE, pages); // expected-warning{{'pin_user_pages_fast' takes FOLL flags, and gets 'FROM_DEVICE', which is none}}
}

//===--- rule 4: the order of another function -----------------------------===

long another_order(unsigned long start, struct page **pages)
{
	return get_user_pages_unlocked(start, 4, (void *)(unsigned long)FOLL_WRITE,
				       (unsigned long)pages); // expected-warning{{the arguments of 'get_user_pages_unlocked' are in another function's order: argument 4 is the flags}}
}

long another_order_of_pins(unsigned long start, struct page **pages)
{
	return pin_user_pages_unlocked(start, 1, (struct page **)0,
				       (unsigned int)(unsigned long)pages); // expected-warning{{the arguments of 'pin_user_pages_unlocked' are in another function's order: argument 4 is the flags}}
}

int flags_before_the_number(unsigned long start, int n, struct page **pages)
{
	return get_user_pages_fast(start, FOLL_WRITE, n, pages); // expected-warning{{'get_user_pages_fast' gets FOLL flags as the number of pages}}
}

//===--- rule 5: mmap_lock -------------------------------------------------===

long taken_already(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	long got;

	mmap_read_lock(mm);
	got = get_user_pages_unlocked(start, 1, pages, 0); // expected-warning{{'get_user_pages_unlocked' takes mmap_lock itself, and it is held here}}
	mmap_read_unlock(mm);
	return got;
}

int taken_for_writing(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	int got;

	mmap_write_lock(mm);
	got = pin_user_pages_fast(start, 1, 0, pages); // expected-warning{{'pin_user_pages_fast' may take mmap_lock itself, and it is held for writing here}}
	mmap_write_unlock(mm);
	return got;
}

long let_go(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	mmap_read_lock(mm);
	mmap_read_unlock(mm);
	return get_user_pages(start, 1, 0, pages); // expected-warning{{'get_user_pages' needs mmap_lock, which was let go on this path}}
}

struct page *dumped_under_the_lock(struct mm_struct *mm, unsigned long addr)
{
	struct page *page;

	mmap_read_lock(mm);
	page = get_dump_page(addr); // expected-warning{{'get_dump_page' takes mmap_lock itself, and it is held here}}
	mmap_read_unlock(mm);
	return page;
}

long let_go_of_writing(struct mm_struct *mm, unsigned long start, struct page **pages)
{
	mmap_write_lock(mm);
	mmap_write_unlock(mm);
	return pin_user_pages(start, 1, 0, pages); // expected-warning{{'pin_user_pages' needs mmap_lock, which was let go on this path}}
}

/* copy_from_user() may fault, and a fault takes the lock. */
long never_taken(const void *arg, struct page **pages)
{
	unsigned long start;

	if (copy_from_user(&start, arg, sizeof(start)))
		return -EFAULT;
	return get_user_pages(start, 1, 0, pages); // expected-warning{{'get_user_pages' needs mmap_lock, which is not held: what was called before on this path must not be called with it}}
}

long after_an_unlocked_one(unsigned long start, struct page **pages)
{
	long got = pin_user_pages_unlocked(start, 1, pages, 0);

	if (got < 1)
		got = pin_user_pages(start, 1, 0, pages); // expected-warning{{'pin_user_pages' needs mmap_lock, which is not held: what was called before on this path must not be called with it}}
	return got;
}

//===--- rule 6: a parameter that nobody looks at --------------------------===

int always_for_writing(unsigned long start, struct page **pages, int write)
{
	return pin_user_pages_fast(start, 1, FOLL_WRITE, pages); // expected-warning{{'pin_user_pages_fast' gets constant flags, and parameter 'write' that says how to pin is never looked at}}
}

long flags_not_passed_on(unsigned long start, struct page **pages, unsigned int gup_flags)
{
	return get_user_pages_unlocked(start, 1, pages, 0); // expected-warning{{'get_user_pages_unlocked' gets constant flags, and parameter 'gup_flags' that says how to pin is never looked at}}
}

//===--- rule 7: for how long ----------------------------------------------===

struct region {
	struct page **pages;
	int n;
};

int region_map(struct region *r, unsigned long start, int n)
{
	int got;

	r->pages = kmalloc_array(n, sizeof(*r->pages), GFP_KERNEL);
	if (!r->pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, FOLL_WRITE, r->pages);
	if (got != n) {
		if (got > 0)
			unpin_user_pages(r->pages, got);
		kfree(r->pages);
		return -EFAULT;
	}
	r->n = n;
	return 0; // expected-warning{{pages pinned by 'pin_user_pages_fast' live on when the function has returned; FOLL_LONGTERM expected}}
}

void region_unmap(struct region *r)
{
	unpin_user_pages_dirty_lock(r->pages, r->n, true);
	kfree(r->pages);
}

struct doorbell {
	struct page *page;
};

struct doorbell *doorbell_new(unsigned long addr)
{
	struct doorbell *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &d->page) != 1) {
		kfree(d);
		return NULL;
	}
	return d; // expected-warning{{page pinned by 'pin_user_pages_fast' lives on when the function has returned; FOLL_LONGTERM expected}}
}

struct slots {
	struct page *pages[8];
};

int slots_fill(struct slots *s, unsigned long addr, int i)
{
	struct page *page;
	int ret = pin_user_pages_fast(addr, 1, FOLL_WRITE, &page);

	if (ret < 0)
		return ret;
	s->pages[i] = page;
	return 0; // expected-warning{{page pinned by 'pin_user_pages_fast' lives on when the function has returned; FOLL_LONGTERM expected}}
}

struct bell {
	struct page *page;
	struct page **more;
	int n;
};

/* The page is a part of an object that the caller brought, and kept there. */
int bell_map(struct bell *b, unsigned long addr)
{
	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &b->page) != 1)
		return -EFAULT;
	return 0; // expected-warning{{page pinned by 'pin_user_pages_fast' lives on when the function has returned; FOLL_LONGTERM expected}}
}

void bell_unmap(struct bell *b)
{
	unpin_user_page(b->page);
}

/* A reference cannot be long-lived at all. */
int bell_reference(struct bell *b, unsigned long addr)
{
	struct page *page;

	if (get_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	b->page = page;
	return 0; // expected-warning{{page taken by 'get_user_pages_fast' lives on when the function has returned; a pin with FOLL_LONGTERM expected}}
}

/* Two of them, and each is one. */
int bell_references(struct bell *b, struct bell *other, unsigned long addr)
{
	int got = get_user_pages_fast(addr, b->n, FOLL_WRITE, b->more);

	if (got < b->n) {
		while (got-- > 0)
			put_page(b->more[got]);
		return -EFAULT;
	}
	got = get_user_pages_fast(addr, other->n, FOLL_WRITE, other->more);
	if (got < other->n) {
		while (got-- > 0)
			put_page(other->more[got]);
		got = b->n;
		while (got-- > 0)
			put_page(b->more[got]);
		return -EFAULT;
	}
	return 0; // expected-warning 2{{pages taken by 'get_user_pages_fast' live on when the function has returned; a pin with FOLL_LONGTERM expected}}
}

void bell_put(struct bell *b)
{
	while (b->n--)
		put_page(b->more[b->n]);
}

/* Code that is not known has seen the pages; then the object goes on a list. */
struct area {
	struct list_head entry;
	struct page **pages;
	int n;
};

int look_at_pages(struct page **pages, int n);

int area_map(struct list_head *areas, unsigned long start, int n)
{
	struct area *a = kzalloc(sizeof(*a), GFP_KERNEL);
	int got;

	if (!a)
		return -ENOMEM;
	a->pages = kcalloc(n, sizeof(*a->pages), GFP_KERNEL);
	if (!a->pages)
		goto out;
	got = pin_user_pages_fast(start, n, FOLL_WRITE, a->pages);
	if (got != n) {
		if (got > 0)
			unpin_user_pages(a->pages, got);
		goto out_pages;
	}
	look_at_pages(a->pages, n);
	list_add_tail(&a->entry, areas);
	return 0; // expected-warning{{pages pinned by 'pin_user_pages_fast' live on when the function has returned; FOLL_LONGTERM expected}}
out_pages:
	kfree(a->pages);
out:
	kfree(a);
	return -EFAULT;
}

//===--- rule 8: written all the same --------------------------------------===

int read_only_and_written(unsigned long addr, const char *text)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, 0, &page) != 1)
		return -EFAULT;
	memcpy_to_page(page, 0, text, 4); // expected-warning{{page pinned by 'pin_user_pages_fast' without FOLL_WRITE is written by 'memcpy_to_page'}}
	unpin_user_page(page);
	return 0;
}

int read_only_and_dirtied(unsigned long addr, bool write)
{
	struct page *page;
	unsigned int flags = 0;

	if (get_user_pages_fast(addr, 1, flags, &page) != 1)
		return -EFAULT;
	set_page_dirty_lock(page); // expected-warning{{page taken by 'get_user_pages_fast' without FOLL_WRITE is dirtied by 'set_page_dirty_lock'}}
	put_page(page);
	return 0;
}

int read_only_and_given_back_dirty(unsigned long addr, struct page **pages)
{
	int got = pin_user_pages_fast(addr, 4, FOLL_LONGTERM, pages);

	if (got <= 0)
		return -EFAULT;
	unpin_user_pages_dirty_lock(pages, got, true); // expected-warning{{pages pinned by 'pin_user_pages_fast' without FOLL_WRITE are dirtied by 'unpin_user_pages_dirty_lock'}}
	return 0;
}

int mapped_and_copied_to(unsigned long addr, const void *data)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_LONGTERM, &page) != 1)
		return -EFAULT;
	memcpy(kmap_local_page(page), data, 16); // expected-warning{{page pinned by 'pin_user_pages_fast' without FOLL_WRITE is written by 'memcpy'}}
	unpin_user_page(page);
	return 0;
}

int stored_through_mapping(unsigned long addr, unsigned int value)
{
	unsigned int *word;
	struct page *page;

	if (get_user_pages_fast(addr, 1, 0, &page) != 1)
		return -EFAULT;
	word = page_address(page);
	word[3] = value; // expected-warning{{page taken by 'get_user_pages_fast' without FOLL_WRITE is written}}
	put_page(page);
	return 0;
}

// The page is kept where another was before.
struct monitor {
	struct page *page;
};

int monitor_set(struct monitor *m, unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	if (m->page)
		unpin_user_page(m->page);
	m->page = page;
	return 0; // expected-warning{{page pinned by 'pin_user_pages_fast' lives on when the function has returned; FOLL_LONGTERM expected}}
}
