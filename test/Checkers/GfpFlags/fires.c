// Every rule of docs/checks/linux.mm.GfpFlags.md.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.GfpFlags
//
// RUN: %{analyze} -verify=expected,new %s
// RUN: %{analyze} -DERA=601 -verify %s

#include "gfp.h"

//===--- rule 1: what a function refuses, needs, ignores -------------------===

void *never_sleeps(size_t size)
{
	return kvmalloc(size, GFP_ATOMIC); // expected-warning{{'kvmalloc' needs __GFP_DIRECT_RECLAIM; kvmalloc-mask: "GFP_NOWAIT and GFP_ATOMIC are not supported, neither is the __GFP_NORETRY modifier" (mm/util.c, kvmalloc_node())}}
}

void *gives_up(size_t size)
{
	return kvzalloc(size, GFP_KERNEL | __GFP_NORETRY); // expected-warning{{'kvzalloc' does not support __GFP_NORETRY; kvmalloc-mask}}
}

void *without_io(size_t size)
{
	return kvmalloc(size, GFP_NOIO); // expected-warning{{'kvmalloc' expects __GFP_IO, __GFP_FS as well; kvmalloc-superset: "must be compatible (superset) with GFP_KERNEL" (mm/util.c, kvmalloc_node())}}
}

void *dump(size_t size)
{
	return __vmalloc(size, GFP_KERNEL | __GFP_NOWARN |
			 __GFP_NORETRY); // expected-warning@-1{{'__vmalloc' does not support __GFP_NORETRY; vmalloc-mask}}
}

void *dump_now(size_t size)
{
	return __vmalloc(size, GFP_NOWAIT); // expected-warning{{'__vmalloc' needs __GFP_DIRECT_RECLAIM; vmalloc-mask}}
}

void *low_memory(size_t size)
{
	return kmalloc(size, GFP_KERNEL | GFP_DMA32); // expected-warning{{'kmalloc' does not support __GFP_DMA32; slab-mask}}
}

void *ring(struct device *dev, void *handle)
{
	return dma_alloc_coherent(dev, 64, handle, GFP_KERNEL | GFP_DMA32); // expected-warning{{'dma_alloc_coherent' makes no use of __GFP_DMA32; dma-zone}}
}

void *compound_ring(struct device *dev, void *handle)
{
	return dma_alloc_coherent(dev, 64, handle, GFP_KERNEL | __GFP_COMP); // expected-warning{{'dma_alloc_coherent' does not support __GFP_COMP; dma-compound}}
}

void *area(size_t size)
{
	return alloc_pages_exact(size, GFP_KERNEL | __GFP_COMP); // expected-warning{{'alloc_pages_exact' does not support __GFP_COMP; exact-mask}}
}

unsigned long high_address(void)
{
	return __get_free_pages(GFP_HIGHUSER, 0); // expected-warning{{'__get_free_pages' makes no use of __GFP_HIGHMEM; address-highmem}}
}

unsigned long accounted(struct page **pages)
{
	return alloc_pages_bulk_noprof(GFP_KERNEL_ACCOUNT, 0, 8, pages); // expected-warning{{'alloc_pages_bulk_noprof' makes no use of __GFP_ACCOUNT; bulk-account}}
}

/* A mask that is made on the way. */
void *made(size_t size, bool quick)
{
	gfp_t gfp = GFP_KERNEL;

	if (quick)
		gfp |= __GFP_NORETRY;
	return kvmalloc(size, gfp); // expected-warning{{'kvmalloc' does not support __GFP_NORETRY}}
}

void *chosen(size_t size, bool quick)
{
	return kvmalloc(size, quick ? GFP_ATOMIC : GFP_KERNEL); // expected-warning{{'kvmalloc' needs __GFP_DIRECT_RECLAIM}}
}

void *taken_away(size_t size)
{
	gfp_t gfp = GFP_KERNEL;

	gfp &= ~__GFP_DIRECT_RECLAIM;
	return kvmalloc(size, gfp); // expected-warning{{'kvmalloc' needs __GFP_DIRECT_RECLAIM}}
}

/* What is certain of a mask that somebody else made. */
void *partly_known(size_t size, gfp_t gfp)
{
	return kvmalloc(size, gfp | __GFP_NORETRY); // expected-warning{{'kvmalloc' does not support __GFP_NORETRY}}
}

//===--- rule 2: what goes together ----------------------------------------===

void *two_zones(void)
{
	return alloc_pages(GFP_KERNEL | GFP_DMA | GFP_DMA32, 0); // expected-warning{{__GFP_DMA excludes __GFP_DMA32; one-zone}}
}

void *two_mobilities(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_MOVABLE | __GFP_RECLAIMABLE, 0); // expected-warning{{__GFP_MOVABLE excludes __GFP_RECLAIMABLE; one-mobility}}
}

void *two_policies(void)
{
	return kmalloc(64, GFP_KERNEL | __GFP_NORETRY | __GFP_RETRY_MAYFAIL); // expected-warning{{__GFP_NORETRY excludes __GFP_RETRY_MAYFAIL; one-policy}}
}

