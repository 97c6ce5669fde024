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
