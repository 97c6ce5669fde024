// Inline functions of the kernel that became GPL-only by what they reached, each
// in the shape that it had then.  The kernel's exports decide, and so does its
// configuration.
//
// RUN: rm -rf %t && split-file %s %t
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %t -analyzer-checker=core.builtin,linux.export.GplOnly -analyzer-config linux.export.GplOnly:Symvers
// RUN: %{analyze}=%t/broken.symvers -DPREEMPT_RCU -DLOCKDEP -DCC_PLATFORM -verify=broken,rcu,lockdep,cc %t/foo.c
// RUN: %{analyze}=%t/broken.symvers -verify=broken %t/foo.c
// RUN: %{analyze}=%t/mended.symvers -verify=mended %t/foo.c

//--- broken.symvers
0x00000001	devmap_managed_key	vmlinux	EXPORT_SYMBOL_GPL	
0x00000002	__put_devmap_managed_page	vmlinux	EXPORT_SYMBOL_GPL	
0x00000003	__put_page	vmlinux	EXPORT_SYMBOL	
0x00000004	bio_associate_blkg	vmlinux	EXPORT_SYMBOL_GPL	
0x00000005	__rcu_read_lock	vmlinux	EXPORT_SYMBOL_GPL	
0x00000006	mutex_lock_nested	vmlinux	EXPORT_SYMBOL_GPL	
0x00000007	mutex_lock	vmlinux	EXPORT_SYMBOL	
0x00000008	cc_mkdec	vmlinux	EXPORT_SYMBOL_GPL	
0x00000009	remap_pfn_range	vmlinux	EXPORT_SYMBOL	
//--- mended.symvers
0x00000001	devmap_managed_key	vmlinux	EXPORT_SYMBOL	
0x00000002	__put_devmap_managed_page	vmlinux	EXPORT_SYMBOL	
0x00000003	__put_page	vmlinux	EXPORT_SYMBOL	
0x00000004	bio_associate_blkg	vmlinux	EXPORT_SYMBOL	
0x00000007	mutex_lock	vmlinux	EXPORT_SYMBOL	
0x00000009	remap_pfn_range	vmlinux	EXPORT_SYMBOL	
//--- kernel.h
#define inline inline __attribute__((always_inline))
struct page { unsigned long flags; int count; };
struct bio { void *disk; };
struct mutex { int owner; };
struct key { int enabled; };

/* 4.18-rc1: pages of devices are asked about by a static key. */
extern struct key devmap_managed_key;
void __put_devmap_managed_page(struct page *);
void __put_page(struct page *);
static inline int key_is_on(struct key *const key)
{
	asm goto("1: nop\n\t.pushsection .jumps, \"aw\"\n\t"
		 ".quad %c0 - .\n\t.popsection" : : "i"(key) : : yes);
	return 0;
yes:
	return 1;
}
static inline int put_devmap_managed_page(struct page *page)
{
	if (!key_is_on(&devmap_managed_key) || !(page->flags & 4))
		return 0;
	__put_devmap_managed_page(page);
	return 1;
}
static inline void put_page(struct page *page)
{
	if (put_devmap_managed_page(page))
		return;
	if (!--page->count)
		__put_page(page);
}

/* 5.0: setting a device charges its group. */
void bio_associate_blkg(struct bio *);
static inline void bio_set_dev(struct bio *bio, void *disk)
{
	bio->disk = disk;
	bio_associate_blkg(bio);
}

void __rcu_read_lock(void);
static inline void rcu_read_lock(void)
{
#ifdef PREEMPT_RCU
	__rcu_read_lock();
#else
	asm volatile("" : : : "memory");
#endif
}

void mutex_lock(struct mutex *);
void mutex_lock_nested(struct mutex *, unsigned int);
#ifdef LOCKDEP
#define mutex_lock(lock) mutex_lock_nested(lock, 0)
#endif

unsigned long cc_mkdec(unsigned long);
int remap_pfn_range(void *, unsigned long);
#ifdef CC_PLATFORM
#define pgprot_decrypted(prot) cc_mkdec(prot)
#else
#define pgprot_decrypted(prot) (prot)
#endif
static inline int io_remap_pfn_range(void *vma, unsigned long prot)
{
	return remap_pfn_range(vma, pgprot_decrypted(prot));
}
//--- foo.c
// mended-no-diagnostics
#include "kernel.h"
static const char license[]
	__attribute__((used, section(".modinfo"), aligned(1))) = "license=CDDL";
// broken-note@kernel.h:* {{'put_page' calls 'put_devmap_managed_page' here}}
// broken-note@kernel.h:* {{'put_devmap_managed_page' refers to '__put_devmap_managed_page' here}}
// broken-note@kernel.h:* {{'put_page' calls 'put_devmap_managed_page' here}}
// broken-note@kernel.h:* {{'put_devmap_managed_page' calls 'key_is_on' here}}
// broken-note@kernel.h:* {{'key_is_on' refers to 'devmap_managed_key' here}}
// broken-note@kernel.h:* {{'bio_set_dev' refers to 'bio_associate_blkg' here}}
// rcu-note@kernel.h:* {{'rcu_read_lock' refers to '__rcu_read_lock' here}}
// cc-note@kernel.h:* {{'io_remap_pfn_range' refers to 'cc_mkdec' here}}

void drop(struct page *page)
{
	put_page(page); // broken-warning{{uses GPL-only symbol '__put_devmap_managed_page' of vmlinux, through 'put_page'}} broken-warning{{uses GPL-only symbol 'devmap_managed_key' of vmlinux, through 'put_page'}}
}
void submit(struct bio *bio, void *disk)
{
	bio_set_dev(bio, disk); // broken-warning{{uses GPL-only symbol 'bio_associate_blkg' of vmlinux, through 'bio_set_dev'}}
}
void read_side(void)
{
	rcu_read_lock(); // rcu-warning{{uses GPL-only symbol '__rcu_read_lock' of vmlinux, through 'rcu_read_lock'}}
}
void lock(struct mutex *lock)
{
	mutex_lock(lock); // lockdep-warning{{uses GPL-only symbol 'mutex_lock_nested' of vmlinux}}
}
int map(void *vma)
{
	return io_remap_pfn_range(vma, 1); // cc-warning{{uses GPL-only symbol 'cc_mkdec' of vmlinux, through 'io_remap_pfn_range'}}
}
