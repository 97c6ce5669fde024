// Where it was taken, and where it is lost.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc \
// RUN:   -analyzer-output=text %s 2>&1 | FileCheck %s --implicit-check-not=note: \
// RUN:   --implicit-check-not=warning:

#include "kernel.h"

int lost_on_error(int id)
{
	struct page *page = alloc_pages_noprof(GFP_KERNEL, 0);

	if (!page)
		return -ENOMEM;
	if (id)
		return -EIO;
	__free_page(page);
	return 0;
}

// CHECK: notes.c:[[#@LINE-5]]:3: warning: page allocated by 'alloc_pages' is not given back on this path; '__free_pages' expected [linux.mm.PageAlloc]
// CHECK: notes.c:[[#@LINE-11]]:22: note: 'alloc_pages' takes an allocated page here
// CHECK: notes.c:[[#@LINE-10]]:7: note: 'page' is non-null
// CHECK: notes.c:[[#@LINE-11]]:2: note: Taking false branch
// CHECK: notes.c:[[#@LINE-10]]:6: note: Assuming 'id' is not equal to 0
// CHECK: notes.c:[[#@LINE-11]]:2: note: Taking true branch
// CHECK: notes.c:[[#@LINE-11]]:3: note: page allocated by 'alloc_pages' is not given back on this path; '__free_pages' expected

struct ring {
	void *area;
};

void freed_twice(struct ring *r)
{
	free_pages((unsigned long)r->area, 0);
	free_pages((unsigned long)r->area, 0);
}

// CHECK: notes.c:[[#@LINE-3]]:2: warning: 'free_pages' gives back what 'free_pages' gave back already [linux.mm.PageAlloc]
// CHECK: notes.c:[[#@LINE-5]]:2: note: given back here first
// CHECK: notes.c:[[#@LINE-5]]:2: note: 'free_pages' gives back what 'free_pages' gave back already
