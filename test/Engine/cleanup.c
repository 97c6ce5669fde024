// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %{analyze} -analyzer-config linux.Groundwork:Exhaustive=true -I %S/Inputs -verify %s
// RUN: not %{alone} -I %S/Inputs -verify %s
//
// __attribute__((cleanup)) runs where its variable's scope is left, innermost
// first, and after the value of a return is known.

#include "inspect.h"

/* What ran, as decimal digits in the order of running. */
static int ran;

static inline void note(int *digit)
{
	ran = ran * 10 + *digit;
}

static inline void poison(int *v)
{
	*v = -1;
}

#define __noted __attribute__((cleanup(note)))

void end_of_block(void)
{
	ran = 0;
	{
		int a __noted = 1;

		EVAL(ran == 0); // expected-warning{{TRUE}}
	}
	EVAL(ran == 1); // expected-warning{{TRUE}}
}

void reverse_order(void)
{
	ran = 0;
	{
		int a __noted = 1;
		int b __noted = 2, c __noted = 3;
	}
	EVAL(ran == 321); // expected-warning{{TRUE}}
}

void nested(void)
{
	ran = 0;
	{
		int a __noted = 1;
		{
			int b __noted = 2;
		}
		EVAL(ran == 2); // expected-warning{{TRUE}}
		{
			int c __noted = 3;
		}
		EVAL(ran == 23); // expected-warning{{TRUE}}
	}
	EVAL(ran == 231); // expected-warning{{TRUE}}
}

/* The value that the variable has in the end. */
void later_value(void)
{
	ran = 0;
	{
		int a __noted = 1;

		a = 7;
	}
	EVAL(ran == 7); // expected-warning{{TRUE}}
}

static int returns(int n)
{
	int a __noted = 1;

	if (n) {
		int b __noted = 2;

		return 5;
	}
	return 6;
}

void at_return(int n)
{
	int r;

	ran = 0;
	r = returns(n);
	if (n) {
		EVAL(r == 5); // expected-warning{{TRUE}}
		EVAL(ran == 21); // expected-warning{{TRUE}}
	} else {
		EVAL(r == 6); // expected-warning{{TRUE}}
		EVAL(ran == 1); // expected-warning{{TRUE}}
	}
}

static void returns_nothing(int n)
{
	int a __noted = 1;

	if (n)
		return;
	{
		int b __noted = 2;
	}
}

void at_plain_return(int n)
{
	ran = 0;
	returns_nothing(n);
	if (n)
		EVAL(ran == 1); // expected-warning{{TRUE}}
	else
		EVAL(ran == 21); // expected-warning{{TRUE}}
}

/* The value is taken before the cleanup, which changes the variable. */
static int value_before(void)
{
	int v __attribute__((cleanup(poison))) = 3;

	return v;
}

static int computed_before(int n)
{
	int v __attribute__((cleanup(poison))) = 3;

	return n ? v + 1 : v * 2;
}

void return_value(void)
{
	EVAL(value_before() == 3); // expected-warning{{TRUE}}
	EVAL(computed_before(1) == 4); // expected-warning{{TRUE}}
	EVAL(computed_before(0) == 6); // expected-warning{{TRUE}}
}

struct pair {
	int a, b;
};

static struct pair structure(void)
{
	struct pair p = { 1, 2 };
	int a __noted = 4;

	return p;
}

void return_structure(void)
{
	struct pair p;

	ran = 0;
	p = structure();
	EVAL(p.b == 2); // expected-warning{{TRUE}}
	EVAL(ran == 4); // expected-warning{{TRUE}}
}

void at_break(void)
{
	int a __noted = 1;

	ran = 0;
	while (unknown()) {
		int b __noted = 2;
		{
			int c __noted = 3;

			break;
		}
	}
	if (ran)
		EVAL(ran == 32); // expected-warning{{TRUE}}
}

void at_continue(void)
{
	int i;

	ran = 0;
	for (i = 0; i < 2; i++) {
		int b __noted = 2;

		if (i == 0)
			continue;
		ran = ran * 10 + 9;
	}
	EVAL(ran == 292); // expected-warning{{TRUE}}
}

void in_do_while(void)
{
	int i = 0;

	ran = 0;
	do {
		int b __noted = 2;

		if (i == 1)
			continue;
		ran = ran * 10 + 9;
	} while (++i < 2);
	EVAL(ran == 922); // expected-warning{{TRUE}}
}

void goto_out(int n)
{
	ran = 0;
	{
		int a __noted = 1;
		{
			int b __noted = 2;

			if (n)
				goto inner;
			goto outer;
		}
inner:
		EVAL(ran == 2); // expected-warning{{TRUE}}
	}
	EVAL(ran == 21); // expected-warning{{TRUE}}
	return;
outer:
	EVAL(ran == 21); // expected-warning{{TRUE}}
}

