// One path, told in full: what was taken and what counts it, each decision,
// and where it is lost.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinLeak \
// RUN:   -analyzer-output=text %s 2>&1 | FileCheck %s --implicit-check-not=note: \
// RUN:   --implicit-check-not=warning:

#include "kernel.h"

int counted(unsigned long start, int n)
{
	struct page **pages;
	int got;

	pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);
	if (got < n) {
		kfree(pages);
		return -EFAULT;
	}
	unpin_user_pages(pages, got);
	kfree(pages);
	return 0;
}

// CHECK: notes.c:[[#@LINE-8]]:3: warning: pages pinned by 'pin_user_pages_fast' are lost when 'kfree' frees the memory that says where; 'unpin_user_pages' expected [linux.mm.PinLeak]
// CHECK: notes.c:[[#@LINE-13]]:6: note: Assuming 'pages' is non-null
// CHECK: notes.c:[[#@LINE-14]]:2: note: Taking false branch
// CHECK: notes.c:[[#@LINE-13]]:8: note: 'pin_user_pages_fast' takes up to 'n' pinned pages here, and fewer than asked for on this path; 'got' says how many
// CHECK: notes.c:[[#@LINE-13]]:6: note: Assuming 'got' is < 'n'
// CHECK: notes.c:[[#@LINE-14]]:2: note: Taking true branch
// CHECK: notes.c:[[#@LINE-14]]:3: note: pages pinned by 'pin_user_pages_fast' are lost when 'kfree' frees the memory that says where; 'unpin_user_pages' expected

int declared(unsigned long start)
{
	struct page *pages[4];
	long got = get_user_pages_unlocked(start, 4, pages, 0);

	if (got < 0)
		return got;
	return 0;
}

// CHECK: notes.c:[[#@LINE-3]]:2: warning: pages taken by 'get_user_pages_unlocked' are not given back on this path; 'release_pages' expected [linux.mm.PinLeak]
// CHECK: notes.c:[[#@LINE-8]]:13: note: 'get_user_pages_unlocked' takes up to '4' page references here; 'got' says how many
// CHECK: notes.c:[[#@LINE-7]]:6: note: 'got' is >= 0
// CHECK: notes.c:[[#@LINE-8]]:2: note: Taking false branch
// CHECK: notes.c:[[#@LINE-7]]:2: note: pages taken by 'get_user_pages_unlocked' are not given back on this path; 'release_pages' expected

static int take(struct page **page, unsigned long addr)
{
	return get_user_pages_fast(addr, 1, 0, page);
}

// In another function than it is lost in; behind put_page() and its static key.
int called(unsigned long addr)
{
	struct page *first, *second;

	if (take(&first, addr) != 1)
		return -EFAULT;
	put_page(first);
	if (take(&second, addr) != 1)
		return -EFAULT;
	return -EIO;
}

// CHECK: notes.c:[[#@LINE-3]]:2: warning: page taken by 'get_user_pages_fast' is not given back on this path; 'put_page' expected [linux.mm.PinLeak]
// CHECK: notes.c:[[#@LINE-9]]:6: note: Assuming the condition is false
// CHECK: notes.c:[[#@LINE-10]]:2: note: Taking false branch
// CHECK: notes.c:[[#@LINE-8]]:6: note: Calling 'take'
// CHECK: notes.c:[[#@LINE-20]]:9: note: 'get_user_pages_fast' takes a page reference here
// CHECK: notes.c:[[#@LINE-10]]:6: note: Returning from 'take'
// CHECK: notes.c:[[#@LINE-11]]:6: note: Assuming the condition is false
// CHECK: notes.c:[[#@LINE-12]]:2: note: Taking false branch
// CHECK: notes.c:[[#@LINE-11]]:2: note: page taken by 'get_user_pages_fast' is not given back on this path; 'put_page' expected
