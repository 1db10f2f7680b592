/* SPDX-License-Identifier: GPL-2.0-only */
/* Types, macros, errors, strings and messages of the kernel, as far as the drivers use them. */
#ifndef CUSTODY_SHIM_BASE_H
#define CUSTODY_SHIM_BASE_H

#define CONFIG_HAS_DMA 1
/* An IOMMU merges: what is mapped and what it is mapped to have lengths of their own. */
#define CONFIG_NEED_SG_DMA_LENGTH 1

#include <stdarg.h>
#include <stddef.h>

typedef signed char s8, __s8;
typedef unsigned char u8, __u8;
typedef short s16, __s16;
typedef unsigned short u16, __u16, __le16, __be16;
typedef int s32, __s32;
typedef unsigned int u32, __u32, __le32, __be32;
typedef long long s64, __s64;
typedef unsigned long long u64, __u64, __le64, __be64;
typedef _Bool bool;
typedef long ssize_t, __kernel_ssize_t;
typedef unsigned long __kernel_size_t;
typedef unsigned long uintptr_t, ulong;
typedef long intptr_t;
typedef long long loff_t;
typedef long off_t;
typedef unsigned short umode_t;
typedef unsigned int gfp_t, fmode_t, dev_t, slab_flags_t, vm_fault_t, uint, __poll_t;
typedef unsigned long pgoff_t;
typedef u64 dma_addr_t, phys_addr_t, resource_size_t;
typedef u8 uint8_t;
typedef u16 uint16_t;
typedef u32 uint32_t;
typedef u64 uint64_t;
typedef s64 ktime_t;
typedef int pid_t, __kernel_pid_t;
enum { false = 0, true = 1 };
struct timeval { long tv_sec, tv_usec; };
struct __kernel_timespec { long long tv_sec, tv_nsec; };

struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct hlist_head { struct hlist_node *first; };
struct callback_head { struct callback_head *next; void (*func)(struct callback_head *head); };
#define rcu_head callback_head
typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;

#define __user
#define __iomem
#define __rcu
#define __must_check
#define __init
#define __exit
#define __read_mostly
#define __force
#define __bitwise
#define __maybe_unused __attribute__((unused))
#define __always_inline inline __attribute__((always_inline))
#define noinline __attribute__((noinline))
#define __printf(a, b) __attribute__((format(printf, a, b)))
#define __cold
#define __hot
#define __pure
#define __ro_after_init
#define __initdata
#define __init_or_module
#define __nonstring
#define __cleanup(f) __attribute__((cleanup(f)))
#define __packed __attribute__((packed))
#define __aligned(x) __attribute__((aligned(x)))
#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define __malloc
#define __counted_by(x)
#define fallthrough __attribute__((__fallthrough__))
#define asmlinkage
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __asm__ __volatile__("" ::: "memory")
#define smp_mb() barrier()
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define smp_store_mb(var, value) do { (var) = (value); } while (0)
/* Accesses that are meant to be concurrent: who looks for data races passes them over. */
#ifdef SHIM_ANY_DRIVER
extern int shim_marked;
#define SHIM_MARK() (++shim_marked)
#define SHIM_UNMARK() (--shim_marked)
#else
#define SHIM_MARK() ((void)0)
#define SHIM_UNMARK() ((void)0)
#endif
#define SHIM_MARKED(x) ({ SHIM_MARK(); __typeof__(x) marked_ = (x); SHIM_UNMARK(); marked_; })
#define READ_ONCE(x) SHIM_MARKED(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) do { SHIM_MARK(); *(volatile __typeof__(x) *)&(x) = (v); SHIM_UNMARK(); } while (0)
#define data_race(x) SHIM_MARKED(x)
#define smp_load_acquire(p) READ_ONCE(*(p))
#define smp_store_release(p, v) WRITE_ONCE(*(p), v)
#define xchg(p, v) ({ SHIM_MARK(); __typeof__(*(p)) old_ = *(p); *(p) = (v); SHIM_UNMARK(); old_; })
#define cmpxchg(p, o, n) ({ SHIM_MARK(); __typeof__(*(p)) old_ = *(p); if (old_ == (o)) *(p) = (n); SHIM_UNMARK(); old_; })
#define try_cmpxchg(p, o, n) ({ __typeof__(*(p)) want_ = *(o), got_ = cmpxchg(p, want_, n); *(o) = got_; got_ == want_; })
#define BUILD_BUG_ON(x) _Static_assert(!(x), #x)
#define BUILD_BUG_ON_MSG(x, m) _Static_assert(!(x), m)
#define static_assert _Static_assert
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(p, t, m) ((t *)((char *)(p) - offsetof(t, m)))
#define sizeof_field(t, m) sizeof(((t *)0)->m)
#define min(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define max(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define min_not_zero(a, b) ({ __typeof__(a) x_ = (a); __typeof__(b) y_ = (b); x_ == 0 ? y_ : (y_ == 0 ? x_ : min(x_, y_)); })
#define min_t(t, a, b) min((t)(a), (t)(b))
#define max_t(t, a, b) max((t)(a), (t)(b))
#define clamp(v, lo, hi) min(max(v, lo), hi)
#define swap(a, b) do { __typeof__(a) t_ = (a); (a) = (b); (b) = t_; } while (0)
#define ALIGN(x, a) (((x) + ((__typeof__(x))(a)-1)) & ~((__typeof__(x))(a)-1))
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a)-1))
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a)-1)) == 0)
#define DIV_ROUND_UP(n, d) (((n) + (d)-1) / (d))
#define round_up(x, y) ALIGN(x, y)
#define BIT(n) (1UL << (n))
#define BITS_PER_LONG 64
#define U32_MAX ((u32)~0U)
#define UINT_MAX (~0U)
#define INT_MAX ((int)(~0U >> 1))
#define ULONG_MAX (~0UL)
#define LONG_MAX ((long)(~0UL >> 1))
#define SIZE_MAX (~(size_t)0)
#define struct_size(p, member, n) (sizeof(*(p)) + sizeof((p)->member[0]) * (n))
#define array_index_nospec(i, n) (i)
#define size_add(a, b) ((size_t)(a) + (size_t)(b))
#define size_mul(a, b) ((size_t)(a) * (size_t)(b))
#define array_size(a, b) size_mul(a, b)
#define check_sub_overflow(a, b, d) __builtin_sub_overflow(a, b, d)
#define max3(a, b, c) max(max(a, b), c)
#define min3(a, b, c) min(min(a, b), c)
#define clamp_t(t, v, lo, hi) clamp((t)(v), (t)(lo), (t)(hi))
#define clamp_val(v, lo, hi) clamp_t(__typeof__(v), v, lo, hi)
#define round_down(x, y) ALIGN_DOWN(x, y)
#define roundup(x, y) (DIV_ROUND_UP(x, y) * (y))
#define abs(x) ({ __typeof__(x) a_ = (x); a_ < 0 ? -a_ : a_; })
#define BIT_ULL(n) (1ULL << (n))
#define GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define U64_MAX (~0ULL)
#define S32_MAX INT_MAX
#define INT_MIN (-INT_MAX - 1)
#define sizeof_member(t, m) sizeof_field(t, m)
#define typecheck(t, x) 1
#define offsetofend(t, m) (offsetof(t, m) + sizeof_field(t, m))
#define lower_32_bits(n) ((u32)(n))
#define upper_32_bits(n) ((u32)((n) >> 32))
#define IS_ENABLED(option) 0
#define __stringify(x) #x
#define __same_type(a, b) __builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#define is_power_of_2(n) ((n) != 0 && (((n) & ((n)-1)) == 0))
static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	unsigned long p = 1;
	while (p < n)
		p <<= 1;
	return p;
}
#define ilog2(n) (63 - __builtin_clzll((unsigned long long)(n)))
#define check_add_overflow(a, b, d) __builtin_add_overflow(a, b, d)
#define check_mul_overflow(a, b, d) __builtin_mul_overflow(a, b, d)

