/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices, and the character and misc devices through which the client opens a heap. */
#ifndef CUSTODY_SHIM_DEVICE_H
#define CUSTODY_SHIM_DEVICE_H

#include <linux/dma-direction.h>

#include "base.h"
#include "file.h"

struct dma_map_ops;
struct device_dma_parameters { unsigned int max_segment_size, min_align_mask; unsigned long segment_boundary_mask; };
struct device {
	const char *name;
	unsigned int machine_id; /* index of the machine's device */
	u64 dma_mask_value, coherent_dma_mask, *dma_mask, bus_dma_limit;
	struct device_dma_parameters *dma_parms;
	struct device *parent;
	const struct dma_map_ops *dma_ops; /* of a test: they stand in front of the machine */
};
/* Of the operations of a device those that the DMA API's calls of exporters come to. */
struct scatterlist;
struct dma_map_ops {
	int (*map_sg)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir, unsigned long attrs);
	void (*unmap_sg)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir,
			 unsigned long attrs);
	void (*sync_sg_for_cpu)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir);
	void (*sync_sg_for_device)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir);
};
static inline const struct dma_map_ops *get_dma_ops(struct device *dev) { return dev->dma_ops; }
static inline void set_dma_ops(struct device *dev, const struct dma_map_ops *ops) { dev->dma_ops = ops; }
struct device *root_device_register(const char *name);
void root_device_unregister(struct device *dev);
/* Pseudo device of a heap of the project, and one pass over a table that cleans and invalidates. */
struct device *heap_device(void);
struct sg_table;
void heap_flush(struct sg_table *table);
bool dev_is_dma_coherent(struct device *dev);
#define dev_name(d) ((d)->name)
#define dev_WARN_ONCE(d, c, ...) WARN_ON(c)
#define dev_say(d, ...) do { (void)(d); shim_say(__VA_ARGS__); } while (0)
#define dev_err(d, ...) dev_say(d, __VA_ARGS__)
#define dev_warn(d, ...) dev_say(d, __VA_ARGS__)
#define dev_info(d, ...) dev_say(d, __VA_ARGS__)
#define dev_dbg(d, ...) dev_say(d, __VA_ARGS__)
#define dev_err_once(d, ...) dev_say(d, __VA_ARGS__)
#define dev_warn_once(d, ...) dev_say(d, __VA_ARGS__)
#define dev_err_ratelimited(d, ...) dev_say(d, __VA_ARGS__)
#define dev_warn_ratelimited(d, ...) dev_say(d, __VA_ARGS__)
static inline struct device *get_device(struct device *d) { return d; }
static inline void put_device(struct device *d) { (void)d; }
struct class { char *(*devnode)(struct device *, umode_t *); };
struct kobject { int unused; };
struct cdev { const struct file_operations *ops; dev_t dev; struct module *owner; };
struct miscdevice { int minor; const char *name; const struct file_operations *fops; struct device *this_device; };
#define MISC_DYNAMIC_MINOR 255
#define MKDEV(ma, mi) (((ma) << 20) | (mi))
#define MAJOR(d) ((d) >> 20)
extern struct miscdevice *shim_udmabuf; /* the one that the drivers register */
int misc_register(struct miscdevice *misc);
void misc_deregister(struct miscdevice *misc);
int alloc_chrdev_region(dev_t *dev, unsigned int first, unsigned int count, const char *name);
void unregister_chrdev_region(dev_t dev, unsigned int count);
#define cdev_init(c, f) ((c)->ops = (f))
int cdev_add(struct cdev *c, dev_t dev, unsigned int count);
void cdev_del(struct cdev *c);
struct class *shim_class_create(void);
#define class_create(owner, name) shim_class_create()
struct device *device_create(struct class *c, struct device *parent, dev_t dev, void *data, const char *format, ...);
void device_destroy(struct class *c, dev_t dev);

/* An xarray of at most SHIM_XA entries. */
#define SHIM_XA 128
struct xarray { void *entry[SHIM_XA]; };
#define DEFINE_XARRAY_ALLOC(n) struct xarray n
#define XA_LIMIT(lo, hi) (hi)
static inline int xa_alloc(struct xarray *xa, u32 *id, void *entry, unsigned int limit, gfp_t flags)
{
	u32 i;
	(void)flags;
	for (i = 0; i < SHIM_XA && i <= limit; ++i)
		if (!xa->entry[i]) {
			xa->entry[i] = entry;
			*id = i;
			return 0;
		}
	return -EBUSY;
}
static inline void *xa_load(struct xarray *xa, unsigned long i) { return i < SHIM_XA ? xa->entry[i] : NULL; }
static inline void *xa_erase(struct xarray *xa, unsigned long i)
{
	void *old = xa_load(xa, i);
	if (old)
		xa->entry[i] = NULL;
	return old;
}

#endif
