// Every rule of docs/checks/linux.mm.PinLeak.md, one small function each.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinLeak \
// RUN:   -verify %s

#include "kernel.h"

//===--- rule 1: the array is freed while it holds -------------------------===

int array_freed(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = get_user_pages_fast(start, n, FOLL_WRITE, pages);
	if (got <= 0) {
		kfree(pages);
		return -EFAULT;
	}
	if (device_start(1)) {
		kfree(pages); // expected-warning{{pages taken by 'get_user_pages_fast' are lost when 'kfree' frees the memory that says where; 'release_pages' expected}}
		return -EIO;
	}
	while (got--)
		put_page(pages[got]);
	kfree(pages);
	return 0;
}

int partial_success(unsigned long start, int n)
{
	struct page **pages = kvmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);
	if (got != n) {
		kvfree(pages); // expected-warning{{pages pinned by 'pin_user_pages_fast' are lost when 'kvfree' frees the memory that says where; 'unpin_user_pages' expected}}
		return got < 0 ? got : -EFAULT;
	}
	unpin_user_pages(pages, got);
	kvfree(pages);
	return 0;
}

int second_allocation_fails(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	struct scatterlist *list;
	long got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages(start, n, FOLL_LONGTERM, pages);
	if (got <= 0)
		goto free;
	list = kmalloc_array(n, sizeof(*list), GFP_KERNEL);
	if (!list)
		goto free;
	kfree(list);
	unpin_user_pages(pages, got);
	kfree(pages);
	return 0;
free:
	kfree(pages); // expected-warning{{pages pinned by 'pin_user_pages' are lost when 'kfree' frees}}
	return -ENOMEM;
}

struct owner {
	struct page **pages;
	int count;
};

int owner_freed(unsigned long start, int n)
{
	struct owner *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	o->pages = kmalloc_array(n, sizeof(*o->pages), GFP_KERNEL);
	if (!o->pages) {
		kfree(o);
		return -ENOMEM;
	}
	o->count = pin_user_pages_fast(start, n, 0, o->pages);
	if (o->count < n) {
		kfree(o->pages); // expected-warning{{pages pinned by 'pin_user_pages_fast' are lost when 'kfree' frees}}
		kfree(o);
		return -EFAULT;
	}
	unpin_user_pages(o->pages, o->count);
	kfree(o->pages);
	kfree(o);
	return 0;
}

int folios_freed(struct file *memfd, loff_t size, unsigned int max)
{
	struct folio **folios = kvmalloc_array(max, sizeof(*folios), GFP_KERNEL);
	pgoff_t offset;
	long got;

	if (!folios)
		return -ENOMEM;
	got = memfd_pin_folios(memfd, 0, size - 1, folios, max, &offset);
	if (got > 0 && device_start(2)) {
		kvfree(folios); // expected-warning{{pages pinned by 'memfd_pin_folios' are lost when 'kvfree' frees the memory that says where; 'unpin_folios' expected}}
		return -EIO;
	}
	if (got > 0)
		unpin_folios(folios, got);
	kvfree(folios);
	return 0;
}

static int fill(struct page **pages, unsigned long start, int n)
{
	long got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	return got < 0 ? got : got < n ? -EFAULT : 0;
}

// A wrapper in the same file that forgets what it got.
int wrapper(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int ret;

	if (!pages)
		return -ENOMEM;
	ret = fill(pages, start, n);
	if (ret) {
		kfree(pages); // expected-warning{{pages pinned by 'pin_user_pages_fast' are lost when 'kfree' frees}}
		return ret;
	}
	unpin_user_pages(pages, n);
	kfree(pages);
	return 0;
}

