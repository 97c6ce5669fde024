// Ways to give pages back, and to hand them on.  Nothing is lost here.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinLeak \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

//===--- given back --------------------------------------------------------===

int by_count(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got, ret = 0;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);
	if (got != n) {
		if (got > 0)
			unpin_user_pages(pages, got);
		kfree(pages);
		return got < 0 ? got : -EFAULT;
	}
	ret = device_start(1);
	unpin_user_pages_dirty_lock(pages, got, !ret);
	kfree(pages);
	return ret;
}

int by_loop(unsigned long start)
{
	struct page *pages[8];
	int i, got = get_user_pages_fast(start, 8, 0, pages);

	for (i = 0; i < got; i++)
		put_page(pages[i]);
	return got;
}

int by_while(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = get_user_pages_fast(start, n, 0, pages);
	if (got > 0)
		while (got--)
			put_page(pages[got]);
	kfree(pages);
	return 0;
}

int by_walking_pointer(unsigned long start)
{
	struct page *pages[8], **p = pages;
	int got = get_user_pages_fast(start, 8, 0, pages);

	for (; got > 0; got--)
		put_page(*p++);
	return 0;
}

static void put_all(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		if (!pages[i])
			continue;
		unpin_user_page(pages[i]);
	}
}

int by_helper(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got > 0)
		put_all(pages, got);
	kfree(pages);
	return 0;
}

int by_ladder(unsigned long start, int n)
{
	struct page **pages;
	void *buffer;
	int got, ret = -ENOMEM;

	pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		goto out;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got <= 0) {
		ret = -EFAULT;
		goto free;
	}
	if (got < n) {
		ret = -EFAULT;
		goto unpin;
	}
	buffer = kmalloc(n, GFP_KERNEL);
	if (!buffer)
		goto unpin;
	ret = device_start(2);
	kfree(buffer);
unpin:
	unpin_user_pages(pages, got);
free:
	kfree(pages);
out:
	return ret;
}

int single(unsigned long addr)
{
	struct page *page;
	int ret;

	ret = get_user_pages_fast(addr, 1, 0, &page);
	if (ret != 1)
		return -EFAULT;
	ret = device_start(3);
	put_page(page);
	return ret;
}

int in_rounds(unsigned long start, int n)
{
	struct page *pages[16];
	int i, got;

	while (n > 0) {
		got = get_user_pages_fast(start, min(n, 16), 0, pages);
		if (got <= 0)
			return -EFAULT;
		for (i = 0; i < got; i++)
			put_page(pages[i]);
		n -= got;
		start += got * PAGE_SIZE;
	}
	return 0;
}

int folios(struct file *memfd, loff_t size)
{
	struct folio *batch[4];
	pgoff_t offset;
	long got = memfd_pin_folios(memfd, 0, size - 1, batch, 4, &offset);

	if (got <= 0)
		return got;
	unpin_folios(batch, got);
	return 0;
}

int from_io_uring(unsigned long uaddr, unsigned long len)
{
	struct page **pages;
	int n;

	pages = io_pin_pages(uaddr, len, &n);
	if (IS_ERR(pages))
		return PTR_ERR(pages);
	unpin_user_pages(pages, n);
	kvfree(pages);
	return 0;
}

int freed_by_scope(unsigned long start, int n)
{
	struct page **pages __free(kvfree) =
		kvmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got > 0)
		unpin_user_pages(pages, got);
	return 0;
}

//===--- nothing was taken -------------------------------------------------===

int err_pointer(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	struct page *page = get_user_page_vma_remote(mm, addr, 0, &vma);

	if (IS_ERR(page))
		return PTR_ERR(page);
	put_page(page);
	return 0;
}

int err_pointer_or_null(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	struct page *page = get_user_page_vma_remote(mm, addr, 0, &vma);

	if (IS_ERR_OR_NULL(page))
		return -EFAULT;
	put_page(page);
	return 0;
}

