// Rule 7: private pages must be back before their page map goes.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.DevPagemap
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s

#include "memremap.h"

static unsigned int to_ram(struct vm_fault *vmf)
{
	return 0;
}
static void give_back(struct page *page) { }
static const struct dev_pagemap_ops ops = {
	.page_free = give_back,
	.migrate_to_ram = to_ram,
};

struct chunk {
	struct dev_pagemap map;
	unsigned long first, n, *src;
};

int add(struct chunk *c)
{
	c->map.type = MEMORY_DEVICE_PRIVATE;
	c->map.nr_range = 1;
	c->map.owner = c;
	c->map.ops = &ops;
	if (IS_ERR(memremap_pages(&c->map, 0)))
		return -EINVAL;
	if (find_range(&c->map.range)) {
		memunmap_pages(&c->map);
		return -EINVAL;
	}
	return 0;
}

void drop(struct chunk *c)
{
	memunmap_pages(&c->map); // expected-warning{{a page map of private memory is removed, and nothing before brings back the pages that were handed out: it waits for them for ever; migrate_device_range() expected}}
}

static void evict(struct chunk *c)
{
	migrate_device_range(c->src, c->first, c->n);
	migrate_device_finalize(c->src, c->n);
}

void evict_and_drop(struct chunk *c)
{
	evict(c);
	memunmap_pages(&c->map);
}

void drop_and_evict(struct chunk *c)
{
	memunmap_pages(&c->map); // expected-warning{{a page map of private memory is removed}}
	evict(c);
}

static void drop_evicted(struct chunk *c)
{
	memunmap_pages(&c->map);
}

void drop_all(struct chunk *c)
{
	evict(c);
	drop_evicted(c);
}

/* One command moves, another one drops: neither is before the other. */
static void drop_only(struct chunk *c)
{
	memunmap_pages(&c->map); // expected-warning{{a page map of private memory is removed}}
}

void command(struct chunk *c, int what)
{
	switch (what) {
	case 0:
		evict(c);
		break;
	case 1:
		drop_only(c);
		break;
	}
}
