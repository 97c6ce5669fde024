// Every rule of docs/checks/linux.mm.DevPagemap.md, one small function each.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.DevPagemap
//
// RUN: %{analyze} -DERA=601 -verify=expected,pages %s
// RUN: %{analyze} -DERA=612 -verify=expected,pages,peer %s
// RUN: %{analyze} -DERA=703 -verify=expected,folios,peers %s

#include "memremap.h"

static unsigned int to_ram(struct vm_fault *vmf)
{
	return 0;
}
#if ERA >= 703
static void give_back(struct folio *folio) { }
#define FREE .folio_free = give_back
#else
static void give_back(struct page *page) { }
#define FREE .page_free = give_back
#endif

static const struct dev_pagemap_ops all_ops = {
	FREE,
	.migrate_to_ram = to_ram,
};
static const struct dev_pagemap_ops no_free = {
	.migrate_to_ram = to_ram,
};

//===--- rule 1: page maps that are refused --------------------------------===

int no_ranges(struct dev_pagemap *unused)
{
	struct dev_pagemap *map = kzalloc(sizeof(*map), GFP_KERNEL);
	void *at;

	if (!map)
		return -ENOMEM;
	map->type = MEMORY_DEVICE_GENERIC;
	at = memremap_pages(map, 0); // expected-warning{{'memremap_pages' cannot work with this page map: 'nr_range' is not set: the kernel warns "nr_range must be specified" and returns -EINVAL}}
	if (IS_ERR(at)) {
		kfree(map);
		return PTR_ERR(at);
	}
	return 0;
}

int no_type(struct device *dev)
{
	struct dev_pagemap *map = devm_kzalloc(dev, sizeof(*map), GFP_KERNEL);

	if (!map)
		return -ENOMEM;
	map->nr_range = 1;
	if (IS_ERR(devm_memremap_pages(dev, map))) // expected-warning{{'type' is not set: the kernel warns "Invalid pgmap type", since 0 is no memory type}}
		return -EINVAL;
	return 0;
}

static struct dev_pagemap kept;

int private_without_owner(void)
{
	struct dev_pagemap map = {
		.type = MEMORY_DEVICE_PRIVATE,
		.nr_range = 1,
		.ops = &all_ops,
	};

	if (IS_ERR(memremap_pages(&map, 0))) // expected-warning{{MEMORY_DEVICE_PRIVATE needs 'owner', which is not set}}
		return -EINVAL;
	return 0;
}

int private_without_free(void *owner)
{
	struct dev_pagemap map = {
		.type = MEMORY_DEVICE_PRIVATE,
		.nr_range = 1,
		.ops = &no_free,
		.owner = owner,
	};

	if (IS_ERR(memremap_pages(&map, 0))) // pages-warning{{MEMORY_DEVICE_PRIVATE needs 'ops->page_free', which is not set}} folios-warning{{MEMORY_DEVICE_PRIVATE needs 'ops->folio_free', which is not set}}
		return -EINVAL;
	return 0;
}

int coherent_without_ops(void *owner)
{
	kept.type = MEMORY_DEVICE_COHERENT;
	kept.nr_range = 1;
	kept.ops = NULL;
	kept.owner = owner;
	if (IS_ERR(memremap_pages(&kept, 0))) // pages-warning{{MEMORY_DEVICE_COHERENT needs 'ops->page_free', and 'ops' is not set}} folios-warning{{MEMORY_DEVICE_COHERENT needs 'ops->folio_free', and 'ops' is not set}}
		return -EINVAL;
	return 0;
}

/* Users hold such pages since FOLL_PCI_P2PDMA, which 6.1 has not. */
int peer_without_ops(void)
{
	struct dev_pagemap map = {
		.type = MEMORY_DEVICE_PCI_P2PDMA,
		.nr_range = 1,
	};

	if (IS_ERR(memremap_pages(&map, 0))) // peer-warning{{MEMORY_DEVICE_PCI_P2PDMA needs 'ops->page_free', and 'ops' is not set: it is mapped, but users can hold its pages here (FOLL_PCI_P2PDMA), and the last put of one warns and loses the page; in kernels without that flag nobody puts them}} peers-warning{{MEMORY_DEVICE_PCI_P2PDMA needs 'ops->folio_free', and 'ops' is not set}}
		return -EINVAL;
	return 0;
}

//===--- rule 2: the result ------------------------------------------------===

void ignored(struct dev_pagemap *map)
{
	memremap_pages(map, 0); // expected-warning{{result of 'memremap_pages' is ignored; it is an ERR_PTR when nothing was mapped}}
}

