// Symbols that inline functions of headers bring in: reported at the module's
// own line, with the way down as notes.  Constants are passed into the inline
// functions as the optimizer does it.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/Inputs -analyzer-checker=core.builtin,linux.export.GplOnly -analyzer-config linux.export.GplOnly:Symvers=%S/Inputs/Module.symvers
// RUN: %{analyze} -verify %s
//
// In a compile the code is that of the compile's own options.
// RUN: %clang -target x86_64-linux-gnu -O2 -fno-pic -c -I %S/Inputs -o %t.o -fplugin=%plugin -fplugin-arg-pagewarden-symvers=%S/Inputs/Module.symvers %s 2>&1 | FileCheck %s
//
// CHECK: notes.c:[[#@LINE+26]]:2: warning: GPL-incompatible module (licence 'Proprietary') uses GPL-only symbol 'gpl_release' of vmlinux, through 'put_thing' [linux.export.GplOnly]
// CHECK: inlines.h:{{[0-9]+}}:{{[0-9]+}}: note: 'put_thing' calls 'thing_put' here
// CHECK: inlines.h:{{[0-9]+}}:{{[0-9]+}}: note: 'thing_put' refers to 'gpl_release' here

#include "module.h"
#include "inlines.h"
// expected-note@inlines.h:* {{'put_thing' calls 'thing_put' here}}
// expected-note@inlines.h:* {{'thing_put' refers to 'gpl_release' here}}
// expected-note@inlines.h:* {{'key_is_on' refers to 'gpl_key' here}}
// expected-note@inlines.h:* {{'guarded' calls 'key_is_on' here}}
// expected-note@inlines.h:* {{'pick' refers to 'gpl_other' here}}

MODULE_LICENSE("Proprietary");

// A constant that the inline function is called with decides.
int small(void)
{
	return pick(1);
}
int large(void)
{
	return pick(100); // expected-warning{{uses GPL-only symbol 'gpl_other' of vmlinux, through 'pick'}}
}

void drop(struct thing *t)
{
	put_thing(t); // expected-warning{{uses GPL-only symbol 'gpl_release' of vmlinux, through 'put_thing'}}
}

// An operand of assembler code is a reference like any other.
int guard(void)
{
	return guarded(); // expected-warning{{uses GPL-only symbol 'gpl_key' of vmlinux, through 'guarded'}}
}

// Inline functions that nobody calls bring in nothing.
