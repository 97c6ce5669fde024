// Rules 1 and 3 to 5 of docs/checks/linux.mm.Hotplug.md, in a module.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.Hotplug
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "hotplug.h"

IN_MODULE;

//===--- rule 1: no module can hold the lock -------------------------------===

int node_goes(int nid)
{
	try_offline_node(nid); // expected-warning{{'try_offline_node' needs device_hotplug_lock, which is not held here: a module cannot take it}}
	return 0;
}

//===--- rule 3: left behind -----------------------------------------------===

static struct notifier_block notifier;
static int group;

int for_ever(void)
{
	return set_online_page_callback(NULL); // expected-warning{{online page callback of a module is never given up; 'restore_online_page_callback' expected before it is unloaded}}
}

int probe(int nid)
{
	int ret = register_memory_notifier(&notifier);

	if (ret)
		return ret;
	ret = start_device(1);
	if (ret)
		return ret; // expected-warning{{memory notifier made here is left behind when the function fails; 'unregister_memory_notifier' expected}}
	ret = start_device(2);
	if (ret)
		goto out;
	return 0;
out:
	unregister_memory_notifier(&notifier);
	return ret;
}

int probe_group(int nid)
{
	int ret;

	group = memory_group_register_static(nid, 4096);
	if (group < 0)
		return group;
	ret = start_device(1);
	if (ret)
		return -EINVAL; // expected-warning{{memory group made here is left behind when the function fails; 'memory_group_unregister' expected}}
	ret = start_device(2);
	if (ret)
		memory_group_unregister(group);
	return ret;
}

//===--- rule 4: ignored results -------------------------------------------===

void detach(u64 start, u64 size)
{
	remove_memory(start, size); // expected-warning{{result of 'remove_memory' is ignored; it may have failed: memory that is online stays}}
}

void detach_if(u64 start, u64 size, int yes)
{
	if (yes)
		offline_and_remove_memory(start, size); // expected-warning{{result of 'offline_and_remove_memory' is ignored}}
}

//===--- rule 5: arguments -------------------------------------------------===

int wrong_name(u64 start, u64 size)
{
	return add_memory_driver_managed(0, start, size, "My RAM", MHP_NONE); // expected-warning{{'add_memory_driver_managed' refuses the resource name "My RAM"; it must be "System RAM (...)"}}
}

int fixed_size(u64 start)
{
	return add_memory(0, start, 128UL << 20, MHP_NONE); // expected-warning{{a constant as the range of 'add_memory' is wrong where a memory block is larger; a multiple of 'memory_block_size_bytes()' expected}}
}

int lone_flag(u64 start, u64 size)
{
	return add_memory(0, start, size, MHP_OFFLINE_INACCESSIBLE); // expected-warning{{MHP_OFFLINE_INACCESSIBLE has no effect without MHP_MEMMAP_ON_MEMORY}}
}

int no_protection(u64 start, u64 size, void *altmap)
{
	struct mhp_params params = { .altmap = altmap }; // expected-warning{{'pgprot' of these parameters is not set: the kernel warns and returns -EINVAL}}

	return arch_add_memory(0, start, size, &params);
}

//===--- rule 3 again: a callback of the driver that undoes nothing ----------===

static int bind(int nid)
{
	int ret = memory_group_register_static(nid, 4096);

	if (ret < 0)
		return ret;
	group = ret;
	return start_device(4); // no verdict: what it says is not known to be bad
}
int (*bind_callback)(int nid) = bind;

static int bind_and_check(int nid)
{
	int ret = memory_group_register_static(nid, 4096);

	if (ret < 0)
		return ret;
	group = ret;
	if (start_device(4))
		return -EINVAL; // expected-warning{{memory group made here is left behind when the function fails}}
	return 0;
}
int (*check_callback)(int nid) = bind_and_check;
