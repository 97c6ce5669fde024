// A driver that maps its memory, as such drivers were written before and after
// the mapping function took over the end of the count ("fix shutdown
// handling"), judged in each kernel since.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.DevPagemap
//
// RUN: %{analyze} -DBEFORE -DERA=418 -verify=right %s
// RUN: %{analyze} -DBEFORE -DERA=419 -verify=kill %s
// RUN: %{analyze} -DBEFORE -DERA=503 -verify=table %s
// RUN: %{analyze} -DBEFORE -DERA=510 -verify=table %s
// RUN: %{analyze} -DBEFORE -DERA=601 -verify=own %s
// RUN: %{analyze} -DBEFORE -DERA=612 -verify=own %s
// RUN: %{analyze} -DBEFORE -DERA=703 -verify=own %s
// RUN: %{analyze} -DERA=419 -verify=right %s
// RUN: %{analyze} -DERA=503 -verify=dax %s
// RUN: %{analyze} -DERA=510 -verify=right %s
// RUN: %{analyze} -DERA=601 -verify=right %s
// RUN: %{analyze} -DERA=612 -verify=right %s
// RUN: %{analyze} -DERA=703 -verify=right %s
// right-no-diagnostics

#include "history.h"

struct drive {
	struct percpu_ref ref;
	struct dev_pagemap map;
};

static void no_more_users(void *data) { }

#if ERA < 601
static void set_up(struct drive *d)
{
	d->map.ref = &d->ref;
}
#define COUNT(d) (&(d)->ref)
#else
static void set_up(struct drive *d) { }
#define COUNT(d) (&(d)->map.ref)
#endif

#if ERA < 510
#define RANGE(d) ((d)->map.res = (struct resource){ 0x200000, 0x3fffff })
#else
#define RANGE(d)                                                               \
	((d)->map.nr_range = 1,                                                \
	 (d)->map.range = (struct range){ 0x200000, 0x3fffff })
#endif

#ifdef BEFORE

static void kill_count(void *data)
{
	struct drive *d = data;

	percpu_ref_kill(COUNT(d)); // own-warning{{'ref' of a page map is given to 'percpu_ref_kill': the unmapping function ends the count itself, and once only; kernels with a 'kill' method left it to that}}
}

/* As it was: the caller sets the count up and kills it. */
int probe_before(struct device *dev)
{
	struct drive *d = devm_kzalloc(dev, sizeof(*d), GFP_KERNEL);
	void *at;

	if (!d)
		return -ENOMEM;
	if (percpu_ref_init(COUNT(d), no_more_users)) // own-warning{{'ref' of a page map is given to 'percpu_ref_init': the mapping function sets the count up itself, and this one is lost; kernels with a 'kill' method took the caller's}}
		return -ENOMEM;
	set_up(d);
	d->map.type = MEMORY_DEVICE_GENERIC;
	RANGE(d);
	at = devm_memremap_pages(dev, &d->map); // kill-warning{{'kill' is not set: this kernel returns -EINVAL without 'ref' and 'kill'; kernels before the kill method left that to the caller, and later ones count for themselves}} table-warning{{'ref' needs 'ops->kill', which is not set: the kernel warns "Missing reference count teardown definition" and returns -EINVAL; kernels without these methods count for themselves}}
	if (IS_ERR(at))
		return PTR_ERR(at);
	return devm_add_action_or_reset(dev, kill_count, d);
}

#else

/* As it is since: the mapping function kills the count, and waits. */
#if ERA == 419
static void kill_for_map(struct percpu_ref *ref)
{
	percpu_ref_kill(ref);
}
#elif ERA >= 503 && ERA < 601
static void kill_for_map(struct dev_pagemap *map)
{
	percpu_ref_kill(map->ref);
}
static void clean_up(struct dev_pagemap *map)
{
	percpu_ref_exit(map->ref);
}
static const struct dev_pagemap_ops ops = {
	.kill = kill_for_map,
	.cleanup = clean_up,
};
#endif

int probe_after(struct device *dev)
{
	struct drive *d = devm_kzalloc(dev, sizeof(*d), GFP_KERNEL);
	void *at;

	if (!d)
		return -ENOMEM;
#if ERA < 601
	if (percpu_ref_init(&d->ref, no_more_users))
		return -ENOMEM;
	set_up(d);
#endif
#if ERA == 419
	d->map.kill = kill_for_map;
#elif ERA < 601
	d->map.ops = &ops;
#endif
	d->map.type = MEMORY_DEVICE_GENERIC;
	RANGE(d);
	at = devm_memremap_pages(dev, &d->map);
	return IS_ERR(at) ? PTR_ERR(at) : 0;
}

/* FS_DAX pages woke their waiters in page_free, once. */
#if ERA >= 503
int probe_dax(struct device *dev)
{
	struct drive *d = devm_kzalloc(dev, sizeof(*d), GFP_KERNEL);
	void *at;

	if (!d)
		return -ENOMEM;
	d->map.type = MEMORY_DEVICE_FS_DAX;
	RANGE(d);
	at = devm_memremap_pages(dev, &d->map); // dax-warning{{MEMORY_DEVICE_FS_DAX needs 'ops->page_free', and 'ops' is not set: this kernel warns "Missing page_free method" and returns -EINVAL}}
	return IS_ERR(at) ? PTR_ERR(at) : 0;
}
#endif

#endif
