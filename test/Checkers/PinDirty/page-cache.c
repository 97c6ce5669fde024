// A file that takes no user pages: its pages are the page cache's.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinDirty \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

void write_end(struct page *page)
{
	set_page_dirty(page);
	put_page(page);
}
