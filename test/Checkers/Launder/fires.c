// RUN: rm -rf %t && split-file %s %t
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %t/include -analyzer-checker=core.builtin,linux.export.Launder
// RUN: %{analyze} -DMODULE -analyzer-config linux.export.GplOnly:Symvers=%t/Module.symvers -verify=own,kernels %t/foo.c
// RUN: %{analyze} -DMODULE -verify=own %t/foo.c
//
// Built-in code decides for itself.
// RUN: %{analyze} -verify=silent %t/foo.c
//
// The table entries of kernels before 6.4.
// RUN: %{analyze} -DMODULE -DOLD -analyzer-config linux.export.GplOnly:Symvers=%t/Module.symvers -verify=own,kernels %t/foo.c

//--- Module.symvers
0x00000001	regs_write	drivers/base/regs	EXPORT_SYMBOL_GPL	
0x00000002	plain_call	vmlinux	EXPORT_SYMBOL	
//--- include/export.h
#ifdef OLD
#define EXPORT(sym, license, table)                                       \
	asm("\t.section \"___ksymtab" table "+" #sym "\", \"a\"\n"        \
	    "__ksymtab_" #sym ":\n\t.long " #sym " - .\n\t.previous\n")
#else
#define EXPORT(sym, license, table)                                       \
	asm(".section \".export_symbol\",\"a\" ; __export_symbol_" #sym   \
	    ": ; .asciz \"" license "\" ; .ascii \"\" \"\\0\" ; .previous")
#endif
#define EXPORT_SYMBOL(sym) EXPORT(sym, "", "")
#define EXPORT_SYMBOL_GPL(sym) EXPORT(sym, "GPL", "_gpl")
//--- foo.c
// silent-no-diagnostics
#include "export.h"
int regs_write(void *regs, int reg, int value);
int plain_call(int);
void local_lock(void);

int foo_read(void *foo, int reg)
{
	return *(int *)foo + reg;
}
EXPORT_SYMBOL_GPL(foo_read);

int foo_write(void *foo, int reg, int value)
{
	return regs_write(foo, reg, value); // kernels-note{{'regs_write' is called here}}
}
EXPORT_SYMBOL(foo_write); // kernels-warning{{'foo_write' is exported to everybody and only passes on 'regs_write', which is GPL-only}}

// Made of exports of its own file, one of them GPL-only.
int foo_update(void *foo, int reg, int mask)
{
	int value = foo_read(foo, reg) & mask; // own-note{{'foo_read' is called here}}

	return foo_write(foo, reg, value);
}
EXPORT_SYMBOL(foo_update); // own-warning{{'foo_update' is exported to everybody and only passes on 'foo_read', which is GPL-only}}