int from_io_uring(unsigned long uaddr, unsigned long len)
{
	struct page **pages;
	int n;

	pages = io_pin_pages(uaddr, len, &n);
	if (IS_ERR(pages))
		return PTR_ERR(pages);
	if (n > 1) {
		kvfree(pages); // expected-warning{{pages pinned by 'io_pin_pages' are lost when 'kvfree' frees the memory that says where; 'unpin_user_pages' expected}}
		return -EINVAL;
	}
	unpin_user_pages(pages, n);
	kvfree(pages);
	return 0;
}

// The end of the scope frees the array, in a function of the header.
int freed_by_scope(unsigned long start, int n)
{
	struct page **pages __free(kvfree) =
		kvmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = get_user_pages_fast(start, n, 0, pages);
	if (got < n)
		return -EFAULT;
	while (got--)
		put_page(pages[got]);
	return 0;
}
// expected-warning@kernel.h:*{{pages taken by 'get_user_pages_fast' are lost when 'kvfree' frees the memory that says where}}

//===--- rule 2: the function ends while its own variable holds ------------===

int local_page(unsigned long addr)
{
	struct page *page;

	if (get_user_pages_fast(addr, 1, 0, &page) != 1)
		return -EFAULT;
	if (device_start(3))
		return -EIO; // expected-warning{{page taken by 'get_user_pages_fast' is not given back on this path; 'put_page' expected}}
	put_page(page);
	return 0;
}

int local_array(unsigned long addr)
{
	struct page *pages[8];
	int got = pin_user_pages_fast(addr, 8, 0, pages);

	if (got < 8)
		return -EFAULT; // expected-warning{{pages pinned by 'pin_user_pages_fast' are not given back on this path; 'unpin_user_pages' expected}}
	unpin_user_pages(pages, 8);
	return 0;
}

int returned_pointer(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	struct page *page = get_user_page_vma_remote(mm, addr, 0, &vma);

	if (IS_ERR(page))
		return PTR_ERR(page);
	if (device_start(4))
		return -EIO; // expected-warning{{page taken by 'get_user_page_vma_remote' is not given back on this path; 'put_page' expected}}
	put_page(page);
	return 0;
}

int returned_or_null(unsigned long addr)
{
	struct page *page = get_dump_page(addr);

	if (!page)
		return 0;
	if (device_start(5))
		return -EIO; // expected-warning{{page taken by 'get_dump_page' is not given back on this path}}
	put_page(page);
	return 0;
}

int array_forgotten(unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);

	if (!pages)
		return -ENOMEM;
	if (get_user_pages_unlocked(start, n, pages, 0) <= 0) {
		kfree(pages);
		return -EFAULT;
	}
	return device_start(6); // expected-warning{{pages taken by 'get_user_pages_unlocked' are not given back on this path}}
}

// Only the first of two is given back.
int one_of_two(unsigned long a, unsigned long b)
{
	struct page *first, *second;

	if (get_user_pages_fast(a, 1, 0, &first) != 1)
		return -EFAULT;
	if (get_user_pages_fast(b, 1, 0, &second) != 1) {
		put_page(first);
		return -EFAULT;
	}
	put_page(first);
	return 0; // expected-warning{{page taken by 'get_user_pages_fast' is not given back on this path}}
}

//===--- rule 3: overwritten -----------------------------------------------===

int overwritten(unsigned long a, unsigned long b)
{
	struct page *pages[4];
	int got = pin_user_pages_fast(a, 4, 0, pages);

	if (got <= 0)
		return -EFAULT;
	got = pin_user_pages_fast(b, 4, 0, pages); // expected-warning{{pages pinned by 'pin_user_pages_fast' are lost when 'pin_user_pages_fast' overwrites the array; 'unpin_user_pages' expected}}
	if (got > 0)
		unpin_user_pages(pages, got);
	return 0;
}

//===--- rule 4: nobody knows how many -------------------------------------===

// Fewer than asked for, in the caller's array: the error says nothing of them.
int callers_array(struct page **pages, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, pages);

	if (got < 0)
		return got;
	if (got < n)
		return -EFAULT; // expected-warning{{pages pinned by 'pin_user_pages_fast' are lost when the function fails: nobody else knows how many there are; 'unpin_user_pages' expected}}
	return 0;
}

