// A walk that is spread over functions, as the kernel's own is.
//
// RUN: rm -rf %t && split-file %s %t
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -DMODULE -include %t/kernel/include/linux/kconfig.h -I %t/kernel/include -analyzer-checker=core.builtin,linux.export.HandRolled -verify %t/module/foo.c

//--- kernel/include/linux/kconfig.h
//--- kernel/include/linux/mm.h
typedef struct { unsigned long v; } pgd_t, pmd_t, pte_t;
struct mm_struct;
struct page;
pgd_t *pgd_offset(struct mm_struct *, unsigned long);
pmd_t *pmd_offset(pgd_t *, unsigned long);
pte_t *pte_offset_map(pmd_t *, unsigned long);
struct page *pte_page(pte_t);
void get_page(struct page *);
//--- module/foo.c
#include <linux/mm.h>

static int take_ptes(pmd_t *pmd, unsigned long at, unsigned long end,
		     struct page **pages, int *nr)
{
	pte_t *pte = pte_offset_map(pmd, at);

	for (; at != end; at += 4096, pte++) {
		pages[*nr] = pte_page(*pte);
		get_page(pages[(*nr)++]); // expected-warning{{page found in a page table and taken by hand}}
	}
	return 1;
}

static int take_pmds(pgd_t *pgd, unsigned long at, unsigned long end,
		     struct page **pages, int *nr)
{
	return take_ptes(pmd_offset(pgd, at), at, end, pages, nr);
}

int take_range(struct mm_struct *mm, unsigned long at, unsigned long end,
	       struct page **pages)
{
	int nr = 0;

	take_pmds(pgd_offset(mm, at), at, end, pages, &nr); // expected-note{{the walk starts here}}
	return nr;
}

// What takes here looks at no page table: it may have come from anywhere.
static void keep(struct page *page)
{
	get_page(page);
}

void look(struct mm_struct *mm, unsigned long at, struct page *other)
{
	pmd_t *pmd = pmd_offset(pgd_offset(mm, at), at);

	if (pmd->v)
		keep(other);
}

// A circle of functions ends.
static pte_t *down(pmd_t *pmd, unsigned long at, int more);
static pte_t *around(pmd_t *pmd, unsigned long at, int more)
{
	pte_offset_map(pmd, at);
	return more ? down(pmd, at, more - 1) : 0;
}
static pte_t *down(pmd_t *pmd, unsigned long at, int more)
{
	pte_t *pte = pte_offset_map(pmd, at);
	return more ? around(pmd, at, more - 1) : pte;
}
