// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* Which functions of the kernel's headers a path gets past, and how. */

#include <linux/cpufeature.h>
#include <linux/jump_label.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/page_ref.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

void clang_analyzer_warnIfReached(void);
void clang_analyzer_eval(int);
#define REACHED() clang_analyzer_warnIfReached()
#define EVAL(cond) clang_analyzer_eval(cond)

void r_put_page(struct page *page);
void r_put_page(struct page *page)
{
	put_page(page);
	REACHED(); // expected-warning{{REACHABLE}}
}

void r_folio_put(struct folio *folio);
void r_folio_put(struct folio *folio)
{
	folio_put(folio);
	REACHED(); // expected-warning{{REACHABLE}}
}

void r_get_page(struct page *page);
void r_get_page(struct page *page)
{
	get_page(page);
	REACHED(); // expected-warning{{REACHABLE}}
}

void r_get_page_unless_zero(struct page *page);
void r_get_page_unless_zero(struct page *page)
{
	if (get_page_unless_zero(page))
		REACHED(); // expected-warning{{REACHABLE}}
	else
		REACHED(); // expected-warning{{REACHABLE}}
}

void r_mmap_lock(struct mm_struct *mm);
void r_mmap_lock(struct mm_struct *mm)
{
	mmap_read_lock(mm);
	REACHED(); // expected-warning{{REACHABLE}}
	mmap_read_unlock(mm);
	REACHED(); // expected-warning{{REACHABLE}}
	mmap_write_lock(mm);
	mmap_write_unlock(mm);
	REACHED(); // expected-warning{{REACHABLE}}
	if (mmap_read_trylock(mm))
		REACHED(); // expected-warning{{REACHABLE}}
	else
		REACHED(); // expected-warning{{REACHABLE}}
}

void r_locks(struct mutex *mutex, spinlock_t *spin);
void r_locks(struct mutex *mutex, spinlock_t *spin)
{
	unsigned long flags;

	mutex_lock(mutex);
	mutex_unlock(mutex);
	REACHED(); // expected-warning{{REACHABLE}}
	spin_lock(spin);
	spin_unlock(spin);
	REACHED(); // expected-warning{{REACHABLE}}
	spin_lock_irqsave(spin, flags);
	spin_unlock_irqrestore(spin, flags);
	REACHED(); // expected-warning{{REACHABLE}}
}

void r_copy(void *to, const void __user *from);
void r_copy(void *to, const void __user *from)
{
	if (copy_from_user(to, from, 8))
		REACHED(); // expected-warning{{REACHABLE}}
	else
		REACHED(); // expected-warning{{REACHABLE}}
}

/* Not in the model: these are asm goto, rewritten. */

static DEFINE_STATIC_KEY_FALSE(own_key);

void r_static_key(void);
void r_static_key(void)
{
	if (static_branch_unlikely(&own_key))
		REACHED(); // expected-warning{{REACHABLE}}
	else
		REACHED(); // expected-warning{{REACHABLE}}
	if (static_branch_likely(&own_key))
		REACHED(); // expected-warning{{REACHABLE}}
	else
		REACHED(); // expected-warning{{REACHABLE}}
}

void r_static_cpu_has(void);
void r_static_cpu_has(void)
{
	if (static_cpu_has(X86_FEATURE_AVX512F))
		REACHED(); // expected-warning{{REACHABLE}}
	else
		REACHED(); // expected-warning{{REACHABLE}}
}

void r_page_ref(struct page *page);
void r_page_ref(struct page *page)
{
	if (page_ref_add_unless(page, 1, 0))
		REACHED(); // expected-warning{{REACHABLE}}
	else
		REACHED(); // expected-warning{{REACHABLE}}
	if (page_ref_dec_and_test(page))
		REACHED(); // expected-warning{{REACHABLE}}
	else
		REACHED(); // expected-warning{{REACHABLE}}
}

int r_user_access(const int __user *user);
int r_user_access(const int __user *user)
{
	int a = 1, b = 2;

	if (!user_access_begin(user, 8)) {
		REACHED(); // expected-warning{{REACHABLE}}
		return -EFAULT;
	}
	unsafe_get_user(a, user, fault);
	EVAL(a == 1); // expected-warning{{UNKNOWN}}
	EVAL(b == 2); // expected-warning{{TRUE}}
	unsafe_get_user(b, user + 1, fault);
	REACHED(); // expected-warning{{REACHABLE}}
	user_access_end();
	return a + b;
fault:
	user_access_end();
	REACHED(); // expected-warning{{REACHABLE}}
	return -EFAULT;
}

int r_get_user(const int __user *user);
int r_get_user(const int __user *user)
{
	int v;

	if (get_user(v, user)) {
		REACHED(); // expected-warning{{REACHABLE}}
		return -EFAULT;
	}
	REACHED(); // expected-warning{{REACHABLE}}
	return v;
}

/* guard(), scoped_guard() and __free(). */

void r_guard(struct mutex *mutex);
void r_guard(struct mutex *mutex)
{
	{
		guard(mutex)(mutex);
		REACHED(); // expected-warning{{REACHABLE}}
	}
	REACHED(); // expected-warning{{REACHABLE}}
	scoped_guard(mutex, mutex) {
		REACHED(); // expected-warning{{REACHABLE}}
	}
	REACHED(); // expected-warning{{REACHABLE}}
}

int r_free(int n);
int r_free(int n)
{
	{
		int *p __free(kfree) = kzalloc(sizeof(*p), GFP_KERNEL);

		if (!p)
			return -ENOMEM;
		EVAL(*p == 0); // expected-warning{{TRUE}}
	}
	REACHED(); // expected-warning{{REACHABLE}}
	return 0;
}

void r_bug(int n);
void r_bug(int n)
{
	WARN_ON(n == 3);
	REACHED(); // expected-warning{{REACHABLE}}
	BUG_ON(n == 4);
	EVAL(n == 4); // expected-warning{{FALSE}}
}

MODULE_LICENSE("GPL");
