// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %{analyze} -I %S/Inputs -verify %s
//
// Cleanups in and around statement expressions.  Where the value of the
// expression is used, those of its own scope are not run (PrepareAST.cpp says
// so); its value must be right, and nothing may crash.

#include "inspect.h"

static int ran;

static inline void note(int *digit)
{
	ran = ran * 10 + *digit;
}

#define __noted __attribute__((cleanup(note)))

void value_used(void)
{
	int v;

	ran = 0;
	v = ({
		int a __noted = 1;

		a + 4;
	});
	EVAL(v == 5); // expected-warning{{TRUE}}
}

void nested_value(void)
{
	int v = ({
		int a __noted = 1;
		int b = ({
			int c __noted = 2;

			c + a;
		});

		b + 1;
	});
	EVAL(v == 4); // expected-warning{{TRUE}}
}

/* A block inside of it is a block like others. */
void block_inside(void)
{
	int v;

	ran = 0;
	v = ({
		{
			int a __noted = 1;
		}
		ran;
	});
	EVAL(v == 1); // expected-warning{{TRUE}}
}

static int returns_out(int n)
{
	int a __noted = 1;
	int v = ({
		int b __noted = 2;

		if (n)
			return 7;
		b;
	});

	return v;
}

void return_inside(void)
{
	int r;

	ran = 0;
	r = returns_out(1);
	EVAL(r == 7); // expected-warning{{TRUE}}
	EVAL(ran == 21); // expected-warning{{TRUE}}
	r = returns_out(0);
	EVAL(r == 2); // expected-warning{{TRUE}}
}

void goto_inside(int n)
{
	int v;

	ran = 0;
	{
		int a __noted = 1;

		v = ({
			int b __noted = 2;

			if (n)
				goto out;
			3;
		});
		EVAL(v == 3); // expected-warning{{TRUE}}
	}
	return;
out:
	EVAL(ran == 21); // expected-warning{{TRUE}}
}

void empty(void)
{
	({ int a __noted = 1; });
	({ });
	({ ; });
	REACHED(); // expected-warning{{REACHABLE}}
}

/* An array, the cleanup of which takes any pointer. */
static inline void note_any(void *p)
{
	ran = 9;
}

void array(int n)
{
	ran = 0;
	{
		int v[2] __attribute__((cleanup(note_any))) = { 1 };
		int w[n > 0 ? n : 1] __attribute__((cleanup(note_any)));

		w[0] = 1;
	}
	EVAL(ran == 9); // expected-warning{{TRUE}}
}
