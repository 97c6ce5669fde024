// A Module.symvers that cannot be read is an error that names file and line;
// without one, an incompatible module is told that it was not judged.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/Inputs -analyzer-checker=core.builtin,linux.export.GplOnly
// DEFINE: %{symvers} = -analyzer-config linux.export.GplOnly:Symvers
//
// RUN: not %{analyze} %{symvers}=%S/Inputs/spaces.symvers %s 2>&1 | FileCheck %s --check-prefix=LINE
// LINE: pagewarden: error: {{.*}}spaces.symvers:2: expected 4 or 5 columns separated by tabs, found 1
// LINE: error: invalid input for checker option 'linux.export.GplOnly:Symvers', that expects a Module.symvers without errors
//
// RUN: not %{analyze} %{symvers}=%S/Inputs/empty.symvers %s 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: pagewarden: error: {{.*}}empty.symvers:1: no exported symbol in this file
//
// RUN: not %{analyze} %{symvers}=%t/nothing.symvers %s 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: pagewarden: error: cannot read '{{.*}}nothing.symvers': No such file or directory
//
// RUN: %{analyze} -verify %s

#include "module.h"

MODULE_LICENSE("Proprietary"); // expected-warning{{symbols of a GPL-incompatible module (licence 'Proprietary') are not judged: no Module.symvers was found or given}}

int call(void)
{
	return gpl_call(1);
}
