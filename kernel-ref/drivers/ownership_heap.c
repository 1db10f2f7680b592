/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract that the review of the heap helpers proposed: the buffer has an owner, and the caches are maintained
 * exactly when the owner changes. What the review left open is a policy, see ownership_policy.h.
 *
 * The heap maintains through a DMA mapping of its own, from the first map to the release, and maps importers without
 * the DMA API's implicit sync: so that an operation is one pass over the buffer, however many devices are mapped.
 */
#include <linux/dma-resv.h>

#include "heap_pages.h"
#include "ownership_policy.h"
#include "reference_drivers.h"

struct ownership_policy ownership_heap_policy;

struct owned_buffer {
	struct heap_pages mem;
	struct list_head attachments;
	struct mutex lock;
	struct ownership_policy policy;
	struct sg_table own_table;
	bool own_mapped;
	bool device_owned;
	unsigned int attached, mapped, windows, vmaps;
	void *vaddr;
	/* Under `lazy`: */
	bool cpu_dirty; /* the CPU may have written since the last clean */
	bool cpu_stale; /* a device that does not snoop may have written since the last invalidate */
};

static bool reads(enum dma_data_direction dir) { return dir != DMA_FROM_DEVICE; }
static bool writes(enum dma_data_direction dir) { return dir != DMA_TO_DEVICE; }

/* One pass that cleans, invalidates, or does both. */
static void maintain(struct owned_buffer *b, bool clean, bool invalidate)
{
	if (clean && invalidate)
		heap_flush(&b->own_table);
	else if (clean)
		dma_sync_sgtable_for_device(heap_device(), &b->own_table, DMA_TO_DEVICE);
	else if (invalidate)
		dma_sync_sgtable_for_cpu(heap_device(), &b->own_table, DMA_FROM_DEVICE);
	b->cpu_dirty = b->cpu_dirty && !clean;
	b->cpu_stale = b->cpu_stale && !invalidate;
}

/* Under `lazy`, before a device may touch the buffer. */
static void serve_device(struct owned_buffer *b, struct heap_attachment *a)
{
	if (dev_is_dma_coherent(a->dev)) {
		/* It reads through the cache: what is stale there would mislead it. */
		if (b->cpu_stale && reads(a->dir))
			maintain(b, b->cpu_dirty, true);
		return;
	}
	if (b->cpu_dirty)
		maintain(b, true, b->cpu_stale);
	if (writes(a->dir))
		b->cpu_stale = true;
}

static void serve_cpu(struct owned_buffer *b, enum dma_data_direction dir)
{
	if (b->cpu_stale && writes(dir))
		maintain(b, b->cpu_dirty, true);
	if (reads(dir))
		b->cpu_dirty = true;
}

static int owned_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct owned_buffer *b = dmabuf->priv;
	struct heap_attachment *a = heap_attachment_new(&b->mem, attachment->dev);

	if (!a)
		return -ENOMEM;
	attachment->priv = a;
	mutex_lock(&b->lock);
	list_add(&a->list, &b->attachments);
	b->attached++;
	mutex_unlock(&b->lock);
	return 0;
}

/* Nobody owns the buffer any more. */
static void end_device_ownership(struct owned_buffer *b)
{
	b->device_owned = false;
	if (!b->policy.lazy && !b->windows && b->policy.end_sync)
		maintain(b, false, true);
}

static void owned_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct owned_buffer *b = dmabuf->priv;
	struct heap_attachment *a = attachment->priv;

	mutex_lock(&b->lock);
	list_del(&a->list);
	if (!--b->attached && b->policy.until_last_detach && b->device_owned)
		end_device_ownership(b);
	mutex_unlock(&b->lock);
	heap_attachment_free(a);
}

static struct sg_table *owned_map(struct dma_buf_attachment *attachment, enum dma_data_direction dir)
{
	struct owned_buffer *b = attachment->dmabuf->priv;
	struct heap_attachment *a = attachment->priv;
	int ret = 0;

	mutex_lock(&b->lock);
	if (b->windows && b->policy.refuse_map_in_window)
		ret = -EBUSY;
	if (!ret && a->maps && a->dir != dir)
		ret = -EBUSY;
	if (!ret && !b->own_mapped)
		ret = dma_map_sgtable(heap_device(), &b->own_table, DMA_BIDIRECTIONAL, DMA_ATTR_SKIP_CPU_SYNC);
	if (!ret)
		b->own_mapped = true;
	if (!ret && !a->maps)
		ret = dma_map_sgtable(a->dev, &a->table, dir, DMA_ATTR_SKIP_CPU_SYNC);
	if (!ret) {
		a->dir = dir;
		b->mapped += !a->maps++;
		/* An open window keeps the devices out: its end hands the buffer over. */
		if (!b->windows && b->policy.lazy)
			serve_device(b, a);
		else if (!b->windows && !b->device_owned)
			maintain(b, true, false);
		b->device_owned = true;
	}
	mutex_unlock(&b->lock);
	return ret ? ERR_PTR(ret) : &a->table;
}

