/* SPDX-License-Identifier: GPL-2.0-only */
/* Allocation, pages of the RAM arena, kernel and user mappings. */
#ifndef CUSTODY_SHIM_MEMORY_H
#define CUSTODY_SHIM_MEMORY_H

#include "base.h"
#include "lock.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(x) ALIGN(x, PAGE_SIZE)
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)
#define PFN_DOWN(x) ((x) >> PAGE_SHIFT)
#define __pfn_to_phys(pfn) ((phys_addr_t)(pfn) << PAGE_SHIFT)
#define PFN_UP(x) (((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define MAX_ORDER 11
#define SZ_4K 0x1000UL
#define SZ_64K 0x10000UL
#define SZ_1M 0x100000UL

#define GFP_KERNEL 1U
#define GFP_ATOMIC 2U
#define GFP_NOWAIT 4U
#define GFP_HIGHUSER 8U
#define GFP_USER 8U
#define __GFP_ZERO 0x100U
#define __GFP_COMP 0x200U
#define __GFP_NOWARN 0x400U
#define __GFP_NORETRY 0x800U
#define __GFP_RECLAIM 0x1000U
#define __GFP_HIGH 0x2000U
#define __GFP_NOMEMALLOC 0x4000U
#define __GFP_KSWAPD_RECLAIM 0x8000U
#define __GFP_NOFAIL 0x10000U
#define SLAB_TYPESAFE_BY_RCU 1U

void *kmalloc(size_t n, gfp_t flags);
void *kzalloc(size_t n, gfp_t flags);
void kfree(const void *p);
char *kasprintf(gfp_t flags, const char *format, ...) __printf(2, 3);
#define kcalloc(n, size, f) kzalloc((size_t)(n) * (size), f)
#define kmalloc_array(n, size, f) kmalloc((size_t)(n) * (size), f)
#define kvmalloc_array(n, size, f) kmalloc((size_t)(n) * (size), f)
#define krealloc_array(p, n, size, f) shim_realloc(p, (size_t)(n) * (size))
void *shim_realloc(void *p, size_t n);
#define kvmalloc(n, f) kmalloc(n, f)
#define kvzalloc(n, f) kzalloc(n, f)
#define kvcalloc(n, size, f) kcalloc(n, size, f)
#define kzalloc_node(n, f, node) kzalloc(n, f)
#define kmalloc_node(n, f, node) kmalloc(n, f)
#define krealloc(p, n, f) shim_realloc(p, n)
#define kmemdup(p, n, f) shim_duplicate(p, n, f)
#define kstrdup(s, f) ((char *)shim_duplicate(s, strlen(s) + 1, f))
void *shim_duplicate(const void *p, size_t n, gfp_t flags);
#define kfree_sensitive(p) kfree(p)
#define kfree_const(p) kfree(p)
#define kvfree(p) kfree(p)
static inline void __free_kfree(void *p) { const void *at = *(void **)p; if (!IS_ERR_OR_NULL(at)) kfree(at); }
static inline void __free_kvfree(void *p) { __free_kfree(p); }
#define devm_kzalloc(d, n, f) kzalloc(n, f)
#define devm_kfree(d, p) kfree(p)
#define vzalloc(n) kzalloc(n, GFP_KERNEL)
#define KMALLOC_MAX_SIZE (1UL << 22)
#define ZERO_OR_NULL_PTR(p) ((unsigned long)(p) <= 16)
#define vmalloc(n) kmalloc(n, GFP_KERNEL)
#define vfree(p) kfree(p)
#define kmemleak_alloc(...) do { } while (0)
#define kmemleak_free(p) do { } while (0)
#define ksize(p) 0
struct kmem_cache;
#define KMEM_CACHE(s, f) kmem_cache_create_(sizeof(struct s))
struct kmem_cache *kmem_cache_create_(size_t size);
#define kmem_cache_create(n, size, a, f, c) kmem_cache_create_(size)
void *kmem_cache_alloc(struct kmem_cache *c, gfp_t f);
#define kmem_cache_zalloc(c, f) kmem_cache_alloc(c, f)
#define kmem_cache_free(c, p) kfree(p)
#define kmem_cache_destroy(c) kfree(c)

#define SHIM_RESERVED_PAGES 16
/* One page of the arena. */
struct page {
	struct list_head lru;
	unsigned int order;    /* of the block that begins here */
	unsigned int in_block; /* behind the first page of a block: freed with it */
	int refs;
};
extern struct page *shim_pages;   /* of the whole arena */
extern unsigned char *shim_ram;   /* its bytes as memory holds them */
extern unsigned long shim_page_count;

