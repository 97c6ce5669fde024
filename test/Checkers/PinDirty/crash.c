// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -Wno-deprecated-non-prototype -Wno-return-type -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

int fill(struct page **pages, int n);

int nothing_returned(unsigned long start, struct page **pages)
{
	int got = pin_user_pages_fast(start, 1, FOLL_WRITE, pages);

	fill(pages, got);
	if (got > 0)
		unpin_user_pages_dirty_lock(pages, got, got);
}

struct page *a_pointer(unsigned long start, struct page **pages)
{
	if (pin_user_pages_fast(start, 1, FOLL_WRITE, pages) != 1)
		return NULL;
	set_page_dirty((struct page *)pages);
	return pages[0];
}

// Old declarations, and arguments that are missing.
void SetPageDirty();
void folio_set_dirty();

void without_arguments(struct page *page)
{
	SetPageDirty();
	folio_set_dirty(page, page, page);
	unpin_user_page(page);
}

int old_style(start, pages)
	unsigned long start;
	struct page **pages;
{
	int got = pin_user_pages_fast(start, 1, FOLL_WRITE, pages);

	if (got == 1)
		unpin_user_pages_dirty_lock(pages, 1, true);
	return got;
}

int in_vla(int n)
{
	struct page *pages[n];
	int got = pin_user_pages_fast(0, n, FOLL_WRITE, pages);

	if (got <= 0)
		return -EFAULT;
	fill(pages, sizeof(pages));
	unpin_user_pages_dirty_lock(pages, got, sizeof(pages) > 8);
	return 0;
}

int recursive(unsigned long start, struct page **pages, int n)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got < 2)
		return -EFAULT;
	got += recursive(start + 1, pages + 1, n - 1);
	unpin_user_pages_dirty_lock(pages, got, "true");
	return got;
}

struct two { long a, b; };

struct two a_struct(unsigned long start, struct page **pages)
{
	struct two result = { 1, pin_user_pages_fast(start, 1, FOLL_WRITE, pages) };

	if (result.b == 1)
		unpin_user_pages_dirty_lock(pages, 1, true);
	return result;
}

double a_double(unsigned long start, struct page **pages)
{
	if (pin_user_pages_fast(start, 1, FOLL_WRITE, pages) == 1)
		unpin_user_pages_dirty_lock(pages, 1, true);
	return 0.5;
}
