/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Locks, sections and handlers for small drivers, in the shape of 6.12: which
 * are macros over what, and which are inline.
 */
#ifndef TEST_ATOMIC_H
#define TEST_ATOMIC_H

#include "../../GfpFlags/Inputs/gfp.h"

typedef struct { int raw; } raw_spinlock_t;
typedef struct { raw_spinlock_t rlock; } spinlock_t;
typedef struct { int raw; } rwlock_t;

void _raw_spin_lock(raw_spinlock_t *lock);
void _raw_spin_unlock(raw_spinlock_t *lock);
unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *lock);
void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags);
int _raw_spin_trylock(raw_spinlock_t *lock);
#define raw_spin_lock(lock) _raw_spin_lock(lock)
#define raw_spin_unlock(lock) _raw_spin_unlock(lock)
#define raw_spin_lock_irqsave(lock, flags) \
	do { (flags) = _raw_spin_lock_irqsave(lock); } while (0)
#define raw_spin_unlock_irqrestore(lock, flags) \
	_raw_spin_unlock_irqrestore(lock, flags)

static inline raw_spinlock_t *spinlock_check(spinlock_t *lock)
{
	return &lock->rlock;
}
static inline void spin_lock(spinlock_t *lock)
{
	raw_spin_lock(&lock->rlock);
}
static inline void spin_unlock(spinlock_t *lock)
{
	raw_spin_unlock(&lock->rlock);
}
static inline int spin_trylock(spinlock_t *lock)
{
	return _raw_spin_trylock(&lock->rlock);
}
#define spin_lock_irqsave(lock, flags) \
	raw_spin_lock_irqsave(spinlock_check(lock), flags)
static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	raw_spin_unlock_irqrestore(&lock->rlock, flags);
}
void _raw_read_lock(rwlock_t *lock);
void _raw_read_unlock(rwlock_t *lock);
#define read_lock(lock) _raw_read_lock(lock)
#define read_unlock(lock) _raw_read_unlock(lock)

void preempt_count_add(int n);
void preempt_count_sub(int n);
#define preempt_disable() do { preempt_count_add(1); } while (0)
#define preempt_enable() do { preempt_count_sub(1); } while (0)
static inline void arch_local_irq_disable(void) { __asm__ volatile("cli"); }
static inline void arch_local_irq_enable(void) { __asm__ volatile("sti"); }
#define local_irq_disable() arch_local_irq_disable()
#define local_irq_enable() arch_local_irq_enable()
static inline void rcu_read_lock(void) { preempt_count_add(1); }
static inline void rcu_read_unlock(void) { preempt_count_sub(1); }
int preempt_count(void);
#define in_interrupt() (preempt_count() & 0xff00)
static inline bool gfpflags_allow_blocking(gfp_t gfp)
{
	return !!(gfp & __GFP_DIRECT_RECLAIM);
}

struct guard {
	spinlock_t *lock;
};
static inline struct guard class_spinlock_constructor(spinlock_t *lock)
{
	struct guard g = { lock };

	spin_lock(lock);
	return g;
}
static inline void class_spinlock_destructor(struct guard *g)
{
	if (g->lock)
		spin_unlock(g->lock);
}
#define guard_spinlock(l) \
	struct guard guard_ __attribute__((cleanup(class_spinlock_destructor))) = \
		class_spinlock_constructor(l)

struct mutex;
void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
#define mutex_lock(lock) mutex_lock_nested(lock, 0)
void mutex_unlock(struct mutex *lock);
void msleep(unsigned int ms);
void vfree(const void *p);
void dma_free_attrs(struct device *dev, size_t size, void *p, unsigned long h,
		    unsigned long attrs);
static inline void dma_free_coherent(struct device *dev, size_t size, void *p,
				     unsigned long h)
{
	dma_free_attrs(dev, size, p, h, 0);
}
void kfree(const void *p);
int usb_submit_urb(void *urb, gfp_t flags);
void mapping_set_gfp_mask(void *mapping, gfp_t gfp);

/* Handlers */

typedef int (*irq_handler_t)(int irq, void *data);
int request_threaded_irq(int irq, irq_handler_t handler, irq_handler_t thread,
			 unsigned long flags, const char *name, void *data);
static inline int request_irq(int irq, irq_handler_t handler,
			      unsigned long flags, const char *name, void *data)
{
	return request_threaded_irq(irq, handler, 0, flags, name, data);
}
struct timer_list {
	void (*function)(struct timer_list *timer);
};
void init_timer_key(struct timer_list *timer, void (*fn)(struct timer_list *),
		    unsigned int flags, const char *name, void *key);
#define timer_setup(timer, fn, flags) \
	init_timer_key((timer), (fn), (flags), #timer, 0)
struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long action,
			     void *data);
	int priority;
};
int atomic_notifier_chain_register(void *chain, struct notifier_block *nb);
int blocking_notifier_chain_register(void *chain, struct notifier_block *nb);

#endif
