// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* What clang's debug.ExprInspection answers. */
#ifndef INSPECT_H
#define INSPECT_H

void clang_analyzer_warnIfReached(void);
void clang_analyzer_eval(int);
/* A new number each time; changes nothing. */
int unknown(void) __attribute__((pure));

#define REACHED() clang_analyzer_warnIfReached()
#define EVAL(cond) clang_analyzer_eval(cond)

#endif