int prefault(unsigned long start, int n)
{
	return get_user_pages(start, n, FOLL_WRITE, NULL) == n ? 0 : -EFAULT;
}

int failed(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got <= 0) {
		kfree(pages);
		return got;
	}
	unpin_user_pages(pages, got);
	kfree(pages);
	return 0;
}

//===--- under another name ------------------------------------------------===

int as_folio(unsigned long addr)
{
	struct page *page;
	struct folio *folio;

	if (get_user_pages_fast(addr, 1, 0, &page) != 1)
		return -EFAULT;
	folio = page_folio(page);
	folio_put(folio);
	return 0;
}

int as_head(unsigned long addr)
{
	struct page *page, *head;

	if (get_user_pages_fast(addr, 1, 0, &page) != 1)
		return -EFAULT;
	head = compound_head(page);
	put_page(head);
	return 0;
}

int as_copy(unsigned long start)
{
	struct page *pages[2], **copy = pages;
	int got = pin_user_pages_fast(start, 2, 0, pages);

	if (got > 0)
		unpin_user_pages(copy, got);
	return 0;
}

//===--- somebody else's now -----------------------------------------------===

struct device {
	struct page **pages;
	struct page *page;
	unsigned long pfn;
	int count;
	struct sg_table table;
};

int stored_array(struct device *dev, unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got <= 0) {
		kfree(pages);
		return -EFAULT;
	}
	dev->pages = pages;
	dev->count = got;
	return 0;
}

int stored_page(struct device *dev, unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, 0, &page) != 1)
		return -EFAULT;
	dev->page = page;
	return 0;
}

void stored_page_returned(struct device *dev)
{
	unpin_user_page(dev->page);
}

int stored_pfn(struct device *dev, unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, 0, &page) != 1)
		return -EFAULT;
	dev->pfn = page_to_pfn(page);
	return 0;
}

// The caller's array, the caller's count: the caller knows what to do.
int callers_array(struct page **pages, unsigned long start, int n)
{
	return pin_user_pages_fast(start, n, 0, pages);
}

int callers_structure(struct device *dev, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, 0, dev->pages);

	if (got < 0)
		return got;
	dev->count = got;
	return got == n ? 0 : -EFAULT;
}

struct page *returned(unsigned long addr)
{
	struct page *page;

	return get_user_pages_fast(addr, 1, 0, &page) == 1 ? page : NULL;
}

struct page **returned_array(unsigned long start, int n, int *got)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);

	if (!pages)
		return ERR_PTR(-ENOMEM);
	*got = pin_user_pages_fast(start, n, 0, pages);
	if (*got == n)
		return pages;
	if (*got > 0)
		unpin_user_pages(pages, *got);
	kfree(pages);
	return ERR_PTR(-EFAULT);
}

struct page **user_of_returned(unsigned long start, int n)
{
	struct page **pages;
	int got;

	pages = returned_array(start, n, &got);
	if (IS_ERR(pages))
		return NULL;
	unpin_user_pages(pages, got);
	kfree(pages);
	return NULL;
}

int given_to_bio(struct bio *bio, unsigned long addr)
{
	struct page *page;

	if (pin_user_pages_fast(addr, 1, 0, &page) != 1)
		return -EFAULT;
	if (bio_add_page(bio, page, PAGE_SIZE, 0) != PAGE_SIZE) {
		unpin_user_page(page);
		return -EIO;
	}
	return 0;
}

int given_to_table(struct device *dev, unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int ret, got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got <= 0) {
		kfree(pages);
		return -EFAULT;
	}
	ret = sg_alloc_table_from_pages(&dev->table, pages, got, 0,
					got * PAGE_SIZE, GFP_KERNEL);
	if (ret)
		unpin_user_pages(pages, got);
	kfree(pages);
	return ret;
}

