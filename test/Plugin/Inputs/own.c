// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
struct page;
int own_take(struct page **page);
void own_give(struct page *page);
int own(int n)
{
	struct page *page;
	if (own_take(&page))
		return -1;
	if (n)
		return -2;
	own_give(page);
	return 0;
}
