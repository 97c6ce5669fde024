// Loops that go back over elements which another loop filled.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc \
// RUN:   -analyzer-output=text %s 2>&1 | FileCheck %s --implicit-check-not=warning:

#include "kernel.h"

struct ring {
	struct page *pages[8];
	unsigned long areas[8];
};

int first_left(struct ring *r)
{
	int i;

	for (i = 0; i < 8; i++) {
		r->pages[i] = alloc_page(GFP_KERNEL);
		if (!r->pages[i])
			goto undo;
	}
	return 0;
undo:
	while (--i > 0)
		__free_page(r->pages[i]);
	return -ENOMEM;
}
// CHECK: unwinding.c:[[#@LINE-3]]:3: warning: the loop stops before 'r->pages[0]', which is not given back [linux.mm.PageAlloc]
// CHECK: unwinding.c:[[#@LINE-11]]:17: note: taken here, from the first element on

int first_left_too(struct ring *r)
{
	int i, j;

	for (i = 0; i < 8; ++i) {
		r->areas[i] = __get_free_page(GFP_KERNEL);
		if (!r->areas[i]) {
			for (j = i - 1; j > 0; j--)
				free_page(r->areas[j]);
			return -ENOMEM;
		}
	}
	return 0;
}
// CHECK: unwinding.c:[[#@LINE-6]]:5: warning: the loop stops before 'r->areas[0]', which is not given back [linux.mm.PageAlloc]

int never_ends(struct ring *r)
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		r->pages[i] = alloc_page(GFP_KERNEL);
		if (!r->pages[i])
			goto undo;
	}
	return 0;
undo:
	while (--i >= 0)
		__free_page(r->pages[i]);
	return -ENOMEM;
}
// CHECK: unwinding.c:[[#@LINE-3]]:3: warning: 'i' is unsigned and never below 0: the loop goes on in front of 'r->pages' [linux.mm.PageAlloc]

int all_of_them(struct ring *r)
{
	int i;

	for (i = 0; i < 8; i++) {
		r->pages[i] = alloc_page(GFP_KERNEL);
		if (!r->pages[i])
			goto undo;
	}
	return 0;
undo:
	while (--i >= 0)
		__free_page(r->pages[i]);
	return -ENOMEM;
}

int all_of_them_too(struct ring *r)
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		r->pages[i] = alloc_page(GFP_KERNEL);
		if (!r->pages[i])
			goto undo;
	}
	return 0;
undo:
	while (i-- > 0)
		__free_page(r->pages[i]);
	return -ENOMEM;
}

int one_before(struct ring *r)
{
	int i;

	for (i = 0; i < 8; i++) {
		r->pages[i] = alloc_page(GFP_KERNEL);
		if (!r->pages[i])
			goto undo;
	}
	return 0;
undo:
	for (; i > 0; i--)
		__free_page(r->pages[i - 1]);
	return -ENOMEM;
}

int first_by_itself(struct ring *r)
{
	int i;

	for (i = 0; i < 8; i++) {
		r->pages[i] = alloc_page(GFP_KERNEL);
		if (!r->pages[i])
			goto undo;
	}
	return 0;
undo:
	while (--i > 0)
		__free_page(r->pages[i]);
	if (i == 0)
		__free_page(r->pages[0]);
	return -ENOMEM;
}

// Element 0 was there before.
int from_the_second(struct ring *r)
{
	int i;

	for (i = 1; i < 8; i++) {
		r->pages[i] = alloc_page(GFP_KERNEL);
		if (!r->pages[i])
			goto undo;
	}
	return 0;
undo:
	while (--i > 0)
		__free_page(r->pages[i]);
	return -ENOMEM;
}

//===--- all elements, as if all were there ---------------------------------===

void keep_all(void *all);

int all_though_some(int n)
{
	struct page **pages = kcalloc(n, sizeof(*pages), GFP_KERNEL);
	int i;

	if (!pages)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto undo;
	}
	keep_all(pages);
	return 0;
undo:
	for (i = 0; i < n; i++)
		__free_page(pages[i]);
	kfree(pages);
	return -ENOMEM;
}
// CHECK: unwinding.c:[[#@LINE-4]]:3: warning: 'pages' is given back up to 'n' also when not all of it could be filled; nobody asks whether an element is null [linux.mm.PageAlloc]

int one_too_many(int n)
{
	struct page **pages = kcalloc(n, sizeof(*pages), GFP_KERNEL);
	int i, err;

	if (!pages)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i]) {
			n = i + 1;
			err = -ENOMEM;
			goto undo;
		}
	}
	err = device_start(n);
undo:
	while (--n >= 0)
		__free_page(pages[n]);
	kfree(pages);
	return err;
}
// CHECK: unwinding.c:[[#@LINE-4]]:3: warning: '__free_pages' gets an element that is null on this path: it could not be filled [linux.mm.PageAlloc]

struct place {
	unsigned char *area;
	int number;
};

int first_member_left(struct place *map, int n)
{
	unsigned long area;
	int i;

	for (i = 0; i < n; i++) {
		area = get_zeroed_page(GFP_KERNEL);
		if (area == 0) {
			while (--i > 0)
				free_page((unsigned long)map[i].area);
			return -ENOMEM;
		}
		map[i].area = (unsigned char *)area;
	}
	return 0;
}
// CHECK: unwinding.c:[[#@LINE-7]]:5: warning: the loop stops before 'map[0].area', which is not given back [linux.mm.PageAlloc]

int those_that_are_there(int n)
{
	struct page **pages = kcalloc(n, sizeof(*pages), GFP_KERNEL);
	int i;

	if (!pages)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto undo;
	}
	keep_all(pages);
	return 0;
undo:
	for (i = 0; i < n; i++)
		if (pages[i])
			__free_page(pages[i]);
	kfree(pages);
	return -ENOMEM;
}

int as_many_as_are_there(int n)
{
	struct page **pages = kcalloc(n, sizeof(*pages), GFP_KERNEL);
	struct page *page;
	int i;

	if (!pages)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		page = alloc_page(GFP_KERNEL);
		if (!page) {
			n = i;
			goto undo;
		}
		pages[i] = page;
	}
	keep_all(pages);
	return 0;
undo:
	for (i = 0; i < n; i++)
		__free_page(pages[i]);
	kfree(pages);
	return -ENOMEM;
}

int after_all_are_there(int n)
{
	struct page **pages = kcalloc(n, sizeof(*pages), GFP_KERNEL);
	int i;

	if (!pages)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto undo;
	}
	if (device_start(n))
		goto undo_all;
	keep_all(pages);
	return 0;
undo:
	while (--i >= 0)
		__free_page(pages[i]);
	kfree(pages);
	return -ENOMEM;
undo_all:
	for (i = 0; i < n; i++)
		__free_page(pages[i]);
	kfree(pages);
	return -EIO;
}

int nothing_is_fine(int n)
{
	unsigned long *areas = kcalloc(n, sizeof(*areas), GFP_KERNEL);
	int i;

	if (!areas)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		areas[i] = get_zeroed_page(GFP_KERNEL);
		if (!areas[i])
			goto undo;
	}
	keep_all(areas);
	return 0;
undo:
	for (i = 0; i < n; i++)
		free_page(areas[i]);
	kfree(areas);
	return -ENOMEM;
}
