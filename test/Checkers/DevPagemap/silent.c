// What linux.mm.DevPagemap leaves alone.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.DevPagemap
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s
// expected-no-diagnostics

#include "memremap.h"

static unsigned int to_ram(struct vm_fault *vmf)
{
	return 0;
}
#if ERA >= 703
static void give_back(struct folio *folio) { }
static const struct dev_pagemap_ops ops = { give_back, to_ram };
#else
static void give_back(struct page *page) { }
static const struct dev_pagemap_ops ops = { give_back, to_ram };
#endif

/* The device owns the mapping; nothing is to be undone. */
int managed(struct device *dev, void *owner)
{
	struct dev_pagemap *map = devm_kzalloc(dev, sizeof(*map), GFP_KERNEL);
	void *at;

	if (!map)
		return -ENOMEM;
	map->type = MEMORY_DEVICE_PRIVATE;
	map->nr_range = 1;
	map->ops = &ops;
	map->owner = owner;
	at = devm_memremap_pages(dev, map);
	if (IS_ERR(at))
		return PTR_ERR(at);
	return 0;
}

/* Who filled it is not known. */
void *handed_in(struct dev_pagemap *map)
{
	return memremap_pages(map, 0);
}

int fill(struct dev_pagemap *map);

int filled_elsewhere(void)
{
	struct dev_pagemap *map = kzalloc(sizeof(*map), GFP_KERNEL);
	int ret = -ENOMEM;
	void *at;

	if (!map)
		return ret;
	ret = fill(map);
	if (ret)
		goto out;
	at = memremap_pages(map, 0);
	if (IS_ERR(at)) {
		ret = PTR_ERR(at);
		goto out;
	}
	return 0;
out:
	kfree(map);
	return ret;
}

/* Memory that need not be there: success without it is meant. */
int optional(struct device *dev)
{
	struct dev_pagemap *map = kzalloc(sizeof(*map), GFP_KERNEL);

	if (!map)
		return 0;
	map->type = MEMORY_DEVICE_GENERIC;
	map->nr_range = 1;
	if (IS_ERR(devm_memremap_pages(dev, map)))
		return -EINVAL;
	return 0;
}

int map_and_unmap(struct device *dev, struct dev_pagemap *map)
{
	void *at = devm_memremap_pages(dev, map);

	if (IS_ERR(at))
		return PTR_ERR(at);
	devm_memunmap_pages(dev, map);
	return 0;
}

#if ERA < 703
/* One reference is held at any time, and none behind the loop. */
int walk(unsigned long pfn, unsigned long n)
{
	struct dev_pagemap *map = NULL;
	int found = 0;

	for (; n; --n, ++pfn) {
		map = get_dev_pagemap(pfn, map);
		if (!map)
			continue;
		found++;
	}
	put_dev_pagemap(map);
	return found;
}

/* The caller puts it. */
struct dev_pagemap *looked_up(unsigned long pfn)
{
	return get_dev_pagemap(pfn, NULL);
}

void stored(unsigned long pfn, struct dev_pagemap **where)
{
	*where = get_dev_pagemap(pfn, NULL);
}

void use_and_put(struct dev_pagemap *map);

void handed_on(unsigned long pfn)
{
	struct dev_pagemap *map = get_dev_pagemap(pfn, NULL);

	if (map)
		use_and_put(map);
}
#endif
