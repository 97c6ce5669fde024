// Code that nobody should write, and that must be lived through.  What counts
// is that the analysis of every function ends, and that the plain leak at the
// end is found.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -std=gnu11 -Wno-everything -load %plugin -analyze \
// RUN:   -analyzer-checker=core.builtin,linux.mm.PinLeak -verify %s

typedef unsigned long size_t;
struct page { unsigned long flags; };

int pin_user_pages_fast(unsigned long start, int nr, unsigned int flags,
			struct page **pages);
void unpin_user_pages(struct page **pages, unsigned long n);
void kfree(const void *p);

// No prototypes at all.
int get_user_pages_fast();
void put_page();
long get_user_pages_unlocked();

int no_arguments(void)
{
	return get_user_pages_fast();
}

int too_few(struct page **pages)
{
	return get_user_pages_fast(1ul, pages);
}

int too_many(struct page **pages)
{
	return get_user_pages_fast(1ul, 2, 0, pages, 4, 5, 6);
}

int wrong_types(void)
{
	put_page(17);
	put_page();
	put_page(1, 2, 3);
	return get_user_pages_fast(1.5, "two", 0, 3);
}

// K&R.
int old_style(start, n, pages)
	unsigned long start;
	struct page **pages;
{
	int got = pin_user_pages_fast(start, n, 0, pages);

	if (got > 0)
		unpin_user_pages(pages, got);
	return got;
}

int address_zero(void)
{
	return pin_user_pages_fast(0, 4, 0, 0);
}

int address_number(void)
{
	int got = pin_user_pages_fast(0, 4, 0, (struct page **)0xdead000);

	unpin_user_pages((struct page **)0xdead000, got);
	return got;
}

int address_computed(unsigned long bits)
{
	return pin_user_pages_fast(0, 4, 0, (struct page **)(bits * 3 + 1));
}

int address_of_function(void)
{
	return pin_user_pages_fast(0, 4, 0, (struct page **)&address_computed);
}

int address_of_literal(void)
{
	return pin_user_pages_fast(0, 1, 0, (struct page **)"page");
}

// What was never set.
int uninitialised(void)
{
	struct page **pages;
	int n;

	return pin_user_pages_fast(n, n, n, pages);
}

int element_of_nowhere(int i)
{
	struct page *pages[2];

	unpin_user_pages(&pages[i - 1000000], 1);
	return pin_user_pages_fast(0, 2147483647, 0, pages - 1); // expected-warning{{pages pinned by 'pin_user_pages_fast' are not given back on this path}}
}

int recursion(struct page **pages, int n)
{
	int got = pin_user_pages_fast(0, n, 0, pages);

	if (n > 0)
		got += recursion(pages + 1, n - 1);
	if (got > 0)
		unpin_user_pages(pages, got);
	return got;
}

int mutual_b(struct page **pages);
int mutual_a(struct page **pages)
{
	pin_user_pages_fast(0, 1, 0, pages); // expected-warning{{lost when 'pin_user_pages_fast' overwrites the array}}
	return mutual_b(pages);
}
int mutual_b(struct page **pages)
{
	return mutual_a(pages);
}

int log_pages(const char *format, ...);
int variadic(int n, ...)
{
	struct page *pages[2];
	__builtin_va_list list;
	int got;

	__builtin_va_start(list, n);
	got = pin_user_pages_fast(0, 2, 0, __builtin_va_arg(list, struct page **));
	__builtin_va_end(list);
	got += pin_user_pages_fast(0, 2, 0, pages);
	log_pages("%d %p %p", got, pages, pages[0]);
	return got;
}

int through_pointer(int (*pin)(unsigned long, int, unsigned int, struct page **))
{
	struct page *page;

	pin = pin ? pin : pin_user_pages_fast;
	return pin(0, 1, 0, &page) + (*&pin_user_pages_fast)(0, 0, 0, &page); // expected-warning{{lost when 'pin_user_pages_fast' overwrites the array}}
}

int in_vla(int n)
{
	struct page *pages[n];
	int got = pin_user_pages_fast(0, n, 0, pages);

	if (got > 0)
		unpin_user_pages(pages, got);
	return sizeof(pages);
}

int in_compound_literal(void)
{
	struct page **pages = (struct page *[3]){ 0 };
	int got = pin_user_pages_fast(0, 3, 0, pages);

	if (got > 0)
		unpin_user_pages(pages, got);
	return 0;
}

int in_statement_expression(void)
{
	return ({
		struct page *page;
		int got = pin_user_pages_fast(0, 1, 0, &page);
		if (got == 1)
			unpin_user_pages(&page, 1);
		got;
	});
}

int jumps_into_block(int n)
{
	void *targets[] = { &&one, &&two };
	struct page *page = 0;

	goto *targets[n & 1];
one:
	pin_user_pages_fast(0, 1, 0, &page);
two:
	unpin_user_pages(&page, 1);
	return 0;
}

int endless(struct page **pages)
{
	for (;;)
		pin_user_pages_fast(0, 1, 0, pages++);
}

int switched(int n)
{
	struct page *page;

	switch (n)
	case 0:
		while (n--) {
	case 1:
			pin_user_pages_fast(0, 1, 0, &page);
	default:
			unpin_user_pages(&page, 1);
		}
	return 0;
}

int frees_a_variable(void)
{
	struct page *pages[2];
	int got = pin_user_pages_fast(0, 2, 0, pages);

	unpin_user_pages(pages, got);
	kfree(pages);
	kfree(0);
	kfree((void *)16);
	return 0;
}

// The static function has the name but is not the kernel's.
static long get_user_pages(const char *what)
{
	return what[0];
}

long own_meaning(void)
{
	return get_user_pages("book");
}

int plain_leak(void)
{
	struct page *page;
	int got = pin_user_pages_fast(0, 1, 0, &page);

	return got; // expected-warning{{page pinned by 'pin_user_pages_fast' is not given back on this path; 'unpin_user_page' expected}}
}

// Memory that is reached in a circle.
void *kmalloc(size_t size, unsigned int flags);
struct queue {
	struct queue *other;
	struct page **pages;
	struct page *first[4];
};

int in_a_circle(void)
{
	struct queue *entry = kmalloc(sizeof(*entry), 0);
	struct queue *in = kmalloc(sizeof(*in), 0);
	struct queue *out = kmalloc(sizeof(*out), 0);

	if (!entry || !in || !out)
		return -1;
	entry->other = in;
	in->other = out;
	out->other = in;
	in->pages = out->first;
	pin_user_pages_fast(0, 4, 0, in->first);
	pin_user_pages_fast(0, 4, 0, out->first);
	return 0; // expected-warning 2{{pages pinned by 'pin_user_pages_fast' are not given back on this path}}
}
