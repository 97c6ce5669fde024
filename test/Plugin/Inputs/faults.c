// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* Three faults; the first and the last are behind an asm goto. */

struct page;

#define NULL ((void *)0)
#define MODULE_LICENSE(text)                                                   \
	static const char license[]                                            \
		__attribute__((used, section(".modinfo"))) = "license=" text

void *kmalloc_array(unsigned long n, unsigned long size, unsigned int flags);
void kfree(const void *memory);
int get_user_pages_fast(unsigned long start, int nr, unsigned int flags,
			struct page **pages);
int pin_user_pages_fast(unsigned long start, int nr, unsigned int flags,
			struct page **pages);
void unpin_user_pages(struct page **pages, unsigned long nr);
void put_page(struct page *page);
int device_start(void);
int gpl_only_call(int n);

static inline int static_key(void)
{
	asm goto("1:" : : : : yes);
	return 0;
yes:
	return 1;
}

int first(unsigned long start)
{
	struct page *page;

	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return -14;
	if (static_key() && device_start())
		return -5;
	put_page(page);
	return 0;
}

int second(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), 0);
	int got;

	if (!pages)
		return -12;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got != n) {
		kfree(pages);
		return -14;
	}
	unpin_user_pages(pages, n);
	kfree(pages);
	return 0;
}

MODULE_LICENSE("Proprietary");

int third(int n)
{
	if (static_key())
		return 0;
	return gpl_only_call(n);
}
