// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -Wno-deprecated-non-prototype -Wno-shift-count-overflow -triple x86_64-linux-gnu -load %plugin -analyze \
// RUN:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.GfpFlags \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "gfp.h"

/* Flags that are no numbers, or stand for themselves. */
#undef __GFP_COMP
#define __GFP_COMP __GFP_WRITE
#define __GFP_WRITE __GFP_THISNODE
#undef __GFP_THISNODE
#define __GFP_THISNODE __GFP_COMP
#undef __GFP_ACCOUNT
#define __GFP_ACCOUNT "text"
#undef __GFP_MOVABLE
#define __GFP_MOVABLE (1 << 99)
#undef __GFP_RECLAIMABLE
#define __GFP_RECLAIMABLE ((((
#define __GFP_HARDWALL(x) x
#undef __GFP_HIGHMEM
#define __GFP_HIGHMEM BIT()

void *some(size_t size)
{
	return alloc_pages_exact(size, GFP_KERNEL);
}

void *old_style();

void *without_prototype(void)
{
	return old_style(GFP_KERNEL, 1, 2, 3);
}

void *(*pointer)(size_t size, gfp_t flags);

void *through_pointer(void)
{
	return pointer(64, GFP_ATOMIC | __GFP_DIRECT_RECLAIM);
}

void *loop(size_t size, int n)
{
	gfp_t gfp = 0;

	while (n--) {
		gfp |= 1u << n;
		gfp ^= gfp >> 1;
		gfp++;
	}
	return kvmalloc(size, gfp);
}

void *many(size_t size, int n)
{
	gfp_t gfp = GFP_KERNEL;

	switch (n) {
	case 0: gfp = 1; break;
	case 1: gfp = 2; break;
	case 2: gfp = 4; break;
	case 3: gfp = 8; break;
	case 4: gfp = 16; break;
	case 5: gfp = 32; break;
	case 6: gfp = 64; break;
	case 7: gfp = 128; break;
	case 8: gfp = 256; break;
	case 9: gfp = 512; break;
	case 10: gfp = 1024; break;
	case 11: gfp = 2048; break;
	case 12: gfp = 4096; break;
	}
	return kvmalloc(size, gfp);
}

/* A page, and a call that has no name. */
struct methods {
	int (*read)(struct page *page);
};
struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order);

int no_name(struct methods *m)
{
	struct page *page = alloc_pages_noprof(GFP_KERNEL, 0);

	return page ? m->read(page) : 0;
}