int null_test(struct dev_pagemap *map)
{
	void *at = memremap_pages(map, 0);

	if (!at) // expected-warning{{result of 'memremap_pages' is compared with NULL; it is an ERR_PTR when nothing was mapped, and never NULL}}
		return -ENOMEM;
	return 0;
}

char first_byte(struct dev_pagemap *map)
{
	char *at = memremap_pages(map, 0); // expected-warning{{result of 'memremap_pages' is not tested with IS_ERR}}

	return at[0];
}

//===--- rule 3: failure that looks like success ---------------------------===

int unset(void *owner)
{
	struct dev_pagemap *map;
	void *at;
	int ret;

	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		goto out;
	map->type = MEMORY_DEVICE_GENERIC;
	map->nr_range = 1;
	ret = find_range(&map->range);
	if (ret)
		goto out_free;
	at = memremap_pages(map, 0);
	if (IS_ERR(at)) {
		ret = PTR_ERR(at);
		goto out_free;
	}
	return 0;

out_free:
	kfree(map);
out:
	return ret; // expected-warning{{nothing is mapped when 'kzalloc' fails, but an unset value is returned; an error expected}}
}

int stale_zero(struct range *range)
{
	struct dev_pagemap *map;
	void *at;
	int ret;

	ret = find_range(range);
	if (ret)
		return ret;
	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		goto out;
	map->type = MEMORY_DEVICE_GENERIC;
	map->nr_range = 1;
	map->range = *range;
	at = memremap_pages(map, 0);
	if (IS_ERR(at))
		goto out_free;
	return 0;

out_free:
	kfree(map);
out:
	return ret; // expected-warning{{nothing is mapped when 'kzalloc' fails, but success is returned}} expected-warning{{nothing is mapped when 'memremap_pages' fails, but success is returned}}
}

//===--- rule 4: releases --------------------------------------------------===

int after_failure(struct dev_pagemap *map)
{
	void *at = memremap_pages(map, 0);

	if (IS_ERR(at)) {
		memunmap_pages(map); // expected-warning{{'memunmap_pages' releases a page map whose mapping failed; the failed call has cleaned up after itself}}
		return PTR_ERR(at);
	}
	return 0;
}

//===--- rule 5: references ------------------------------------------------===

#if ERA < 703
int lost(unsigned long pfn, int *type)
{
	struct dev_pagemap *map = get_dev_pagemap(pfn, NULL);

	if (!map)
		return -EINVAL;
	if (map->type == MEMORY_DEVICE_PRIVATE)
		return -EINVAL; // pages-warning{{a page map reference taken on this path is not put; its mapping can never be removed}}
	*type = map->type;
	put_dev_pagemap(map);
	return 0;
}

int traded(unsigned long pfn, unsigned long n)
{
	struct dev_pagemap *map = get_dev_pagemap(pfn, NULL), *next;

	if (!map)
		return -EINVAL;
	next = get_dev_pagemap(pfn + n, map);
	put_dev_pagemap(map); // pages-warning{{a page map reference is put that was given up when it was passed on as the cached one; only the new one is held}}
	put_dev_pagemap(next);
	return 0;
}
#endif

//===--- rule 6: the map's own count ---------------------------------------===

int own_count(struct dev_pagemap *map)
{
	int ret = percpu_ref_init(&map->ref, NULL); // expected-warning{{'ref' of a page map is given to 'percpu_ref_init': the mapping function sets the count up itself, and this one is lost; kernels with a 'kill' method took the caller's}}
	void *at;

	if (ret)
		return ret;
	at = memremap_pages(map, 0);
	return IS_ERR(at) ? -EINVAL : 0;
}

//===--- rule 1 where paths lose sight of the page map -----------------------===

struct chunk {
	struct dev_pagemap map;
	int other;
};
int prepare(int *part);

int lost_from_sight(struct chunk *chunk)
{
	struct dev_pagemap *map = &chunk->map;

	map->range.start = 0;
	map->nr_range = 1;
	map->owner = chunk;
	if (prepare(&chunk->other))
		return -EINVAL;
	map->type = MEMORY_DEVICE_PRIVATE;
	map->ops = &no_free;
	if (IS_ERR(memremap_pages(map, 0))) // pages-warning{{MEMORY_DEVICE_PRIVATE needs 'ops->page_free', which is not set}} folios-warning{{MEMORY_DEVICE_PRIVATE needs 'ops->folio_free', which is not set}}
		return -EINVAL;
	return 0;
}
