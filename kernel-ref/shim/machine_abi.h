/* SPDX-License-Identifier: GPL-2.0-only */
/* The border between the shim (C, the kernel's types) and the machine (C++, bytes and caches). Plain types only. */
#ifndef CUSTODY_MACHINE_ABI_H
#define CUSTODY_MACHINE_ABI_H

#ifdef __cplusplus
extern "C" {
#endif

/* A segment of a scatterlist. `dma` is what the machine answered at map time. */
struct machine_segment {
	unsigned long long phys, length, dma;
};

/* Given by the machine. The CPU's accesses go through its cache. */
void machine_cpu_fill(unsigned long long phys, int byte, unsigned long n);
void machine_cpu_store(unsigned long long phys, const void *from, unsigned long n);
void machine_cpu_load(unsigned long long phys, void *to, unsigned long n);
/* dma_map_sgtable: fills `dma` of the segments; `*n` becomes the number of mapped segments. 0 or a negative errno. */
int machine_dma_map(unsigned int device, struct machine_segment *s, unsigned int *n, const void *table, int direction,
		    unsigned long attrs);
void machine_dma_unmap(unsigned int device, const struct machine_segment *s, unsigned int n, const void *table,
		       int direction, unsigned long attrs);
void machine_dma_sync(unsigned int device, const struct machine_segment *s, unsigned int n, const void *table,
		      int direction, int for_cpu);
/* Where the code is that makes the next of these calls: an address inside the driver's function. */
void machine_called_from(const void *address);
/* One pass of the architecture that cleans and invalidates, outside the DMA API. */
void machine_flush(const struct machine_segment *s, unsigned int n);
/* The bytes leave the cache for memory that the CPU reaches past it from now on. */
void machine_prepare_coherent(unsigned long long phys, unsigned long n);
int machine_is_coherent(unsigned int device);
/* flush_kernel_vmap_range, invalidate_kernel_vmap_range: of a mapping that is live, or not. */
void machine_alias(const void *address, unsigned long size, int flush, int live);
/* A new device that a driver of the kernel registered; its index. */
unsigned int machine_new_device(const char *name);
/* Whether this allocation fails. Asked at each. */
int machine_should_fail(int kind);
/* Memory of the drivers, not zeroed; what they do with it that is none of theirs may not come back. */
void *machine_allocate(unsigned long n);
void *machine_reallocate(void *p, unsigned long n);
void machine_free(void *p);
/* A lock is about to be taken: comes back when it can be. It was taken, or was dropped. `held` tells it apart. */
void machine_before_take(const int *held);
void machine_after_take(const int *held);
void machine_after_drop(const int *held);
enum { MACHINE_FAIL_MEMORY, MACHINE_FAIL_PAGES, MACHINE_FAIL_MAP, MACHINE_FAIL_FILES };
/* A BUG of the kernel: throws KernelBug through the kernel's frames, which are built to let it pass. */
void machine_bug(const char *what, const char *file, int line) __attribute__((noreturn));
/* A WARN_ON of the kernel. */
void machine_warn(const char *what, const char *file, int line);
/* The task waits for hardware. Returns 1 when something was finished, 0 when nothing can be. */
int machine_wait(void);

/* Given by the shim. A shim serves one machine at a time. `ram` holds `pages` pages of 4096 bytes. */
void shim_boot(unsigned char *ram, unsigned long pages);
/* What is still allocated: 0 after a complete life. */
unsigned long shim_live_allocations(void);
unsigned long shim_live_pages(void);
unsigned long shim_warnings(void);
void shim_set_signal_pending(int pending);

/* The client's calls. Pointers are opaque; results are 0 or a negative errno. */
struct shim_buffer {
	void *dmabuf;
	unsigned long size;
	unsigned long ino;
	const char *exporter;
};
/* `driver`: a heap's name, `udmabuf`, or a driver of drivers.h. */
int shim_export(const char *driver, unsigned long bytes, struct shim_buffer *out);
void shim_put(void *dmabuf);
int shim_attach(void *dmabuf, unsigned int device, void **attachment);
void shim_detach(void *dmabuf, void *attachment);
int shim_map(void *attachment, int direction, void **table);
void shim_unmap(void *attachment, void *table, int direction);
int shim_begin_cpu_access(void *dmabuf, int direction);
int shim_end_cpu_access(void *dmabuf, int direction);
int shim_vmap(void *dmabuf);
void shim_vunmap(void *dmabuf);
/* The physical address of each page of the buffer, as a user mapping of it shows them. */
int shim_mmap(void *dmabuf, unsigned long long *phys, unsigned long pages);
/* An importer's own sync of its mapping. */
void shim_importer_sync(void *attachment, void *table, int direction, int for_cpu);
/* The scatterlist of a table: the name that the machine knows a mapping by. */
const void *shim_list_of(void *table);
/* A fence of the buffer that is not signalled. */
int shim_add_fence(void *dmabuf, int write, void **fence);
void shim_signal_fence(void *fence);

#ifdef __cplusplus
}
#endif

#endif