struct engine {
	struct page *map[16];
	struct page **list;
	int count;
};

static int engine_pin(struct engine *e, unsigned long start, int n)
{
	long got = pin_user_pages_unlocked(start, n, e->map, 0);

	if (got != n)
		return got < 0 ? got : -EINVAL;
	e->count = n;
	return got;
}

int engine_run(struct engine *e, unsigned long start, int n)
{
	int ret = engine_pin(e, start, n);

	if (ret < 0)
		return ret; // expected-warning{{pages pinned by 'pin_user_pages_unlocked' are lost when the function fails}}
	ret = device_start(9);
	unpin_user_pages(e->map, e->count);
	e->count = 0;
	return ret;
}

// One of two in the same array is given back.
int half_of_it(unsigned long a, unsigned long b, int n)
{
	struct page **first = kmalloc_array(2 * n, sizeof(*first), GFP_KERNEL);
	struct page **second = first + n;
	int one, two;

	if (!first)
		return -ENOMEM;
	one = pin_user_pages_fast(a, n, 0, first);
	two = pin_user_pages_fast(b, n, 0, second);
	if (device_start(4) && one > 0)
		unpin_user_pages(first, one);
	else if (two > 0)
		unpin_user_pages(second, two);
	kfree(first); // expected-warning 2{{pages pinned by 'pin_user_pages_fast' are lost when 'kfree' frees the memory that says where; 'unpin_user_pages' expected}}
	return 0;
}

// Nobody listens to the function that fails.
struct listened {
	struct page **list;
	unsigned int n;
};

static int listened_pin(struct listened *l, unsigned long start)
{
	unsigned int done = 0;

	do {
		int got = get_user_pages_fast(start + done * PAGE_SIZE, l->n - done, 0,
					      l->list + done);

		if (got < 0)
			return got;
		done += got;
	} while (done < l->n);
	return 0;
}

// On one line: where it ends is one place to clang 19 and another to clang 22.
void listened_bind(struct listened *l, unsigned long start) { listened_pin(l, start); } // expected-warning{{pages taken by 'get_user_pages_fast' are lost when the function fails: nobody else knows how many there are}}

//===--- rule 5: given back elsewhere --------------------------------------===

// Whoever calls it and gets an error cannot know which one it was.
int engine_map(struct engine *e, unsigned long start, int n)
{
	int got = pin_user_pages_fast(start, n, FOLL_WRITE, e->map);

	if (got != n) {
		if (got > 0)
			unpin_user_pages(e->map, got);
		return -EFAULT;
	}
	if (device_start(11))
		return -EIO; // expected-warning{{pages pinned by 'pin_user_pages_fast' are not given back where the function fails, as it does elsewhere; 'unpin_user_pages' expected}}
	return 0;
}

// The second acquisition fails, and the first is forgotten.
int engine_two(struct page **first, struct page **second, unsigned long start, int n)
{
	int a, b;

	a = get_user_pages_fast(start, n, 0, first);
	if (a < n) {
		if (a > 0)
			release_pages(first, a);
		return -EFAULT;
	}
	b = get_user_pages_fast(start, n, 0, second);
	if (b < n) {
		if (b > 0)
			release_pages(second, b);
		return -ENOMEM; // expected-warning{{pages taken by 'get_user_pages_fast' are not given back where the function fails}}
	}
	return 0;
}

//===--- only some iterators -----------------------------------------------===

// The file gives pages back that were pinned, so there may be some here.
int iterator_forgotten(struct iov_iter *iter)
{
	struct page *array[4], **pages = array;
	size_t offset;
	long bytes = iov_iter_extract_pages(iter, &pages, 4 * PAGE_SIZE, 4, 0,
					    &offset);

	if (bytes <= 0)
		return -EFAULT;
	if (device_start(10))
		return -EIO; // expected-warning{{pages pinned by 'iov_iter_extract_pages' are not given back on this path}}
	if (user_backed_iter(iter))
		unpin_user_pages(array, (offset + bytes + PAGE_SIZE - 1) / PAGE_SIZE);
	return 0;
}

