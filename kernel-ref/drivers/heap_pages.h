/* SPDX-License-Identifier: GPL-2.0-only */
/* What the reference drivers share: a buffer's pages, and a table of its own for each attachment. */
#ifndef CUSTODY_HEAP_PAGES_H
#define CUSTODY_HEAP_PAGES_H

#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct heap_pages {
	struct page **pages;
	pgoff_t count;
	unsigned long len;
};

struct heap_attachment {
	struct device *dev;
	struct sg_table table;
	struct list_head list;
	unsigned int maps; /* a count: one flag would lose a second map */
	enum dma_data_direction dir;
};

/* 0 or -ENOMEM; the pages are zeroed by the CPU. */
int heap_pages_alloc(struct heap_pages *p, unsigned long len);
void heap_pages_free(struct heap_pages *p);
int heap_pages_table(const struct heap_pages *p, struct sg_table *table);
int heap_pages_mmap(const struct heap_pages *p, struct vm_area_struct *vma);
struct heap_attachment *heap_attachment_new(const struct heap_pages *p, struct device *dev);
void heap_attachment_free(struct heap_attachment *a);
struct dma_buf *heap_export(struct dma_heap *heap, const struct dma_buf_ops *ops, unsigned long len,
			    unsigned long fd_flags, void *priv);

#endif
