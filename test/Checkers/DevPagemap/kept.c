// Rule 5: a reference that is kept in an object of the function's own.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.DevPagemap
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s

#include "memremap.h"

struct walk {
	struct dev_pagemap *map;
	unsigned long pfn;
};

int step(struct walk *w)
{
	w->map = get_dev_pagemap(w->pfn, w->map);
	return w->map ? 0 : -EINVAL;
}

int walk(unsigned long pfn)
{
	struct walk w = { .pfn = pfn }; // expected-warning{{the page map reference that is kept in 'map' of 'w' is not put before that object is gone; its mapping can never be removed}}

	return step(&w); // expected-warning{{a page map reference taken on this path is not put}}
}

int walk_and_put(unsigned long pfn)
{
	struct walk w = { .pfn = pfn };
	int ret = step(&w);

	if (w.map)
		put_dev_pagemap(w.map);
	return ret;
}

/* A function that is handed the reference and does nothing about it. */
int use(int type);

static int look_at(struct dev_pagemap *map, int depth)
{
	int i, sum = 0;

	for (i = 0; i < depth; i++)
		if (use(map->type + i))
			sum += look_at(map, depth - 1);
	return sum;
}

int handed_and_lost(unsigned long pfn)
{
	struct dev_pagemap *map = get_dev_pagemap(pfn, NULL);
	int sum;

	if (!map)
		return 0;
	sum = look_at(map, 2); // expected-warning{{a page map reference taken on this path is not put}}
	return sum;
}

static int look_and_put(struct dev_pagemap *map, int depth)
{
	int sum = look_at(map, depth);

	put_dev_pagemap(map);
	return sum;
}

int handed_and_put(unsigned long pfn)
{
	struct dev_pagemap *map = get_dev_pagemap(pfn, NULL);

	return map ? look_and_put(map, 2) : 0;
}
