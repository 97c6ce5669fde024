/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * What the tests' small drivers need of a kernel, written for them in the
 * shape of Linux 6.12: which functions are macros over others, which are
 * inline, and where the static keys are.
 */
#ifndef TEST_INPUTS_KERNEL_H
#define TEST_INPUTS_KERNEL_H

typedef unsigned long size_t;
typedef unsigned int gfp_t;
typedef _Bool bool;
typedef long long loff_t;
typedef unsigned long pgoff_t;

#define true 1
#define false 0
#define NULL ((void *)0)
#define GFP_KERNEL ((gfp_t)0xcc0)
#define __GFP_ZERO ((gfp_t)0x100u)
#define __GFP_NOFAIL ((gfp_t)0x8000u)
#define __GFP_COMP ((gfp_t)0x40000u)
enum {
	FOLL_WRITE = 1 << 0,
	FOLL_GET = 1 << 1,
	FOLL_NOWAIT = 1 << 4,
	FOLL_LONGTERM = 1 << 8,
	FOLL_PCI_P2PDMA = 1 << 10,
	FOLL_PIN = 1 << 19,
};
#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define EIO 5
#define ENOMEM 12
#define EFAULT 14
#define EINVAL 22
#define VM_MAP 0x04
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define min(a, b) ((a) < (b) ? (a) : (b))

/* Static keys: a jump that is patched in or out. */
static inline __attribute__((always_inline)) bool key_is_on(void)
{
	asm goto("1: nop" : : : : on);
	return false;
on:
	return true;
}

/* Types */

struct folio;
struct page {
	unsigned long flags;
	struct page *head;
	unsigned long private;
};
struct folio {
	struct page page;
};
struct mm_struct {
	int locked;
};
struct task_struct {
	struct mm_struct *mm;
};
extern struct task_struct *get_current(void);
#define current get_current()
struct file;
struct vm_area_struct;
struct bio;
struct scatterlist {
	unsigned long page_link;
	unsigned int offset, length;
};
struct sg_table {
	struct scatterlist *sgl;
	unsigned int nents;
};
struct list_head {
	struct list_head *next, *prev;
};

void list_add_tail(struct list_head *entry, struct list_head *head);

/* Error pointers */

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}
static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}
static inline bool IS_ERR(const void *ptr)
{
	return unlikely((unsigned long)ptr >= (unsigned long)-4095);
}
static inline bool IS_ERR_OR_NULL(const void *ptr)
{
	return !ptr || IS_ERR(ptr);
}

/* Memory: macros around the functions that do it */

#define profiled(call) ({ typeof(call) result_ = call; result_; })

void *kmalloc_noprof(size_t size, gfp_t flags);
#define kmalloc(...) profiled(kmalloc_noprof(__VA_ARGS__))
void *kmalloc_array_noprof(size_t n, size_t size, gfp_t flags);
#define kmalloc_array(...) profiled(kmalloc_array_noprof(__VA_ARGS__))
#define kcalloc(n, size, flags) kmalloc_array(n, size, (flags) | __GFP_ZERO)
void *kzalloc_noprof(size_t size, gfp_t flags);
#define kzalloc(...) profiled(kzalloc_noprof(__VA_ARGS__))
void *kvmalloc_array_node_noprof(size_t n, size_t size, gfp_t flags, int node);
#define kvmalloc_array(n, size, flags) \
	profiled(kvmalloc_array_node_noprof(n, size, flags, -1))
void *vmalloc_noprof(unsigned long size);
#define vmalloc(...) profiled(vmalloc_noprof(__VA_ARGS__))
void kfree(const void *p);
void kvfree(const void *p);
void vfree(const void *p);

#define __free(name) __attribute__((cleanup(free_##name##_at)))
static inline void free_kvfree_at(void *p)
{
	void *memory = *(void **)p;

	if (memory)
		kvfree(memory);
}

/* Taking pages */

long get_user_pages(unsigned long start, unsigned long nr_pages,
		    unsigned int gup_flags, struct page **pages);
long get_user_pages_remote(struct mm_struct *mm, unsigned long start,
			   unsigned long nr_pages, unsigned int gup_flags,
			   struct page **pages, int *locked);
