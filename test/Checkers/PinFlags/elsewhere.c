// The file gives nothing back: somebody outside does, when it likes.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -verify %s

#include "kernel.h"

struct context {
	struct page *notify;
	struct page **array;
};

int set_notify(struct context *c, unsigned long addr)
{
	struct page *page;

	if (c->notify)
		return -EINVAL;
	if (get_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	c->notify = page;
	return 0; // expected-warning{{page taken by 'get_user_pages_fast' lives on when the function has returned; a pin with FOLL_LONGTERM expected}}
}

int set_notify_for_long(struct context *c, unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE | FOLL_LONGTERM, &page) != 1)
		return -EFAULT;
	c->notify = page;
	return 0;
}

/* Whoever brings an array knows for how long. */
int fill(struct context *c, unsigned long addr, int n)
{
	return get_user_pages_fast(addr, n, FOLL_WRITE, c->array);
}

struct page *look_up(unsigned long addr)
{
	struct page *page;

	if (get_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return NULL;
	return page;
}