static inline unsigned long page_to_pfn(const struct page *p) { return (unsigned long)(p - shim_pages); }
static inline struct page *pfn_to_page(unsigned long pfn) { return &shim_pages[pfn]; }
#define nth_page(p, n) ((p) + (n))
#define page_to_phys(p) ((phys_addr_t)page_to_pfn(p) << PAGE_SHIFT)
static inline void *page_address(const struct page *p) { return shim_ram + (page_to_pfn(p) << PAGE_SHIFT); }
static inline struct page *virt_to_page(const void *v)
{
	return &shim_pages[(size_t)((const unsigned char *)v - shim_ram) >> PAGE_SHIFT];
}
#define virt_addr_valid(v) 1
#define is_vmalloc_addr(v) 0
#define virt_to_phys(v) ((phys_addr_t)((const unsigned char *)(v)-shim_ram))
struct page *alloc_pages(gfp_t flags, unsigned int order);
void __free_pages(struct page *p, unsigned int order);
void put_page(struct page *p);
/* Makes pages of their own of a block, each with a reference. */
void split_page(struct page *p, unsigned int order);
#define set_page_dirty_lock(p) do { (void)(p); } while (0)
static inline void get_page(struct page *p) { ++p->refs; }
#define alloc_page(f) alloc_pages(f, 0)
#define __free_page(p) __free_pages(p, 0)
#define page_to_virt(p) page_address(p)
#define page_count(p) ((p)->refs)
#define __get_free_page(f) ((unsigned long)kmalloc(PAGE_SIZE, f))
#define free_page(p) kfree((void *)(p))
#define compound_order(p) ((p)->order)
#define page_size(p) (PAGE_SIZE << (p)->order)
#define PageHighMem(p) 0
#define PageSlab(p) 0
#define clear_highpage(p) memset(page_address(p), 0, PAGE_SIZE)
#define clear_page(v) memset(v, 0, PAGE_SIZE)
#define kmap_atomic(p) page_address(p)
#define kunmap_atomic(v) do { (void)(v); } while (0)
#define kmap_local_page(p) page_address(p)
#define kunmap_local(v) do { (void)(v); } while (0)
#define kmap(p) page_address(p)
#define kunmap(p) do { } while (0)
#define flush_dcache_page(p) do { } while (0)
#define preemptible() 1
#define pagefault_disabled() 1
#define cond_resched() do { } while (0)
static inline unsigned int get_order(unsigned long size)
{
	unsigned int order = 0;
	while ((PAGE_SIZE << order) < size)
		++order;
	return order;
}

#define PAGE_KERNEL 1
#define VM_IO 0x4000UL
#define VM_PFNMAP 0x400UL
#define VM_DONTEXPAND 0x40000UL
#define VM_DONTDUMP 0x4000000UL
#define vm_flags_set(v, f) ((v)->vm_flags |= (f))
#define pgprot_writecombine(p) (p)
#define pgprot_noncached(p) (p)
#define VM_MAP 4UL
#define VM_SHARED 8UL
#define VM_MAYSHARE 0x80UL
typedef unsigned long pgprot_t;
/* A token that stands for a kernel mapping: the drivers never look through it. */
void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot);
void vunmap(const void *address);
#define vm_map_ram(pages, count, node) vmap(pages, count, VM_MAP, PAGE_KERNEL)
#define vm_unmap_ram(address, count) vunmap(address)
void invalidate_kernel_vmap_range(void *address, int size);
void flush_kernel_vmap_range(void *address, int size);

struct vm_area_struct;
struct vm_fault { struct vm_area_struct *vma; pgoff_t pgoff; struct page *page; };
struct vm_operations_struct {
	void (*open)(struct vm_area_struct *);
	void (*close)(struct vm_area_struct *);
	vm_fault_t (*fault)(struct vm_fault *);
};
struct file;
struct vm_area_struct {
	unsigned long vm_start, vm_end, vm_pgoff, vm_flags;
	pgprot_t vm_page_prot;
	const struct vm_operations_struct *vm_ops;
	void *vm_private_data;
	struct file *vm_file;
};
#define VM_FAULT_SIGBUS 2U
static inline unsigned long vma_pages(struct vm_area_struct *v) { return (v->vm_end - v->vm_start) >> PAGE_SHIFT; }
static inline void vma_set_file(struct vm_area_struct *v, struct file *f) { v->vm_file = f; }
int vm_map_pages(struct vm_area_struct *v, struct page **pages, unsigned long count);
int remap_pfn_range(struct vm_area_struct *v, unsigned long address, unsigned long pfn, unsigned long size, pgprot_t p);

struct cma;
struct device;
struct cma *dev_get_cma_area(struct device *dev);
const char *cma_get_name(const struct cma *cma);
struct page *cma_alloc(struct cma *cma, unsigned long count, unsigned int align, bool no_warn);
bool cma_release(struct cma *cma, const struct page *pages, unsigned long count);
#define CONFIG_CMA_ALIGNMENT 8

#endif
