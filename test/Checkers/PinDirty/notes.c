// What was taken, where it was given back.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -analyzer-output=text %s 2>&1 | FileCheck %s --implicit-check-not=note: \
// RUN:   --implicit-check-not=warning:

#include "kernel.h"

int fill(struct page **pages, int n);

int written_and_lost(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 4, FOLL_WRITE, pages);

	if (got != 4)
		return -EFAULT;
	fill(pages, 4);
	unpin_user_pages(pages, 4);
	return 0;
}

// CHECK: notes.c:[[#@LINE-3]]:2: warning: pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied: what was written can be lost [linux.mm.PinDirty]
// CHECK: notes.c:[[#@LINE-5]]:2: note: given back here
// CHECK: notes.c:[[#@LINE-11]]:12: note: 'pin_user_pages_fast' takes up to '4' pinned pages here; 'got' says how many
// CHECK: notes.c:[[#@LINE-10]]:6: note: Assuming 'got' is equal to 4
// CHECK: notes.c:[[#@LINE-11]]:2: note: Taking false branch
// CHECK: notes.c:[[#@LINE-8]]:2: note: pages pinned by 'pin_user_pages_fast' for writing are given back without being dirtied: what was written can be lost

void window_close(struct page **pages)
{
	set_page_dirty(pages[0]);
	unpin_user_page(pages[0]);
}

// CHECK: notes.c:[[#@LINE-4]]:2: warning: 'set_page_dirty' on a user page without the page lock; the page may be truncated meanwhile [linux.mm.PinDirty]
// CHECK: notes.c:[[#@LINE-5]]:2: note: 'set_page_dirty' on a user page without the page lock; the page may be truncated meanwhile
