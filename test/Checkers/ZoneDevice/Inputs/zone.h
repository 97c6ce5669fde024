/* Device pages in the shape of three kernels: ERA is 601, 612 or 703. */
#ifndef ZONE_H
#define ZONE_H

#ifndef ERA
#define ERA 612
#endif

typedef unsigned long long u64;
#define NULL ((void *)0)
#define EINVAL 22
#define PAGE_SIZE 4096UL
#define PAGE_SHIFT 12

struct list_head {
	struct list_head *next, *prev;
};
struct dev_pagemap;
struct address_space;
struct vm_fault;
struct page {
	unsigned long flags;
	union {
		struct {
			union {
				struct list_head lru;
			};
			struct address_space *mapping;
			union {
				unsigned long index;
#if ERA >= 612
				unsigned long share;
#endif
			};
			unsigned long private;
		};
		struct {
#if ERA >= 703
			void *_unused_pgmap;
#else
			struct dev_pagemap *pgmap;
#endif
			void *zone_device_data;
		};
	};
};
struct range {
	u64 start, end;
};
struct dev_pagemap {
	int type;
	struct range range;
};
struct dev_pagemap_ops {
	void (*page_free)(struct page *page);
	unsigned int (*migrate_to_ram)(struct vm_fault *vmf);
};
struct scatterlist {
	unsigned long link;
	unsigned int offset, length;
};
struct follow_args {
	unsigned long pfn;
};

extern unsigned long map_base;
#define vmemmap ((struct page *)map_base)
#define __pfn_to_page(pfn) (vmemmap + (pfn))
#define pfn_to_page __pfn_to_page
#define virt_to_page(kaddr)                                                    \
	pfn_to_page(((unsigned long)(kaddr)) >> PAGE_SHIFT)

static inline struct page *sg_page(struct scatterlist *sg)
{
	return (struct page *)sg->link;
}

void *memremap_pages(struct dev_pagemap *pgmap, int nid);
void *devm_memremap_pages(void *dev, struct dev_pagemap *pgmap);
static inline _Bool IS_ERR(const void *p)
{
	return (unsigned long)p >= (unsigned long)-4095;
}

enum memory_type {
	MEMORY_DEVICE_PRIVATE = 1,
	MEMORY_DEVICE_COHERENT,
	MEMORY_DEVICE_FS_DAX,
};
struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len, bv_offset;
};
struct vm_fault {
	struct page *page;
};
typedef long long loff_t;

#define __page_to_pfn(page) ((unsigned long)((page)-vmemmap))
#define page_to_pfn __page_to_pfn
#define page_to_phys(page) ((u64)page_to_pfn(page) << PAGE_SHIFT)
#if ERA >= 612
_Bool zone_device_pages_have_same_pgmap(const struct page *a,
					const struct page *b);
#endif
struct page *pfn_to_online_page(unsigned long pfn);
_Bool is_device_private_page(const struct page *page);
void *kmap_local_page(struct page *page);
void copy_highpage(struct page *to, struct page *from);
struct vmem_altmap;
unsigned long vmem_altmap_offset(struct vmem_altmap *altmap);
int page_to_nid(const struct page *page);
int page_zonenum(const struct page *page);
void set_page_private(struct page *page, unsigned long value);
int isolate_lru_page(struct page *page);
struct page *vm_normal_page(unsigned long addr);
int page_ref_freeze(struct page *page, int count);
int page_count(const struct page *page);
int page_ref_count(const struct page *page);
int PageReserved(const struct page *page);
void SetPageReserved(struct page *page);
void set_page_count(struct page *page, int n);
void get_page(struct page *page);
_Bool get_page_unless_zero(struct page *page);
void put_page(struct page *page);
_Bool is_zone_device_page(const struct page *page);
_Bool is_pci_p2pdma_page(const struct page *page);
int pfn_valid(unsigned long pfn);
struct page *alloc_page(unsigned int gfp);
void __free_pages(struct page *page, unsigned int order);
#define __free_page(page) __free_pages((page), 0)
long get_user_pages_fast(unsigned long start, int n, unsigned int flags,
			 struct page **pages);
void lock_page(struct page *page);

#if ERA == 510
_Bool put_devmap_managed_page(struct page *page);
#elif ERA == 601
_Bool __put_devmap_managed_page_refs(struct page *page, int refs);
#elif ERA == 612
_Bool __put_devmap_managed_folio_refs(struct page *folio, int refs);
#endif
#if ERA == 703
void zone_device_page_init(struct page *page, struct dev_pagemap *pgmap,
			   unsigned int order);
#define zone_init(page) zone_device_page_init(page, NULL, 0)
#elif ERA >= 601
void zone_device_page_init(struct page *page);
#define zone_init(page) zone_device_page_init(page)
#else
#define zone_init(page) lock_page(page)
#endif

static inline void list_add(struct list_head *entry, struct list_head *head)
{
	entry->next = head->next;
	entry->prev = head;
	head->next->prev = entry;
	head->next = entry;
}

#endif
