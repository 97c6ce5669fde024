// RUN: rm -rf %t && split-file %s %t
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -DMODULE -include %t/kernel/include/linux/kconfig.h -I %t/kernel/include -analyzer-checker=core.builtin,linux.export.Bypass -analyzer-config linux.export.GplOnly:Symvers=%t/kernel/Module.symvers
// RUN: %{analyze} -verify=out,any %t/module/foo.c
// RUN: %{analyze} -verify=out,closed '-DLICENSE="Proprietary"' %t/module/foo.c
//
// In the kernel's tree only the licence is looked at.
// RUN: cp %t/module/foo.c %t/kernel/foo.c
// RUN: %{analyze} -verify=any %t/kernel/foo.c
// RUN: %{analyze} -verify=fine '-DLICENSE="GPL"' %t/kernel/foo.c

//--- kernel/Module.symvers
0x00000001	plain_call	vmlinux	EXPORT_SYMBOL	
0x00000002	gpl_call	vmlinux	EXPORT_SYMBOL_GPL	
0x00000003	gpl_key	vmlinux	EXPORT_SYMBOL_GPL	
//--- kernel/include/linux/kconfig.h
//--- kernel/include/linux/kernel.h
struct kprobe {
	const char *symbol_name;
	void *addr;
};
int register_kprobe(struct kprobe *);
unsigned long kallsyms_lookup_name(const char *);
void *__symbol_get(const char *);
void *filp_open(const char *, int, int);
int printk(const char *, ...);
extern int gpl_key;
#define MODULE_LICENSE(text)                                             \
	static const char modinfo_license[]                              \
		__attribute__((used, section(".modinfo"), aligned(1))) = \
			"license=" text
//--- module/foo.c
// fine-no-diagnostics
#include <linux/kernel.h>

#ifndef LICENSE
#define LICENSE "GPL\0for the files in foo/"
#endif
MODULE_LICENSE(LICENSE); // any-warning{{licence with a NUL in it: the kernel reads 'GPL' and no further}}

typedef unsigned long (*lookup_t)(const char *);
typedef int (*call_t)(void);

static struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
lookup_t lookup;

int through_probe(void)
{
	if (register_kprobe(&probe))
		return -1;
	lookup = (lookup_t)probe.addr; // out-warning{{a probe is used to learn the address of a function that is called afterwards}}
	return 0;
}

unsigned long by_name(void)
{
	return kallsyms_lookup_name("hidden_call"); // out-warning{{'hidden_call' is looked up by name, which the kernel does not export}}
}
unsigned long by_name_gpl(void)
{
	return kallsyms_lookup_name("gpl_call"); // out-warning{{'gpl_call' is looked up by name, which is GPL-only}}
}

void *refused(void)
{
	return __symbol_get("plain_call"); // out-warning{{'plain_call' cannot be had by name: symbol_get() fails for what is not exported GPL-only}}
}
void *optional(void)
{
	return __symbol_get("gpl_call"); // closed-warning{{'gpl_call' is looked up by name, which is GPL-only}}
}

int fixed(void)
{
	return ((call_t)0xffffffff81234560UL)(); // out-warning{{a fixed address is called: it is of one build of one kernel, and says nothing of what is there in others}}
}

void *list(void)
{
	return filp_open("/proc/kallsyms", 0, 0); // out-warning{{the kernel's list of symbols is read to find addresses}}
}

int gpl_key; // closed-warning{{own definition of 'gpl_key', which vmlinux exports GPL-only}}
