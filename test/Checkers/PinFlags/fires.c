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
