// Symbols of namespaces: those that the file with the licence does not import.
//
// RUN: rm -rf %t && split-file %s %t
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -DMODULE -include %t/kernel/include/linux/kconfig.h -I %t/kernel/include -analyzer-checker=core.builtin,linux.export.Namespace -analyzer-config linux.export.GplOnly:Symvers=%t/kernel/Module.symvers
// RUN: %{analyze} -verify=fires %t/module/foo.c
// RUN: %{analyze} -verify=silent -DIMPORT %t/module/foo.c
//
// Without a licence it is not the file that would import.
// RUN: %{analyze} -verify=silent -DNO_LICENSE %t/module/foo.c
//
// "module:" is an ordinary namespace, unless the kernel knows better.
// RUN: %{analyze} -verify=oldmodule -DFOR_MODULE %t/module/foo.c
// RUN: %{analyze} -verify=newmodule -DFOR_MODULE -DEXPORT_SYMBOL_FOR_MODULES %t/module/foo.c

//--- kernel/Module.symvers
0x00000001	spaced	drivers/foo/foo	EXPORT_SYMBOL_GPL	FOO
0x00000002	plain	vmlinux	EXPORT_SYMBOL_GPL	
0x00000003	for_kvm	vmlinux	EXPORT_SYMBOL_GPL	module:kvm
//--- kernel/include/linux/kconfig.h
//--- kernel/include/linux/foo.h
int spaced(void);
int plain(void);
int for_kvm(void);
#define MODULE_INFO(name, text)                                          \
	static const char modinfo_##name[]                               \
		__attribute__((used, section(".modinfo"), aligned(1))) = \
			#name "=" text
//--- module/foo.c
// silent-no-diagnostics
#include <linux/foo.h>

#ifndef NO_LICENSE
MODULE_INFO(license, "GPL");
#endif
#ifdef IMPORT
MODULE_INFO(import_ns, "FOO");
#endif

#ifndef FOR_MODULE
int call(void)
{
	return plain() + spaced(); // fires-warning{{module uses symbol 'spaced' from namespace FOO, but does not import it}}
}
#else
int call(void)
{
	return plain() + for_kvm();
	// oldmodule-warning@-1{{module uses symbol 'for_kvm' from namespace module:kvm, but does not import it}}
	// newmodule-warning@-2{{symbol 'for_kvm' is for modules 'kvm' only}}
}
#endif
