/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Just enough for leaky.c to be read where no kernel is.  Written for this
 * example; a real driver includes the kernel's own headers.
 */
#ifndef KERNEL_STANDIN_H
#define KERNEL_STANDIN_H

typedef unsigned long size_t;
typedef unsigned int gfp_t;
#define NULL ((void *)0)
#define GFP_KERNEL ((gfp_t)0xcc0)
#define FOLL_WRITE 0x01
#define FOLL_LONGTERM 0x100
#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define EFAULT 14
#define ENOMEM 12
#define EIO 5
#define EINVAL 22

struct page {
	unsigned long flags;
	void *private;
};
struct mm_struct {
	int locked;
};

struct task_struct {
	struct mm_struct *mm;
};
extern struct task_struct *get_current(void);
#define current get_current()

void *kmalloc_array(size_t n, size_t size, gfp_t flags);
void kfree(const void *p);

int get_user_pages_fast(unsigned long start, int nr_pages,
			unsigned int gup_flags, struct page **pages);
long get_user_pages(unsigned long start, unsigned long nr_pages,
		    unsigned int gup_flags, struct page **pages);
int pin_user_pages_fast(unsigned long start, int nr_pages,
			unsigned int gup_flags, struct page **pages);
void unpin_user_pages(struct page **pages, unsigned long npages);
void unpin_user_pages_dirty_lock(struct page **pages, unsigned long npages,
				 _Bool make_dirty);
void unpin_user_page(struct page *page);

/*
 * A static key, as the kernel has them: a jump that is patched in or out.
 * clang's path exploration stops at one unless it is helped over.
 */
static inline __attribute__((always_inline)) int static_key(void)
{
	asm goto("" : : : : yes);
	return 0;
yes:
	return 1;
}

void page_freed(struct page *page);
static inline void put_page(struct page *page)
{
	if (static_key())
		return;
	page_freed(page);
}

void lock_traced(struct mm_struct *mm);
void lock_taken(struct mm_struct *mm);
static inline void mmap_read_lock(struct mm_struct *mm)
{
	if (static_key())
		lock_traced(mm);
	lock_taken(mm);
}

static inline void mmap_read_unlock(struct mm_struct *mm)
{
	if (static_key())
		lock_traced(mm);
	mm->locked = 0;
}

#endif