static inline bool test_bit(unsigned int n, const unsigned long *p) { return (*p >> n) & 1; }
static inline void set_bit(unsigned int n, unsigned long *p) { *p |= BIT(n); }
static inline void clear_bit(unsigned int n, unsigned long *p) { *p &= ~BIT(n); }
static inline bool test_and_set_bit(unsigned int n, unsigned long *p)
{
	bool old = test_bit(n, p);
	set_bit(n, p);
	return old;
}
static inline bool test_and_clear_bit(unsigned int n, unsigned long *p)
{
	bool old = test_bit(n, p);
	clear_bit(n, p);
	return old;
}
#define __test_and_set_bit test_and_set_bit

#define assign_bit(n, p, v) ((v) ? set_bit(n, p) : clear_bit(n, p))
#define __set_bit set_bit
#define __clear_bit clear_bit
#define DECLARE_BITMAP(n, bits) unsigned long n[DIV_ROUND_UP(bits, BITS_PER_LONG)]

#define EXPORT_SYMBOL(x)
#define EXPORT_SYMBOL_GPL(x)
#define EXPORT_SYMBOL_NS_GPL(x, ns)
#define EXPORT_TRACEPOINT_SYMBOL(x)
#define CREATE_TRACE_POINTS
#define TP_PROTO(...) __VA_ARGS__
#define TP_ARGS(...) __VA_ARGS__
#define DECLARE_TRACE(name, proto, args)         \
	static inline void trace_##name(proto) { } \
	static inline bool trace_##name##_enabled(void) { return false; }