// An errno is negative: there is no third outcome.
int table_negative(struct device *dev, unsigned long start)
{
	struct page *pages[4];
	int ret;

	if (pin_user_pages_fast(start, 1, 0, pages) != 1)
		return -EFAULT;
	ret = sg_alloc_table_from_pages(&dev->table, pages, 1, 0, PAGE_SIZE,
					GFP_KERNEL);
	if (ret < 0) {
		unpin_user_page(pages[0]);
		return ret;
	}
	return 0;
}

int given_to_list(struct scatterlist *list, unsigned long start)
{
	struct page *pages[4];
	int i, got = get_user_pages_fast(start, 4, 0, pages);

	for (i = 0; i < got; i++)
		sg_set_page(&list[i], pages[i], PAGE_SIZE, 0);
	return got;
}

// How many go into one piece the engine does not know to be more than none.
int given_piecewise(struct scatterlist *list, unsigned long start, int limit)
{
	struct page **pages = kmalloc_array(8, sizeof(*pages), GFP_KERNEL);
	int i, piece, done = 0, got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, 8, 0, pages);
	while (got > 0) {
		piece = limit & got;
		for (i = 0; i < piece; i++)
			sg_set_page(&list[i], pages[done + i], PAGE_SIZE, 0);
		done += piece;
		got -= piece;
	}
	kfree(pages);
	return got;
}

void *given_to_vmap(struct device *dev, unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	void *address;
	int got;

	if (!pages)
		return NULL;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got <= 0) {
		kfree(pages);
		return NULL;
	}
	address = vmap(pages, got, VM_MAP, 0);
	if (!address)
		unpin_user_pages(pages, got);
	kfree(pages);
	return address;
}

void unknown_consumer(struct page **pages, int n);

int given_to_unknown(unsigned long start)
{
	struct page *pages[4];
	int got = pin_user_pages_fast(start, 4, 0, pages);

	if (got > 0)
		unknown_consumer(pages, got);
	return 0;
}

//===--- owners that clean up whatever there is ----------------------------===

static void owner_cleanup(struct device *dev)
{
	if (!dev)
		return;
	if (dev->pages) {
		if (dev->count > 0)
			unpin_user_pages(dev->pages, dev->count);
		kfree(dev->pages);
	}
	kfree(dev);
}

int owner_used(unsigned long start, int n)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return -ENOMEM;
	dev->pages = kmalloc_array(n, sizeof(*dev->pages), GFP_KERNEL);
	if (dev->pages)
		dev->count = pin_user_pages_fast(start, n, 0, dev->pages);
	if (dev->count == n)
		device_start(5);
	owner_cleanup(dev);
	return 0;
}

static int wrapper_pin(struct page **pages, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got == n)
		return 0;
	if (got > 0)
		unpin_user_pages(pages, got);
	return got < 0 ? got : -EFAULT;
}

int uses_wrapper(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int ret;

	if (!pages)
		return -ENOMEM;
	ret = wrapper_pin(pages, start, n);
	if (!ret)
		unpin_user_pages(pages, n);
	kfree(pages);
	return ret;
}

//===--- between static keys -----------------------------------------------===

int between_keys(unsigned long a)
{
	struct page *page;
	long got;

	trace_something(1);
	mmap_read_lock(current->mm);
	got = get_user_pages(a, 1, 0, &page);
	mmap_read_unlock(current->mm);
	if (got != 1)
		return -EFAULT;
	if (cpu_can(1))
		trace_something(2);
	put_page(page);
	return 0;
}

// The argument is a transparent union.
int release_pages_union(unsigned long start)
{
	struct page *pages[4];
	int got = get_user_pages_fast(start, 4, 0, pages);

	if (got > 0)
		release_pages(pages, got);
	return 0;
}

struct created {
	struct page **pages;
	int count;
};

