// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %{analyze} -I %S/Inputs -verify %s
// RUN: not %{alone} -I %S/Inputs -verify %s
//
// Memory that is allocated full of zeroes reads as zero; other memory does not.

#include "inspect.h"

struct thing {
	int a;
	struct thing *next;
};

void *kzalloc(unsigned long size, unsigned int flags);
void *kcalloc(unsigned long n, unsigned long size, unsigned int flags);
void *kmalloc(unsigned long size, unsigned int flags);

void zeroed(void)
{
	struct thing *t = kzalloc(sizeof(*t), 0);

	if (!t)
		return;
	EVAL(t->a == 0); // expected-warning{{TRUE}}
	EVAL(t->next == 0); // expected-warning{{TRUE}}
	t->a = 4;
	EVAL(t->a == 4); // expected-warning{{TRUE}}
	EVAL(t->next == 0); // expected-warning{{TRUE}}
}

void array(int n)
{
	struct thing **v = kcalloc(n, sizeof(*v), 0);

	if (!v)
		return;
	EVAL(v[0] == 0); // expected-warning{{TRUE}}
	EVAL(v[3] == 0); // expected-warning{{TRUE}}
}

/* It may fail. */
void fails(void)
{
	int *p = kzalloc(sizeof(*p), 0);

	if (!p)
		REACHED(); // expected-warning{{REACHABLE}}
	EVAL(p == 0); // expected-warning{{TRUE}} expected-warning{{FALSE}}
}
