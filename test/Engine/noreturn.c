// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %{analyze} -I %S/Inputs -verify %s
//
// BUG() and panic() end a path; WARN_ON() does not.

#include "inspect.h"

void panic(const char *text, ...) __attribute__((noreturn));

#define BUG()                                                                  \
	do {                                                                   \
		asm volatile("ud2");                                           \
		__builtin_unreachable();                                       \
	} while (0)
#define BUG_ON(cond)                                                           \
	do {                                                                   \
		if (cond)                                                      \
			BUG();                                                 \
	} while (0)
#define WARN_ON(cond)                                                          \
	({                                                                     \
		int __on = !!(cond);                                           \
		if (__on)                                                      \
			asm volatile("ud2");                                   \
		__on;                                                          \
	})

void bug_ends(int n)
{
	BUG_ON(n == 3);
	EVAL(n == 3); // expected-warning{{FALSE}}
}

void nothing_behind_bug(int n)
{
	if (n) {
		BUG();
		REACHED();
	}
	EVAL(n == 0); // expected-warning{{TRUE}}
}

void panic_ends(int n)
{
	if (n) {
		panic("n is %d", n);
		REACHED();
	}
	EVAL(n == 0); // expected-warning{{TRUE}}
}

void warn_goes_on(int n)
{
	if (WARN_ON(n == 3))
		REACHED(); // expected-warning{{REACHABLE}}
	else
		EVAL(n == 3); // expected-warning{{FALSE}}
}

/* As VM_BUG_ON_PAGE() behind a static key. */
void bug_behind_key(int n)
{
	asm goto("" : : : : on);
	goto off;
on:
	BUG_ON(n < 0);
	EVAL(n >= 0); // expected-warning{{TRUE}}
	return;
off:
	if (n < 0)
		REACHED(); // expected-warning{{REACHABLE}}
}

static inline void undo(int *v)
{
	if (*v == 2)
		BUG();
}

void bug_in_cleanup(int n)
{
	{
		int v __attribute__((cleanup(undo))) = n;
	}
	EVAL(n == 2); // expected-warning{{FALSE}}
}
