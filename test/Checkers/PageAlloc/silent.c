// Right, and in part unusual.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "kernel.h"

struct device {
	struct page *page;
	void *buffer;
	int order;
};

int kept(struct device *d)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	d->page = page;
	return 0;
}

struct page *handed_up(void)
{
	return alloc_page(GFP_KERNEL);
}

void put_is_as_good(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (page)
		put_page(page);
}

void folio_of_its_own(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	if (folio)
		folio_put(folio);
}

/* An order that the device says. */
void same_order(struct device *d)
{
	struct page *page = alloc_pages(GFP_KERNEL, d->order);

	if (page)
		__free_pages(page, d->order);
}

/* One block, and then single pages. */
void split(void)
{
	struct page *pages = alloc_pages(GFP_KERNEL, 1);

	if (!pages)
		return;
	split_page(pages, 1);
	__free_page(pages);
	__free_page(pages + 1);
}

void nothing_to_free(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	free_page(page);
}

void two_references(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	get_page(page);
	__free_page(page);
	__free_page(page);
}

/* Freed through its address. */
void through_arithmetic(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	if (page)
		__free_page((struct page *)vmemmap_base + (page >> PAGE_SHIFT));
}

int buffer_init(struct device *d, bool large)
{
	d->buffer = large ? (void *)__get_free_pages(GFP_KERNEL, 3)
			  : (void *)__get_free_page(GFP_KERNEL);
	return d->buffer ? 0 : -ENOMEM;
}

void buffer_exit(struct device *d)
{
	free_pages((unsigned long)d->buffer, d->order);
}

//===--- shapes that drivers have --------------------------------------------===

struct pool {
	struct page *pages[4];
	void *text;
	unsigned long address;
	struct page *one;
	int order;
};

int pool_fill(struct pool *p)
{
	int i;

	for (i = 0; i < 4; i++) {
		p->pages[i] = alloc_page(GFP_KERNEL);
		if (!p->pages[i])
			goto out;
	}
	return 0;
out:
	while (i--)
		__free_page(p->pages[i]);
	return -ENOMEM;
}

void pool_empty(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (pages[i]) {
			__free_page(pages[i]);
			pages[i] = NULL;
		}
}

struct page **new_array(int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);
	int i;

	if (!pages)
		return NULL;
	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i]) {
			while (--i >= 0)
				__free_page(pages[i]);
			kfree(pages);
			return NULL;
		}
	}
	return pages;
}

/* One thing with two names. */
void page_by_address(void)
{
	struct page *pages = alloc_pages(GFP_KERNEL, 2);

	if (pages)
		free_pages((unsigned long)page_address(pages), 2);
}

void address_by_page(void)
{
	unsigned long address = __get_free_pages(GFP_KERNEL, 2);

	if (address)
		__free_pages(virt_to_page(address), 2);
}

void order_of_a_size(size_t size)
{
	unsigned long address = __get_free_pages(GFP_KERNEL, get_order(size));

	if (address)
		free_pages(address, get_order(size));
}

#define TABLE_ORDER 2

int order_of_a_macro(void)
{
	unsigned long table = __get_free_pages(GFP_KERNEL, TABLE_ORDER);

	if (!table)
		return -ENOMEM;
	free_pages(table, TABLE_ORDER);
	return 0;
}

/* As large as can be had. */
int order_falls(struct pool *p)
{
	int order;

	for (order = 4; order >= 0; order--) {
		p->one = alloc_pages(GFP_KERNEL, order);
		if (p->one) {
			p->order = order;
			return 0;
		}
	}
	return -ENOMEM;
}

void order_kept(struct pool *p)
{
	__free_pages(p->one, p->order);
}

void same_size_in_other_words(void)
{
	void *area = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);

	if (area)
		free_pages_exact(area, 12288);
}

unsigned long tagged(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	return page ? page | 1 : 0;
}

int kept_as_frame_number(struct pool *p)
{
	void *page = (void *)__get_free_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	p->address = (unsigned long)page >> PAGE_SHIFT;
	return 0;
}

int kept_as_bus_address(struct pool *p)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	p->address = page_to_pfn(page) << PAGE_SHIFT;
	return 0;
}