int iterator_asked(struct iov_iter *iter)
{
	struct page *array[4], **pages = array;
	size_t offset;
	long bytes = iov_iter_extract_pages(iter, &pages, 4 * PAGE_SIZE, 4, 0,
					    &offset);

	if (bytes <= 0)
		return -EFAULT;
	if (iov_iter_extract_will_pin(iter) && device_start(10))
		return -EIO; // expected-warning{{pages pinned by 'iov_iter_extract_pages' are not given back on this path}}
	if (iov_iter_extract_will_pin(iter))
		unpin_user_pages(array, (offset + bytes + PAGE_SIZE - 1) / PAGE_SIZE);
	return 0;
}

//===--- behind static keys ------------------------------------------------===

int after_put_page(unsigned long a, unsigned long b)
{
	struct page *first, *second;

	if (get_user_pages_fast(a, 1, 0, &first) != 1)
		return -EFAULT;
	put_page(first);
	if (get_user_pages_fast(b, 1, 0, &second) != 1)
		return -EFAULT;
	return device_start(7); // expected-warning{{page taken by 'get_user_pages_fast' is not given back on this path}}
}

int after_unlock(unsigned long start)
{
	struct page *page;
	long got;

	mmap_read_lock(current->mm);
	got = pin_user_pages(start, 1, 0, &page);
	mmap_read_unlock(current->mm);
	if (got != 1)
		return -EFAULT;
	return device_start(8); // expected-warning{{page pinned by 'pin_user_pages' is not given back on this path; 'unpin_user_page' expected}}
}

int after_unknown_keys(unsigned long start)
{
	struct page *page;

	trace_something(1);
	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	trace_something(2);
	if (cpu_can(3)) {
		put_page(page);
		return 0;
	}
	trace_something(4);
	return -EIO; // expected-warning{{page taken by 'get_user_pages_fast' is not given back on this path}}
}

// The statement itself, with the label in the function that loses the page.
int own_asm_goto(unsigned long start)
{
	struct page *page;

	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	asm goto("1: nop" : : : : failed);
	put_page(page);
	return 0;
failed:
	return -EIO; // expected-warning{{page taken by 'get_user_pages_fast' is not given back on this path}}
}

// The table is not there, so nobody but this function can give them back.
int sg_table_fails(struct sg_table *table, unsigned long start, int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int got;

	if (!pages)
		return -ENOMEM;
	got = pin_user_pages_fast(start, n, 0, pages);
	if (got != n) {
		if (got > 0)
			unpin_user_pages(pages, got);
		kfree(pages);
		return -EFAULT;
	}
	if (sg_alloc_table_from_pages(table, pages, n, 0, n * PAGE_SIZE,
				      GFP_KERNEL)) {
		kfree(pages); // expected-warning{{pages pinned by 'pin_user_pages_fast' are lost when 'kfree' frees the memory}}
		return -ENOMEM;
	}
	kfree(pages);
	return 0;
}

// The address that a page is mapped at, in a structure that is a variable.
struct source {
	unsigned long contents;
	int kind;
};
int add_source(struct source *s);

int mapped_for_a_moment(unsigned long start)
{
	struct source s = { .kind = 1 };
	struct page *page;
	int err;

	if (get_user_pages_fast(start, 1, 0, &page) != 1)
		return -EFAULT;
	s.contents = (unsigned long)kmap_local_page(page);
	err = add_source(&s);
	if (err)
		return -EIO; // expected-warning{{page taken by 'get_user_pages_fast' is not given back on this path; 'put_page' expected}}
	put_page(page);
	return 0;
}
