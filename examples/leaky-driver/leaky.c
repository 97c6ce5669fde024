// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A driver that takes pages of its user and does not always give them back.
 * README.md says which functions are wrong and what pagewarden has to say.
 */
#include "standin.h"

int device_map(struct page *page);
int device_start(unsigned long address);

/* Wrong: when the device does not start, the pages stay referenced. */
int leaky_read(unsigned long start, int count)
{
	struct page **pages;
	int got, i, ret;

	pages = kmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;

	got = get_user_pages_fast(start, count, FOLL_WRITE, pages);
	if (got <= 0) {
		kfree(pages);
		return got ? got : -EFAULT;
	}

	ret = device_start(start);
	if (ret) {
		kfree(pages);
		return ret;
	}

	for (i = 0; i < got; i++)
		put_page(pages[i]);
	kfree(pages);
	return 0;
}

/* Wrong: fewer pages than asked for are pinned pages all the same. */
int leaky_pin(unsigned long start, int count)
{
	struct page **pages;
	int got;

	pages = kmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;

	got = pin_user_pages_fast(start, count, FOLL_WRITE, pages);
	if (got != count) {
		kfree(pages);
		return got < 0 ? got : -EFAULT;
	}

	unpin_user_pages(pages, got);
	kfree(pages);
	return 0;
}

/*
 * Wrong: the page taken second is lost, and to see it one has to get past
 * put_page() and mmap_read_unlock(), which jump on static keys.
 */
int leaky_swap(unsigned long first, unsigned long second)
{
	struct page *page, *other;
	long got;

	if (get_user_pages_fast(first, 1, 0, &page) != 1)
		return -EFAULT;
	put_page(page);

	mmap_read_lock(current->mm);
	got = get_user_pages(second, 1, 0, &other);
	mmap_read_unlock(current->mm);
	if (got != 1)
		return -EFAULT;

	if (device_start(second))
		return -EIO;
	put_page(other);
	return 0;
}

/* Right: every way out gives back what was taken, partial results too. */
int sound_pin(unsigned long start, int count)
{
	struct page **pages;
	int got, ret;

	pages = kmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;

	got = pin_user_pages_fast(start, count, FOLL_WRITE | FOLL_LONGTERM,
				  pages);
	if (got < 0) {
		ret = got;
		goto free;
	}
	if (got != count) {
		ret = -EFAULT;
		goto unpin;
	}
	ret = device_map(pages[0]);
unpin:
	unpin_user_pages_dirty_lock(pages, got, !ret);
free:
	kfree(pages);
	return ret;
}

/* Right: page by page, in a loop, behind a static key. */
int sound_read(unsigned long start)
{
	struct page *pages[4];
	int got, i;

	got = get_user_pages_fast(start, 4, 0, pages);
	if (got <= 0)
		return got ? got : -EFAULT;
	for (i = 0; i < got; i++)
		put_page(pages[i]);
	return 0;
}

struct transfer {
	struct page **pages;
	int count;
};

/* Right: on success the transfer owns the pages, and ends in sound_finish(). */
int sound_begin(struct transfer *transfer, unsigned long start, int count)
{
	int got;

	transfer->pages = kmalloc_array(count, sizeof(*transfer->pages),
					GFP_KERNEL);
	if (!transfer->pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, count, FOLL_WRITE, transfer->pages);
	if (got != count) {
		if (got > 0)
			unpin_user_pages(transfer->pages, got);
		kfree(transfer->pages);
		transfer->pages = NULL;
		return got < 0 ? got : -EFAULT;
	}
	transfer->count = got;
	return 0;
}

void sound_finish(struct transfer *transfer)
{
	unpin_user_pages(transfer->pages, transfer->count);
	kfree(transfer->pages);
	transfer->pages = NULL;
}
