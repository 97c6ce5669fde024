// Copies of what the page allocator and the functions that pin user pages keep
// to themselves.
//
// RUN: rm -rf %t && split-file %s %t
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -DMODULE -include %t/kernel/include/linux/kconfig.h -I %t/kernel/include -analyzer-checker=core.builtin,linux.export.HandRolled
// RUN: %{analyze} -verify %t/module/copies.c
// RUN: %{analyze} -verify %t/module/own.c
//
// The same in the kernel's own folder.
// RUN: cp %t/module/copies.c %t/module/internal.h %t/kernel
// RUN: %{analyze} -verify=silent %t/kernel/copies.c

//--- kernel/include/linux/kconfig.h
//--- kernel/include/linux/mm.h
typedef struct { unsigned long v; } pmd_t;
struct list_head { struct list_head *next, *prev; };
struct page { unsigned long flags; struct list_head lru; };
struct free_area { struct list_head free_list[4]; unsigned long nr_free; };
struct zone { struct free_area free_area[11]; };
struct vm_area_struct;
struct page *list_page(struct list_head *);
//--- module/internal.h
struct alloc_context {
	void *zonelist;
	void *nodemask;
	void *preferred_zoneref;
	int migratetype;
};
//--- module/copies.c
// silent-no-diagnostics
#include <linux/mm.h>
#include "internal.h"
// expected-warning@internal.h:1{{'struct alloc_context' is private to the page allocator; a copy of it fits one kernel, and others only by chance}}

struct follow_page_context { // expected-warning{{'struct follow_page_context' is private to the functions that pin user pages}}
	void *pgmap;
	unsigned int page_mask;
};

static void __free_one_page(struct page *page, struct zone *zone) // expected-warning{{'__free_one_page' is private to the page allocator; a copy of it goes on as it was when the kernel's changes}}
{
	zone->free_area[0].nr_free++;
}

static int gup_pte_range(pmd_t pmd, unsigned long at, struct page **pages) // expected-warning{{'gup_pte_range' is private to the functions that pin user pages}}
{
	return pages[0] != 0;
}

struct page *grab(struct zone *zone)
{
	__free_one_page(0, zone);
	gup_pte_range((pmd_t){0}, 0, 0);
	return list_page(zone->free_area[0].free_list[0].next); // expected-warning{{'free_list' is private to the page allocator, which changes it under locks of its own}}
}
//--- module/own.c
// expected-no-diagnostics
#include <linux/mm.h>

// Namesakes of other things.
struct scan_control {
	int channel, dwell;
};
struct slab {
	int width, height;
};
struct compact_control;

struct image { int rows; };
static int prep_new_page(struct image *image)
{
	return image->rows;
}
static void faultin_page(int sheet)
{
}

// How many there are is no secret.
unsigned long count(struct zone *zone, struct image *image)
{
	faultin_page(prep_new_page(image));
	return zone->free_area[3].nr_free;
}

// A list of the module's own.
struct per_cpu_pages { struct list_head lists[3]; };
struct list_head *first(struct per_cpu_pages *own)
{
	return own->lists[0].next;
}
