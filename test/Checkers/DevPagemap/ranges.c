// Rule 1, altmaps and ranges; rule 8, ordinary memory.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.DevPagemap
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "memremap.h"

static int map(struct dev_pagemap *map)
{
	return IS_ERR(memremap_pages(map, 0)) ? -EINVAL : 0;
}

int several(struct range *ranges)
{
	struct dev_pagemap m = {
		.type = MEMORY_DEVICE_GENERIC,
		.flags = PGMAP_ALTMAP_VALID,
		.nr_range = 2,
	};

	m.range = *ranges;
	return IS_ERR(memremap_pages(&m, 0)); // expected-warning{{'memremap_pages' cannot work with this page map: PGMAP_ALTMAP_VALID and several ranges: the kernel warns "altmap not supported for multiple ranges" and returns -EINVAL}}
}

int unaligned(void)
{
	struct dev_pagemap m = {
		.type = MEMORY_DEVICE_GENERIC,
		.nr_range = 1,
	};

	m.range.start = 0x100001000;
	m.range.end = 0x1003fffff;
	return IS_ERR(memremap_pages(&m, 0)); // expected-warning{{'start' is no multiple of a subsection of memory (2 MiB), and the kernel returns -EINVAL}}
}

int one_behind(u64 start)
{
	struct dev_pagemap m = {
		.type = MEMORY_DEVICE_GENERIC,
		.nr_range = 1,
	};

	m.range.start = start;
	m.range.end = start + 0x400000;
	return IS_ERR(memremap_pages(&m, 0)); // expected-warning{{'end' is the last byte of a range, and this is the one behind it; the size is no multiple of a subsection of memory (2 MiB)}}
}

int too_small(void)
{
	struct dev_pagemap m = {
		.type = MEMORY_DEVICE_GENERIC,
		.nr_range = 1,
	};

	m.range = (struct range){ .start = 0x100000000, .end = 0x100000fff };
	return IS_ERR(memremap_pages(&m, 0)); // expected-warning{{the size of its range is no multiple of a subsection of memory (2 MiB)}}
}

int right(u64 start)
{
	struct dev_pagemap m = {
		.type = MEMORY_DEVICE_GENERIC,
		.nr_range = 1,
		.flags = PGMAP_ALTMAP_VALID,
	};
	int ret;

	m.range.start = 0x100000000;
	m.range.end = 0x1003fffff;
	ret = IS_ERR(memremap_pages(&m, 0));
	m.range.start = start;
	m.range.end = start + 0x400000 - 1;
	return ret + IS_ERR(memremap_pages(&m, 0));
}

int ordinary(void)
{
	struct dev_pagemap m = {
		.type = MEMORY_DEVICE_GENERIC,
		.nr_range = 1,
	};
	void *memory = __get_free_pages(GFP_KERNEL, 9);

	if (!memory)
		return -ENOMEM;
	m.range.start = virt_to_phys(memory); // expected-warning{{the range of a page map is memory of the page allocator: the kernel warns and returns -ENXIO, since System RAM has its struct pages already; kernels before 5.0 gave its address back}}
	m.range.end = m.range.start + (1UL << 21) - 1;
	return map(&m);
}

int ordinary_page(void)
{
	struct dev_pagemap m = {
		.type = MEMORY_DEVICE_GENERIC,
		.nr_range = 1,
	};
	struct page *page = alloc_pages(GFP_KERNEL, 9);

	if (!page)
		return -ENOMEM;
	m.range.start = (u64)page_to_pfn(page) << PAGE_SHIFT; // expected-warning{{the range of a page map is memory of the page allocator}}
	return map(&m);
}

/* Whose memory it is that is handed in is not known. */
int handed_in(void *memory)
{
	struct dev_pagemap m = {
		.type = MEMORY_DEVICE_GENERIC,
		.nr_range = 1,
	};

	m.range.start = virt_to_phys(memory);
	return map(&m);
}
