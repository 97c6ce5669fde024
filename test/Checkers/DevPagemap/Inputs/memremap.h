/* Device page maps in the shape of three kernels: ERA is 601, 612 or 703. */
#ifndef MEMREMAP_H
#define MEMREMAP_H

#ifndef ERA
#define ERA 612
#endif

typedef unsigned int gfp_t;
typedef unsigned long size_t;
typedef unsigned long long u64;
#define GFP_KERNEL 0xcc0U
#define NULL ((void *)0)
#define EINVAL 22
#define ENOMEM 12

struct device;
struct page {
	unsigned long flags;
};
struct folio;
struct vm_fault;
struct percpu_ref {
	unsigned long count;
};
struct range {
	u64 start, end;
};

#if ERA >= 612
enum { FOLL_PCI_P2PDMA = 1 << 10 };
#endif

enum memory_type {
	MEMORY_DEVICE_PRIVATE = 1,
	MEMORY_DEVICE_COHERENT,
	MEMORY_DEVICE_FS_DAX,
	MEMORY_DEVICE_GENERIC,
	MEMORY_DEVICE_PCI_P2PDMA,
};

struct dev_pagemap_ops {
#if ERA >= 703
	void (*folio_free)(struct folio *folio);
#else
	void (*page_free)(struct page *page);
#endif
	unsigned int (*migrate_to_ram)(struct vm_fault *vmf);
};

struct vmem_altmap {
	unsigned long base_pfn, reserve, free;
};
#define PGMAP_ALTMAP_VALID (1 << 0)
#define SUBSECTION_SHIFT 21

struct dev_pagemap {
	struct vmem_altmap altmap;
	struct percpu_ref ref;
	enum memory_type type;
	unsigned int flags;
	const struct dev_pagemap_ops *ops;
	void *owner;
	int nr_range;
	union {
		struct range range;
		struct range ranges[1];
	};
};

void *memremap_pages(struct dev_pagemap *pgmap, int nid);
void memunmap_pages(struct dev_pagemap *pgmap);
void *devm_memremap_pages(struct device *dev, struct dev_pagemap *pgmap);
void devm_memunmap_pages(struct device *dev, struct dev_pagemap *pgmap);
#if ERA >= 703
struct dev_pagemap *get_dev_pagemap(unsigned long pfn);
#else
struct dev_pagemap *get_dev_pagemap(unsigned long pfn,
				    struct dev_pagemap *cached);
#endif
void percpu_ref_put(struct percpu_ref *ref);
int percpu_ref_init(struct percpu_ref *ref, void (*release)(void *));
static inline void put_dev_pagemap(struct dev_pagemap *pgmap)
{
	if (pgmap)
		percpu_ref_put(&pgmap->ref);
}

void *kmalloc(size_t size, gfp_t flags);
void *kzalloc(size_t size, gfp_t flags);
void *devm_kzalloc(struct device *dev, size_t size, gfp_t flags);
void kfree(const void *p);

static inline _Bool IS_ERR(const void *p)
{
	return (unsigned long)p >= (unsigned long)-4095;
}
static inline long PTR_ERR(const void *p)
{
	return (long)p;
}

int find_range(struct range *range);

#define PAGE_SHIFT 12
unsigned long virt_to_phys(void *p);
void *__get_free_pages(gfp_t flags, unsigned int order);
struct page *alloc_pages(gfp_t flags, unsigned int order);
extern struct page *vmemmap;
#define page_to_pfn(page) ((unsigned long)((page)-vmemmap))
int migrate_device_range(unsigned long *src, unsigned long start,
			 unsigned long n);
void migrate_device_finalize(unsigned long *src, unsigned long n);

#endif
