// A file that never gives back a pin works on iterators of the kernel.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinLeak \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

int spliced(struct iov_iter *iter)
{
	struct page *array[4], **pages = array;
	size_t offset;
	long bytes = iov_iter_extract_pages(iter, &pages, 4 * PAGE_SIZE, 4, 0,
					    &offset);

	return bytes > 0 ? device_start(1) : -EFAULT;
}
