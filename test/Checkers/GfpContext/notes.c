// Where the section began is said with the finding.
//
// RUN: rm -rf %t && mkdir %t
// RUN: echo '[{"directory": "%/S", "file": "%/s", "arguments": ["clang", "-I", "Inputs", "-c", "%/s"]}]' >%t/compile_commands.json
// RUN: not %pagewarden scan -p %t %s | FileCheck %s

#include "atomic.h"

void *locked(spinlock_t *lock)
{
	void *memory;

	spin_lock(lock);
	memory = kmalloc(64, GFP_KERNEL);
	spin_unlock(lock);
	return memory;
}

// CHECK: notes.c:[[#@LINE-5]]:11: warning: 'kmalloc' may sleep with these flags, and spinlock 'lock' is held [linux.mm.GfpContext]
// CHECK-NEXT: notes.c:[[#@LINE-7]]:2: note: it began here
