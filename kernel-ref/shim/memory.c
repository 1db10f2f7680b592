/* SPDX-License-Identifier: GPL-2.0-only */
/* Allocation, the pages of the arena, kernel mappings, and bytes that go through the cache. */
#include "shim.h"
#include "machine_abi.h"

#undef memset
#undef memcpy
void *memset(void *to, int byte, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void qsort(void *base, size_t n, size_t size, int (*cmp)(const void *, const void *));

struct page *shim_pages;
unsigned char *shim_ram;
unsigned long shim_page_count;
static unsigned long next_page, live_pages, live_allocations, drivers_allocations;
static struct list_head free_blocks[MAX_ORDER];

static void empty(struct list_head *l) { l->next = l->prev = l; }

void shim_boot_memory(unsigned char *ram, unsigned long pages);
void shim_boot_memory(unsigned char *ram, unsigned long pages)
{
	unsigned int i;

	machine_free(shim_pages);
	shim_pages = machine_allocate(pages * sizeof(*shim_pages));
	memset(shim_pages, 0, pages * sizeof(*shim_pages));
	shim_ram = ram;
	shim_page_count = pages;
	/* Low memory belongs to somebody else: a sync of a table that was never mapped works on address 0. */
	next_page = SHIM_RESERVED_PAGES;
	live_pages = 0;
	for (i = 0; i < MAX_ORDER; ++i)
		empty(&free_blocks[i]);
}

unsigned long shim_live_allocations(void) { return live_allocations - drivers_allocations; }
/* What the drivers allocated when they registered stays for ever. */
void shim_drivers_are_there(void);
void shim_drivers_are_there(void) { drivers_allocations = live_allocations; }
unsigned long shim_live_pages(void) { return live_pages; }

void *kmalloc(size_t n, gfp_t flags)
{
	(void)flags;
	if (machine_should_fail(MACHINE_FAIL_MEMORY))
		return NULL;
	++live_allocations;
	return machine_allocate(n);
}

void *kzalloc(size_t n, gfp_t flags)
{
	void *p = kmalloc(n, flags);

	return p ? memset(p, 0, n) : NULL;
}

void kfree(const void *p)
{
	if (!p)
		return;
	--live_allocations;
	machine_free((void *)p);
}

void *shim_realloc(void *p, size_t n)
{
	if (machine_should_fail(MACHINE_FAIL_MEMORY))
		return NULL;
	if (!p)
		++live_allocations;
	return machine_reallocate(p, n);
}

void *shim_duplicate(const void *p, size_t n, gfp_t flags)
{
	void *to = kmalloc(n, flags);

	return to ? memcpy(to, p, n) : NULL;
}

struct kmem_cache { size_t size; };
struct kmem_cache *kmem_cache_create_(size_t size)
{
	struct kmem_cache *c = machine_allocate(sizeof(*c));

	c->size = size;
	return c;
}
void *kmem_cache_alloc(struct kmem_cache *c, gfp_t f) { return kzalloc(c->size, f); }

static int in_ram(const void *p)
{
	const unsigned char *c = p;

	return shim_ram && c >= shim_ram && c < shim_ram + (shim_page_count << PAGE_SHIFT);
}

void *shim_memset(void *to, int byte, size_t n)
{
	if (!in_ram(to))
		return memset(to, byte, n);
	machine_cpu_fill(virt_to_phys(to), byte, n);
	return to;
}

void *shim_memcpy(void *to, const void *from, size_t n)
{
	BUG_ON(in_ram(to) && in_ram(from));
	if (in_ram(to))
		machine_cpu_store(virt_to_phys(to), from, n);
	else if (in_ram(from))
		machine_cpu_load(virt_to_phys(from), to, n);
	else
		memcpy(to, from, n);
	return to;
}

static struct page *take_block(unsigned int order)
{
	unsigned long first = ALIGN(next_page, 1UL << order);
	struct list_head *l = free_blocks[order].next;

	if (l != &free_blocks[order]) {
		l->prev->next = l->next;
		l->next->prev = l->prev;
		return container_of(l, struct page, lru);
	}
	if (first + (1UL << order) > shim_page_count)
		return NULL;
	next_page = first + (1UL << order);
	return &shim_pages[first];
}

struct page *alloc_pages(gfp_t flags, unsigned int order)
{
	struct page *p;
	unsigned long i;

	if (order >= MAX_ORDER || machine_should_fail(MACHINE_FAIL_PAGES))
		return NULL;
	p = take_block(order);
	if (!p)
		return NULL;
	for (i = 0; i < 1UL << order; ++i) {
		p[i].order = 0;
		p[i].refs = 1;
		p[i].in_block = i != 0;
	}
	p->order = order;
	live_pages += 1UL << order;
	if (flags & __GFP_ZERO)
		machine_cpu_fill(page_to_phys(p), 0, PAGE_SIZE << order);
	return p;
}

void __free_pages(struct page *p, unsigned int order)
{
	struct list_head *head = &free_blocks[order];

	BUG_ON(p->refs <= 0);
	if (--p->refs > 0)
		return;
	live_pages -= 1UL << order;
	p->lru.next = head->next;
	p->lru.prev = head;
	head->next->prev = &p->lru;
	head->next = &p->lru;
}

void put_page(struct page *p)
{
	if (p->in_block) {
		BUG_ON(p->refs <= 1);
		--p->refs;
	} else {
		__free_pages(p, p->order);
	}
}

void split_page(struct page *p, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; ++i) {
		p[i].order = 0;
		p[i].in_block = 0;
	}
}

