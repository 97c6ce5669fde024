// Rule 1: room for struct pages that nobody is told of.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.DevPagemap
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "memremap.h"

struct drive {
	struct dev_pagemap map;
	int other;
};
int prepare(int *part);

int probe(struct drive *d, unsigned long pfn)
{
	d->map.type = MEMORY_DEVICE_GENERIC;
	d->map.nr_range = 1;
	d->map.altmap.base_pfn = pfn;
	d->map.altmap.free = 512;
	if (prepare(&d->other))
		return -EINVAL;
	if (IS_ERR(memremap_pages(&d->map, 0))) // expected-warning{{'altmap' is filled, but nobody sets PGMAP_ALTMAP_VALID in 'flags', and so it is ignored}}
		return -EINVAL;
	return 0;
}
