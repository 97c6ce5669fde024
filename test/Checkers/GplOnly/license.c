// Which licences make a module incompatible, and what is no module.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/Inputs -analyzer-checker=core.builtin,linux.export.GplOnly -analyzer-config linux.export.GplOnly:Symvers=%S/Inputs/Module.symvers
//
// Those of include/linux/license.h are compatible:
// RUN: %{analyze} -verify=fine '-DLICENSE="GPL"' %s
// RUN: %{analyze} -verify=fine '-DLICENSE="GPL v2"' %s
// RUN: %{analyze} -verify=fine '-DLICENSE="GPL and additional rights"' %s
// RUN: %{analyze} -verify=fine '-DLICENSE="Dual BSD/GPL"' %s
// RUN: %{analyze} -verify=fine '-DLICENSE="Dual MIT/GPL"' %s
// RUN: %{analyze} -verify=fine '-DLICENSE="Dual MPL/GPL"' %s
//
// Nearly those are not:
// RUN: %{analyze} -verify=gplv2 '-DLICENSE="GPLv2"' %s
// RUN: %{analyze} -verify=mit '-DLICENSE="MIT"' %s
//
// What follows a NUL does not count; the kernel compares up to it.
// RUN: %{analyze} -verify=fine '-DLICENSE="GPL\0for files"' %s
// RUN: %{analyze} -verify=prop '-DLICENSE="Proprietary\0GPL"' %s
//
// Two licences: the one that is not compatible counts.
// RUN: %{analyze} -verify=prop '-DLICENSE="GPL"' '-DSECOND="Proprietary"' %s
//
// Built-in code has its name in front and is no module.
// RUN: %{analyze} -verify=fine '-DPREFIX="foo."' '-DLICENSE="Proprietary"' %s
//
// A file without a licence: nothing is known, unless the option says it.
// RUN: %{analyze} -verify=fine %s
// RUN: %{analyze} -verify=prop -analyzer-config linux.export.GplOnly:License=Proprietary %s
// RUN: %{analyze} -verify=fine -analyzer-config linux.export.GplOnly:License=GPL %s
// The file's own word goes before the option's.
// RUN: %{analyze} -verify=fine -analyzer-config linux.export.GplOnly:License=Proprietary '-DLICENSE="GPL"' %s
//
// fine-no-diagnostics

#include "module.h"

#ifdef LICENSE
MODULE_LICENSE(LICENSE);
#endif
#ifdef SECOND
MODULE_LICENSE(SECOND);
#endif

int call(void)
{
	return gpl_call(1);
	// gplv2-warning@-1{{GPL-incompatible module (licence 'GPLv2') uses GPL-only symbol 'gpl_call' of vmlinux}}
	// mit-warning@-2{{GPL-incompatible module (licence 'MIT') uses GPL-only symbol 'gpl_call' of vmlinux}}
	// prop-warning@-3{{GPL-incompatible module (licence 'Proprietary') uses GPL-only symbol 'gpl_call' of vmlinux}}
}
