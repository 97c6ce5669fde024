// A kernel that is only headers, and an out-of-tree module that needs what it
// does not export.
//
// RUN: rm -rf %t && split-file %s %t
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -DMODULE -include %t/kernel/include/linux/kconfig.h -I %t/kernel/include -analyzer-checker=core.builtin,linux.export.NotExported -analyzer-config linux.export.GplOnly:Symvers=%t/kernel/Module.symvers
// RUN: %{analyze} -verify %t/module/foo.c
//
// The same file in the kernel's own tree: another file of its module may define
// what it needs, and nothing is said.
// RUN: cp %t/module/foo.c %t/kernel/foo.c
// RUN: %{analyze} -verify=silent %t/kernel/foo.c
//
// A compile finds the Module.symvers by itself.
// RUN: %clang -target x86_64-linux-gnu -O2 -c -DMODULE -include %t/kernel/include/linux/kconfig.h -I %t/kernel/include -o %t/foo.o -fplugin=%plugin %t/module/foo.c 2>&1 | FileCheck %s
// CHECK-DAG: foo.c:9:9: warning: symbol 'hidden_call' is not exported: the module will not link [linux.export.NotExported]
// CHECK-DAG: foo.c:14:2: warning: symbol 'hidden_helper' is not exported: the module will not link, through 'put_thing' [linux.export.NotExported]
// CHECK-DAG: thing.h:11:2: note: 'put_thing' refers to 'hidden_helper' here

//--- kernel/Module.symvers
0x00000001	open_call	vmlinux	EXPORT_SYMBOL	
//--- kernel/include/linux/kconfig.h
//--- kernel/include/linux/thing.h
int open_call(void);
int hidden_call(void);
int hidden_weak(void) __attribute__((weak));
void hidden_helper(void);
int hidden_never(void);
extern int defined_by_the_module;

static inline void put_thing(void)
{
	open_call();
	hidden_helper();
}
static inline int nobody_calls(void)
{
	return hidden_never();
}
//--- module/foo.c
// silent-no-diagnostics
#include <linux/thing.h>
// expected-note@linux/thing.h:11 {{'put_thing' refers to 'hidden_helper' here}}
int other_file(void);
int defined_by_the_module;

int call(void)
{
	return hidden_call(); // expected-warning{{symbol 'hidden_call' is not exported: the module will not link}}
}

int thing(void)
{
	put_thing(); // expected-warning{{symbol 'hidden_helper' is not exported: the module will not link, through 'put_thing'}}
	if (0)
		hidden_never();
	return other_file() + defined_by_the_module;
}

// A weak reference may stay undefined.
int weak(void)
{
	return hidden_weak ? hidden_weak() : 0;
}
