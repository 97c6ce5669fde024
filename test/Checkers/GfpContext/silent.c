// Right, and in part unusual.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// RUN:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.GfpContext \
// RUN:   -verify %s
//
// expected-no-diagnostics

#include "atomic.h"

struct driver {
	spinlock_t lock, other;
	struct mutex *mutex;
	void *memory;
	int state;
};

void atomic(struct driver *d)
{
	spin_lock(&d->lock);
	d->memory = kmalloc(64, GFP_ATOMIC);
	spin_unlock(&d->lock);
	d->memory = kmalloc(64, GFP_KERNEL);
}

void tried(struct driver *d)
{
	if (spin_trylock(&d->lock))
		spin_unlock(&d->lock);
	d->memory = kmalloc(64, GFP_KERNEL);
}

void conditional(struct driver *d, bool lock)
{
	if (lock)
		spin_lock(&d->lock);
	d->memory = kmalloc(64, GFP_KERNEL);
	if (lock)
		spin_unlock(&d->lock);
}

void dropped(struct driver *d)
{
	spin_lock(&d->lock);
	while (d->state) {
		spin_unlock(&d->lock);
		msleep(1);
		spin_lock(&d->lock);
	}
	spin_unlock(&d->lock);
}

/* Lets the lock of its caller go, and takes it again. */
static void wait(struct driver *d)
{
	spin_unlock(&d->lock);
	msleep(1);
	spin_lock(&d->lock);
}

void waits(struct driver *d)
{
	spin_lock(&d->lock);
	wait(d);
	spin_unlock(&d->lock);
}

void driver_unlock(struct driver *d);

void unlocks_elsewhere(struct driver *d)
{
	spin_lock(&d->lock);
	driver_unlock(d);
	msleep(1);
}

void wait_for(spinlock_t *lock);

void gives_the_lock(struct driver *d)
{
	spin_lock(&d->lock);
	wait_for(&d->lock);
	msleep(1);
}

static void grow(struct driver *d, bool may_sleep)
{
	if (may_sleep)
		msleep(1);
	d->memory = kmalloc(64, may_sleep ? GFP_KERNEL : GFP_ATOMIC);
}

void told(struct driver *d)
{
	spin_lock(&d->lock);
	grow(d, false);
	spin_unlock(&d->lock);
}

static void grow_or_leave(struct driver *d, int atomic)
{
	if (atomic)
		return;
	d->memory = kmalloc(64, GFP_KERNEL);
}

void told_too(struct driver *d)
{
	spin_lock(&d->lock);
	grow_or_leave(d, 1);
	spin_unlock(&d->lock);
}

static void grow_with(struct driver *d, gfp_t gfp)
{
	d->memory = kmalloc(64, gfp);
}

void with_its_flags(struct driver *d)
{
	spin_lock(&d->lock);
	grow_with(d, GFP_ATOMIC);
	spin_unlock(&d->lock);
	grow_with(d, GFP_KERNEL);
}

static void grow_anywhere(struct driver *d)
{
	if (in_interrupt())
		return;
	msleep(1);
}

void asks(struct driver *d)
{
	spin_lock(&d->lock);
	grow_anywhere(d);
	spin_unlock(&d->lock);
}

static void grow_if_it_may(struct driver *d, gfp_t gfp)
{
	if (gfpflags_allow_blocking(gfp))
		msleep(1);
}

void asks_the_flags(struct driver *d)
{
	spin_lock(&d->lock);
	grow_if_it_may(d, GFP_ATOMIC);
	spin_unlock(&d->lock);
}

void sets_a_mask(struct driver *d, void *mapping)
{
	spin_lock(&d->lock);
	mapping_set_gfp_mask(mapping, GFP_KERNEL);
	spin_unlock(&d->lock);
}

void interrupts_on(struct driver *d, struct device *dev)
{
	spin_lock(&d->lock);
	dma_free_coherent(dev, 64, d->memory, 0);
	spin_unlock(&d->lock);
}

void guarded(struct driver *d)
{
	{
		guard_spinlock(&d->lock);
		d->state = 1;
	}
	d->memory = kmalloc(64, GFP_KERNEL);
}

/* The thread sleeps, the handler does not. */
static int isr(int irq, void *data)
{
	return 2;
}

static int thread(int irq, void *data)
{
	msleep(1);
	return 1;
}

int setup(struct driver *d)
{
	return request_threaded_irq(5, isr, thread, 0, "driver", d);
}

static int on_event(struct notifier_block *nb, unsigned long action, void *data)
{
	return !kmalloc(64, GFP_KERNEL);
}

static struct notifier_block event = {
	.notifier_call = on_event,
};

int watch(void *chain)
{
	return blocking_notifier_chain_register(chain, &event);
}

static int frees(int irq, void *data)
{
	vfree(data);
	return 1;
}

int setup_frees(struct driver *d)
{
	return request_irq(6, frees, 0, "driver", d);
}

/* Gives the lock up when it has to allocate. */
struct xarray;
void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old,
		   void *entry, gfp_t gfp);

void *first_of_its_number(spinlock_t *xa_lock, struct xarray *xa, void *entry)
{
	void *old;

	spin_lock(xa_lock);
	old = __xa_cmpxchg(xa, 0, 0, entry, GFP_KERNEL);
	spin_unlock(xa_lock);
	return old;
}

/* Locks pages only to make them dirty. */
void unpin_user_pages_dirty_lock(struct page **pages, unsigned long n,
				 bool make_dirty);

void unpinned(struct driver *d, struct page **pages, bool written)
{
	spin_lock(&d->lock);
	unpin_user_pages_dirty_lock(pages, 8, false);
	unpin_user_pages_dirty_lock(pages, 8, written);
	spin_unlock(&d->lock);
}
