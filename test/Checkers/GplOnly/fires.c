// A module whose licence is not GPL-compatible uses GPL-only symbols.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,linux.export.GplOnly \
// DEFINE:   -analyzer-config linux.export.GplOnly:Symvers=%S/Inputs/Module.symvers
//
// RUN: %{analyze} -verify %s
//
// The folder that has the file does as well.
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// RUN:   -I %S/Inputs -analyzer-checker=core.builtin,linux.export.GplOnly \
// RUN:   -analyzer-config linux.export.GplOnly:Symvers=%S/Inputs -verify %s

#include "module.h"

MODULE_LICENSE("Proprietary");

int call(void)
{
	return free_call(1) + gpl_call(2); // expected-warning{{GPL-incompatible module (licence 'Proprietary') uses GPL-only symbol 'gpl_call' of vmlinux}}
}

// Each symbol is reported once, where it is used first.
int call_again(void)
{
	return gpl_call(3);
}

static const struct operations ops __attribute__((used)) = {
	.open = gpl_callback, // expected-warning{{uses GPL-only symbol 'gpl_callback' of vmlinux}}
};

int data(void)
{
	return free_data + gpl_data; // expected-warning{{uses GPL-only symbol 'gpl_data' of vmlinux}}
}

int in_module(void)
{
	return gpl_in_driver(); // expected-warning{{uses GPL-only symbol 'gpl_in_driver' of drivers/foo/foo}}
}

// Used only through a static function that is used.
static int helper(void)
{
	if (1)
		return gpl_other(); // expected-warning{{uses GPL-only symbol 'gpl_other' of vmlinux}}
	return 0;
}
int uses_helper(void)
{
	return helper();
}
