/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Allocation flags for small drivers: enumerators and macros around them as in
 * 6.12 (the default), numbers as in 6.1 with -DERA=601.
 */
#ifndef TEST_GFP_H
#define TEST_GFP_H

typedef unsigned int gfp_t;
typedef unsigned long size_t;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)
#define __force
#define __AC(X, Y) (X##Y)
#define _AC(X, Y) __AC(X, Y)
#define UL(x) (_AC(x, UL))
#define BIT(nr) (UL(1) << (nr))
#define unlikely(x) __builtin_expect(!!(x), 0)

#if ERA == 601
#define ___GFP_DMA 0x01u
#define ___GFP_HIGHMEM 0x02u
#define ___GFP_DMA32 0x04u
#define ___GFP_MOVABLE 0x08u
#define ___GFP_RECLAIMABLE 0x10u
#define ___GFP_HIGH 0x20u
#define ___GFP_IO 0x40u
#define ___GFP_FS 0x80u
#define ___GFP_ZERO 0x100u
#define ___GFP_DIRECT_RECLAIM 0x400u
#define ___GFP_KSWAPD_RECLAIM 0x800u
#define ___GFP_NOWARN 0x2000u
#define ___GFP_RETRY_MAYFAIL 0x4000u
#define ___GFP_NOFAIL 0x8000u
#define ___GFP_NORETRY 0x10000u
#define ___GFP_COMP 0x40000u
#define ___GFP_ACCOUNT 0x400000u
#define ___GFP_THISNODE 0x200000u
#define ___GFP_MEMALLOC 0x20000u
#define ___GFP_NOMEMALLOC 0x80000u
#else
enum {
	GFP_BIT_DMA, GFP_BIT_HIGHMEM, GFP_BIT_DMA32, GFP_BIT_MOVABLE,
	GFP_BIT_RECLAIMABLE, GFP_BIT_HIGH, GFP_BIT_IO, GFP_BIT_FS, GFP_BIT_ZERO,
	GFP_BIT_UNUSED, GFP_BIT_DIRECT_RECLAIM, GFP_BIT_KSWAPD_RECLAIM,
	GFP_BIT_WRITE, GFP_BIT_NOWARN, GFP_BIT_RETRY_MAYFAIL, GFP_BIT_NOFAIL,
	GFP_BIT_NORETRY, GFP_BIT_COMP, GFP_BIT_ACCOUNT, GFP_BIT_THISNODE,
	GFP_BIT_MEMALLOC, GFP_BIT_NOMEMALLOC,
};
#define ___GFP_DMA BIT(GFP_BIT_DMA)
#define ___GFP_HIGHMEM BIT(GFP_BIT_HIGHMEM)
#define ___GFP_DMA32 BIT(GFP_BIT_DMA32)
#define ___GFP_MOVABLE BIT(GFP_BIT_MOVABLE)
#define ___GFP_RECLAIMABLE BIT(GFP_BIT_RECLAIMABLE)
#define ___GFP_HIGH BIT(GFP_BIT_HIGH)
#define ___GFP_IO BIT(GFP_BIT_IO)
#define ___GFP_FS BIT(GFP_BIT_FS)
#define ___GFP_ZERO BIT(GFP_BIT_ZERO)
#define ___GFP_DIRECT_RECLAIM BIT(GFP_BIT_DIRECT_RECLAIM)
#define ___GFP_KSWAPD_RECLAIM BIT(GFP_BIT_KSWAPD_RECLAIM)
#define ___GFP_NOWARN BIT(GFP_BIT_NOWARN)
#define ___GFP_RETRY_MAYFAIL BIT(GFP_BIT_RETRY_MAYFAIL)
#define ___GFP_NOFAIL BIT(GFP_BIT_NOFAIL)
#define ___GFP_NORETRY BIT(GFP_BIT_NORETRY)
#define ___GFP_COMP BIT(GFP_BIT_COMP)
#define ___GFP_ACCOUNT BIT(GFP_BIT_ACCOUNT)
#define ___GFP_THISNODE BIT(GFP_BIT_THISNODE)
#define ___GFP_MEMALLOC BIT(GFP_BIT_MEMALLOC)
#define ___GFP_NOMEMALLOC BIT(GFP_BIT_NOMEMALLOC)
#endif

