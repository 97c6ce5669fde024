// Probes, numbers and files that are what they seem.
//
// RUN: rm -rf %t && split-file %s %t
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -DMODULE -include %t/kernel/include/linux/kconfig.h -I %t/kernel/include -analyzer-checker=core.builtin,linux.export.Bypass -verify %t/module/foo.c

//--- kernel/include/linux/kconfig.h
//--- module/foo.c
// expected-no-diagnostics
struct kprobe {
	const char *symbol_name;
	void *addr;
};
int register_kprobe(struct kprobe *);
int printk(const char *, ...);
void *filp_open(const char *, int, int);
typedef int (*call_t)(void);
void use(call_t);

static struct kprobe probe = { .symbol_name = "do_exit" };
int only_probes(void)
{
	int error = register_kprobe(&probe);

	printk("planted at %p\n", probe.addr);
	return error;
}

void no_addresses(void)
{
	use((call_t)-22L);
	use((call_t)0x122UL);
	use((call_t)0);
}

void *a_file(void)
{
	return filp_open("/proc/version", 0, 0);
}
