// Right, and in part unusual.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.GfpFlags
//
// RUN: %{analyze} -verify %s
// RUN: %{analyze} -DERA=601 -verify %s
//
// expected-no-diagnostics

#include "gfp.h"

void *usual(size_t size)
{
	return kvmalloc(size, GFP_KERNEL | __GFP_ZERO | __GFP_RETRY_MAYFAIL);
}

void *somebody_elses(size_t size, gfp_t gfp)
{
	return kvmalloc(size, gfp);
}

void *taken_out(size_t size, gfp_t gfp)
{
	gfp |= __GFP_NORETRY;
	gfp &= ~__GFP_NORETRY;
	return kvmalloc(size, gfp | GFP_KERNEL);
}

/* The other mask is for the other allocation. */
void *two_masks(size_t size)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	void *memory = kmalloc(size, gfp);

	if (memory)
		return memory;
	gfp = GFP_KERNEL;
	return __vmalloc(size, gfp);
}

void *reset(size_t size, bool atomic)
{
	gfp_t gfp = GFP_KERNEL;

	if (atomic) {
		gfp = GFP_ATOMIC;
		return kmalloc(size, gfp);
	}
	return kvmalloc(size, gfp);
}

void fill(gfp_t *gfp);

void *filled(size_t size)
{
	gfp_t gfp = GFP_ATOMIC;

	fill(&gfp);
	return kvmalloc(size, gfp);
}

void *atomic_with_more(void)
{
	return kmalloc(64, GFP_KERNEL | __GFP_HIGH);
}

void *low(void)
{
	return kmalloc(64, GFP_KERNEL | GFP_DMA);
}

void *low_pages(void)
{
	return alloc_pages(GFP_KERNEL | GFP_DMA32, 2);
}

/* One of two policies. */
void *policy(bool retry)
{
	return kmalloc(64, GFP_KERNEL | (retry ? __GFP_RETRY_MAYFAIL : __GFP_NORETRY));
}

/* Its parts are its own business. */
#define DRIVER_GFP (GFP_KERNEL | __GFP_IO)

void *own_mask(void)
{
	return kmalloc(64, DRIVER_GFP);
}

int checked_and_may_fail(void)
{
	void *memory = kmalloc(64, GFP_KERNEL);

	if (!memory)
		return -12;
	return use(memory);
}

/* The check is about another pointer. */
int another_pointer(void *other)
{
	void *memory;

	memory = kmalloc(64, GFP_KERNEL | __GFP_NOFAIL);
	if (!other)
		return -12;
	return use(memory);
}

int may_fail_one_way(bool certain)
{
	gfp_t gfp = GFP_KERNEL;
	void *memory;

	if (certain)
		gfp |= __GFP_NOFAIL;
	memory = kmalloc(64, gfp);
	if (!memory)
		return -12;
	return use(memory);
}

/* A function of the file has rules of its own. */
static void *kvmemdup(const void *from, size_t size, gfp_t flags)
{
	return kmalloc(size, flags);
}

void *own_function(const void *from)
{
	return kvmemdup(from, 8, GFP_ATOMIC);
}

struct pool {
	gfp_t gfp;
};

void *in_a_member(struct pool *p, size_t size)
{
	p->gfp = GFP_ATOMIC;
	return kvmalloc(size, p->gfp);
}

struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order);
unsigned long migrate_pfn(unsigned long pfn);
extern struct page *vmemmap;
struct page { unsigned long words[8]; };
#define page_to_pfn(page) ((unsigned long)((page) - vmemmap))
struct vm_fault { struct page *page; };
int copy_to(struct page *to, struct page *from);

int copied_first(struct page *from, unsigned long *dst)
{
	struct page *page = alloc_pages_noprof(GFP_HIGHUSER, 0);

	if (!page || copy_to(page, from))
		return -12;
	*dst = migrate_pfn(page_to_pfn(page));
	return 0;
}

int cleared_page(struct vm_fault *vmf)
{
	vmf->page = alloc_pages_noprof(GFP_KERNEL | __GFP_ZERO, 0);
	return !vmf->page;
}

int with_somebodys_flags(struct vm_fault *vmf, gfp_t gfp)
{
	struct page *page = alloc_pages_noprof(gfp, 0);

	if (page)
		vmf->page = page;
	return !page;
}

/* What is taken out may be named twice. */
gfp_t without(gfp_t gfp)
{
	return gfp & ~(GFP_KERNEL | __GFP_IO);
}

/* Only asks what a mask may be; nobody allocates. */
gfp_t mapping_gfp_constraint(void *mapping, gfp_t mask);

gfp_t constrained(void *mapping)
{
	return mapping_gfp_constraint(mapping, ~__GFP_FS);
}

/* The file that has the function in it knows what it does. */
void *__vmalloc_noprof(unsigned long size, gfp_t gfp)
{
	return gfp & __GFP_DMA32 ? NULL : (void *)size;
}

void *vmalloc_low(unsigned long size)
{
	return __vmalloc_noprof(size, GFP_KERNEL | __GFP_DMA32);
}