static void owned_unmap(struct dma_buf_attachment *attachment, struct sg_table *table, enum dma_data_direction dir)
{
	struct owned_buffer *b = attachment->dmabuf->priv;
	struct heap_attachment *a = attachment->priv;

	(void)table;
	mutex_lock(&b->lock);
	if (!--a->maps) {
		dma_unmap_sgtable(a->dev, &a->table, dir, DMA_ATTR_SKIP_CPU_SYNC);
		if (!--b->mapped && !b->policy.until_last_detach)
			end_device_ownership(b);
	}
	mutex_unlock(&b->lock);
}

static int owned_begin(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	struct owned_buffer *b = dmabuf->priv;
	/* The core waits for the fences after this hook and may be interrupted there: the caller gets an error and will
	 * not call end. What waits first cannot be interrupted later, and invalidates after the device's last write. */
	long waited = dma_resv_wait_timeout(dmabuf->resv, dma_resv_usage_rw(reads(dir)), true, MAX_SCHEDULE_TIMEOUT);
	int ret = 0;

	if (waited < 0)
		return (int)waited;
	mutex_lock(&b->lock);
	if (!b->attached && b->policy.refuse_unattached)
		ret = -EINVAL;
	else if (b->policy.lazy)
		serve_cpu(b, dir);
	else if (!b->windows && b->device_owned)
		maintain(b, false, true);
	b->windows += !ret;
	mutex_unlock(&b->lock);
	return ret;
}

static int owned_end(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	struct owned_buffer *b = dmabuf->priv;
	struct heap_attachment *a;
	bool last;

	(void)dir;
	mutex_lock(&b->lock);
	last = b->windows && !--b->windows;
	if (last && b->policy.lazy) {
		list_for_each_entry(a, &b->attachments, list)
			if (a->maps)
				serve_device(b, a);
	} else if (last && b->device_owned) {
		maintain(b, true, false);
	}
	mutex_unlock(&b->lock);
	return 0;
}

static int owned_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct owned_buffer *b = dmabuf->priv;

	return heap_pages_mmap(&b->mem, vma);
}

static int owned_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct owned_buffer *b = dmabuf->priv;

	mutex_lock(&b->lock);
	if (!b->vmaps)
		b->vaddr = vmap(b->mem.pages, (unsigned int)b->mem.count, VM_MAP, PAGE_KERNEL);
	if (b->vaddr)
		b->vmaps++;
	mutex_unlock(&b->lock);
	if (!b->vaddr)
		return -ENOMEM;
	iosys_map_set_vaddr(map, b->vaddr);
	return 0;
}

static void owned_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct owned_buffer *b = dmabuf->priv;

	mutex_lock(&b->lock);
	if (!--b->vmaps) {
		vunmap(b->vaddr);
		b->vaddr = NULL;
	}
	mutex_unlock(&b->lock);
	iosys_map_clear(map);
}

static void owned_release(struct dma_buf *dmabuf)
{
	struct owned_buffer *b = dmabuf->priv;

	if (b->own_mapped)
		dma_unmap_sgtable(heap_device(), &b->own_table, DMA_BIDIRECTIONAL, DMA_ATTR_SKIP_CPU_SYNC);
	sg_free_table(&b->own_table);
	heap_pages_free(&b->mem);
	kfree(b);
}

static const struct dma_buf_ops owned_ops = {
	.attach = owned_attach,
	.detach = owned_detach,
	.map_dma_buf = owned_map,
	.unmap_dma_buf = owned_unmap,
	.begin_cpu_access = owned_begin,
	.end_cpu_access = owned_end,
	.mmap = owned_mmap,
	.vmap = owned_vmap,
	.vunmap = owned_vunmap,
	.release = owned_release,
};

static struct dma_buf *owned_allocate(struct dma_heap *heap, unsigned long len, unsigned long fd_flags,
				      unsigned long heap_flags)
{
	struct owned_buffer *b = kzalloc(sizeof(*b), GFP_KERNEL);
	struct dma_buf *dmabuf = ERR_PTR(-ENOMEM);

	(void)heap_flags;
	if (!b)
		return dmabuf;
	INIT_LIST_HEAD(&b->attachments);
	mutex_init(&b->lock);
	b->policy = ownership_heap_policy;
	b->cpu_dirty = true; /* the CPU zeroed it */
	if (heap_pages_alloc(&b->mem, len))
		goto free_buffer;
	if (heap_pages_table(&b->mem, &b->own_table))
		goto free_pages;
	dmabuf = heap_export(heap, &owned_ops, len, fd_flags, b);
	if (!IS_ERR(dmabuf))
		return dmabuf;
	sg_free_table(&b->own_table);
free_pages:
	heap_pages_free(&b->mem);
free_buffer:
	kfree(b);
	return dmabuf;
}

static const struct dma_heap_ops owned_heap_ops = { .allocate = owned_allocate };

int register_ownership_heap(void)
{
	struct dma_heap_export_info info = { .name = "ownership_heap", .ops = &owned_heap_ops };

	return PTR_ERR_OR_ZERO(dma_heap_add(&info));
}

#ifdef SHIM_ANY_DRIVER
module_init(register_ownership_heap);
#endif
