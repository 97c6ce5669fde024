// RUN: rm -rf %t && split-file %s %t
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -DMODULE -analyzer-checker=core.builtin,linux.export.Launder -analyzer-config linux.export.GplOnly:Symvers=%t/Module.symvers -verify %t/foo.c

//--- Module.symvers
0x00000001	regs_write	drivers/base/regs	EXPORT_SYMBOL_GPL	
0x00000002	plain_call	vmlinux	EXPORT_SYMBOL	
//--- foo.c
// expected-no-diagnostics
#define EXPORT(sym, license)                                              \
	asm(".section \".export_symbol\",\"a\" ; __export_symbol_" #sym   \
	    ": ; .asciz \"" license "\" ; .ascii \"\" \"\\0\" ; .previous")
#define EXPORT_SYMBOL(sym) EXPORT(sym, "")
#define EXPORT_SYMBOL_GPL(sym) EXPORT(sym, "GPL")
int regs_write(void *regs, int reg, int value);
int plain_call(int);

// GPL-only itself.
int wrapper(void *foo)
{
	return regs_write(foo, 0, 1);
}
EXPORT_SYMBOL_GPL(wrapper);

// Not exported.
int internal(void *foo)
{
	return regs_write(foo, 0, 1);
}

// Work of its own: it calls what anybody may call, too.
int interface(void *foo)
{
	return plain_call(3) ? regs_write(foo, 0, 1) : 0;
}
EXPORT_SYMBOL(interface);

// A loop is work as well.
int fill(void *foo)
{
	for (int i = 0; i < 16; i++)
		regs_write(foo, i, 0);
	return 0;
}
EXPORT_SYMBOL(fill);

// Nothing GPL-only in it.
int plain(void)
{
	return plain_call(1);
}
EXPORT_SYMBOL(plain);
