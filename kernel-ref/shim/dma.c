/* SPDX-License-Identifier: GPL-2.0-only */
/* The DMA API: takes scatterlists apart for the machine. */
#include <linux/dma-mapping.h>

#include "machine_abi.h"

#define MAX_SEGMENTS 512

/* The `n` segments of a list, from its first entry. */
static unsigned int segments_of(struct scatterlist *sgl, unsigned int n, struct machine_segment *out)
{
	struct scatterlist *sg;
	unsigned int i;

	BUG_ON(n > MAX_SEGMENTS);
	for_each_sg(sgl, sg, (int)n, i) {
		out[i].phys = sg_phys(sg);
		out[i].length = sg->length;
		out[i].dma = sg_dma_address(sg);
	}
	return n;
}

int dma_map_sgtable(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir, unsigned long attrs)
{
	struct machine_segment s[MAX_SEGMENTS];
	unsigned int n = segments_of(sgt->sgl, sgt->orig_nents, s);
	struct scatterlist *sg;
	unsigned int i;
	int ret;

	machine_called_from(__builtin_return_address(0));
	if (dev->dma_ops) {
		ret = dev->dma_ops->map_sg(dev, sgt->sgl, (int)sgt->orig_nents, dir, attrs);
		if (ret > 0)
			sgt->nents = (unsigned int)ret;
		return ret > 0 ? 0 : ret ? ret : -EIO;
	}
	ret = machine_dma_map(dev->machine_id, s, &n, sgt->sgl, (int)dir, attrs);

	if (ret)
		return ret;
	sgt->nents = n;
	for_each_sg(sgt->sgl, sg, (int)n, i) {
		sg_dma_address(sg) = s[i].dma;
		sg_dma_len(sg) = (unsigned int)s[i].length;
	}
	return 0;
}

void dma_unmap_sg_attrs(struct device *dev, struct scatterlist *sgl, int n, enum dma_data_direction dir,
			unsigned long attrs)
{
	struct machine_segment s[MAX_SEGMENTS];

	machine_called_from(__builtin_return_address(0));
	if (dev->dma_ops) {
		dev->dma_ops->unmap_sg(dev, sgl, n, dir, attrs);
		return;
	}
	machine_dma_unmap(dev->machine_id, s, segments_of(sgl, (unsigned int)n, s), sgl, (int)dir, attrs);
}

void dma_sync_sg_for_cpu(struct device *dev, struct scatterlist *sgl, int n, enum dma_data_direction dir)
{
	struct machine_segment s[MAX_SEGMENTS];

	machine_called_from(__builtin_return_address(0));
	if (dev->dma_ops) {
		dev->dma_ops->sync_sg_for_cpu(dev, sgl, n, dir);
		return;
	}
	machine_dma_sync(dev->machine_id, s, segments_of(sgl, (unsigned int)n, s), sgl, (int)dir, 1);
}

void dma_sync_sg_for_device(struct device *dev, struct scatterlist *sgl, int n, enum dma_data_direction dir)
{
	struct machine_segment s[MAX_SEGMENTS];

	machine_called_from(__builtin_return_address(0));
	if (dev->dma_ops) {
		dev->dma_ops->sync_sg_for_device(dev, sgl, n, dir);
		return;
	}
	machine_dma_sync(dev->machine_id, s, segments_of(sgl, (unsigned int)n, s), sgl, (int)dir, 0);
}

void heap_flush(struct sg_table *table)
{
	struct machine_segment s[MAX_SEGMENTS];

	machine_called_from(__builtin_return_address(0));
	machine_flush(s, segments_of(table->sgl, table->orig_nents, s));
}

bool dev_is_dma_coherent(struct device *dev) { return machine_is_coherent(dev->machine_id) != 0; }

int dma_set_mask(struct device *dev, u64 mask) { dev->dma_mask_value = mask; return 0; }
int dma_set_coherent_mask(struct device *dev, u64 mask) { dev->coherent_dma_mask = mask; return 0; }

const void *shim_list_of(void *table) { return ((struct sg_table *)table)->sgl; }

/* The entries of a list that is no table; `nents` of a mapping that an IOMMU merged is the caller's to keep. */
unsigned int dma_map_sg_attrs(struct device *dev, struct scatterlist *sgl, int n, enum dma_data_direction dir,
			      unsigned long attrs)
{
	struct sg_table table = { .sgl = sgl, .nents = (unsigned int)n, .orig_nents = (unsigned int)n };

	return dma_map_sgtable(dev, &table, dir, attrs) ? 0 : table.nents;
}

size_t dma_max_mapping_size(struct device *dev) { (void)dev; return SIZE_MAX; }
bool dma_need_sync(struct device *dev, dma_addr_t address) { (void)address; return !dev_is_dma_coherent(dev); }
