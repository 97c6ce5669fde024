// Rules 1 and 2 of docs/checks/linux.mm.Hotplug.md, in built-in code.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.Hotplug
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "hotplug.h"

BUILT_IN;

//===--- a thread and an exported function, both without the lock ----------===

static int grow(struct resource *res)
{
	return add_memory_resource(0, res, MHP_NONE); // expected-warning{{'add_memory_resource' needs device_hotplug_lock, which is not held here: 'worker' is a thread}}
}

static int worker(void *res)
{
	return grow(res);
}

void start(void *res)
{
	kthread_create_on_node(worker, res, 0, "grow");
}

int shrink(int nid)
{
	try_offline_node(nid); // expected-warning{{'try_offline_node' needs device_hotplug_lock, which is not held here: 'shrink' is exported to modules, which cannot take it}}
	return 0;
}
EXPORT_SYMBOL(shrink);

static long probe_store(struct device *dev, const char *buf, unsigned long n)
{
	return __add_memory(0, n << 20, n, MHP_NONE); // expected-warning{{'__add_memory' needs device_hotplug_lock, which is not held here: a 'device_attribute' calls 'probe_store'}}
}
static struct device_attribute attribute __attribute__((used)) = {
	.name = "probe",
	.store = probe_store,
};

//===--- held somewhere on the way -----------------------------------------===

static int grow_locked(struct resource *res)
{
	return add_memory_resource(0, res, MHP_NONE);
}

static int careful_worker(void *res)
{
	int ret;

	lock_device_hotplug();
	ret = grow_locked(res);
	unlock_device_hotplug();
	return ret;
}

void start_careful(void *res)
{
	kthread_create_on_node(careful_worker, res, 0, "grow");
}

static long locked_store(struct device *dev, const char *buf, unsigned long n)
{
	int ret = lock_device_hotplug_sysfs();

	if (ret)
		return ret;
	ret = __add_memory(0, n << 20, n, MHP_NONE);
	unlock_device_hotplug();
	return ret;
}
static struct device_attribute locked __attribute__((used)) = {
	.store = locked_store,
};

/* Whoever calls this may hold it. */
int called_by_others(int nid, u64 start, u64 size)
{
	return __add_memory(nid, start, size, MHP_NONE);
}

//===--- rule 2 ------------------------------------------------------------===

int given_up(struct resource *res)
{
	int ret;

	lock_device_hotplug();
	ret = start_device(0);
	unlock_device_hotplug();
	if (ret)
		return ret;
	return add_memory_resource(0, res, MHP_NONE); // expected-warning{{'add_memory_resource' needs device_hotplug_lock, which was given up on this path}}
}

int twice(u64 start, u64 size)
{
	int ret;

	lock_device_hotplug();
	ret = add_memory(0, start, size, MHP_NONE); // expected-warning{{'add_memory' takes device_hotplug_lock, which is held here; the kernel waits for itself}}
	unlock_device_hotplug();
	return ret;
}

int still_held(struct resource *res)
{
	int ret;

	lock_device_hotplug();
	ret = start_device(0);
	if (ret)
		return ret; // expected-warning{{device_hotplug_lock is still held at this return}}
	ret = add_memory_resource(0, res, MHP_NONE);
	unlock_device_hotplug();
	return ret;
}

/* A function that takes the lock for its caller. */
void begin(void)
{
	lock_device_hotplug();
}

int one_after_the_other(u64 start, u64 size)
{
	lock_device_hotplug();
	start_device(0);
	unlock_device_hotplug();
	return add_memory(0, start, size, MHP_NONE);
}

static long leaves_locked(struct device *dev, const char *buf, unsigned long n)
{
	int ret = lock_device_hotplug_sysfs();

	if (ret)
		return ret;
	ret = start_device(0);
	if (ret)
		return -EINVAL; // expected-warning{{device_hotplug_lock is still held at this return}}
	unlock_device_hotplug();
	return n;
}
static struct device_attribute leaving __attribute__((used)) = {
	.store = leaves_locked,
};
