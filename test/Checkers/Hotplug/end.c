// Rule 6: private memory of a device is not where memory ends.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.Hotplug
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "hotplug.h"

static void move_end(unsigned long end)
{
	if (end > max_pfn)
		max_pfn = max_low_pfn = end;
}

int add_all(unsigned long pfn, unsigned long n, struct mhp_params *params)
{
	move_end(pfn + n); // expected-warning{{memory that is added becomes the end of memory: private memory of a device comes this way as well, which 'pgmap' of the parameters tells, and makes others bounce their DMA}}
	return 0;
}

int add_direct(unsigned long pfn, unsigned long n, struct mhp_params *params)
{
	max_pfn = pfn + n; // expected-warning{{memory that is added becomes the end of memory}}
	return 0;
}

int add_ordinary(unsigned long pfn, unsigned long n, struct mhp_params *params)
{
	if (!params->pgmap)
		move_end(pfn + n);
	return 0;
}

/* It knows of no parameters. */
void grow(unsigned long pfn)
{
	move_end(pfn);
}

/* The one that it calls decides. */
int add_for_others(unsigned long pfn, struct mhp_params *params)
{
	return add_ordinary(pfn, 1, params);
}
