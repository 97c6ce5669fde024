// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %{analyze} -I %S/Inputs -verify=expected,seen %s
//
// Clang alone loses every path at the statement.  When a clang comes that does
// not, this line fails, and the rewriting can go.
//
// RUN: %{alone} -I %S/Inputs -verify=expected,alone %s

#include "inspect.h"

static inline int key(void)
{
	asm goto("1: jmp %l[yes]" : : : : yes);
	return 0;
yes:
	return 1;
}

void inlined_callee(void)
{
	if (key())
		REACHED(); // seen-warning{{REACHABLE}}
	else
		REACHED(); // seen-warning{{REACHABLE}}
	REACHED(); // seen-warning{{REACHABLE}}
}

/* Each visit decides anew: all four ways. */
void twice(void)
{
	int a = key();
	int b = key();

	if (a && b)
		REACHED(); // seen-warning{{REACHABLE}}
	if (a && !b)
		REACHED(); // seen-warning{{REACHABLE}}
	if (!a && b)
		REACHED(); // seen-warning{{REACHABLE}}
	if (!a && !b)
		REACHED(); // seen-warning{{REACHABLE}}
	if (a > 1)
		REACHED();
}

void two_labels(int n)
{
	int way = 0;

	asm goto("" : : "r"(n) : "memory" : one, two);
	EVAL(way == 0); // seen-warning{{TRUE}}
	return;
one:
	way = 1;
	EVAL(way == 1); // seen-warning{{TRUE}}
	return;
two:
	way = 2;
	EVAL(way == 2); // seen-warning{{TRUE}}
}

void in_statement_expression(void)
{
	int yes = ({
		int r = 0;

		asm goto("" : : : : out);
		r = 1;
	out:
		r;
	});

	if (yes)
		REACHED(); // seen-warning{{REACHABLE}}
	else
		REACHED(); // seen-warning{{REACHABLE}}
}

void in_condition(void)
{
	if (unknown() && ({
		__label__ t;
		int r = 1;

		asm goto("" : : : : t);
		r = 0;
	t:
		r;
	}))
		REACHED(); // seen-warning{{REACHABLE}}
	else
		REACHED(); // expected-warning{{REACHABLE}}
}

void bare_body_of_if(int n)
{
	if (n == 7)
		asm goto("" : : : : taken);
	else
		asm goto("" : : : : taken);
	EVAL(n == 7); // seen-warning{{TRUE}} seen-warning{{FALSE}}
	return;
taken:
	EVAL(n == 7); // seen-warning{{TRUE}} seen-warning{{FALSE}}
}

void bare_body_of_while(void)
{
	while (unknown())
		asm goto("" : : : : left);
	return;
left:
	REACHED(); // seen-warning{{REACHABLE}}
}

void bare_body_of_for(void)
{
	int i;

	for (i = 0; i < 3; i++)
		asm goto("" : : : : left);
	EVAL(i == 3); // seen-warning{{TRUE}}
	return;
left:
	EVAL(i < 3); // seen-warning{{TRUE}}
}

void bare_body_of_do(void)
{
	int i = 0;

	do
		asm goto("" : : : : left);
	while (++i < 2);
	EVAL(i == 2); // seen-warning{{TRUE}}
	return;
left:
	EVAL(i < 2); // seen-warning{{TRUE}}
}

/* The jump goes back: the retry loop of a compare-and-exchange. */
void backwards(void)
{
	int tries = 0;

again:
	if (++tries == 2)
		REACHED(); // seen-warning{{REACHABLE}}
	if (tries == 3)
		return;
	asm goto("" : : : : again);
	EVAL(tries <= 2); // seen-warning{{TRUE}}
}

void in_switch(int n)
{
	switch (n) {
	case 1:
		asm goto("" : : : : slow);
		EVAL(n == 1); // seen-warning{{TRUE}}
		break;
	case 2:
		asm goto("" : : : : slow);
		/* falls through */
	default:
		EVAL(n != 1); // expected-warning{{TRUE}}
	}
	return;
slow:
	EVAL(n == 1 || n == 2); // seen-warning{{TRUE}}
}

void behind_label(int n)
{
	if (n)
		goto here;
	return;
here:
	asm goto("" : : : : there);
	EVAL(n != 0); // seen-warning{{TRUE}}
	return;
there:
	EVAL(n != 0); // seen-warning{{TRUE}}
}

/* As in unsafe_get_user(): the fault label is the caller's of the macro. */
#define fetch(x, p, fault)                                                     \
	do {                                                                   \
		int __v;                                                       \
		asm goto("" : "=r"(__v) : "m"(*(p)) : : fault);                \
		(x) = __v;                                                     \
	} while (0)

int macro_with_label(const int *user)
{
	int a = 1, b = 2;

	fetch(a, user, fault);
	EVAL(a == 1); // seen-warning{{UNKNOWN}}
	EVAL(b == 2); // seen-warning{{TRUE}}
	fetch(b, user + 1, fault);
	EVAL(b == 2); // seen-warning{{UNKNOWN}}
	return a + b;
fault:
	EVAL(b == 2); // seen-warning{{TRUE}}
	return -14;
}

/* Memory that the statement does not name is as it was. */
void keeps_the_rest(int *p, int n)
{
	*p = 5;
	if (n < 10)
		return;
	asm goto("" : : : : out);
out:
	EVAL(*p == 5); // seen-warning{{TRUE}}
	EVAL(n >= 10); // seen-warning{{TRUE}}
}

/* Code without asm goto, in the same file, is as clang sees it. */
void plain(int n)
{
	int x = 1, y = 1;

	asm("" : "=r"(x) : "r"(n));
	EVAL(x == 1); // expected-warning{{UNKNOWN}}
	EVAL(y == 1); // expected-warning{{TRUE}}
	if (n)
		REACHED(); // expected-warning{{REACHABLE}}
	if (n && !n)
		REACHED();
}
