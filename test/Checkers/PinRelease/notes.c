// Where it was taken, and what went wrong.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinRelease \
// RUN:   -analyzer-output=text %s 2>&1 | FileCheck %s --implicit-check-not=note: \
// RUN:   --implicit-check-not=warning:

#include "kernel.h"

int put_of_a_pin(unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	put_page(page);
	return 0;
}

// CHECK: notes.c:[[#@LINE-4]]:2: warning: page pinned by 'pin_user_pages_fast' is given back by 'put_page'; 'unpin_user_page' expected [linux.mm.PinRelease]
// CHECK: notes.c:[[#@LINE-7]]:6: note: 'pin_user_pages_fast' takes a pinned page here
// CHECK: notes.c:[[#@LINE-8]]:6: note: Assuming the condition is false
// CHECK: notes.c:[[#@LINE-9]]:2: note: Taking false branch
// CHECK: notes.c:[[#@LINE-8]]:2: note: page pinned by 'pin_user_pages_fast' is given back by 'put_page'; 'unpin_user_page' expected

struct channel {
	struct page **buffers;
	int n;
};

int channel_open(struct channel *c, unsigned long start)
{
	c->n = pin_user_pages_fast(start, 16, FOLL_LONGTERM, c->buffers);
	return c->n;
}

void channel_close(struct channel *c)
{
	while (c->n--)
		put_page(c->buffers[c->n]);
}

// CHECK: notes.c:[[#@LINE-3]]:3: warning: what 'buffers' holds was pinned by 'pin_user_pages_fast' and is given back by 'put_page'; 'unpin_user_page' expected [linux.mm.PinRelease]
// CHECK: notes.c:[[#@LINE-11]]:9: note: taken here
// CHECK: notes.c:[[#@LINE-5]]:3: note: what 'buffers' holds was pinned by 'pin_user_pages_fast' and is given back by 'put_page'; 'unpin_user_page' expected
