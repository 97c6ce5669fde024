// What is freed is no page, and pages that go with what they are stored in.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PageAlloc \
// RUN:   -verify %s

#include "kernel.h"

struct holder {
	struct page *page, *spare[4];
	struct holder *next;
	int number;
};

int holder_start(int id);
void holder_keep(struct holder *h);
void holder_show(int number);

//===--- not of this kind ---------------------------------------------------===

int structure_freed(int id)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	if (holder_start(id)) {
		free_page((unsigned long)page); // expected-warning{{'free_pages' gets the address of a 'struct page', not of what is in the page}}
		return -EIO;
	}
	__free_page(page);
	return 0;
}

int other_allocator(int id)
{
	void *text = kmalloc(100, GFP_KERNEL);

	if (!text)
		return -ENOMEM;
	holder_start(id);
	free_page((unsigned long)text); // expected-warning{{'free_pages' gets memory that 'kmalloc' allocated}}
	return 0;
}

int address_freed(int id)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	holder_start(id);
	free_page((unsigned long)page_address(page)); // right
	return 0;
}

void structure_as_memory(struct holder *h)
{
	kfree(h->page); // expected-warning{{'kfree' gets the address of a 'struct page', which is no memory of its own}}
	kfree(h);
}

//===--- lost with what it is stored in -------------------------------------===

struct holder *freed_with_it(int id)
{
	struct holder *h = kzalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return NULL;
	h->page = alloc_page(GFP_KERNEL);
	if (!h->page) {
		kfree(h);
		return NULL;
	}
	if (holder_start(id)) {
		kfree(h); // expected-warning{{page allocated by 'alloc_pages' is lost when 'kfree' frees the memory that says where; '__free_pages' expected}}
		return NULL;
	}
	return h;
}

struct holder *freed_before_it(int id)
{
	struct holder *h = kzalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return NULL;
	h->page = alloc_page(GFP_KERNEL);
	if (!h->page) {
		kfree(h);
		return NULL;
	}
	if (holder_start(id)) {
		__free_page(h->page); // right
		kfree(h);
		return NULL;
	}
	return h; // the caller's now
}

int kept_by_others(int id, struct holder *list)
{
	struct holder *h = kzalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return -ENOMEM;
	h->page = alloc_page(GFP_KERNEL);
	if (!h->page) {
		kfree(h);
		return -ENOMEM;
	}
	h->next = list->next;
	list->next = h; // whoever has the list has the page
	if (holder_start(id))
		return -EIO;
	return 0;
}

int kept_by_unknown_code(int id)
{
	struct holder *h = kzalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return -ENOMEM;
	h->page = alloc_page(GFP_KERNEL);
	if (!h->page) {
		kfree(h);
		return -ENOMEM;
	}
	holder_keep(h);
	return holder_start(id) ? -EIO : 0;
}

// What borrows a structure may write where the page was.
struct holder *maybe_written_over(const void *from)
{
	struct holder *h = kzalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return NULL;
	h->page = alloc_page(GFP_KERNEL);
	if (!h->page) {
		kfree(h);
		return NULL;
	}
	if (copy_from_user(&h->number, from, sizeof(h->number))) {
		__free_page(h->page); // right
		kfree(h);
		return NULL;
	}
	return h;
}

// Assembly stores it.
int exchanged(struct holder *h, int id)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct page *old;

	if (!page)
		return -ENOMEM;
	__asm__ volatile("cmpxchgq %2,%1"
			 : "=a"(old), "+m"(h->page)
			 : "r"(page), "0"(0UL)
			 : "memory");
	return holder_start(id) ? -EIO : 0;
}

int element_lost_with_it(int n)
{
	struct page **pages = kmalloc_array(n, sizeof(*pages), GFP_KERNEL);

	if (!pages)
		return -ENOMEM;
	pages[0] = alloc_page(GFP_KERNEL);
	if (pages[0] && holder_start(1)) {
		kfree(pages); // expected-warning{{page allocated by 'alloc_pages' is lost when 'kfree' frees the memory that says where; '__free_pages' expected}}
		return -EIO;
	}
	if (pages[0])
		__free_page(pages[0]);
	kfree(pages);
	return 0;
}

static void free_all(struct holder *h)
{
	int i;

	for (i = 0; i < 4; i++)
		if (h->spare[i])
			__free_page(h->spare[i]);
	kfree(h);
}

struct holder *elements_freed(int id)
{
	struct holder *h = kzalloc(sizeof(*h), GFP_KERNEL);
	int i;

	if (!h)
		return NULL;
	for (i = 0; i < 4; i++) {
		h->spare[i] = alloc_page(GFP_KERNEL);
		if (!h->spare[i]) {
			free_all(h); // right
			return NULL;
		}
	}
	if (holder_start(id)) {
		free_all(h); // right
		return NULL;
	}
	return h;
}

//===--- read where it is mapped --------------------------------------------===

int mapping_read(int id)
{
	struct page *page = alloc_page(GFP_KERNEL);
	int *text, first;

	if (!page)
		return -ENOMEM;
	text = page_address(page);
	holder_start(id);
	__free_page(page);
	first = text[0]; // expected-warning{{page allocated by 'alloc_pages' is used after it was given back}}
	return first;
}

int mapping_read_before(int id)
{
	struct page *page = alloc_page(GFP_KERNEL);
	int *text, first;

	if (!page)
		return -ENOMEM;
	text = page_address(page);
	holder_start(id);
	first = text[0];
	__free_page(page); // right
	holder_show(first);
	return first;
}
