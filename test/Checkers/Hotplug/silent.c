// What linux.mm.Hotplug leaves alone.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.Hotplug
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s
// expected-no-diagnostics

#include "hotplug.h"

IN_MODULE;

static struct notifier_block notifier;

int probe(void)
{
	int ret = register_memory_notifier(&notifier);

	if (ret)
		return ret;
	ret = start_device(1);
	if (ret)
		goto out;
	return 0;
out:
	unregister_memory_notifier(&notifier);
	return ret;
}

/* What failed leaves nothing behind. */
int probe_group(int nid, int *group)
{
	int mgid = memory_group_register_static(nid, 4096);

	if (mgid < 0)
		return mgid;
	*group = mgid;
	return 0;
}

void remove(int group)
{
	memory_group_unregister(group);
	unregister_memory_notifier(&notifier);
}

/* The caller undoes it. */
int first_half(void)
{
	int ret = register_memory_notifier(&notifier);

	if (ret)
		return ret;
	return start_device(2);
}

int arguments(u64 start, u64 size, const char *name, mhp_t flags)
{
	int ret = add_memory_driver_managed(0, start, size, name, flags);

#if ERA >= 612
	if (!ret)
		ret = add_memory_driver_managed(0, start, size,
						"System RAM (mine)",
						MHP_MEMMAP_ON_MEMORY |
						MHP_OFFLINE_INACCESSIBLE);
#endif
	if (!ret)
		ret = add_memory(0, start, size,
				 flags | MHP_OFFLINE_INACCESSIBLE);
	return ret;
}

int protection_later(u64 start, u64 size, struct pgprot prot)
{
	struct mhp_params params = { .altmap = NULL };

	params.pgprot = prot;
	return arch_add_memory(0, start, size, &params);
}

int block(unsigned long section)
{
	struct memory_block *mem = find_memory_block(section);

	if (!mem)
		return -EINVAL;
	put_device(mem->dev);
	return 0;
}

/* Its own function of that name is not the kernel's. */
static int register_own(void)
{
	return 0;
}

int detach(u64 start, u64 size)
{
	if (remove_memory(start, size))
		return register_own();
	return 0;
}

/* The device undoes it, at once where it cannot be told to. */
int devm_add_action_or_reset(struct device *dev, void (*action)(void *),
			     void *data);

static void undo(void *unused)
{
	unregister_memory_notifier(&notifier);
}

static int managed_probe(struct device *dev)
{
	int ret;

	register_memory_notifier(&notifier);
	ret = devm_add_action_or_reset(dev, undo, NULL);
	if (ret)
		return ret;
	return start_device(3);
}
int (*probe_callback)(struct device *dev) = managed_probe;