void *must_but_cannot(void)
{
	return kmalloc(64, GFP_ATOMIC | __GFP_NOFAIL); // expected-warning{{__GFP_NOFAIL needs __GFP_DIRECT_RECLAIM; nofail-blocks}}
}

void *says_nothing(void)
{
	return kmalloc(64, GFP_ATOMIC | __GFP_NORETRY); // expected-warning{{__GFP_NORETRY says nothing without __GFP_DIRECT_RECLAIM; sleepable-only}}
}

void *zone_alone(void)
{
	return kmalloc(64, GFP_DMA); // expected-warning{{GFP_DMA is the whole mask; zone-alone}}
}

//===--- rule 3: orders ----------------------------------------------------===

void *large_and_certain(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_NOFAIL, 4); // expected-warning{{__GFP_NOFAIL with order 4; nofail-order}}
}

//===--- rule 4: masks that are joined -------------------------------------===

void *adds_nothing(void)
{
	return kmalloc(64, GFP_KERNEL | GFP_NOFS); // expected-warning{{GFP_NOFS adds nothing to GFP_KERNEL; redundant}}
}

void *quiet_already(void)
{
	return kmalloc(64, GFP_NOWAIT | __GFP_NOWARN); // new-warning{{__GFP_NOWARN adds nothing to GFP_NOWAIT; redundant}}
}

void *both(void)
{
	gfp_t gfp = GFP_ATOMIC | GFP_KERNEL; // expected-warning{{GFP_ATOMIC and GFP_KERNEL contradict each other; atomic-or-not}}

	return kmalloc(64, gfp);
}

//===--- rule 5: null checks -----------------------------------------------===

struct holder {
	void *memory;
};

int checked(struct holder *h)
{
	void *memory;

	memory = kzalloc(64, GFP_KERNEL | __GFP_NOFAIL);
	if (!memory) // expected-warning{{'kzalloc' does not fail here, and its result is compared with null; nofail-check}}
		return -12;
	h->memory = kmalloc(64, GFP_NOFS | __GFP_NOFAIL);
	if (unlikely(h->memory == NULL)) // expected-warning{{'kmalloc' does not fail here}}
		return -12;
	if (!(memory = kmalloc(64, GFP_KERNEL | __GFP_NOFAIL))) // expected-warning{{'kmalloc' does not fail here}}
		return -12;
	return use(memory);
}

int checked_variable(void)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOFAIL;
	void *memory = NULL;

	memory = kmalloc(64, gfp);
	if (memory == NULL) // expected-warning{{'kmalloc' does not fail here}}
		return -12;
	return use(memory);
}

//===--- rule 6: in each other's place -------------------------------------===

void *swapped(int order)
{
	return alloc_pages(order, GFP_KERNEL); // expected-warning{{argument 2 of 'alloc_pages' is flags, and its flags are argument 1; gfp-type}}
}

void *swapped_size(void)
{
	return kmalloc(GFP_KERNEL, 64); // expected-warning{{argument 1 of 'kmalloc' is flags, and its flags are argument 2; gfp-type}}
}

//===--- rule 7: gone ------------------------------------------------------===

#define __GFP_REPEAT 0 // expected-warning{{__GFP_REPEAT is no flag of this kernel, and is defined here; __GFP_RETRY_MAYFAIL instead; gone-repeat}}

void *old_driver(void)
{
	return kmalloc(64, GFP_KERNEL | __GFP_REPEAT);
}

//===--- rule 8: user space gets to see it ---------------------------------===

struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order);
unsigned long migrate_pfn(unsigned long pfn);
extern struct page *vmemmap;
struct page { unsigned long words[8]; };
#define page_to_pfn(page) ((unsigned long)((page) - vmemmap))
struct vm_fault { struct page *page; };
int copy_to(struct page *to, struct page *from);

int migrated(struct page *from, unsigned long *dst)
{
	struct page *page = alloc_pages_noprof(GFP_HIGHUSER, 0); // expected-warning{{'alloc_pages_noprof' gives a page that user space gets before anything is written to it; __GFP_ZERO expected; uncleared}}

	if (!page)
		return -12;
	*dst = migrate_pfn(page_to_pfn(page));
	return copy_to(page, from);
}

int faulted(struct vm_fault *vmf)
{
	struct page *page;

	page = alloc_pages_noprof(GFP_KERNEL, 0); // expected-warning{{gives a page that user space gets before anything is written to it}}
	if (!page)
		return 1;
	vmf->page = page;
	return 0;
}

//===--- placement ---------------------------------------------------------===

struct page *alloc_pages_node_noprof(int nid, gfp_t gfp, unsigned int order);
#define NUMA_NO_NODE (-1)

struct page *from_no_node(void)
{
	return alloc_pages_node_noprof(NUMA_NO_NODE, GFP_KERNEL | __GFP_THISNODE, 0); // expected-warning{{__GFP_THISNODE says nothing with NUMA_NO_NODE; thisnode}}
}

struct page *from_node(int nid)
{
	return alloc_pages_node_noprof(nid, GFP_KERNEL | __GFP_THISNODE, 0);
}

void *reserves(void)
{
	return kmalloc(64, GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOMEMALLOC); // expected-warning{{__GFP_MEMALLOC and __GFP_NOMEMALLOC contradict each other; memalloc-or-not}}
}
