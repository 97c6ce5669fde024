// A remark is less than a warning, in every form.
//
// RUN: rm -rf %t && mkdir %t
// RUN: %clang -fsyntax-only -fplugin=%plugin -I %S/Inputs %s 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: echo '[{"directory": "%/S", "file": "%/s", "arguments": ["clang", "-I", "Inputs", "-c", "%/s"]}]' >%t/compile_commands.json
// RUN: not %pagewarden scan -p %t --sarif %t/out.sarif %s >%t/text 2>%t/err || true
// RUN: FileCheck %s --check-prefix=TEXT <%t/text --implicit-check-not='note:'
// RUN: FileCheck %s --check-prefix=SARIF <%t/out.sarif

#include "gfp.h"

void *adds_nothing(void)
{
	return kmalloc(64, GFP_KERNEL | GFP_NOFS);
}

// CHECK: notes.c:[[#@LINE-3]]:9: remark: GFP_NOFS adds nothing to GFP_KERNEL; redundant: {{.*}} (include/linux/gfp_types.h, useful combinations) [linux.mm.GfpFlags]
// TEXT: notes.c:[[#@LINE-4]]:{{[0-9]+}}: note: GFP_NOFS adds nothing to GFP_KERNEL; redundant: {{.*}} (include/linux/gfp_types.h, useful combinations) [linux.mm.GfpFlags]
// SARIF: "level": "note"
