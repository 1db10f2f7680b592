/* SPDX-License-Identifier: GPL-2.0-only */
#include "heap_pages.h"

int heap_pages_alloc(struct heap_pages *p, unsigned long len)
{
	p->len = len;
	p->count = 0;
	p->pages = kmalloc_array(len >> PAGE_SHIFT, sizeof(*p->pages), GFP_KERNEL);
	if (!p->pages)
		return -ENOMEM;
	for (; p->count < len >> PAGE_SHIFT; p->count++) {
		p->pages[p->count] = alloc_pages(GFP_KERNEL | __GFP_ZERO, 0);
		if (!p->pages[p->count]) {
			heap_pages_free(p);
			return -ENOMEM;
		}
	}
	return 0;
}

void heap_pages_free(struct heap_pages *p)
{
	while (p->count > 0)
		__free_pages(p->pages[--p->count], 0);
	kfree(p->pages);
	p->pages = NULL;
}

int heap_pages_table(const struct heap_pages *p, struct sg_table *table)
{
	return sg_alloc_table_from_pages(table, p->pages, (unsigned int)p->count, 0, p->len, GFP_KERNEL);
}

int heap_pages_mmap(const struct heap_pages *p, struct vm_area_struct *vma)
{
	pgoff_t i;
	int ret = 0;

	for (i = 0; !ret && i < vma_pages(vma); i++)
		ret = remap_pfn_range(vma, vma->vm_start + (i << PAGE_SHIFT), page_to_pfn(p->pages[vma->vm_pgoff + i]),
				      PAGE_SIZE, vma->vm_page_prot);
	return ret;
}

struct heap_attachment *heap_attachment_new(const struct heap_pages *p, struct device *dev)
{
	struct heap_attachment *a = kzalloc(sizeof(*a), GFP_KERNEL);

	if (!a)
		return NULL;
	if (heap_pages_table(p, &a->table)) {
		kfree(a);
		return NULL;
	}
	a->dev = dev;
	a->dir = DMA_NONE;
	return a;
}

void heap_attachment_free(struct heap_attachment *a)
{
	sg_free_table(&a->table);
	kfree(a);
}

struct dma_buf *heap_export(struct dma_heap *heap, const struct dma_buf_ops *ops, unsigned long len,
			    unsigned long fd_flags, void *priv)
{
	DEFINE_DMA_BUF_EXPORT_INFO(exp_info);

	exp_info.exp_name = dma_heap_get_name(heap);
	exp_info.ops = ops;
	exp_info.size = len;
	exp_info.flags = (int)fd_flags;
	exp_info.priv = priv;
	return dma_buf_export(&exp_info);
}
