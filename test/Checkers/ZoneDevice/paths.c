// A question makes a use safe only where some path leads from it to the use,
// and only for the page that it is about.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "zone.h"

int other_branch(struct scatterlist *sg, int strict)
{
	struct page *page = sg_page(sg);

	if (strict) {
		if (is_zone_device_page(page))
			return 0;
		return page_count(page) == 1;
	}
	return page_count(page) == 1; // expected-warning{{is compared with a constant}}
}

int too_late(struct scatterlist *sg)
{
	struct page *page = sg_page(sg);

	if (page_count(page) == 1) // expected-warning{{is compared with a constant}}
		return 1;
	return is_zone_device_page(page);
}

int other_page(struct scatterlist *a, struct scatterlist *b)
{
	struct page *one = sg_page(a), *two = sg_page(b);

	if (is_zone_device_page(one))
		return 0;
	return page_count(two) == 1; // expected-warning{{is compared with a constant}}
}

int same_page(struct scatterlist *sg)
{
	struct page *page = sg_page(sg), *head = page;

	if (is_zone_device_page(head))
		return 0;
	return page_count(page) == 1;
}

int round_before(struct scatterlist *sg, int n)
{
	int found = 0;

	while (n--) {
		struct page *page = sg_page(sg);

		if (page_count(page) == 1)
			found++;
		if (is_zone_device_page(page))
			break;
	}
	return found;
}

int same_expression(struct scatterlist *sg)
{
	return !is_pci_p2pdma_page(sg_page(sg)) && page_count(sg_page(sg)) == 1;
}
