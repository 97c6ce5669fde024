// Rule 12: the first pages of a range may be the room for its struct pages.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "zone.h"

static unsigned long first_pfn(struct dev_pagemap *map,
			       struct vmem_altmap *altmap)
{
	return (map->range.start >> PAGE_SHIFT) + vmem_altmap_offset(altmap);
}

int node(struct dev_pagemap *map)
{
	return page_to_nid(pfn_to_page(map->range.start >> PAGE_SHIFT)); // expected-warning{{the first page of a page map is looked at: with an altmap that reserves room, the first pages of the range have no struct page; 'first_pfn' knows where they begin}}
}

int node_of_first(struct dev_pagemap *map, struct vmem_altmap *altmap)
{
	return page_to_nid(pfn_to_page(first_pfn(map, altmap)));
}
