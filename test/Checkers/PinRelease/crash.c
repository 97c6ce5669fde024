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

// Without prototypes the model has nothing to go by.
void unpin_folio_old();

int old_style(start, n, pages)
	unsigned long start;
	int n;
	struct page **pages;
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got > 0)
		unpin_user_pages(pages, got);
	unpin_folio_old(pages);
	return got;
}

int in_vla(int n)
{
	struct page *pages[n];
	int i, got = pin_user_pages_fast(0, n, 0, pages);

	for (i = 0; i < got; i++)
		unpin_user_page(pages[i]);
	return sizeof(pages);
}

void of_functions(void (*put)(struct page *))
{
	put = put ? put : unpin_user_page;
	put((struct page *)&of_functions);
	(*put)((struct page *)"page");
}

void of_choices(int n, struct page *a, struct page *b)
{
	put_page(n ? a : b);
	put_page(a ?: b);
	put_page(({ struct page *c = b + n; c; }));
}

void void_result(struct page *page)
{
	return put_page(page);
}

int recursive(unsigned long start, struct page **pages, int n)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got < n)
		return got;
	got += recursive(start + 1, pages + 1, n - 1);
	unpin_user_pages(pages, got);
	return got;
}

void jumps(int n, struct page *page)
{
	void *targets[] = { &&one, &&two };

	goto *targets[n & 1];
one:
	put_page(page);
two:
	put_page(page);
}

void switched(int n, struct page **pages)
{
	switch (n)
	case 0:
		while (n--) {
	case 1:
			put_page(pages[n + 1]);
	default:
			unpin_user_page(pages[n]);
		}
}

struct itself {
	struct itself *self;
	struct page **pages;
};

void into_itself(struct itself *s)
{
	s->self = s;
	s->pages = (struct page **)s;
	unpin_user_pages(s->self->pages,
			 pin_user_pages_fast(0, 1, 0, s->pages));
}
