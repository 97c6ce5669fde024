// The function that is named is the one that lost what it took, not the one
// that called it.
//
// RUN: rm -rf %t && mkdir %t
// RUN: echo '[{"directory": "%/S", "file": "%/s", "arguments": ["clang", "-I", "../../Inputs", "-c", "%/s"]}]' >%t/compile_commands.json
// RUN: not %pagewarden scan -p %t --sarif %t/out.sarif --enable linux.mm.PageAlloc %s
// RUN: FileCheck %s <%t/out.sarif

#include "kernel.h"

static void loses(int id)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	if (device_start(id))
		return;
	__free_page(page);
}
// CHECK: "name": "loses"

int calls_loses(int id)
{
	loses(id);
	return device_start(2);
}

static int gives(struct page **to)
{
	*to = alloc_page(GFP_KERNEL);
	return *to ? 0 : -ENOMEM;
}

int got_and_lost(int id)
{
	struct page *page;
	int err = gives(&page);

	if (err)
		return err;
	if (device_start(id))
		return -EIO;
	__free_page(page);
	return 0;
}
// CHECK: "name": "got_and_lost"
