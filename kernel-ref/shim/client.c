/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine's client: boots the drivers, opens heaps, and calls the entry points of the dma-buf core. */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <uapi/linux/dma-heap.h>
#include <uapi/linux/udmabuf.h>

#include "drivers.h"
#include "machine_abi.h"

#define MAX_DEVICES 16
#define MAX_HEAPS 16

#ifdef SHIM_ANY_DRIVER
#define HIDDEN __attribute__((visibility("hidden")))
extern shim_initcall __start_shim_core[] HIDDEN, __stop_shim_core[] HIDDEN;
/* None are there where a source has no initcall. */
extern shim_initcall __start_shim_drivers[] HIDDEN __attribute__((weak)), __stop_shim_drivers[] HIDDEN __attribute__((weak));

static void run(shim_initcall *first, shim_initcall *last)
{
	for (; first != last; ++first)
		BUG_ON((*first)());
}

static void start_drivers(void)
{
	run(__start_shim_core, __stop_shim_core);
	run(__start_shim_drivers, __stop_shim_drivers);
}
#else
int shim_init_dma_buf_init(void);
int shim_init_dma_heap_init(void);
int shim_init_system_heap_create(void);
int shim_init_add_default_cma_heap(void);
int shim_init_udmabuf_dev_init(void);

static void start_drivers(void)
{
	BUG_ON(shim_init_dma_buf_init());
	BUG_ON(shim_init_dma_heap_init());
	BUG_ON(shim_init_system_heap_create());
	BUG_ON(shim_init_add_default_cma_heap());
	BUG_ON(shim_init_udmabuf_dev_init());
	custody_register_drivers();
}
#endif
void shim_boot_memory(unsigned char *ram, unsigned long pages);
void shim_boot_misc(void);
void shim_drivers_are_there(void);
struct file *shim_take_fd(int fd);
int shim_reserve_fd(void);
const struct file_operations *shim_cdev_ops(unsigned int minor, dev_t *dev);
const char *shim_cdev_name(unsigned int minor);

static struct device importers[MAX_DEVICES];

void shim_boot(unsigned char *ram, unsigned long pages)
{
	static bool drivers_are_there;
	unsigned int i;

	shim_boot_memory(ram, pages);
	for (i = 0; i < MAX_DEVICES; ++i) {
		importers[i].machine_id = i;
		importers[i].name = "importer";
	}
	if (!drivers_are_there) {
		start_drivers();
		shim_drivers_are_there();
		drivers_are_there = true;
	}
	shim_boot_misc();
}

/* Opens the heap's character device and asks it for a buffer, as user space does. */
static int allocate_from_heap(unsigned int minor, unsigned long bytes)
{
	struct dma_heap_allocation_data data = { .len = bytes, .fd_flags = O_RDWR | O_CLOEXEC };
	struct inode inode = { 0 };
	struct file file = { .f_inode = &inode };
	const struct file_operations *ops = shim_cdev_ops(minor, &inode.i_rdev);
	int ret = ops->open(&inode, &file);

	if (!ret)
		ret = (int)ops->unlocked_ioctl(&file, DMA_HEAP_IOCTL_ALLOC, (unsigned long)&data);
	return ret ? ret : (int)data.fd;
}

/* A memfd with the pages that udmabuf takes; shmem zeroes them when they are first touched. */
static int create_udmabuf(unsigned long bytes)
{
	unsigned long n = bytes >> PAGE_SHIFT, i, got;
	struct address_space mapping = { kmalloc(n * sizeof(struct page *), GFP_KERNEL), n };
	struct udmabuf_create create = { .size = bytes };
	struct file memfd = { .f_mapping = &mapping, .f_count = 1 };
	struct file device = { .private_data = shim_udmabuf };
	int fd = shim_reserve_fd(), ret = -ENOMEM;

	for (got = 0; mapping.pages && got < n; ++got) {
		mapping.pages[got] = alloc_pages(__GFP_ZERO, 0);
		if (!mapping.pages[got])
			break;
	}
#ifdef SHIM_ANY_DRIVER
	/* As shmem's pages mostly lie: one entry of a table each. */
	for (i = 0; mapping.pages && got == n && i < n / 2; ++i)
		swap(mapping.pages[i], mapping.pages[n - 1 - i]);
#endif
	if (mapping.pages && got == n) {
		create.memfd = (u32)fd;
		++memfd.f_count;
		fd_install((unsigned int)fd, &memfd);
		ret = (int)shim_udmabuf->fops->unlocked_ioctl(&device, UDMABUF_CREATE, (unsigned long)&create);
		shim_take_fd(fd);
	}
	put_unused_fd((unsigned int)fd);
	for (i = 0; i < got; ++i)
		put_page(mapping.pages[i]);
	kfree(mapping.pages);
	return ret;
}

