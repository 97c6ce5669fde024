// A structure that is given back by the call that gives back what it owns: the
// structure is memory of its own, and owns what was pinned.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinRelease,linux.mm.PinLeak \
// RUN:   -verify %s

#include "kernel.h"

struct ib_umem;
struct ib_umem *ib_umem_get(void *device, unsigned long addr, size_t size,
			    int access);
void ib_umem_release(struct ib_umem *umem);

struct siw_umem {
	struct ib_umem *base;
	void **chunks;
};
void siw_umem_release(struct siw_umem *umem);

struct siw_umem *region_get(void *device, unsigned long addr, size_t size)
{
	struct siw_umem *umem = kzalloc(sizeof(*umem), GFP_KERNEL);
	struct ib_umem *base;
	int err;

	if (!umem)
		return ERR_PTR(-ENOMEM);
	base = ib_umem_get(device, addr, size, 0);
	if (IS_ERR(base)) {
		err = -EINVAL;
		goto out;
	}
	umem->base = base;
	umem->chunks = kzalloc(64, GFP_KERNEL);
	if (!umem->chunks) {
		err = -ENOMEM;
		goto out;
	}
	return umem;
out:
	siw_umem_release(umem);
	return ERR_PTR(err);
}

/* What is not in it goes its own way. */
struct siw_umem *region_lost(void *device, unsigned long addr, size_t size)
{
	struct siw_umem *umem = kzalloc(sizeof(*umem), GFP_KERNEL);
	struct ib_umem *base;

	if (!umem)
		return ERR_PTR(-ENOMEM);
	base = ib_umem_get(device, addr, size, 0);
	if (IS_ERR(base)) {
		siw_umem_release(umem);
		return ERR_PTR(-EINVAL);
	}
	umem->chunks = kzalloc(64, GFP_KERNEL);
	if (!umem->chunks) {
		siw_umem_release(umem);
		return ERR_PTR(-ENOMEM); // expected-warning{{page pinned by 'ib_umem_get' is not given back on this path}}
	}
	umem->base = base;
	return umem;
}
