// Rule 7: flags in branches for kernels of which some have them no more.
//
// RUN: %clang -fsyntax-only -fplugin=%plugin -I %S/Inputs %s 2>&1 | FileCheck %s --implicit-check-not=remark:

#include "gfp.h"

#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE KERNEL_VERSION(6, 12, 117)

#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 4, 0)
void *before(void) { return kmalloc(64, __GFP_WAIT); }
#elif LINUX_VERSION_CODE < KERNEL_VERSION(4, 13, 0)
void *between(void) { return kmalloc(64, GFP_KERNEL | __GFP_REPEAT); }
#else
void *after(void) { return kmalloc(64, GFP_KERNEL | __GFP_RETRY_MAYFAIL); }
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)
#ifdef CONFIG_FOO
void *late(void) { return kmalloc(64, __GFP_WAIT | __GFP_IO); }
// CHECK: branches.c:[[#@LINE-1]]:{{[0-9]+}}: remark: __GFP_WAIT is gone from some of the kernels that this branch is for; __GFP_RECLAIM instead; gone-wait: "no kernel since 4.4 has it"
#endif
#define FOO_FLAGS (GFP_KERNEL | __GFP_COLD)
// CHECK: branches.c:[[#@LINE-1]]:{{[0-9]+}}: remark: __GFP_COLD is gone from some of the kernels
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 6, 0)
void *now(void) { return kmalloc(64, GFP_KERNEL); }
#else
void *up_to(void) { return kmalloc(64, __GFP_WAIT); }
// CHECK: branches.c:[[#@LINE-1]]:{{[0-9]+}}: remark: __GFP_WAIT is gone from some of the kernels
#endif

/* Whoever asks for the flag knows; so may who asks for something else. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)
#ifdef __GFP_WAIT
void *asked(void) { return kmalloc(64, __GFP_WAIT); }
#endif
#ifndef HAVE_NEW_FLAGS
void *configured(void) { return kmalloc(64, __GFP_WAIT); }
#endif
#endif
#if defined(RELEASE_CODE)
void *vendor(void) { return kmalloc(64, GFP_KERNEL); }
#elif LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)
void *not_vendor(void) { return kmalloc(64, __GFP_WAIT); }
#endif

/* A branch of its own for the kernels that have it. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)
#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 4, 0)
void *inner(void) { return kmalloc(64, __GFP_WAIT); }
#endif
#endif
