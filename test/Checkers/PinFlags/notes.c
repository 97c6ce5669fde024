// The call, and no more than the path to it.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinFlags \
// RUN:   -analyzer-output=text %s 2>&1 | FileCheck %s --implicit-check-not=note: \
// RUN:   --implicit-check-not=warning:

#include "kernel.h"

int get_of_a_pin(unsigned long start, struct page **pages)
{
	return pin_user_pages_fast(start, 4, FOLL_GET, pages);
}

// CHECK: notes.c:[[#@LINE-3]]:9: warning: 'pin_user_pages_fast' refuses FOLL_GET [linux.mm.PinFlags]
// CHECK: notes.c:[[#@LINE-4]]:9: note: 'pin_user_pages_fast' refuses FOLL_GET

struct doorbell {
	struct page *page;
};

int doorbell_map(struct doorbell *d, unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	d->page = page;
	return 0;
}

void doorbell_unmap(struct doorbell *d)
{
	unpin_user_page(d->page);
}

// CHECK: notes.c:[[#@LINE-8]]:2: warning: page pinned by 'pin_user_pages_fast' lives on when the function has returned; FOLL_LONGTERM expected [linux.mm.PinFlags]
// CHECK: notes.c:[[#@LINE-12]]:6: note: 'pin_user_pages_fast' takes a pinned page here
// CHECK: notes.c:[[#@LINE-13]]:6: note: Assuming the condition is false
// CHECK: notes.c:[[#@LINE-14]]:2: note: Taking false branch
// CHECK: notes.c:[[#@LINE-12]]:2: note: page pinned by 'pin_user_pages_fast' lives on when the function has returned; FOLL_LONGTERM expected