int shim_export(const char *driver, unsigned long bytes, struct shim_buffer *out)
{
	struct dma_buf *dmabuf;
	unsigned int minor;
	dev_t unused;
	int fd = -ENODEV;

	if (!strcmp(driver, "udmabuf"))
		fd = create_udmabuf(bytes);
	for (minor = 0; minor < MAX_HEAPS; ++minor)
		if (shim_cdev_ops(minor, &unused) && !strcmp(driver, shim_cdev_name(minor)))
			fd = allocate_from_heap(minor, bytes);
	if (fd < 0)
		return fd;
	dmabuf = shim_take_fd(fd)->private_data;
	out->dmabuf = dmabuf;
	out->size = dmabuf->size;
	out->ino = file_inode(dmabuf->file)->i_ino;
	out->exporter = dmabuf->exp_name;
	return 0;
}

void shim_put(void *dmabuf) { dma_buf_put(dmabuf); }

int shim_attach(void *dmabuf, unsigned int device, void **attachment)
{
	struct dma_buf_attachment *a = dma_buf_attach(dmabuf, &importers[device]);

	*attachment = IS_ERR(a) ? NULL : a;
	return PTR_ERR_OR_ZERO(a);
}

void shim_detach(void *dmabuf, void *attachment) { dma_buf_detach(dmabuf, attachment); }

int shim_map(void *attachment, int direction, void **table)
{
	struct dma_buf_attachment *a = attachment;
	struct sg_table *sgt;

	sgt = dma_buf_map_attachment(a, (enum dma_data_direction)direction);
	*table = IS_ERR(sgt) ? NULL : sgt;
	return PTR_ERR_OR_ZERO(sgt);
}

void shim_unmap(void *attachment, void *table, int direction)
{
	dma_buf_unmap_attachment(attachment, table, (enum dma_data_direction)direction);
}

int shim_begin_cpu_access(void *dmabuf, int direction)
{
	return dma_buf_begin_cpu_access(dmabuf, (enum dma_data_direction)direction);
}

int shim_end_cpu_access(void *dmabuf, int direction)
{
	return dma_buf_end_cpu_access(dmabuf, (enum dma_data_direction)direction);
}

int shim_vmap(void *dmabuf)
{
	struct iosys_map map;

	return dma_buf_vmap(dmabuf, &map);
}

void shim_vunmap(void *dmabuf)
{
	struct iosys_map map = ((struct dma_buf *)dmabuf)->vmap_ptr;

	dma_buf_vunmap(dmabuf, &map);
}

static unsigned long long *mmap_pages;
int remap_pfn_range(struct vm_area_struct *v, unsigned long address, unsigned long pfn, unsigned long size, pgprot_t p)
{
	unsigned long i, first = (address - v->vm_start) >> PAGE_SHIFT;

	(void)p;
	for (i = 0; i < size >> PAGE_SHIFT; ++i)
		mmap_pages[first + i] = (unsigned long long)(pfn + i) << PAGE_SHIFT;
	return 0;
}

int shim_mmap(void *dmabuf, unsigned long long *phys, unsigned long pages)
{
	struct vm_area_struct v = { .vm_end = pages << PAGE_SHIFT, .vm_flags = VM_SHARED | VM_MAYSHARE };
	struct vm_fault fault = { .vma = &v };
	unsigned long i;
	int ret;

	mmap_pages = phys;
	ret = dma_buf_mmap(dmabuf, &v, 0);
	mmap_pages = NULL;
	for (i = 0; !ret && v.vm_ops && v.vm_ops->fault && i < pages; ++i) {
		fault.pgoff = i;
		if (v.vm_ops->fault(&fault))
			return -EFAULT;
		phys[i] = page_to_phys(fault.page);
		put_page(fault.page);
	}
	if (!ret && v.vm_ops && v.vm_ops->close)
		v.vm_ops->close(&v);
	return ret;
}

void shim_importer_sync(void *attachment, void *table, int direction, int for_cpu)
{
	struct dma_buf_attachment *a = attachment;
	enum dma_data_direction dir = (enum dma_data_direction)direction;

	if (for_cpu)
		dma_sync_sgtable_for_cpu(a->dev, table, dir);
	else
		dma_sync_sgtable_for_device(a->dev, table, dir);
}

static const char *fence_name(struct dma_fence *f) { (void)f; return "client"; }
static const struct dma_fence_ops fence_ops = { .get_driver_name = fence_name, .get_timeline_name = fence_name };
static spinlock_t fence_lock;

int shim_add_fence(void *dmabuf, int write, void **fence)
{
	struct dma_buf *buffer = dmabuf;
	struct dma_fence *f = kzalloc(sizeof(*f), GFP_KERNEL);
	int ret;

	if (!f)
		return -ENOMEM;
	dma_fence_init(f, &fence_ops, &fence_lock, dma_fence_context_alloc(1), 1);
	dma_resv_lock(buffer->resv, NULL);
	ret = dma_resv_reserve_fences(buffer->resv, 1);
	if (!ret)
		dma_resv_add_fence(buffer->resv, f, write ? DMA_RESV_USAGE_WRITE : DMA_RESV_USAGE_READ);
	dma_resv_unlock(buffer->resv);
	if (ret) {
		dma_fence_put(f);
		f = NULL;
	}
	*fence = f;
	return ret;
}

void shim_signal_fence(void *fence)
{
	dma_fence_signal(fence);
	dma_fence_put(fence);
}