void goto_within(int n)
{
	ran = 0;
	{
		int a __noted = 1;

		if (n)
			goto same;
		EVAL(ran == 0); // expected-warning{{TRUE}}
same:
		EVAL(ran == 0); // expected-warning{{TRUE}}
	}
	EVAL(ran == 1); // expected-warning{{TRUE}}
}

void goto_back_over(void)
{
	int tries = 0;

	ran = 0;
again:
	{
		int a __noted = 1;

		if (++tries < 3)
			goto again;
	}
	EVAL(ran == 111); // expected-warning{{TRUE}}
}

void goto_back_within_block(void)
{
	int tries = 0;

	ran = 0;
again:;
	int a __noted = 1;

	if (++tries < 3)
		goto again;
	EVAL(ran == 11); // expected-warning{{TRUE}}
}

void in_switch(int n)
{
	ran = 0;
	switch (n) {
	case 1: {
		int a __noted = 1;

		break;
	}
	case 2: {
		int b __noted = 2;
	}
		/* falls through */
	case 3: {
		int c __noted = 3;

		if (unknown())
			break;
		return;
	}
	default:
		EVAL(ran == 0); // expected-warning{{TRUE}}
		return;
	}
	if (n == 1)
		EVAL(ran == 1); // expected-warning{{TRUE}}
	if (n == 2)
		EVAL(ran == 23); // expected-warning{{TRUE}}
	if (n == 3)
		EVAL(ran == 3); // expected-warning{{TRUE}}
}

/* A break of the switch stays in the loop; a continue leaves it. */
void switch_in_loop(void)
{
	int i;

	ran = 0;
	for (i = 1; i < 3; i++) {
		int a __noted = 1;

		switch (i) {
			int unused;
		case 1: {
			int b __noted = 2;

			break;
		}
		case 2: {
			int c __noted = 3;

			continue;
		}
		}
		ran = ran * 10 + 9;
	}
	EVAL(ran == 29131); // expected-warning{{TRUE}}
}

/* scoped_guard() in outline: a loop head that runs once. */
#define scoped(digit)                                                          \
	for (int scope __noted = (digit), *once = &scope; once; once = 0)

void loop_head(void)
{
	ran = 0;
	scoped(4) {
		EVAL(ran == 0); // expected-warning{{TRUE}}
	}
	EVAL(ran == 4); // expected-warning{{TRUE}}
}

void loop_head_break(int n)
{
	ran = 0;
	scoped(4) {
		int b __noted = 5;

		if (n)
			break;
		continue;
	}
	EVAL(ran == 54); // expected-warning{{TRUE}}
}

void loop_head_bare(int n)
{
	ran = 0;
	if (n)
		scoped(4)
			n = 1;
	EVAL(ran == (n ? 4 : 0)); // expected-warning{{TRUE}}
}

static int returns_from_head(void)
{
	int a __noted = 3;

	scoped(4)
		return 1;
	return 0;
}

void loop_head_return(void)
{
	int r;

	ran = 0;
	r = returns_from_head();
	EVAL(r == 1); // expected-warning{{TRUE}}
	EVAL(ran == 43); // expected-warning{{TRUE}}
}

void loop_head_goto(void)
{
	ran = 0;
	scoped(4)
		scoped(5)
			goto out;
out:
	EVAL(ran == 54); // expected-warning{{TRUE}}
}

/* no_free_ptr(): the variable is emptied before its cleanup runs. */
static inline void release(int **p)
{
	if (*p)
		ran = ran * 10 + **p;
}

static int *handed_on(int *p)
{
	int *mine __attribute__((cleanup(release))) = p;

	if (unknown())
		return 0;
	return ({
		int *value = mine;

		mine = 0;
		value;
	});
}

void pointer(void)
{
	int digit = 8;
	int *p;

	ran = 0;
	p = handed_on(&digit);
	EVAL(ran == (p ? 0 : 8)); // expected-warning{{TRUE}}
}

/* Both rewritings in one (clang allows no asm goto out of the scope itself). */
void with_asm_goto(void)
{
	ran = 0;
	{
		int a __noted = 1;

		asm goto("" : : : : inside);
		EVAL(ran == 0); // expected-warning{{TRUE}}
		if (0) {
inside:
			goto out;
		}
	}
	EVAL(ran == 1); // expected-warning{{TRUE}}
	return;
out:
	EVAL(ran == 1); // expected-warning{{TRUE}}
}

/* Nothing is run for a variable without the attribute. */
void without(void)
{
	ran = 0;
	{
		int a = 1;
	}
	EVAL(ran == 0); // expected-warning{{TRUE}}
}