int vm_map_pages(struct vm_area_struct *v, struct page **pages, unsigned long count)
{
	unsigned long i;
	int ret = v->vm_pgoff >= count || vma_pages(v) > count - v->vm_pgoff ? -ENXIO : 0;

	for (i = 0; !ret && i < vma_pages(v); ++i)
		ret = remap_pfn_range(v, v->vm_start + (i << PAGE_SHIFT), page_to_pfn(pages[v->vm_pgoff + i]), PAGE_SIZE,
				      v->vm_page_prot);
	return ret;
}

struct cma { const char *name; };
static struct cma the_cma = { "reserved" };
struct cma *dev_get_cma_area(struct device *dev) { (void)dev; return &the_cma; }
const char *cma_get_name(const struct cma *cma) { return cma->name; }

struct page *cma_alloc(struct cma *cma, unsigned long count, unsigned int align, bool no_warn)
{
	unsigned int order = 0;

	(void)cma, (void)align, (void)no_warn;
	while ((1UL << order) < count)
		++order;
	return alloc_pages(0, order);
}

bool cma_release(struct cma *cma, const struct page *pages, unsigned long count)
{
	(void)cma;
	BUG_ON(count > 1UL << pages->order);
	/* What is not given back stays allocated. */
	if (pages->order && count <= 1UL << (pages->order - 1))
		return true;
	__free_pages((struct page *)pages, pages->order);
	return true;
}

/* Kernel mappings are tokens, remembered so that an operation on a dead one can be told. */
struct mapping { struct mapping *next; };
static struct mapping *mappings;

void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot)
{
	struct mapping *m = kmalloc(sizeof(*m), GFP_KERNEL);

	(void)pages, (void)count, (void)flags, (void)prot;
	if (!m)
		return NULL;
	m->next = mappings;
	mappings = m;
	return m;
}

static struct mapping **find(const void *address)
{
	struct mapping **m = &mappings;

	while (*m && *m != address)
		m = &(*m)->next;
	return m;
}

void vunmap(const void *address)
{
	struct mapping **m = find(address);
	struct mapping *dead = *m;

	BUG_ON(!dead);
	*m = dead->next;
	kfree(dead);
}

void invalidate_kernel_vmap_range(void *address, int size)
{
	machine_alias(address, (unsigned long)size, 0, *find(address) != NULL);
}

void flush_kernel_vmap_range(void *address, int size)
{
	machine_alias(address, (unsigned long)size, 1, *find(address) != NULL);
}

void sort(void *base, size_t num, size_t size, int (*cmp)(const void *, const void *),
	  void (*swap_func)(void *, void *, int size))
{
	(void)swap_func;
	qsort(base, num, size, cmp);
}
