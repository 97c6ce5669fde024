// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -Wno-deprecated-non-prototype -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinRelease \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

void put_page_old();
struct page *somewhere(void);

void no_prototype(void)
{
	put_page_old(1, 2);
}

void nested(int n, struct page *pages[n][n])
{
	int i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			put_page(pages[i][j]);
}

void from_nowhere(void)
{
	put_page(somewhere());
	put_page((struct page *)0x1234);
	unpin_user_pages((struct page **)0x1000, 3);
}

void do_once(struct page **pages)
{
	do {
		put_page(pages[0]);
	} while (0);
}

void again(struct page *page, int n)
{
	if (n)
		again(page, n - 1);
	else
		put_page(page);
}
