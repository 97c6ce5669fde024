// Rule 11 as it is built in: pfns that somebody outside chose, and all those
// between the ends of a zone.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s

#include "zone.h"

struct zone {
	unsigned long zone_start_pfn, spanned_pages;
};
unsigned long zone_end_pfn(const struct zone *zone);

/* A zone has holes, and memory that is offline. */
int used(struct zone *zone)
{
	unsigned long pfn, end = zone_end_pfn(zone);
	int n = 0;

	for (pfn = zone->zone_start_pfn; pfn < end; pfn++) {
		if (!pfn_valid(pfn))
			continue;
		n += page_count(pfn_to_page(pfn)) != 0; // expected-warning{{pages of a range of pfns are looked at: pfn_valid() says only that there is room for a struct page}}
	}
	return n;
}

int used_online(struct zone *zone)
{
	unsigned long pfn, end = zone_end_pfn(zone);
	int n = 0;

	for (pfn = zone->zone_start_pfn; pfn < end; pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		if (page)
			n += page_count(page) != 0;
	}
	return n;
}

/* The position in a file is whatever somebody wants. */
long read_count(void *file, int *to, unsigned long n, loff_t *at)
{
	unsigned long pfn = *at / 8;

	*to = pfn_valid(pfn) ? page_count(pfn_to_page(pfn)) : 0; // expected-warning{{pages of a range of pfns are looked at}}
	return 8;
}

/* Whoever hands the range in may hold what is in it. */
int held(unsigned long start, unsigned long end)
{
	unsigned long pfn;
	int n = 0;

	for (pfn = start; pfn < end; pfn++)
		if (pfn_valid(pfn))
			n += page_count(pfn_to_page(pfn));
	return n;
}

/* Before any memory goes offline. */
static int used_early(struct zone *zone)
{
	unsigned long pfn = zone->zone_start_pfn;

	return pfn_valid(pfn) ? page_count(pfn_to_page(pfn)) : 0;
}

static int used_by(struct zone *zone)
{
	return used_early(zone) + used_early(zone + 1);
}

__attribute__((section(".init.text"))) int start(struct zone *zone)
{
	return used_by(zone);
}
