/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Inline functions in the shape of the kernel's: a reference that is dropped
 * through two levels, a static key, a choice by a constant.
 */
#ifndef TEST_GPLONLY_INLINES_H
#define TEST_GPLONLY_INLINES_H

struct thing {
	int count;
};
void gpl_release(struct thing *);
extern int gpl_key;
int gpl_other(void);
int gpl_unused(void);

static inline void thing_put(struct thing *t)
{
	if (!--t->count)
		gpl_release(t);
}

static inline void put_thing(struct thing *t)
{
	thing_put(t);
}

static inline int key_is_on(void)
{
	asm goto("# %c0" : : "i"(&gpl_key) : : yes);
	return 0;
yes:
	return 1;
}

static inline int guarded(void)
{
	return key_is_on();
}

static inline __attribute__((always_inline)) int pick(unsigned long size)
{
	if (__builtin_constant_p(size) && size < 10)
		return 0;
	return gpl_other();
}

static inline int nobody_calls(void)
{
	return gpl_unused();
}

#endif
