/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * What the small modules of these tests need, in the shape of Linux 6.12: the
 * licence is text in the section ".modinfo", with the module's name in front
 * where the code is built in.
 */
#ifndef TEST_GPLONLY_MODULE_H
#define TEST_GPLONLY_MODULE_H

#ifndef PREFIX
#define PREFIX /* a module */
#endif

#define JOINED(a, b) a##b
#define UNIQUE(line) JOINED(modinfo_license_, line)
#define MODULE_LICENSE(text)                                          \
	static const char UNIQUE(__LINE__)[]                          \
		__attribute__((used, section(".modinfo"), aligned(1))) = \
			PREFIX "license=" text

/* See Module.symvers for what is GPL-only. */
int free_call(int);
int gpl_call(int);
int gpl_callback(void *);
int gpl_other(void);
int gpl_in_driver(void);
extern int gpl_data;
extern int free_data;
struct operations {
	int (*open)(void *);
	int (*close)(void *);
};

#endif