struct created *owner_create(unsigned long start, int n)
{
	struct created *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	dev->pages = kmalloc_array(n, sizeof(*dev->pages), GFP_KERNEL);
	if (!dev->pages)
		goto fail;
	dev->count = pin_user_pages_fast(start, n, 0, dev->pages);
	if (dev->count != n)
		goto unpin;
	return dev;
unpin:
	if (dev->count > 0)
		unpin_user_pages(dev->pages, dev->count);
fail:
	kfree(dev->pages);
	kfree(dev);
	return NULL;
}

// Two positive numbers do not add up to 0.
int two_rounds(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	unsigned int pinned = 0, offset = 0;
	int got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got <= 0)
		goto out;
	pinned += got;
	offset += got;
	got = pin_user_pages_fast(start + offset * PAGE_SIZE, n - offset, 0,
				  pages + offset);
	if (got <= 0)
		goto out;
	pinned += got;
	offset += got;
	if (!offset)
		device_start(9);
out:
	unpin_user_pages(pages, pinned);
	kfree(pages);
	return 0;
}

struct listed {
	struct list_head list;
	struct page **pages;
};

// Whoever has the list has the object, and the pages with it.
int listed_owner(struct list_head *head, unsigned long start, int n)
{
	struct listed *region = kzalloc(sizeof(*region), GFP_KERNEL);
	struct page **pages;
	int got;

	if (!region)
		return -ENOMEM;
	pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	if (!pages) {
		kfree(region);
		return -ENOMEM;
	}
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got != n) {
		if (got > 0)
			unpin_user_pages(pages, got);
		kfree(pages);
		kfree(region);
		return -EFAULT;
	}
	region->pages = pages;
	list_add_tail(&region->list, head);
	return 0;
}

/* A part of the object's array is in another array of the object. */
struct buffers {
	int n;
	struct page **pages;
	struct part {
		struct page **pages;
	} *parts;
};
static struct buffers *the_buffers;

int buffers_set_up(unsigned long start, int n)
{
	struct buffers *b = kzalloc(sizeof(*b), GFP_KERNEL);
	int i;

	if (!b)
		return -ENOMEM;
	b->n = n;
	b->parts = kcalloc(n, sizeof(*b->parts), GFP_KERNEL);
	if (!b->parts)
		goto out;
	b->pages = kcalloc(n, sizeof(*b->pages), GFP_KERNEL);
	if (!b->pages)
		goto out_parts;
	i = pin_user_pages_fast(start, n, FOLL_WRITE, b->pages);
	if (i != n) {
		if (i > 0)
			unpin_user_pages(b->pages, i);
		goto out_pages;
	}
	for (i = 0; i < n; i++)
		b->parts[i].pages = &b->pages[i];
	the_buffers = b;
	return 0;
out_pages:
	kfree(b->pages);
out_parts:
	kfree(b->parts);
out:
	kfree(b);
	return -EFAULT;
}

//===--- the array that a call allocates is there --------------------------===

long iov_iter_get_pages_alloc2(struct iov_iter *i, struct page ***pages,
				  size_t maxsize, size_t *start);
int kick(struct page **pages, long n);

int one_of_two_ways(struct iov_iter *to, struct iov_iter *from, int out)
{
	struct page **mine = NULL;
	long n;
	size_t offset;
	int err;

	n = iov_iter_get_pages_alloc2(out ? from : to, &mine, 4096, &offset);
	if (n <= 0)
		return n;
	err = mine ? 0 : -EFAULT;
	if (err < 0)
		goto out;
	err = kick(mine, n);
out:
	if (mine)
		release_pages(mine, n);
	kvfree(mine);
	return err;
}

//===--- somebody else knows how many --------------------------------------===

int number_through_pointer(struct page **pages, unsigned long start, int n, int *pinned)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got < 0)
		return got;
	*pinned = got;
	return got < n ? -EFAULT : 0;
}

int number_returned(struct page **pages, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	return got ? got : -EFAULT;
}

// All that were asked for are there whenever this fails; the caller asked.
int fails_afterwards(struct page **pages, unsigned long start)
{
	if (pin_user_pages_fast(start, 1, 0, pages) != 1)
		return -EFAULT;
	return device_start(10) ? -EIO : 0;
}

