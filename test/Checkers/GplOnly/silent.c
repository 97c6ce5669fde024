// Nothing here needs a GPL-only symbol of somebody else's.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/Inputs \
// RUN:   -analyzer-checker=core.builtin,linux.export.GplOnly \
// RUN:   -analyzer-config linux.export.GplOnly:Symvers=%S/Inputs/Module.symvers -verify %s
//
// expected-no-diagnostics

#include "module.h"

MODULE_LICENSE("Proprietary");

int free_symbols(void)
{
	return free_call(free_data);
}

int never(int x)
{
	if (0)
		gpl_call(1);
	if (sizeof(x) == 1) {
		gpl_other();
	} else {
		free_call(2);
	}
	return 1 ? x : gpl_call(3);
}

int not_evaluated(void)
{
	__typeof__(gpl_call(1)) x = 0;
	__typeof__(gpl_data) y = 0;

	return sizeof(gpl_data) + sizeof(gpl_call(2)) + x + y;
}

static int nobody_calls_this(void)
{
	return gpl_call(4);
}

// Defined by the module itself, whatever the kernel exports under the name.
int defined_here(void)
{
	return 1;
}
int data_here = 2;
int uses_own(void)
{
	return defined_here() + data_here;
}

// A declaration is no use, and neither is a local of the same name.
int gpl_call(int);
int shadowed(int gpl_data)
{
	int gpl_other = gpl_data;

	return gpl_other;
}
