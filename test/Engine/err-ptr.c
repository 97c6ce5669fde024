// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %{analyze} -I %S/Inputs -verify %s
// RUN: not %{alone} -I %S/Inputs -verify %s
//
// IS_ERR() and its family answer alike each time they are asked.

#include "inspect.h"
#include "err.h"

struct thing *make(void);

void either(void)
{
	struct thing *t = make();

	if (IS_ERR(t)) {
		EVAL(IS_ERR(t)); // expected-warning{{TRUE}}
		EVAL(IS_ERR_OR_NULL(t)); // expected-warning{{TRUE}}
		EVAL(PTR_ERR(t) < 0); // expected-warning{{TRUE}}
		EVAL(PTR_ERR(t) >= -4095); // expected-warning{{TRUE}}
		EVAL(PTR_ERR_OR_ZERO(t) < 0); // expected-warning{{TRUE}}
	} else {
		EVAL(IS_ERR(t)); // expected-warning{{FALSE}}
		EVAL(PTR_ERR_OR_ZERO(t) == 0); // expected-warning{{TRUE}}
	}
}

void or_null(void)
{
	struct thing *t = make();

	if (IS_ERR_OR_NULL(t)) {
		if (!t)
			EVAL(IS_ERR(t)); // expected-warning{{FALSE}}
		else
			EVAL(IS_ERR(t)); // expected-warning{{TRUE}}
		return;
	}
	EVAL(IS_ERR(t)); // expected-warning{{FALSE}}
	EVAL(t != 0); // expected-warning{{TRUE}}
}

/* What the pointer is seen to be. */
void known(void)
{
	struct thing *bad = (struct thing *)-12L;
	struct thing *none = 0;
	int here;

	EVAL(IS_ERR(bad)); // expected-warning{{TRUE}}
	EVAL(PTR_ERR(bad) == -12); // expected-warning{{TRUE}}
	EVAL(PTR_ERR_OR_ZERO(bad) == -12); // expected-warning{{TRUE}}
	EVAL(IS_ERR(none)); // expected-warning{{FALSE}}
	EVAL(IS_ERR_OR_NULL(none)); // expected-warning{{TRUE}}
	EVAL(PTR_ERR_OR_ZERO(none) == 0); // expected-warning{{TRUE}}
	EVAL(IS_ERR(&here)); // expected-warning{{FALSE}}
	EVAL(IS_ERR((void *)-4095L)); // expected-warning{{TRUE}}
	EVAL(IS_ERR((void *)-4096L)); // expected-warning{{FALSE}}
}

static struct thing *may_fail(int n)
{
	if (n)
		return ERR_PTR(-22);
	return make();
}

void made_here(void)
{
	struct thing *t = may_fail(1);

	EVAL(IS_ERR(t)); // expected-warning{{TRUE}}
	EVAL(PTR_ERR(t) == -22); // expected-warning{{TRUE}}
}

/* Two pointers are two questions. */
void two(void)
{
	struct thing *a = make();
	struct thing *b = make();

	if (IS_ERR(a) && !IS_ERR(b))
		REACHED(); // expected-warning{{REACHABLE}}
	if (!IS_ERR(a) && IS_ERR(b))
		REACHED(); // expected-warning{{REACHABLE}}
}
