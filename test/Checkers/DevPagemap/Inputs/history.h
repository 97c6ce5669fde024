/* Device page maps through the years: ERA is 418 (the caller kills the count),
   419 (a kill method in the page map), 503 (methods in a table), 510 (ranges),
   601, 612 or 703 (the count is the mapping function's own). */
#ifndef HISTORY_H
#define HISTORY_H

typedef unsigned int gfp_t;
typedef unsigned long size_t;
typedef unsigned long long u64;
#define GFP_KERNEL 0xcc0U
#define NULL ((void *)0)
#define ENOMEM 12

struct device;
struct page;
struct folio;
struct percpu_ref {
	unsigned long count;
};
struct range {
	u64 start, end;
};
struct resource {
	u64 start, end;
};
struct dev_pagemap;

enum memory_type {
#if ERA < 503
	MEMORY_DEVICE_HOST = 0,
#endif
	MEMORY_DEVICE_PRIVATE = 1,
	MEMORY_DEVICE_FS_DAX = 3,
	MEMORY_DEVICE_GENERIC,
};

#if ERA >= 503
struct dev_pagemap_ops {
#if ERA >= 703
	void (*folio_free)(struct folio *folio);
#else
	void (*page_free)(struct page *page);
#endif
#if ERA < 601
	void (*kill)(struct dev_pagemap *pgmap);
	void (*cleanup)(struct dev_pagemap *pgmap);
#endif
};
#endif

struct dev_pagemap {
#if ERA < 601
	struct percpu_ref *ref;
#else
	struct percpu_ref ref;
#endif
#if ERA == 419
	void (*kill)(struct percpu_ref *ref);
#endif
#if ERA >= 503
	const struct dev_pagemap_ops *ops;
#endif
	enum memory_type type;
#if ERA < 510
	struct resource res;
#else
	int nr_range;
	struct range range;
#endif
};

void *devm_memremap_pages(struct device *dev, struct dev_pagemap *pgmap);
int devm_add_action_or_reset(struct device *dev, void (*action)(void *),
			     void *data);
int percpu_ref_init(struct percpu_ref *ref, void (*release)(void *));
void percpu_ref_kill(struct percpu_ref *ref);
void percpu_ref_exit(struct percpu_ref *ref);
void *devm_kzalloc(struct device *dev, size_t size, gfp_t flags);

static inline _Bool IS_ERR(const void *p)
{
	return (unsigned long)p >= (unsigned long)-4095;
}
static inline long PTR_ERR(const void *p)
{
	return (long)p;
}

#endif