#define DEFINE_TRACE(name, proto, args)
#define TRACE_EVENT(name, proto, args, ...) DECLARE_TRACE(name, proto, args)
#define DECLARE_EVENT_CLASS(name, proto, args, ...)
#define DEFINE_EVENT(template, name, proto, args) DECLARE_TRACE(name, proto, args)
#define MODULE_LICENSE(x)
#define MODULE_AUTHOR(x)
#define MODULE_DESCRIPTION(x)
#define MODULE_IMPORT_NS(x)
#define MODULE_VERSION(x)
#define MODULE_ALIAS(x)
#define MODULE_PARM_DESC(n, d)
#define module_param(n, t, p)
#define module_param_named(n, v, t, p)
#define MODULE_ALIAS_MISCDEV(x)
#define THIS_MODULE ((struct module *)0)
/* KBUILD_MODNAME comes from the build: the default name of an exporter. */
struct module;
static inline bool try_module_get(struct module *m) { (void)m; return true; }
static inline void module_put(struct module *m) { (void)m; }
/* An initcall becomes a function that the machine calls when it boots: of a driver under test, whatever its name is. */
#ifdef SHIM_ANY_DRIVER
typedef int (*shim_initcall)(void);
#define SHIM_INITCALL(level, fn) static shim_initcall shim_init_##fn __attribute__((used, section("shim_" #level))) = fn;
#else
#define SHIM_INITCALL(level, fn) int shim_init_##fn(void); int shim_init_##fn(void) { return fn(); }
#endif
#define module_init(fn) SHIM_INITCALL(drivers, fn)
#define device_initcall(fn) SHIM_INITCALL(drivers, fn)
#define late_initcall(fn) SHIM_INITCALL(drivers, fn)
#define subsys_initcall(fn) SHIM_INITCALL(core, fn)
#define module_exit(fn) static void *shim_exit_##fn __maybe_unused = fn;
#define __exitcall(fn) module_exit(fn)

/* Says what broke and where; does not come back. */
void shim_bug(const char *what, const char *file, int line) __attribute__((noreturn));
/* A WARN_ON: counted; the client asks for the count. */
void shim_warn(const char *what, const char *file, int line);
#define BUG_ON(x) do { if (unlikely(x)) shim_bug(#x, __FILE__, __LINE__); } while (0)
#define BUG() shim_bug("BUG", __FILE__, __LINE__)
#define WARN_ON(x) ({ int warn_ = !!(x); if (unlikely(warn_)) shim_warn(#x, __FILE__, __LINE__); warn_; })
#define WARN_ON_ONCE(x) WARN_ON(x)
#define WARN(x, ...) WARN_ON(x)
#define WARN_ONCE(x, ...) WARN_ON(x)
#define VM_BUG_ON(x) BUG_ON(x)
#define VM_WARN_ON(x) WARN_ON(x)
#define VM_WARN_ON_ONCE(x) WARN_ON(x)
#define might_sleep() do { } while (0)
#define might_lock(l) do { } while (0)
static inline __printf(1, 2) void shim_say(const char *format, ...) { (void)format; }
#define pr_err(...) shim_say(__VA_ARGS__)
#define pr_info(...) shim_say(__VA_ARGS__)
#define pr_debug(...) shim_say(__VA_ARGS__)
#define pr_warn(...) shim_say(__VA_ARGS__)
#define pr_notice(...) shim_say(__VA_ARGS__)
#define pr_crit(...) shim_say(__VA_ARGS__)
#define pr_err_once(...) shim_say(__VA_ARGS__)
#define pr_warn_once(...) shim_say(__VA_ARGS__)
#define pr_err_ratelimited(...) shim_say(__VA_ARGS__)
#define pr_warn_ratelimited(...) shim_say(__VA_ARGS__)
#define printk(...) shim_say(__VA_ARGS__)
#define KERN_ERR ""
#define KERN_WARNING ""
#define KERN_INFO ""
#define KERN_DEBUG ""
#define trace_printk(...) shim_say(__VA_ARGS__)

#include <asm-generic/errno.h>
#define ERESTARTSYS 512
#define ENOTSUPP 524
#define MAX_ERRNO 4095
#define IS_ERR_VALUE(x) unlikely((unsigned long)(void *)(x) >= (unsigned long)-MAX_ERRNO)
static inline void *ERR_PTR(long error) { return (void *)error; }
static inline long PTR_ERR(const void *p) { return (long)p; }
static inline bool IS_ERR(const void *p) { return IS_ERR_VALUE((unsigned long)p); }
static inline bool IS_ERR_OR_NULL(const void *p) { return !p || IS_ERR(p); }
static inline void *ERR_CAST(const void *p) { return (void *)p; }
static inline int PTR_ERR_OR_ZERO(const void *p) { return IS_ERR(p) ? (int)PTR_ERR(p) : 0; }

size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strcpy(char *to, const char *from);
char *strchr(const char *s, int c);
char *strstr(const char *s, const char *part);
char *strncpy(char *to, const char *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);
int snprintf(char *to, size_t n, const char *format, ...) __printf(3, 4);
size_t strlcpy(char *to, const char *from, size_t n);
ssize_t strscpy(char *to, const char *from, size_t n);
/* Bytes of the RAM arena go through the simulated cache, all others are ordinary memory. */
void *shim_memset(void *to, int byte, size_t n);
void *shim_memcpy(void *to, const void *from, size_t n);
#define memcpy_toio shim_memcpy
#define memcpy_fromio shim_memcpy
#define memset_io shim_memset
#define memset shim_memset
#define memcpy shim_memcpy
#define memmove shim_memcpy
void sort(void *base, size_t num, size_t size, int (*cmp)(const void *, const void *),
	  void (*swap_func)(void *, void *, int size));

#endif