#define __GFP_DMA ((__force gfp_t)___GFP_DMA)
#define __GFP_HIGHMEM ((__force gfp_t)___GFP_HIGHMEM)
#define __GFP_DMA32 ((__force gfp_t)___GFP_DMA32)
#define __GFP_MOVABLE ((__force gfp_t)___GFP_MOVABLE)
#define __GFP_RECLAIMABLE ((__force gfp_t)___GFP_RECLAIMABLE)
#define __GFP_HIGH ((__force gfp_t)___GFP_HIGH)
#define __GFP_IO ((__force gfp_t)___GFP_IO)
#define __GFP_FS ((__force gfp_t)___GFP_FS)
#define __GFP_ZERO ((__force gfp_t)___GFP_ZERO)
#define __GFP_DIRECT_RECLAIM ((__force gfp_t)___GFP_DIRECT_RECLAIM)
#define __GFP_KSWAPD_RECLAIM ((__force gfp_t)___GFP_KSWAPD_RECLAIM)
#define __GFP_RECLAIM ((__force gfp_t)(___GFP_DIRECT_RECLAIM|___GFP_KSWAPD_RECLAIM))
#define __GFP_NOWARN ((__force gfp_t)___GFP_NOWARN)
#define __GFP_RETRY_MAYFAIL ((__force gfp_t)___GFP_RETRY_MAYFAIL)
#define __GFP_NOFAIL ((__force gfp_t)___GFP_NOFAIL)
#define __GFP_NORETRY ((__force gfp_t)___GFP_NORETRY)
#define __GFP_COMP ((__force gfp_t)___GFP_COMP)
#define __GFP_ACCOUNT ((__force gfp_t)___GFP_ACCOUNT)
#define __GFP_THISNODE ((__force gfp_t)___GFP_THISNODE)
#define __GFP_MEMALLOC ((__force gfp_t)___GFP_MEMALLOC)
#define __GFP_NOMEMALLOC ((__force gfp_t)___GFP_NOMEMALLOC)

#define GFP_ATOMIC (__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_NOIO (__GFP_RECLAIM)
#define GFP_NOFS (__GFP_RECLAIM | __GFP_IO)
#if ERA == 601
#define GFP_NOWAIT (__GFP_KSWAPD_RECLAIM)
#else
#define GFP_NOWAIT (__GFP_KSWAPD_RECLAIM | __GFP_NOWARN)
#endif
#define GFP_DMA __GFP_DMA
#define GFP_DMA32 __GFP_DMA32
#define GFP_HIGHUSER (GFP_KERNEL | __GFP_HIGHMEM)

struct page;
struct device;

#if ERA == 601
void *kmalloc(size_t size, gfp_t flags);
void *kzalloc(size_t size, gfp_t flags);
void *kvmalloc_node(size_t size, gfp_t flags, int node);
static inline void *kvmalloc(size_t size, gfp_t flags)
{
	return kvmalloc_node(size, flags, -1);
}
void *__vmalloc(unsigned long size, gfp_t flags);
struct page *alloc_pages(gfp_t gfp, unsigned int order);
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
void *alloc_pages_exact(size_t size, gfp_t gfp);
#else
#define alloc_hooks(call) ({ typeof(call) result_ = call; result_; })
void *kmalloc_noprof(size_t size, gfp_t flags);
#define kmalloc(...) alloc_hooks(kmalloc_noprof(__VA_ARGS__))
void *kzalloc_noprof(size_t size, gfp_t flags);
#define kzalloc(...) alloc_hooks(kzalloc_noprof(__VA_ARGS__))
/* The place of the flags depends on the configuration. */
void *__kvmalloc_node_noprof(size_t size, void *buckets, gfp_t flags, int node);
#define kvmalloc(size, flags) \
	alloc_hooks(__kvmalloc_node_noprof((size), NULL, flags, -1))
void *__vmalloc_noprof(unsigned long size, gfp_t flags);
#define __vmalloc(...) alloc_hooks(__vmalloc_noprof(__VA_ARGS__))
struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order);
#define alloc_pages(...) alloc_hooks(alloc_pages_noprof(__VA_ARGS__))
unsigned long get_free_pages_noprof(gfp_t gfp, unsigned int order);
#define __get_free_pages(...) alloc_hooks(get_free_pages_noprof(__VA_ARGS__))
void *alloc_pages_exact_noprof(size_t size, gfp_t gfp);
#define alloc_pages_exact(...) alloc_hooks(alloc_pages_exact_noprof(__VA_ARGS__))
#endif
#define kvzalloc(size, flags) kvmalloc(size, (flags) | __GFP_ZERO)
void *dma_alloc_attrs(struct device *dev, size_t size, void *handle, gfp_t flag,
		      unsigned long attrs);
static inline void *dma_alloc_coherent(struct device *dev, size_t size,
				       void *handle, gfp_t flag)
{
	return dma_alloc_attrs(dev, size, handle, flag, 0);
}
unsigned long alloc_pages_bulk_noprof(gfp_t gfp, int node, int nr,
				      struct page **array);
int use(void *memory);

#endif
