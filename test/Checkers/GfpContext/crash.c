// What is odd, and must not stop the analysis.
//
// RUN: %clang_cc1 -Wno-deprecated-non-prototype -triple x86_64-linux-gnu -load %plugin -analyze \
// RUN:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.GfpContext \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "atomic.h"

/* Functions that call each other. */
static void odd(spinlock_t *lock, int n);

static void even(spinlock_t *lock, int n)
{
	spin_lock(lock);
	odd(lock, n - 1);
	spin_unlock(lock);
}

static void odd(spinlock_t *lock, int n)
{
	if (n)
		even(lock, n - 1);
}

void start(spinlock_t *lock)
{
	even(lock, 8);
}

/* No lock at all. */
void nothing(void)
{
	spin_lock(0);
	spin_lock((spinlock_t *)8);
	spin_unlock(0);
	request_irq(1, 0, 0, "", 0);
	request_irq(1, (irq_handler_t)start, 0, "", 0);
}

/* It never ends. */
void for_ever(spinlock_t *lock)
{
	spin_lock(lock);
	for (;;)
		spin_unlock(lock);
}

void computed(spinlock_t *lock, int n)
{
	void *targets[] = { &&a, &&b };

	spin_lock(lock);
	goto *targets[n];
a:
	spin_unlock(lock);
b:
	return;
}

void old_style_lock();
static struct notifier_block empty = {};

int registered(void *chain)
{
	old_style_lock(1, 2);
	return atomic_notifier_chain_register(chain, &empty);
}
