/* Memory hotplug in the shape of three kernels: ERA is 601, 612 or 703. */
#ifndef HOTPLUG_H
#define HOTPLUG_H

#ifndef ERA
#define ERA 612
#endif

typedef unsigned long long u64;
typedef int mhp_t;
#define NULL ((void *)0)
#define EINVAL 22
#define MHP_NONE 0
#define MHP_MERGE_RESOURCE 1
#define MHP_MEMMAP_ON_MEMORY 2
#define MHP_NID_IS_MGID 4
#define MHP_OFFLINE_INACCESSIBLE 8

struct resource;
struct page;
struct device;
struct memory_block {
	struct device *dev;
};
struct notifier_block {
	int (*call)(struct notifier_block *nb, unsigned long action, void *v);
};
struct pgprot {
	unsigned long pgprot;
};
struct mhp_params {
	void *altmap;
	struct pgprot pgprot;
	void *pgmap;
};
struct device_attribute {
	const char *name;
	long (*show)(struct device *dev, char *buf);
	long (*store)(struct device *dev, const char *buf, unsigned long n);
};
struct work_struct {
	void (*func)(struct work_struct *work);
};
struct task_struct;

void lock_device_hotplug(void);
void unlock_device_hotplug(void);
int lock_device_hotplug_sysfs(void);

int add_memory_resource(int nid, struct resource *res, mhp_t flags);
int __add_memory(int nid, u64 start, u64 size, mhp_t flags);
void __remove_memory(u64 start, u64 size);
void try_offline_node(int nid);
int add_memory(int nid, u64 start, u64 size, mhp_t flags);
int add_memory_driver_managed(int nid, u64 start, u64 size, const char *name,
			      mhp_t flags);
int remove_memory(u64 start, u64 size);
int offline_and_remove_memory(u64 start, u64 size);
int arch_add_memory(int nid, u64 start, u64 size, struct mhp_params *params);

int set_online_page_callback(void (*callback)(struct page *, unsigned int));
int restore_online_page_callback(void (*callback)(struct page *, unsigned int));
int register_memory_notifier(struct notifier_block *nb);
void unregister_memory_notifier(struct notifier_block *nb);
int memory_group_register_static(int nid, unsigned long max_pages);
int memory_group_unregister(int mgid);
struct memory_block *find_memory_block(unsigned long section);
void put_device(struct device *dev);

struct task_struct *kthread_create_on_node(int (*fn)(void *), void *data,
					   int node, const char *name);
int start_device(int how);

#if ERA < 612
_Bool mhp_supports_memmap_on_memory(unsigned long size);
#else
_Bool mhp_supports_memmap_on_memory(void);
#endif
int memory_add_physaddr_to_nid(u64 addr);
int release_resource(struct resource *res);
extern unsigned long max_pfn, max_low_pfn;

/* What MODULE_LICENSE() leaves in a module, and in built-in code. */
#define IN_MODULE                                                              \
	static const char license[]                                            \
		__attribute__((section(".modinfo"), used)) = "license=GPL"
#define BUILT_IN                                                               \
	static const char license[]                                            \
		__attribute__((section(".modinfo"), used)) = "some.license=GPL"
#define EXPORT_SYMBOL(sym)                                                     \
	static void *__attribute__((used)) __UNIQUE_ID___addressable_##sym =   \
		(void *)&sym

#endif
