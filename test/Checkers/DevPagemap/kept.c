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