int one_way_out(void)
{
	unsigned long a = 0, b = 0;
	int ret = -ENOMEM;

	a = __get_free_page(GFP_KERNEL);
	if (!a)
		goto out;
	b = __get_free_page(GFP_KERNEL);
	if (!b)
		goto out;
	ret = device_start(1);
out:
	free_page(b);
	free_page(a);
	return ret;
}

void swapped(struct pool *p)
{
	void *text = (void *)__get_free_page(GFP_KERNEL), *old;

	if (!text)
		return;
	old = p->text;
	p->text = text;
	free_page((unsigned long)old);
}

void emptied_and_filled(struct pool *p)
{
	free_page((unsigned long)p->text);
	p->text = (void *)__get_free_page(GFP_KERNEL);
	free_page((unsigned long)p->text);
}

void forgotten_when_freed(struct pool *p)
{
	if (p->text) {
		free_page((unsigned long)p->text);
		p->text = NULL;
	}
	if (p->text)
		free_page((unsigned long)p->text);
}

/* Each page has the address of the next. */
struct link {
	struct link *next;
};

void chain(struct link *link)
{
	while (link) {
		struct link *next = link->next;

		free_page((unsigned long)link);
		link = next;
	}
}

static void *table;

int table_init(void)
{
	table = (void *)get_zeroed_page(GFP_KERNEL);
	return table ? 0 : -ENOMEM;
}

void table_exit(void)
{
	free_page((unsigned long)table);
}

void *mapped(void)
{
	struct page *pages[4];
	void *address;
	int i;

	for (i = 0; i < 4; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto out;
	}
	address = vmap(pages, 4, VM_MAP, 0);
	if (address)
		return address;
out:
	while (i--)
		__free_page(pages[i]);
	return NULL;
}

int in_a_list(struct scatterlist *sg)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	sg_set_page(sg, page, PAGE_SIZE, 0);
	return 0;
}

void split_and_single(void)
{
	struct page *pages = alloc_pages(GFP_KERNEL, 2);
	int i;

	if (!pages)
		return;
	split_page(pages, 2);
	for (i = 0; i < 4; i++)
		__free_page(pages + i);
}

/* A flag says whether there is one. */
int only_if_large(bool large)
{
	struct page *page = NULL;
	int ret;

	if (large) {
		page = alloc_page(GFP_KERNEL);
		if (!page)
			return -ENOMEM;
	}
	ret = device_start(1);
	if (large)
		__free_page(page);
	return ret;
}

/* An address is no error. */
static void *copy_in(const void *user, unsigned long n)
{
	void *buf = (void *)get_zeroed_page(GFP_KERNEL);

	if (!buf)
		return ERR_PTR(-ENOMEM);
	if (device_start(n)) {
		free_page((unsigned long)buf);
		return ERR_PTR(-EFAULT);
	}
	return buf;
}

long write_from_user(const void *user, unsigned long n)
{
	void *buf = copy_in(user, n);

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	free_page((unsigned long)buf);
	return n;
}

//===--- orders that vary, and compound pages --------------------------------===

void order_asked_for(size_t size)
{
	unsigned int order = get_order(size);
	struct page *pages = alloc_pages(GFP_KERNEL, order);

	if (!pages)
		return;
	if (order == 0)
		__free_page(pages);
	else
		__free_pages(pages, order);
}

void all_of_four(void)
{
	struct page *pages = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);

	if (pages)
		put_page(pages);
}

void folio_of_four(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	if (folio)
		folio_put(folio);
}

//===--- out of sight --------------------------------------------------------===

struct grid {
	struct page *page[8][3];
	unsigned long dma[8];
	void *text;
	struct page *spare;
};

int kept_in_two_dimensions(struct grid *g, int i, int j)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	g->page[i][j] = page;
	return 0;
}

unsigned long dma_map_page_attrs(struct device *dev, struct page *page,
				 size_t offset, size_t size, int dir,
				 unsigned long attrs);

/* The device's address of it is kept. */
int kept_by_its_dma_address(struct grid *g, struct device *dev, int i)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	g->dma[i] = dma_map_page_attrs(dev, page, 0, PAGE_SIZE, 0, 0);
	return 0;
}

static unsigned long emergency;

static void give_back(unsigned long address)
{
	if (address == emergency)
		return;
	free_page(address);
}

/* A new page is not the one for emergencies. */
int none_of_the_old(int id)
{
	unsigned long address = __get_free_page(GFP_KERNEL);

	if (!address)
		return -ENOMEM;
	device_start(id);
	give_back(address);
	return 0;
}

