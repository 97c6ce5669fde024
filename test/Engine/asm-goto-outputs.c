// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %{analyze} -I %S/Inputs -verify %s
//
// What the statement writes is unknown afterwards, on every way out of it.

#include "inspect.h"

struct pair {
	int a, b;
};

enum state { IDLE, BUSY };

void local(void)
{
	int x = 1, y = 1;

	asm goto("" : "=r"(x) : : : out);
	EVAL(x == 1); // expected-warning{{UNKNOWN}}
	EVAL(y == 1); // expected-warning{{TRUE}}
	return;
out:
	EVAL(x == 1); // expected-warning{{UNKNOWN}}
	EVAL(y == 1); // expected-warning{{TRUE}}
}

void read_and_written(void)
{
	int x = 1;

	asm goto("" : "+r"(x) : : : out);
	EVAL(x == 1); // expected-warning{{UNKNOWN}}
out:
	return;
}

void two_outputs(void)
{
	int x = 1, y = 2;

	asm goto("" : "=r"(x), "=&r"(y) : "r"(3) : "cc" : out);
	EVAL(x == 1); // expected-warning{{UNKNOWN}}
	EVAL(y == 2); // expected-warning{{UNKNOWN}}
	EVAL(x == y); // expected-warning{{UNKNOWN}}
out:
	return;
}

void through_pointer(int *p, int *q)
{
	*p = 1;
	asm goto("" : "=m"(*p) : : "memory" : out);
	EVAL(*p == 1); // expected-warning{{UNKNOWN}}
out:
	return;
}

void member(struct pair *p)
{
	p->a = 1;
	p->b = 2;
	asm goto("" : "=r"(p->a) : : : out);
	EVAL(p->a == 1); // expected-warning{{UNKNOWN}}
	EVAL(p->b == 2); // expected-warning{{TRUE}}
out:
	return;
}

void element(void)
{
	int v[2] = { 1, 2 };

	asm goto("" : "=r"(v[1]) : : : out);
	EVAL(v[0] == 1); // expected-warning{{TRUE}}
	EVAL(v[1] == 2); // expected-warning{{UNKNOWN}}
out:
	return;
}

void other_types(void)
{
	_Bool b = 1;
	char c = 1;
	unsigned long l = 1;
	int *p = 0;
	enum state s = IDLE;

	asm goto("" : "=r"(b), "=r"(c), "=r"(l), "=r"(p), "=r"(s) : : : out);
	EVAL(b); // expected-warning{{UNKNOWN}}
	EVAL(c == 1); // expected-warning{{UNKNOWN}}
	EVAL(l == 1); // expected-warning{{UNKNOWN}}
	EVAL(p == 0); // expected-warning{{UNKNOWN}}
	EVAL(s == IDLE); // expected-warning{{UNKNOWN}}
out:
	return;
}

/* Never written before: no longer undefined. */
int was_undefined(void)
{
	int x;

	asm goto("" : "=r"(x) : : : out);
	EVAL(x == 0); // expected-warning{{UNKNOWN}}
	return x;
out:
	return 0;
}

/* Twice the same statement: two values. */
static int fetch(void)
{
	int v;

	asm goto("" : "=r"(v) : : : out);
	return v;
out:
	return -1;
}

void two_values(void)
{
	int a = fetch();
	int b = fetch();

	if (a == 5 && b == 6)
		REACHED(); // expected-warning{{REACHABLE}}
}
