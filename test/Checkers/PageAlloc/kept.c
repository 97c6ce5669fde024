// What a structure of the file keeps, and nothing gives back.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc \
// RUN:   -analyzer-output=text %s 2>&1 | FileCheck %s --implicit-check-not=warning:

#include "kernel.h"

//===--- never given back --------------------------------------------------===

struct device_a {
	unsigned long command;
	int number;
};

struct device_a *a_open(void)
{
	struct device_a *a = kzalloc(sizeof(*a), GFP_KERNEL);

	if (!a)
		return NULL;
	a->command = __get_free_page(GFP_KERNEL);
	if (!a->command) {
		kfree(a);
		return NULL;
	}
	return a;
}

void a_run(struct device_a *a)
{
	((char *)a->command)[0] = 1;
}

void a_release(struct device_a *a)
{
	a->number = 0;
	kfree(a);
}
// CHECK: kept.c:[[#@LINE-2]]:2: warning: 'command' of what is freed here holds what '__get_free_pages' gave, and nothing in this file gives it back; 'free_pages' expected [linux.mm.PageAlloc]
// CHECK: kept.c:[[#@LINE-19]]:15: note: allocated here

//===--- given back --------------------------------------------------------===

struct device_b {
	unsigned long command;
};

struct device_b *b_open(void)
{
	struct device_b *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (b)
		b->command = __get_free_page(GFP_KERNEL);
	return b;
}

void b_release(struct device_b *b)
{
	free_page(b->command);
	kfree(b);
}

//===--- given to somebody -------------------------------------------------===

struct device_c {
	struct page *page;
};

void take_over(struct page *page);

struct device_c *c_open(void)
{
	struct device_c *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (c)
		c->page = alloc_page(GFP_KERNEL);
	return c;
}

void c_release(struct device_c *c)
{
	take_over(c->page);
	kfree(c);
}

//===--- by another name ---------------------------------------------------===

struct device_d {
	struct page *page;
};

struct device_d *d_open(void)
{
	struct device_d *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (d)
		d->page = alloc_page(GFP_KERNEL);
	return d;
}

void d_release(struct device_d *d)
{
	struct page *page = d->page;

	kfree(d);
	put_page(page);
}

//===--- never freed -------------------------------------------------------===

struct device_e {
	struct page *page;
};

struct device_e *e_open(void)
{
	struct device_e *e = kzalloc(sizeof(*e), GFP_KERNEL);

	if (e)
		e->page = alloc_page(GFP_KERNEL);
	return e;
}
