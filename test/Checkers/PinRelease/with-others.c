// What another check has seen does not keep this one quiet.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinRelease,linux.mm.PinLeak,linux.mm.PinDirty \
// RUN:   -verify %s

#include "kernel.h"

// That it is dirty does not make it another page.
int dirtied_first(unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	set_page_dirty_lock(page);
	put_page(page); // expected-warning{{page pinned by 'pin_user_pages_fast' is given back by 'put_page'; 'unpin_user_page' expected}}
	return 0;
}

int dirtied_and_lost(unsigned long start)
{
	struct page *page;

	if (pin_user_pages_fast(start, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	set_page_dirty_lock(page);
	return 0; // expected-warning{{page pinned by 'pin_user_pages_fast' is not given back on this path; 'unpin_user_page' expected}}
}
