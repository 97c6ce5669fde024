// Rule 4: a mapping that the device owns is released as if it did not.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.DevPagemap -verify %s

#include "memremap.h"

struct drive {
	struct device *dev;
	struct dev_pagemap map;
};

int drive_probe(struct drive *d)
{
	void *at = devm_memremap_pages(d->dev, &d->map);

	return IS_ERR(at) ? -EINVAL : 0;
}

void drive_remove(struct drive *d)
{
	memunmap_pages(&d->map); // expected-warning{{'memunmap_pages' releases a page map that 'devm_memremap_pages' mapped; the device's own list of releases unmaps it again}}
}
