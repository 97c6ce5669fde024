// Pages that an object keeps, in a file that dirties nothing.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -verify=lost %s
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -DDIRTIES -verify=none %s
//
// none-no-diagnostics

#include "kernel.h"

int device_add(void *object);

struct region {
	struct page **pages;
	struct page *control;
	int count;
};

static int region_fill(struct region *r, unsigned long start, int n)
{
	r->pages = kmalloc_array(n, sizeof(*r->pages), GFP_KERNEL);
	if (!r->pages)
		return -ENOMEM;
	r->count = pin_user_pages_fast(start, n, FOLL_WRITE | FOLL_LONGTERM, // lost-note{{taken here}}
				       r->pages);
	if (r->count != n) {
		if (r->count > 0)
			unpin_user_pages(r->pages, r->count);
		kfree(r->pages);
		return -EFAULT;
	}
	return 0;
}

int region_map(struct region *r, unsigned long start, int n)
{
	int ret = region_fill(r, start, n);

	return ret ? ret : device_add(r);
}

void region_unmap(struct region *r)
{
	unpin_user_pages(r->pages, r->count); // lost-warning{{pages in 'pages' are pinned for writing by 'pin_user_pages_fast' and given back here without being dirtied: what was written can be lost}}
	kfree(r->pages);
}

/* Filled as a local, and for writing only where the object says so. */
struct buffer {
	struct page **vec;
	int n;
	bool ro;
};

int buffer_get(struct buffer *b, unsigned long start)
{
	struct page **all = kmalloc_array(b->n, sizeof(*all), GFP_KERNEL);
	unsigned int flags = FOLL_LONGTERM;
	int done = 0;

	if (!all)
		return -ENOMEM;
	if (!b->ro)
		flags |= FOLL_WRITE;
	do {
		struct page **next = all + done;
		int got = pin_user_pages_fast(start + done * PAGE_SIZE, // lost-note{{taken here}}
					      b->n - done, flags, next);

		if (got < 0) {
			unpin_user_pages(all, done);
			kfree(all);
			return got;
		}
		done += got;
	} while (done < b->n);
	b->vec = all;
	return 0;
}

void buffer_put(struct buffer *b)
{
	int i;

	for (i = 0; i < b->n; i++)
		unpin_user_page(b->vec[i]); // lost-warning{{pages in 'vec' are pinned for writing by 'pin_user_pages_fast' and given back here without being dirtied: what was written can be lost}}
	kfree(b->vec);
}

/* What is only read; and one page that two sides talk through. */
struct source {
	struct page **from;
	struct page *control;
	int n;
};

int source_get(struct source *s, unsigned long start)
{
	int got = pin_user_pages_fast(start, s->n, FOLL_LONGTERM, s->from);

	if (got != s->n) {
		if (got > 0)
			unpin_user_pages(s->from, got);
		return -EFAULT;
	}
	if (pin_user_pages_fast(start, 1, FOLL_WRITE | FOLL_LONGTERM, &s->control) != 1) {
		unpin_user_pages(s->from, got);
		return -EFAULT;
	}
	return 0;
}

void source_put(struct source *s)
{
	unpin_user_page(s->control);
	unpin_user_pages(s->from, s->n);
}

#ifdef DIRTIES
void somebody_dirties(struct page *page)
{
	set_page_dirty_lock(page);
}
#endif
