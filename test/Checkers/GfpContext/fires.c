// Every rule of docs/checks/linux.mm.GfpContext.md.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.GfpContext
//
// RUN: %{analyze} -verify %s
// RUN: %{analyze} -DERA=601 -verify %s

#include "atomic.h"

struct driver {
	spinlock_t lock;
	raw_spinlock_t hard;
	rwlock_t map;
	struct mutex *mutex;
	void *memory;
	struct timer_list timer;
};

//===--- rule 1: in a section ----------------------------------------------===

void locked(struct driver *d)
{
	spin_lock(&d->lock); // expected-note{{it began here}}
	d->memory = kmalloc(64, GFP_KERNEL); // expected-warning{{'kmalloc' may sleep with these flags, and spinlock 'lock' is held}}
	spin_unlock(&d->lock);
}

void irqs_saved(struct driver *d)
{
	unsigned long flags;

	spin_lock_irqsave(&d->lock, flags); // expected-note{{it began here}}
	if (!d->memory)
		d->memory = kzalloc(64, GFP_NOIO); // expected-warning{{'kzalloc' may sleep with these flags, and spinlock 'lock' is held}}
	spin_unlock_irqrestore(&d->lock, flags);
}

void rwlocked(struct driver *d)
{
	read_lock(&d->map); // expected-note{{it began here}}
	mutex_lock(d->mutex); // expected-warning{{'mutex_lock' may sleep, and rwlock 'map' is held}}
	mutex_unlock(d->mutex);
	read_unlock(&d->map);
}

void not_preemptible(struct driver *d)
{
	preempt_disable(); // expected-note{{it began here}}
	d->memory = kmalloc(64, GFP_KERNEL); // expected-warning{{'kmalloc' may sleep with these flags, and this is in a section with preemption off}}
	preempt_enable();
}

void not_interruptible(struct driver *d)
{
	local_irq_disable(); // expected-note{{it began here}}
	msleep(1); // expected-warning{{'msleep' may sleep, and this is in a section with interrupts off}}
	local_irq_enable();
}

void reading(struct driver *d)
{
	rcu_read_lock(); // expected-note{{it began here}}
	d->memory = kmalloc(64, GFP_KERNEL); // expected-warning{{'kmalloc' may sleep with these flags, and this is in an RCU read section}}
	rcu_read_unlock();
}

int submitted(struct driver *d, void *urb)
{
	int ret;

	spin_lock(&d->lock); // expected-note{{it began here}}
	ret = usb_submit_urb(urb, GFP_KERNEL); // expected-warning{{'usb_submit_urb' may sleep with these flags}}
	spin_unlock(&d->lock);
	return ret;
}

void guarded(struct driver *d)
{
	guard_spinlock(&d->lock); // expected-note{{it began here}}
	d->memory = kmalloc(64, GFP_KERNEL); // expected-warning{{'kmalloc' may sleep with these flags, and a spinlock is held}}
}

/* Coherent memory is given back with interrupts on. */
void freed_locked(struct driver *d, struct device *dev)
{
	unsigned long flags;

	spin_lock_irqsave(&d->lock, flags); // expected-note{{it began here}}
	dma_free_coherent(dev, 64, d->memory, 0); // expected-warning{{'dma_free_coherent' may sleep, and spinlock 'lock' is held}}
	spin_unlock_irqrestore(&d->lock, flags);
}

/* Through a function of the file, and with its caller's flags. */
static void grow(struct driver *d)
{
	d->memory = kmalloc(64, GFP_KERNEL); // expected-warning{{'kmalloc' may sleep with these flags, and spinlock 'lock' is held}}
}

void through_a_callee(struct driver *d)
{
	spin_lock(&d->lock); // expected-note{{it began here}}
	grow(d);
	spin_unlock(&d->lock);
}

static void grow_with(struct driver *d, gfp_t gfp)
{
	d->memory = kmalloc(64, gfp | __GFP_ZERO); // expected-warning{{'kmalloc' may sleep with these flags}}
}

void with_its_flags(struct driver *d)
{
	spin_lock(&d->lock); // expected-note{{it began here}}
	grow_with(d, GFP_KERNEL);
	spin_unlock(&d->lock);
}

/* Behind the unlock in a branch that leaves, the lock is still held. */
int leaves_unlocked(struct driver *d)
{
	spin_lock(&d->lock); // expected-note{{it began here}}
	if (!d->memory) {
		spin_unlock(&d->lock);
		return -22;
	}
	msleep(1); // expected-warning{{'msleep' may sleep, and spinlock 'lock' is held}}
	spin_unlock(&d->lock);
	return 0;
}

//===--- rule 2: handlers --------------------------------------------------===

static int isr(int irq, void *data) // expected-note{{called by the kernel}}
{
	struct driver *d = data;

	d->memory = kmalloc(64, GFP_KERNEL); // expected-warning{{'kmalloc' may sleep with these flags, and 'isr' is an interrupt handler}}
	return 1;
}

int setup(struct driver *d)
{
	return request_irq(5, isr, 0, "driver", d);
}

static void tick(struct timer_list *timer) // expected-note{{called by the kernel}}
{
	msleep(10); // expected-warning{{'msleep' may sleep, and 'tick' is a timer}}
}

void start(struct driver *d)
{
	timer_setup(&d->timer, tick, 0);
}

static int on_event(struct notifier_block *nb, unsigned long action, void *data) // expected-note{{called by the kernel}}
{
	return !kmalloc(64, GFP_KERNEL); // expected-warning{{'kmalloc' may sleep with these flags, and 'on_event' is an atomic notifier}}
}

static struct notifier_block event = {
	.notifier_call = on_event,
};

int watch(void *chain)
{
	return atomic_notifier_chain_register(chain, &event);
}

//===--- rule 3: raw locks -------------------------------------------------===

void under_raw_lock(struct driver *d)
{
	raw_spin_lock(&d->hard); // expected-note{{it began here}}
	d->memory = kmalloc(64, GFP_ATOMIC); // expected-warning{{'kmalloc' takes locks that sleep on PREEMPT_RT, and raw spinlock 'hard' is held}}
	raw_spin_unlock(&d->hard);
}

//===--- releases that sleep -----------------------------------------------===

void kvfree(const void *memory);
void unpin_user_pages_dirty_lock(struct page **pages, unsigned long n,
				 bool make_dirty);

void freed_under_lock(struct driver *d)
{
	spin_lock(&d->lock); // expected-note{{it began here}}
	kvfree(d->memory); // expected-warning{{'kvfree' may sleep, and spinlock 'lock' is held}}
	spin_unlock(&d->lock);
}

void dirtied_under_lock(struct driver *d, struct page **pages)
{
	spin_lock(&d->lock); // expected-note{{it began here}}
	unpin_user_pages_dirty_lock(pages, 8, true); // expected-warning{{'unpin_user_pages_dirty_lock' may sleep, and spinlock 'lock' is held}}
	spin_unlock(&d->lock);
}

//===--- flags that a caller gives -----------------------------------------===

static void *grab(gfp_t gfp)
{
	return kmalloc(64, gfp); // expected-note{{'kmalloc' gets them here}}
}

void gives_flags(struct driver *d)
{
	d->memory = grab(GFP_KERNEL);
	spin_lock(&d->lock); // expected-note{{it began here}}
	d->memory = grab(GFP_ATOMIC);
	d->memory = grab(GFP_KERNEL); // expected-warning{{'grab' may sleep with these flags, and spinlock 'lock' is held}}
	spin_unlock(&d->lock);
}