/* One of two kinds, and asked for. */
bool is_vmalloc_addr(const void *p);

int text_of_two_kinds(struct grid *g)
{
	g->text = (void *)__get_free_pages(GFP_KERNEL, 2);
	if (!g->text)
		g->text = vmalloc(4 * PAGE_SIZE);
	return g->text ? 0 : -ENOMEM;
}

void text_of_two_kinds_freed(struct grid *g)
{
	if (is_vmalloc_addr(g->text))
		vfree(g->text);
	else
		free_pages((unsigned long)g->text, 2);
}

struct kref {
	int count;
};
void kref_init(struct kref *kref);
struct counted {
	struct kref count;
	char text[64];
};

static void counted_put(struct counted *c)
{
	if (!--c->count.count)
		free_page((unsigned long)c);
}

/* Its own count says when it goes. */
int counted_page(int id)
{
	struct counted *c = (struct counted *)get_zeroed_page(GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	kref_init(&c->count);
	if (device_start(id)) {
		counted_put(c);
		return -EIO;
	}
	counted_put(c);
	return 0;
}

struct descriptor {
	unsigned int low, high;
};
int transmit(struct descriptor *fd);

/* In two halves, in a variable that the device gets. */
int handed_by_halves(struct device *dev)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct descriptor fd;
	unsigned long dma;

	if (!page)
		return -ENOMEM;
	dma = dma_map_page_attrs(dev, page, 0, PAGE_SIZE, 0, 0);
	fd.low = dma;
	fd.high = dma >> 32;
	return transmit(&fd);
}

/* An architecture may have another one, which keeps the memory. */
void __attribute__((weak)) set_entry(struct device *dev, void *memory)
{
}

int handed_to_weak(struct device *dev)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	set_entry(dev, page_address(page));
	return 0;
}

// A structure that is a variable may go on as a whole, or be shown to code that
// keeps what is in it.
struct parcel {
	struct page *page;
	int size;
};
void keep_parcel(struct parcel *p);
void keep_whole(struct parcel p);

int shown(int size)
{
	struct parcel p = { .size = size };

	p.page = alloc_page(GFP_KERNEL);
	if (!p.page)
		return -ENOMEM;
	keep_parcel(&p);
	return 0;
}

int given_by_value(int size)
{
	struct parcel p = { .size = size };

	p.page = alloc_page(GFP_KERNEL);
	if (!p.page)
		return -ENOMEM;
	keep_whole(p);
	return 0;
}

int copied(struct parcel *to)
{
	struct parcel p = { .size = 1 };

	p.page = alloc_page(GFP_KERNEL);
	if (!p.page)
		return -ENOMEM;
	*to = p;
	return 0;
}

struct parcel returned_whole(int size)
{
	struct parcel p = { .size = size };

	p.page = alloc_page(GFP_KERNEL);
	return p;
}

static int fill_parcel(struct parcel *p)
{
	p->page = alloc_page(GFP_KERNEL);
	return p->page ? 0 : -ENOMEM;
}

int filled_by_callee(int id)
{
	struct parcel p = {};
	int err = fill_parcel(&p);

	if (err)
		return err;
	err = device_start(id);
	__free_page(p.page);
	return err;
}

// The order that a wrapper is given is the same.
static inline struct page *ordered(unsigned int order)
{
	return alloc_pages(GFP_KERNEL, order);
}

static inline void end_ordered(struct page *page, unsigned int order)
{
	__free_pages(page, order);
}

void same_order_by_wrapper(void)
{
	struct page *page = ordered(2);

	if (page)
		end_ordered(page, 2);
}

struct xarray;
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);

int taken_by_table(struct xarray *table)
{
	struct page *page = alloc_page(GFP_KERNEL);
	int err;

	if (!page)
		return -ENOMEM;
	err = xa_insert(table, 1, page, GFP_KERNEL);
	if (err)
		__free_page(page);
	return err;
}

void set_page_private(struct page *page, unsigned long private);
void take_chain(struct page *first);

// Each page says where the one before it is.
void chained(int n)
{
	struct page *head = NULL, *page;
	int i;

	for (i = 0; i < n; i++) {
		page = alloc_page(GFP_KERNEL);
		if (!page)
			break;
		set_page_private(page, (unsigned long)head);
		head = page;
	}
	take_chain(head);
}
