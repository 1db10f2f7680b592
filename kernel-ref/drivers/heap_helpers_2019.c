/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the heap helpers of March 2019 did, event for event: a sync for every attachment, mapped or not, at both ends of
 * a CPU access; a kernel mapping of the whole buffer made by begin_cpu_access and dropped by end_cpu_access.
 */
#include "heap_pages.h"
#include "reference_drivers.h"

struct helper_buffer {
	struct heap_pages mem;
	struct list_head attachments;
	struct mutex lock;
	int kmap_count;
	void *vaddr;
};

static void *get_kernel_mapping(struct helper_buffer *b)
{
	if (b->kmap_count++)
		return b->vaddr;
	b->vaddr = vmap(b->mem.pages, (unsigned int)b->mem.count, VM_MAP, PAGE_KERNEL);
	if (b->vaddr)
		return b->vaddr;
	b->kmap_count = 0;
	return ERR_PTR(-ENOMEM);
}

static void put_kernel_mapping(struct helper_buffer *b)
{
	/* Not paired with begin: an end too many drives the count below 0. */
	if (--b->kmap_count)
		return;
	vunmap(b->vaddr);
	b->vaddr = NULL;
}

static int helper_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct helper_buffer *b = dmabuf->priv;
	struct heap_attachment *a = heap_attachment_new(&b->mem, attachment->dev);

	if (!a)
		return -ENOMEM;
	attachment->priv = a;
	mutex_lock(&b->lock);
	list_add(&a->list, &b->attachments);
	mutex_unlock(&b->lock);
	return 0;
}

static void helper_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct helper_buffer *b = dmabuf->priv;
	struct heap_attachment *a = attachment->priv;

	mutex_lock(&b->lock);
	list_del(&a->list);
	mutex_unlock(&b->lock);
	heap_attachment_free(a);
}

static struct sg_table *helper_map(struct dma_buf_attachment *attachment, enum dma_data_direction dir)
{
	struct heap_attachment *a = attachment->priv;

	return dma_map_sgtable(attachment->dev, &a->table, dir, 0) ? ERR_PTR(-ENOMEM) : &a->table;
}

static void helper_unmap(struct dma_buf_attachment *attachment, struct sg_table *table, enum dma_data_direction dir)
{
	dma_unmap_sgtable(attachment->dev, table, dir, 0);
}

static int helper_begin(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	struct helper_buffer *b = dmabuf->priv;
	struct heap_attachment *a;
	void *vaddr;

	mutex_lock(&b->lock);
	vaddr = get_kernel_mapping(b);
	mutex_unlock(&b->lock);
	if (IS_ERR(vaddr)) /* after an end too many it is NULL, and that passes */
		return (int)PTR_ERR(vaddr);
	mutex_lock(&b->lock);
	list_for_each_entry(a, &b->attachments, list)
		dma_sync_sgtable_for_cpu(a->dev, &a->table, dir);
	mutex_unlock(&b->lock);
	return 0;
}

static int helper_end(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	struct helper_buffer *b = dmabuf->priv;
	struct heap_attachment *a;

	mutex_lock(&b->lock);
	put_kernel_mapping(b);
	list_for_each_entry(a, &b->attachments, list)
		dma_sync_sgtable_for_device(a->dev, &a->table, dir);
	mutex_unlock(&b->lock);
	return 0;
}

static int helper_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct helper_buffer *b = dmabuf->priv;

	return heap_pages_mmap(&b->mem, vma);
}

/* As kmap did: whatever the window mapped, which is nothing outside of one. */
static int helper_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct helper_buffer *b = dmabuf->priv;

	iosys_map_set_vaddr(map, b->vaddr);
	return 0;
}

static void helper_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	(void)dmabuf;
	iosys_map_clear(map);
}

static void helper_release(struct dma_buf *dmabuf)
{
	struct helper_buffer *b = dmabuf->priv;

	if (b->kmap_count > 0)
		vunmap(b->vaddr);
	heap_pages_free(&b->mem);
	kfree(b);
}

static const struct dma_buf_ops helper_ops = {
	.attach = helper_attach,
	.detach = helper_detach,
	.map_dma_buf = helper_map,
	.unmap_dma_buf = helper_unmap,
	.begin_cpu_access = helper_begin,
	.end_cpu_access = helper_end,
	.mmap = helper_mmap,
	.vmap = helper_vmap,
	.vunmap = helper_vunmap,
	.release = helper_release,
};

static struct dma_buf *helper_allocate(struct dma_heap *heap, unsigned long len, unsigned long fd_flags,
				       unsigned long heap_flags)
{
	struct helper_buffer *b = kzalloc(sizeof(*b), GFP_KERNEL);
	struct dma_buf *dmabuf;

	(void)heap_flags;
	if (!b)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&b->attachments);
	mutex_init(&b->lock);
	if (heap_pages_alloc(&b->mem, len)) {
		kfree(b);
		return ERR_PTR(-ENOMEM);
	}
	dmabuf = heap_export(heap, &helper_ops, len, fd_flags, b);
	if (IS_ERR(dmabuf)) {
		heap_pages_free(&b->mem);
		kfree(b);
	}
	return dmabuf;
}

static const struct dma_heap_ops helper_heap_ops = { .allocate = helper_allocate };

int register_heap_helpers_2019(void)
{
	struct dma_heap_export_info info = { .name = "heap_helpers_2019", .ops = &helper_heap_ops };

	return PTR_ERR_OR_ZERO(dma_heap_add(&info));
}

#ifdef SHIM_ANY_DRIVER
module_init(register_heap_helpers_2019);
#endif
