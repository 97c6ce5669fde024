// Rule 9: neighbours that become one segment. Where the kernel has
// zone_device_pages_have_same_pgmap(), 6.12, it must be asked; 6.1 has no such
// rule, and the same code is right.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.ZoneDevice
//
// RUN: %{analyze} -DERA=601 -verify=old %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s
// old-no-diagnostics

#include "zone.h"

_Bool add_to_vector(struct bio_vec *vec, struct page *page, unsigned int len,
		    unsigned int off)
{
	u64 end = page_to_phys(vec->bv_page) + vec->bv_offset + vec->bv_len;

	if (end != page_to_phys(page) + off) // expected-warning{{pages become one segment because they lie beside each other: those of two page maps must stay apart in this kernel (zone_device_pages_have_same_pgmap()), since a segment has one page map only; kernels without that function have no such rule}}
		return 0;
	vec->bv_len += len;
	return 1;
}

static _Bool neighbours(struct page *a, struct page *b)
{
	return page_to_pfn(a) == page_to_pfn(b) + 1; // expected-warning{{pages become one segment because they lie beside each other}}
}

unsigned int add_to_list(struct scatterlist *sg, struct page *last,
			 struct page *page)
{
	if (neighbours(page, last))
		sg->length += PAGE_SIZE;
	return sg->length;
}

/* They are the same page, not neighbours. */
_Bool add_to_same(struct bio_vec *vec, struct page *page, unsigned int len)
{
	if (vec->bv_page != page)
		return 0;
	vec->bv_len += len;
	return 1;
}

#if ERA >= 612
_Bool add_and_ask(struct bio_vec *vec, struct page *page, unsigned int len)
{
	if (page_to_phys(vec->bv_page) + vec->bv_len != page_to_phys(page))
		return 0;
	if (!zone_device_pages_have_same_pgmap(vec->bv_page, page))
		return 0;
	vec->bv_len += len;
	return 1;
}

static _Bool careful(struct page *a, struct page *b)
{
	if (page_to_pfn(a) != page_to_pfn(b) + 1)
		return 0;
	return zone_device_pages_have_same_pgmap(a, b);
}

_Bool add_carefully(struct scatterlist *sg, struct page *page)
{
	u64 end = page_to_pfn(sg_page(sg)) + 1;

	if (page_to_pfn(page) != end || !careful(page, sg_page(sg)))
		return 0;
	sg->length += PAGE_SIZE;
	return 1;
}
#endif
