// Rule 1 where paths lose sight of the page map: nobody in the file sets what
// is needed.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.DevPagemap -verify %s

#include "memremap.h"

struct chunk {
	struct dev_pagemap map;
};
int prepare(struct chunk *chunk);

int no_number(struct chunk *chunk)
{
	chunk->map.type = MEMORY_DEVICE_GENERIC;
	chunk->map.range.start = 0;
	if (prepare(chunk))
		return -EINVAL;
	if (IS_ERR(memremap_pages(&chunk->map, 0))) // expected-warning{{'memremap_pages' cannot work with this page map: 'nr_range' is not set}}
		return -EINVAL;
	return 0;
}

/* Filled by others: the function fills next to nothing. */
int filled_before(struct chunk *chunk)
{
	chunk->map.type = MEMORY_DEVICE_GENERIC;
	if (IS_ERR(memremap_pages(&chunk->map, 0)))
		return -EINVAL;
	return 0;
}
