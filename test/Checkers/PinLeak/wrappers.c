// Wrappers of other files that the model knows.
//
// RUN: %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze -I %S/../../Inputs \
// RUN:   -analyzer-checker=core.builtin,core.NullDereference,linux.mm.PinLeak \
// RUN:   -verify %s

#include "kernel.h"

struct frame_vector;
struct frame_vector *vb2_create_framevec(unsigned long start, unsigned long length, bool write);
void vb2_destroy_framevec(struct frame_vector *vec);
struct tee_context;
struct tee_shm {
	int id;
};
struct tee_shm *tee_shm_register_user_buf(struct tee_context *ctx, unsigned long addr, size_t length);
void tee_shm_put(struct tee_shm *shm);
struct vfio_device;
int vfio_pin_pages(struct vfio_device *device, unsigned long iova, int npage, int prot, struct page **pages);
void vfio_unpin_pages(struct vfio_device *device, unsigned long iova, int npage);
struct kvm;
struct page *gfn_to_page(struct kvm *kvm, unsigned long gfn);
void kvm_release_page_clean(struct page *page);
struct xdp_umem_reg;
struct xdp_umem;
struct xdp_umem *xdp_umem_create(struct xdp_umem_reg *mr);
void xdp_put_umem(struct xdp_umem *umem, bool defer_cleanup);

int vector_lost(unsigned long start, unsigned long length)
{
	struct frame_vector *vec = vb2_create_framevec(start, length, true);

	if (IS_ERR(vec))
		return PTR_ERR(vec);
	if (device_start(1))
		return -EIO; // expected-warning{{page taken by 'vb2_create_framevec' is not given back on this path; 'vb2_destroy_framevec' expected}}
	vb2_destroy_framevec(vec);
	return 0;
}

int vector_kept(unsigned long start, unsigned long length, struct frame_vector **where)
{
	struct frame_vector *vec = vb2_create_framevec(start, length, true);

	if (IS_ERR(vec))
		return PTR_ERR(vec);
	*where = vec;
	return 0;
}

int shared_memory_lost(struct tee_context *ctx, unsigned long addr, int *id)
{
	struct tee_shm *shm = tee_shm_register_user_buf(ctx, addr, PAGE_SIZE);

	if (IS_ERR(shm))
		return PTR_ERR(shm);
	*id = shm->id;
	if (*id < 0)
		return *id; // expected-warning{{page registered by 'tee_shm_register_user_buf' is not given back on this path; 'tee_shm_put' expected}}
	tee_shm_put(shm);
	return 0;
}

/* Given back by the address: nobody has to keep the page. */
int page_at_an_address(struct vfio_device *device, unsigned long iova, int n)
{
	struct page *page;
	int i, ret;

	for (i = 0; i < n; i++) {
		ret = vfio_pin_pages(device, iova + i * PAGE_SIZE, 1, 3, &page);
		if (ret != 1)
			goto out;
	}
	return 0;
out:
	vfio_unpin_pages(device, iova, i);
	return ret < 0 ? ret : -EINVAL;
}

int page_of_a_guest(struct kvm *kvm, unsigned long gfn)
{
	struct page *page = gfn_to_page(kvm, gfn);

	if (IS_ERR(page))
		return -EFAULT;
	if (device_start(1)) {
		put_page(page);
		return -EIO;
	}
	kvm_release_page_clean(page);
	return 0;
}

int umem_lost(struct xdp_umem_reg *reg)
{
	struct xdp_umem *umem = xdp_umem_create(reg);

	if (IS_ERR(umem))
		return PTR_ERR(umem);
	if (device_start(1))
		return -EIO; // expected-warning{{page pinned by 'xdp_umem_create' is not given back on this path; 'xdp_put_umem' expected}}
	xdp_put_umem(umem, false);
	return 0;
}
