// RUN: rm -rf %t && split-file %s %t
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -DMODULE -include %t/kernel/include/linux/kconfig.h -I %t/kernel/include -analyzer-checker=core.builtin,linux.export.HandRolled
// RUN: %{analyze} -verify %t/module/foo.c
//
// The kernel's own code walks as it must.
// RUN: cp %t/module/foo.c %t/kernel/foo.c
// RUN: %{analyze} -verify=silent %t/kernel/foo.c

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
// silent-no-diagnostics
#include <linux/mm.h>

struct page *take(struct mm_struct *mm, unsigned long at)
{
	pgd_t *pgd = pgd_offset(mm, at); // expected-note{{the walk starts here}}
	pte_t *pte = pte_offset_map(pmd_offset(pgd, at), at);
	struct page *page = pte_page(*pte);

	get_page(page); // expected-warning{{page found in a page table and taken by hand; the functions that pin user pages do this with their locks and their accounting}}
	return page;
}

// Looking is not taking.
unsigned long look(struct mm_struct *mm, unsigned long at)
{
	return pte_offset_map(pmd_offset(pgd_offset(mm, at), at), at)->v;
}

// One level is no walk, and a page from elsewhere is another matter.
void other(struct page *page, struct mm_struct *mm)
{
	pgd_offset(mm, 0);
	get_page(page);
}
