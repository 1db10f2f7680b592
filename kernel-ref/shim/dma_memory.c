/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that the DMA API allocates: coherent, which the CPU reaches past its cache, and contiguous pages that are mapped. */
#include <linux/dma-mapping.h>

#include "machine_abi.h"

#undef memset

static struct page *zeroed_pages(size_t size, gfp_t flags)
{
	return alloc_pages(flags | __GFP_ZERO, get_order(size));
}

static void *pages_of_cpu(struct page *p) { return page_address(p); }

/* dma_direct_alloc() of a device that does not snoop: the zeroes leave the cache, and the mapping goes past it. */
void *dma_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle, gfp_t flag, unsigned long attrs)
{
	struct page *p = zeroed_pages(size, flag);

	(void)dev, (void)attrs;
	if (!p)
		return NULL;
	machine_prepare_coherent(page_to_phys(p), PAGE_SIZE << get_order(size));
	*handle = page_to_phys(p);
	return pages_of_cpu(p);
}

void dma_free_attrs(struct device *dev, size_t size, void *cpu, dma_addr_t handle, unsigned long attrs)
{
	(void)dev, (void)cpu, (void)attrs;
	__free_pages(pfn_to_page(PFN_DOWN(handle)), get_order(size));
}

int dma_get_sgtable_attrs(struct device *dev, struct sg_table *sgt, void *cpu, dma_addr_t handle, size_t size,
			  unsigned long attrs)
{
	int ret = sg_alloc_table(sgt, 1, GFP_KERNEL);

	(void)dev, (void)cpu, (void)attrs;
	if (!ret)
		sg_set_page(sgt->sgl, pfn_to_page(PFN_DOWN(handle)), (unsigned int)PAGE_ALIGN(size), 0);
	return ret;
}

static int show(struct vm_area_struct *v, struct page *first, size_t size)
{
	unsigned long pages = PAGE_ALIGN(size) >> PAGE_SHIFT;

	if (v->vm_pgoff >= pages || vma_pages(v) > pages - v->vm_pgoff)
		return -ENXIO;
	return remap_pfn_range(v, v->vm_start, page_to_pfn(first) + v->vm_pgoff, vma_pages(v) << PAGE_SHIFT,
			       v->vm_page_prot);
}

int dma_mmap_attrs(struct device *dev, struct vm_area_struct *v, void *cpu, dma_addr_t handle, size_t size,
		   unsigned long attrs)
{
	(void)dev, (void)cpu, (void)attrs;
	return show(v, pfn_to_page(PFN_DOWN(handle)), size);
}

/* alloc_single_sgt(): zeroed through the cache, mapped without maintenance. */
struct sg_table *dma_alloc_noncontiguous(struct device *dev, size_t size, enum dma_data_direction dir, gfp_t gfp,
					 unsigned long attrs)
{
	struct sg_table *sgt = kmalloc(sizeof(*sgt), gfp);
	struct page *p;

	(void)attrs;
	if (!sgt)
		return NULL;
	if (sg_alloc_table(sgt, 1, gfp))
		goto no_table;
	p = zeroed_pages(size, gfp);
	if (!p)
		goto no_pages;
	sg_set_page(sgt->sgl, p, (unsigned int)PAGE_ALIGN(size), 0);
	if (!dma_map_sgtable(dev, sgt, dir, DMA_ATTR_SKIP_CPU_SYNC))
		return sgt;
	__free_pages(p, get_order(size));
no_pages:
	sg_free_table(sgt);
no_table:
	kfree(sgt);
	return NULL;
}

void dma_free_noncontiguous(struct device *dev, size_t size, struct sg_table *sgt, enum dma_data_direction dir)
{
	dma_unmap_sgtable(dev, sgt, dir, DMA_ATTR_SKIP_CPU_SYNC);
	__free_pages(sg_page(sgt->sgl), get_order(size));
	sg_free_table(sgt);
	kfree(sgt);
}

/* Of one block the kernel's own mapping serves. */
void *dma_vmap_noncontiguous(struct device *dev, size_t size, struct sg_table *sgt)
{
	(void)dev, (void)size;
	return pages_of_cpu(sg_page(sgt->sgl));
}

void dma_vunmap_noncontiguous(struct device *dev, void *vaddr) { (void)dev, (void)vaddr; }

int dma_mmap_noncontiguous(struct device *dev, struct vm_area_struct *v, size_t size, struct sg_table *sgt)
{
	(void)dev;
	return show(v, sg_page(sgt->sgl), size);
}

/* Of addresses that are no memory: no driver of the shim has any. */
dma_addr_t dma_map_resource(struct device *dev, phys_addr_t phys, size_t size, enum dma_data_direction dir,
			    unsigned long attrs)
{
	(void)dev, (void)phys, (void)size, (void)dir, (void)attrs;
	return DMA_MAPPING_ERROR;
}

void dma_unmap_resource(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir,
			unsigned long attrs)
{
	(void)dev, (void)addr, (void)size, (void)dir, (void)attrs;
}
