// Rule 4: the range goes although its memory may still be there.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.Hotplug
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "hotplug.h"

BUILT_IN;

void regardless(u64 start, u64 size, struct resource *res)
{
	int ret = remove_memory(start, size);

	if (ret)
		start_device(ret);
	release_resource(res); // expected-warning{{the range is given up with 'release_resource', although 'remove_memory' may have failed: the memory is then in use in a range that others may get}}
}

void not_asked(u64 start, u64 size, struct resource *res)
{
	offline_and_remove_memory(start, size);
	release_resource(res); // expected-warning{{the range is given up with 'release_resource', although 'offline_and_remove_memory' may have failed}}
}

int kept(u64 start, u64 size, struct resource *res)
{
	int ret = remove_memory(start, size);

	if (ret)
		return ret;
	return release_resource(res);
}

void each(u64 start, u64 size, int n, struct resource **res)
{
	int i;

	for (i = 0; i < n; i++) {
		if (remove_memory(start + i * size, size) != 0)
			continue;
		release_resource(res[i]);
		res[i] = NULL;
	}
}

/* Nothing was added. */
int undone(u64 start, u64 size, struct resource *res)
{
	int ret = add_memory(0, start, size, MHP_NONE);

	if (ret)
		release_resource(res);
	return ret;
}
