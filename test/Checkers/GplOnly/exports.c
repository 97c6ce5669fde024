// In the kernel's own files: what an inline function that every module may use
// reaches must not be exported GPL-only.
//
// RUN: rm -rf %t && split-file %s %t
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %t -analyzer-checker=core.builtin,linux.export.GplOnly -verify
// RUN: %{analyze}=closed -DLICENSE='"GPL"' %t/foo.c
// RUN: %{analyze}=open -DLICENSE='""' %t/foo.c

//--- kernel.h
#define EXPORT(sym, license)                                              \
	asm(".section \".export_symbol\",\"a\" ; __export_symbol_" #sym   \
	    ": ; .asciz \"" license "\" ; .ascii \"\" \"\\0\" ; .previous")
struct page { int count; };
void __release_page(struct page *);
void __page_gone(struct page *);
void __other_release(struct page *);
static inline void folio_put(struct page *page)
{
	if (!--page->count)
		__release_page(page);
}
static inline void put_page(struct page *page)
{
	folio_put(page);
}
static inline void internal_put(struct page *page)
{
	__other_release(page);
}
//--- foo.c
// open-no-diagnostics
#include "kernel.h"
// closed-note@kernel.h:* {{'put_page' calls 'folio_put' here}}
// closed-note@kernel.h:* {{'folio_put' refers to '__release_page' here}}

void __page_gone(struct page *page)
{
	page->count = -1;
}
// The function that calls it has a symbol of its own, which is all that its
// callers need.
EXPORT(__page_gone, "GPL");

void __release_page(struct page *page)
{
	__page_gone(page);
}
EXPORT(__release_page, LICENSE); // closed-warning{{exporting '__release_page' GPL-only makes 'put_page' GPL-only, which every module may use (page references)}}

// What only other inline functions reach is the kernel's business.
void __other_release(struct page *page)
{
	page->count = -2;
}
EXPORT(__other_release, "GPL");