struct counted {
	struct page *map[8];
	int count;
};

// The object knows how many it has, whatever becomes of the call.
int number_in_object(struct counted *c, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, 0, c->map);

	if (got != n) {
		if (got > 0)
			unpin_user_pages(c->map, got);
		return -EFAULT;
	}
	c->count = n;
	return device_start(11) ? -EIO : 0;
}

// Nothing was taken from this kind.
int iterator_of_the_kernel(struct iov_iter *iter)
{
	struct page *array[4], **pages = array;
	size_t offset;
	long bytes = iov_iter_extract_pages(iter, &pages, 4 * PAGE_SIZE, 4, 0,
					    &offset);

	if (bytes <= 0)
		return -EFAULT;
	if (!iov_iter_extract_will_pin(iter))
		return device_start(11);
	unpin_user_pages(array, (offset + bytes + PAGE_SIZE - 1) / PAGE_SIZE);
	return 0;
}

int iterator_with_addresses(struct iov_iter *iter)
{
	struct page *array[4], **pages = array;
	size_t offset;
	long bytes = iov_iter_extract_pages(iter, &pages, 4 * PAGE_SIZE, 4, 0,
					    &offset);

	if (bytes <= 0)
		return -EFAULT;
	if (iov_iter_is_kvec(iter))
		return device_start(12);
	unpin_user_pages(array, (offset + bytes + PAGE_SIZE - 1) / PAGE_SIZE);
	return 0;
}

// The caller is told how many there are, through its variable.
static int told_through_variable(struct page **pages, unsigned long start, int n, unsigned int *done)
{
	while (*done < n) {
		int got = pin_user_pages_fast(start, n - *done, 0, pages + *done);

		if (got <= 0)
			return got ? got : -EFAULT;
		*done += got;
	}
	return 0;
}

int caller_makes_up_for_it(struct page **pages, unsigned long start, int n)
{
	unsigned int done = 0;
	int ret = told_through_variable(pages, start, n, &done);

	if (ret < 0)
		unpin_user_pages(pages, done);
	return ret;
}

// Nor do numbers of which none is negative, whatever their types are.
int rounds_of_bytes(struct iov_iter *iter, size_t size)
{
	struct page *pages[16], **where = pages;
	size_t bytes = 0, offset;
	long got;
	int i;

	got = iov_iter_extract_pages(iter, &where, size, 8, 0, &offset);
	if (got < 0)
		return got;
	bytes += got;
	where = pages + 8;
	got = iov_iter_extract_pages(iter, &where, size, 8, 0, &offset);
	if (got >= 0)
		bytes += got;
	if (!bytes)
		return 0;
	for (i = 0; i < 16; i++)
		unpin_user_page(pages[i]);
	return 0;
}

// What is somewhere in the caller's array is there.
struct reader {
	struct page **pages;
};

static int read_some(struct reader *reader, unsigned long start, int n)
{
	int got;

	if (!reader->pages) {
		reader->pages = kmalloc_array(n, sizeof(*reader->pages), GFP_KERNEL);
		if (!reader->pages)
			return -ENOMEM;
	}
	got = pin_user_pages_fast(start, n, 0, reader->pages);
	return got > 0 ? 0 : -EFAULT;
}

int read_into_part(struct page **out, unsigned long start, int from, int n)
{
	struct reader reader;
	int ret;

	reader.pages = out + from;
	ret = read_some(&reader, start, n);
	reader.pages = NULL;
	return ret;
}

// So is an element that is named by its number.
int into_elements(struct iov_iter *iter, struct page **out, size_t size, int n)
{
	struct page **where;
	size_t offset;
	long got;

	where = &out[n];
	got = iov_iter_extract_pages(iter, &where, size, 8, 0, &offset);
	return got < 0 ? got : 0;
}