long get_user_pages_unlocked(unsigned long start, unsigned long nr_pages,
			     struct page **pages, unsigned int gup_flags);
int get_user_pages_fast(unsigned long start, int nr_pages,
			unsigned int gup_flags, struct page **pages);
int get_user_pages_fast_only(unsigned long start, int nr_pages,
			     unsigned int gup_flags, struct page **pages);
struct page *get_user_page_vma_remote(struct mm_struct *mm, unsigned long addr,
				      int gup_flags,
				      struct vm_area_struct **vmap);
struct page *get_dump_page(unsigned long addr);
long pin_user_pages(unsigned long start, unsigned long nr_pages,
		    unsigned int gup_flags, struct page **pages);
long pin_user_pages_remote(struct mm_struct *mm, unsigned long start,
			   unsigned long nr_pages, unsigned int gup_flags,
			   struct page **pages, int *locked);
long pin_user_pages_unlocked(unsigned long start, unsigned long nr_pages,
			     struct page **pages, unsigned int gup_flags);
int pin_user_pages_fast(unsigned long start, int nr_pages,
			unsigned int gup_flags, struct page **pages);
long memfd_pin_folios(struct file *memfd, loff_t start, loff_t end,
		      struct folio **folios, unsigned int max_folios,
		      pgoff_t *offset);

/* io_uring's own: all or ERR_PTR(), in an array that is new. */
struct page **io_pin_pages(unsigned long uaddr, unsigned long len, int *npages);

/* Only pages of a user's iterator are pinned. */
struct iov_iter {
	unsigned char iter_type;
	size_t count;
};
long iov_iter_extract_pages(struct iov_iter *i, struct page ***pages,
			    size_t maxsize, unsigned int maxpages,
			    unsigned int flags, size_t *offset0);
static inline bool user_backed_iter(const struct iov_iter *i)
{
	return i->iter_type < 2;
}
static inline bool iov_iter_extract_will_pin(const struct iov_iter *iter)
{
	return user_backed_iter(iter);
}
static inline bool iov_iter_is_kvec(const struct iov_iter *i)
{
	return i->iter_type == 3;
}

/* Giving them back */

void page_is_free(struct page *page);
static inline void put_page(struct page *page)
{
	if (key_is_on() && page->private)
		return;
	page_is_free(page);
}
void unpin_user_page(struct page *page);
void unpin_user_pages(struct page **pages, unsigned long npages);
void unpin_user_pages_dirty_lock(struct page **pages, unsigned long npages,
				 bool make_dirty);
void unpin_folio(struct folio *folio);
void unpin_folios(struct folio **folios, unsigned long nfolios);
void unpin_user_folio(struct folio *folio, unsigned long npages);
typedef union {
	struct page **pages;
	struct folio **folios;
} release_pages_arg __attribute__((transparent_union));
void release_pages(release_pages_arg arg, int nr);
void folio_put(struct folio *folio);
void page_ref_sub(struct page *page, int nr);

/* The page allocator */

struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order);
#define alloc_pages(...) profiled(alloc_pages_noprof(__VA_ARGS__))
#define alloc_page(gfp) alloc_pages(gfp, 0)
struct folio *folio_alloc_noprof(gfp_t gfp, unsigned int order);
#define folio_alloc(...) profiled(folio_alloc_noprof(__VA_ARGS__))
unsigned long get_free_pages_noprof(gfp_t gfp_mask, unsigned int order);
#define __get_free_pages(...) profiled(get_free_pages_noprof(__VA_ARGS__))
#define __get_free_page(gfp) __get_free_pages((gfp), 0)
unsigned long get_zeroed_page_noprof(gfp_t gfp_mask);
#define get_zeroed_page(...) profiled(get_zeroed_page_noprof(__VA_ARGS__))
void *alloc_pages_exact_noprof(size_t size, gfp_t gfp_mask);
#define alloc_pages_exact(...) profiled(alloc_pages_exact_noprof(__VA_ARGS__))
void __free_pages(struct page *page, unsigned int order);
#define __free_page(page) __free_pages((page), 0)
void free_pages(unsigned long addr, unsigned int order);
#define free_page(addr) free_pages((addr), 0)
void free_pages_exact(void *virt, size_t size);
void split_page(struct page *page, unsigned int order);
static inline void get_page(struct page *page)
{
	page->private++;
}
bool get_page_unless_zero(struct page *page);
bool put_page_testzero(struct page *page);
unsigned long alloc_pages_bulk_noprof(gfp_t gfp, int nid, void *nodemask, int n,
				      struct list_head *list,
				      struct page **array);
