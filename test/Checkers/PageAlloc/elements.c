// Elements that were never filled, and pages that were another's.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc,linux.mm.PinRelease,linux.mm.PinLeak \
// RUN:   -verify %s

#include "kernel.h"

struct xdp_buff {
	void *data;
};
struct net_device;
struct bpf_prog;
int xdp_do_redirect(struct net_device *dev, struct xdp_buff *xdp,
		    struct bpf_prog *prog);
void xdp_return_buff(struct xdp_buff *xdp);
struct page_frag {
	struct page *page;
	unsigned int offset;
};
bool skb_page_frag_refill(unsigned int size, struct page_frag *frag, gfp_t gfp);
struct page_pool;
struct page *page_pool_dev_alloc_pages(struct page_pool *pool);
void page_pool_put_full_page(struct page_pool *pool, struct page *page, bool direct);

//===--- memory that nothing was stored in ---------------------------------===

int all_of_them(int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int i, ret = -ENOMEM;

	if (!pages)
		return ret;
	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto out;
	}
	ret = device_start(0);
out:
	for (i = 0; i < n; i++)
		if (pages[i])
			__free_page(pages[i]); // expected-warning{{'__free_pages' gets what was in new memory before: nothing was stored there on this path}}
	kfree(pages);
	return ret;
}

/* Cleared memory says which are there. */
int cleared(int n)
{
	struct page **pages = kcalloc(n, sizeof(*pages), GFP_KERNEL);
	int i, ret = -ENOMEM;

	if (!pages)
		return ret;
	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto out;
	}
	ret = device_start(0);
out:
	for (i = 0; i < n; i++)
		if (pages[i])
			__free_page(pages[i]);
	kfree(pages);
	return ret;
}

/* Only those that are there. */
int backwards(int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int i, ret = -ENOMEM;

	if (!pages)
		return ret;
	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto out;
	}
	ret = device_start(0);
out:
	while (--i >= 0)
		__free_page(pages[i]);
	kfree(pages);
	return ret;
}

//===--- elements of which some were filled --------------------------------===

struct slot {
	struct page *page;
};
struct queue {
	struct page_pool *pool;
	struct slot *slots;
	int size;
};

static void queue_empty(struct queue *q)
{
	int i;

	for (i = 0; i < q->size; i++)
		page_pool_put_full_page(q->pool, q->slots[i].page, false); // expected-warning{{'page' is given back for every element, and 'queue_fill' calls this when it could fill some of them only; nobody asks whether it is null}}
}

int queue_fill(struct queue *q)
{
	int i;

	for (i = 0; i < q->size; i++) {
		struct page *page = page_pool_dev_alloc_pages(q->pool); // expected-note{{taken here}}

		if (!page)
			goto out;
		q->slots[i].page = page;
	}
	return 0;
out:
	queue_empty(q);
	return -ENOMEM;
}

struct careful {
	struct page_pool *pool;
	struct page **pages;
	int size;
};

static void careful_empty(struct careful *c)
{
	int i;

	for (i = 0; i < c->size; i++)
		if (c->pages[i])
			page_pool_put_full_page(c->pool, c->pages[i], false);
}

int careful_fill(struct careful *c)
{
	int i;

	for (i = 0; i < c->size; i++) {
		c->pages[i] = page_pool_dev_alloc_pages(c->pool);
		if (!c->pages[i])
			goto out;
	}
	return 0;
out:
	careful_empty(c);
	return -ENOMEM;
}

/* The bound is what was filled. */
static void counted_empty(struct queue *q)
{
	int i;

	for (i = 0; i < q->size; i++)
		page_pool_put_full_page(q->pool, q->slots[i].page, false);
}

int counted_fill(struct queue *q)
{
	int i;

	for (i = 0; i < q->size; i++) {
		q->slots[i].page = page_pool_dev_alloc_pages(q->pool);
		if (!q->slots[i].page)
			goto out;
	}
	return 0;
out:
	q->size = i;
	counted_empty(q);
	return -ENOMEM;
}

//===--- references that were not taken ------------------------------------===

int on_every_error(struct page_frag *frag, int act)
{
	int err;

	if (!skb_page_frag_refill(64, frag, GFP_KERNEL))
		return -ENOMEM;
	if (act == 3)
		get_page(frag->page);
	err = device_start(act);
	if (err < 0)
		put_page(frag->page); // expected-warning{{'put_page' gives back a reference to 'frag->page' that is taken on other paths, and not on this one}}
	return err;
}

int on_its_own_error(struct page_frag *frag, int act)
{
	int err;

	if (!skb_page_frag_refill(64, frag, GFP_KERNEL))
		return -ENOMEM;
	if (act == 3)
		get_page(frag->page);
	err = device_start(act);
	if (err < 0 && act == 3)
		put_page(frag->page);
	return err;
}

/* The old page goes, a new one comes. */
int replaced(struct page_frag *frag, struct page *fresh, bool share)
{
	if (share)
		get_page(frag->page);
	put_page(frag->page);
	frag->page = fresh;
	return skb_page_frag_refill(64, frag, GFP_KERNEL);
}

void trace(struct net_device *dev, struct bpf_prog *prog, int err);

int redirected(struct net_device *dev, struct xdp_buff *xdp,
	       struct bpf_prog *prog, struct page *page)
{
	int err;

	get_page(page);
	err = xdp_do_redirect(dev, xdp, prog);
	if (err)
		trace(dev, prog, err);
	return err; // expected-warning{{the reference that 'get_page' took for 'xdp_do_redirect' is not given back when that fails}}
}

int redirected_or_returned(struct net_device *dev, struct xdp_buff *xdp,
			   struct bpf_prog *prog, struct page *page)
{
	int err;

	get_page(page);
	err = xdp_do_redirect(dev, xdp, prog);
	if (err)
		xdp_return_buff(xdp);
	return err;
}

void recycle(struct page *page);

int redirected_or_recycled(struct net_device *dev, struct xdp_buff *xdp,
			   struct bpf_prog *prog, struct page *page)
{
	int err;

	get_page(page);
	err = xdp_do_redirect(dev, xdp, prog);
	if (err)
		recycle(page);
	return err;
}

//===--- pages that may be gone --------------------------------------------===

void free_it(struct page *page);

void looked_at_after(struct page *page)
{
	if (put_page_testzero(page)) // expected-note{{given back here first}}
		free_it(page);
	else if (page->flags & 1) // expected-warning{{the page is looked at after 'put_page_testzero' gave this path's reference back, and may be gone}}
		device_start(0);
}

void looked_at_before(struct page *page)
{
	bool head = page->flags & 1;

	if (put_page_testzero(page))
		free_it(page);
	else if (!head)
		device_start(0);
}
