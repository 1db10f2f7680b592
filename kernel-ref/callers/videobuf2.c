/* SPDX-License-Identifier: GPL-2.0-only */
/* What calls the memory operations of videobuf2: a plane is allocated for the device of a queue, exported, and let go
 * by the queue, so that the dma-buf alone keeps it. CALLED_OPS, CALLED_DIRECTION and CALLED_NON_COHERENT say of which
 * queue. USERPTR, which pins a process's pages, is not called. */
#include <linux/dma-heap.h>
#include <media/videobuf2-dma-contig.h>
#include <media/videobuf2-dma-sg.h>

static struct vb2_queue queue = { .dma_dir = CALLED_DIRECTION, .non_coherent_mem = CALLED_NON_COHERENT };
static struct vb2_buffer buffer = { .vb2_queue = &queue, .num_planes = 1 };

/* VIDIOC_REQBUFS, VIDIOC_EXPBUF, and VIDIOC_REQBUFS of none. */
static struct dma_buf *allocate(struct dma_heap *heap, unsigned long len, unsigned long fd_flags,
				unsigned long heap_flags)
{
	void *plane = CALLED_OPS.alloc(&buffer, heap_device(), len);
	struct dma_buf *dmabuf;

	(void)heap, (void)heap_flags;
	if (IS_ERR_OR_NULL(plane))
		return ERR_PTR(plane ? PTR_ERR(plane) : -ENOMEM);
	dmabuf = CALLED_OPS.get_dmabuf(&buffer, plane, fd_flags & O_ACCMODE);
	CALLED_OPS.put(plane);
	return IS_ERR_OR_NULL(dmabuf) ? ERR_PTR(-EINVAL) : dmabuf;
}

static const struct dma_heap_ops ops = { .allocate = allocate };

static int add_queue(void)
{
	struct dma_heap_export_info info = { .name = "videobuf2", .ops = &ops };

	return PTR_ERR_OR_ZERO(dma_heap_add(&info));
}
module_init(add_queue);

struct frame_vector *frame_vector_create(unsigned int nr_frames) { (void)nr_frames; return NULL; }
void frame_vector_destroy(struct frame_vector *vec) { (void)vec; }
int get_vaddr_frames(unsigned long start, unsigned int nr_pfns, struct frame_vector *vec)
{
	(void)start, (void)nr_pfns, (void)vec;
	return -EFAULT;
}
void put_vaddr_frames(struct frame_vector *vec) { (void)vec; }
int frame_vector_to_pages(struct frame_vector *vec) { (void)vec; return -EINVAL; }
void frame_vector_to_pfns(struct frame_vector *vec) { (void)vec; }