#define alloc_pages_bulk_array(gfp, n, array) \
	profiled(alloc_pages_bulk_noprof(gfp, 0, NULL, n, NULL, array))
unsigned int get_order(unsigned long size);

/* Dirtying pages */

bool set_page_dirty(struct page *page);
int set_page_dirty_lock(struct page *page);
void lock_page(struct page *page);
bool trylock_page(struct page *page);
void unlock_page(struct page *page);
void folio_mark_dirty(struct folio *folio);
void folio_lock(struct folio *folio);
void folio_unlock(struct folio *folio);
int PageDirty(struct page *page);
int PageReserved(struct page *page);
void memcpy_to_page(struct page *page, size_t offset, const char *from,
		    size_t len);

/* Their other names */

static inline struct page *compound_head(const struct page *page)
{
	return page->head ? page->head : (struct page *)page;
}
#define page_folio(p) ((struct folio *)compound_head(p))
extern unsigned long vmemmap_base;
#define page_to_pfn(p) (((unsigned long)(p) - vmemmap_base) / sizeof(struct page))

#define pfn_to_page(pfn) ((struct page *)vmemmap_base + (pfn))
#define virt_to_page(addr) pfn_to_page((unsigned long)(addr) >> PAGE_SHIFT)
void *page_address(const struct page *page);
void *kmap_local_page(struct page *page);
void kunmap_local(const void *address);
void *memcpy(void *to, const void *from, size_t n);

/* Handing them on */

int sg_alloc_table_from_pages_segment(struct sg_table *sgt, struct page **pages,
				      unsigned int n_pages, unsigned int offset,
				      unsigned long size,
				      unsigned int max_segment,
				      gfp_t gfp_mask);
static inline int sg_alloc_table_from_pages(struct sg_table *sgt,
					    struct page **pages,
					    unsigned int n_pages,
					    unsigned int offset,
					    unsigned long size, gfp_t gfp_mask)
{
	return sg_alloc_table_from_pages_segment(sgt, pages, n_pages, offset,
						 size, ~0u, gfp_mask);
}
void sg_set_page(struct scatterlist *sg, struct page *page, unsigned int len,
		 unsigned int offset);
int bio_add_page(struct bio *bio, struct page *page, unsigned int len,
		 unsigned int off);
void *vmap(struct page **pages, unsigned int count, unsigned long flags,
	   unsigned long prot);

/* Objects with a life of their own */

struct mmu_interval_notifier {
	unsigned long start;
};
int mmu_interval_notifier_insert(struct mmu_interval_notifier *notifier,
				 struct mm_struct *mm, unsigned long start,
				 unsigned long length);

/* Memory of user space */

unsigned long copy_from_user(void *to, const void *from, unsigned long n);

/* Locks and the like */

void lock_is_traced(struct mm_struct *mm);
void lock_is_taken(struct mm_struct *mm);
static inline void mmap_read_lock(struct mm_struct *mm)
{
	if (key_is_on())
		lock_is_traced(mm);
	lock_is_taken(mm);
}
static inline void mmap_read_unlock(struct mm_struct *mm)
{
	if (key_is_on())
		lock_is_traced(mm);
	mm->locked = 0;
}

bool mmap_read_trylock(struct mm_struct *mm);
int mmap_read_lock_killable(struct mm_struct *mm);
void mmap_write_lock(struct mm_struct *mm);
void mmap_write_unlock(struct mm_struct *mm);
void mmap_write_downgrade(struct mm_struct *mm);

/*
 * Functions that no model knows, with static keys in them: paths have to go on
 * behind these as well.
 */
static inline void trace_something(int value)
{
	extern void trace_hit(int value);
	if (key_is_on())
		trace_hit(value);
}
static inline bool cpu_can(int what)
{
	asm goto("1: nop %0" : : "i"(0) : : yes, no);
	return what;
yes:
	return true;
no:
	return false;
}

/* A device that knows nothing of pages, and may fail. */
int device_start(int id);

#endif
