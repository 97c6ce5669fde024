// Rule 11: pages of a range of pfns; rule 10: a page map that nobody asked for.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice \
// DEFINE:   -analyzer-config linux.Groundwork:Model=%S/Inputs/pfn-exists.yaml
//
// RUN: %{analyze} -DERA=601 -verify=expected,owner %s
// RUN: %{analyze} -DERA=612 -verify=expected,owner %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "zone.h"

int counts(unsigned long start, unsigned long end, int *to)
{
	unsigned long pfn;

	for (pfn = start; pfn < end; pfn++) {
		struct page *page;

		if (!pfn_valid(pfn))
			continue;
		page = pfn_to_page(pfn); // expected-warning{{pages of a range of pfns are looked at: pfn_valid() says only that there is room for a struct page, which nobody has set up while memory is offline; pfn_to_online_page() expected}}
		*to++ = page_count(page);
	}
	return 0;
}

/* The position in a file is whatever somebody wants. */
long read_count(void *file, int *to, unsigned long n, loff_t *at)
{
	unsigned long pfn = *at / 8;

	*to = pfn_valid(pfn) ? page_count(pfn_to_page(pfn)) : 0; // expected-warning{{pages of a range of pfns are looked at}}
	return 8;
}

static struct page *idle_page(unsigned long pfn)
{
	struct page *page;

	if (!pfn_valid(pfn))
		return NULL;
	page = pfn_to_page(pfn); // expected-warning{{pages of a range of pfns are looked at}}
	return page_count(page) ? page : NULL;
}

void idle_pages(loff_t at, unsigned long n)
{
	unsigned long pfn = at * 8, end = pfn + n;

	for (; pfn < end; pfn++)
		if (idle_page(pfn))
			put_page(idle_page(pfn));
}

/* Its callers hold what they walk over. */
static int held(unsigned long pfn)
{
	return pfn_valid(pfn) ? page_count(pfn_to_page(pfn)) : 0;
}

int all_held(unsigned long pfn, unsigned long n)
{
	int sum = 0;

	while (n--)
		sum += held(pfn++);
	return sum;
}

/* An array of pfns from somewhere; an address that is looked up. */
int listed(unsigned long *pfns, int n)
{
	int i, sum = 0;

	for (i = 0; i < n; i++)
		if (pfn_valid(pfns[i]))
			sum += page_count(pfn_to_page(pfns[i]));
	return sum;
}

unsigned long look_up(unsigned long addr);

int translated(loff_t *at)
{
	unsigned long pfn = look_up(*at) >> PAGE_SHIFT;

	return pfn_valid(pfn) ? page_count(pfn_to_page(pfn)) : 0;
}

/* That it is on the LRU is written in the page. */
int on_lru(unsigned long pfn, unsigned long end)
{
	int n = 0;

	for (; pfn < end; pfn++)
		if (pfn_valid(pfn) && get_page_unless_zero(pfn_to_page(pfn))) // expected-warning{{pages of a range of pfns are looked at}}
			n++;
	return n;
}

/* Printed before the end. */
void dump_page(struct page *page, const char *why);

void mapped_twice(unsigned long pfn, unsigned long end)
{
	for (; pfn < end; pfn++)
		if (pfn_valid(pfn))
			dump_page(pfn_to_page(pfn), "mapped");
}

int online(unsigned long pfn, unsigned long end)
{
	int n = 0;

	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		if (page && pfn_valid(pfn + 1))
			n += page_count(pfn_to_page(pfn + 1));
	}
	return n;
}

/* One pfn that somebody has, and a range that is there for sure. */
int one(unsigned long pfn)
{
	return pfn_valid(pfn) ? page_count(pfn_to_page(pfn)) : 0;
}

int there(unsigned long pfn, unsigned long end)
{
	int n = 0;

	for (; pfn < end; pfn++)
		n += page_count(pfn_to_page(pfn));
	return n;
}

/* From page to page: they are there. */
int behind(struct page *page, int n)
{
	int i, sum = 0;

	for (i = 0; i < n; i++) {
		unsigned long pfn = page_to_pfn(page) + i;

		if (pfn_valid(pfn))
			sum += page_count(pfn_to_page(pfn));
	}
	return sum;
}

/* It makes them what they are. */
void set_up(unsigned long pfn, unsigned long end)
{
	for (; pfn < end; pfn++)
		if (pfn_valid(pfn)) {
			struct page *page = pfn_to_page(pfn);

			SetPageReserved(page);
		}
}

int __attribute__((section(".init.text"))) early(unsigned long pfn,
						 unsigned long end)
{
	int n = 0;

	for (; pfn < end; pfn++)
		if (pfn_valid(pfn))
			n += page_count(pfn_to_page(pfn));
	return n;
}

//===--- rule 10 -----------------------------------------------------------===

#if ERA < 703
extern struct bio_vec queue[];

struct dev_pagemap *map_of(int i)
{
	struct bio_vec *vec = &queue[i];

	return vec->bv_page->pgmap; // owner-warning{{'pgmap' of a page that may be a device's is read: only device pages have a page map, the word is part of a list otherwise}}
}

struct dev_pagemap *map_asked(struct bio_vec *vec)
{
	if (!is_zone_device_page(vec->bv_page))
		return NULL;
	return vec->bv_page->pgmap;
}

/* The caller asked, as far as one can see. */
struct dev_pagemap *map_handed(struct bio_vec *vec)
{
	return vec->bv_page->pgmap;
}

/* It sets the page map up. */
void set_map(unsigned long pfn, struct dev_pagemap *map)
{
	struct page *page = pfn_to_page(pfn);

	page->pgmap = map;
}

/* Its own page, as far as one can see. */
struct dev_pagemap *map_own(struct page *page)
{
	return page->pgmap;
}
#endif
