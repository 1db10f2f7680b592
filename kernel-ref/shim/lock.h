/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks, atomics, references, RCU, waiting. One task runs: a lock counts and asserts that it is balanced. */
#ifndef CUSTODY_SHIM_LOCK_H
#define CUSTODY_SHIM_LOCK_H

#include "base.h"

#define ATOMIC_INIT(v) { (v) }
#define ATOMIC64_INIT(v) { (v) }
#define SHIM_ATOMIC(type, name, value)                                                                            \
	static inline value name##_read(const type *a) { return SHIM_MARKED(a->counter); }                        \
	static inline value name##_read_acquire(const type *a) { return SHIM_MARKED(a->counter); }                \
	static inline void name##_set(type *a, value v) { SHIM_MARKED(a->counter = v); }                          \
	static inline void name##_set_release(type *a, value v) { SHIM_MARKED(a->counter = v); }                  \
	static inline void name##_inc(type *a) { SHIM_MARKED(++a->counter); }                                     \
	static inline void name##_dec(type *a) { SHIM_MARKED(--a->counter); }                                     \
	static inline void name##_add(value v, type *a) { SHIM_MARKED(a->counter += v); }                         \
	static inline void name##_sub(value v, type *a) { SHIM_MARKED(a->counter -= v); }                         \
	static inline value name##_inc_return(type *a) { return SHIM_MARKED(++a->counter); }                      \
	static inline value name##_dec_return(type *a) { return SHIM_MARKED(--a->counter); }                      \
	static inline value name##_add_return(value v, type *a) { return SHIM_MARKED(a->counter += v); }          \
	static inline value name##_sub_return(value v, type *a) { return SHIM_MARKED(a->counter -= v); }          \
	static inline value name##_fetch_add(value v, type *a) { return SHIM_MARKED((a->counter += v) - v); }     \
	static inline value name##_fetch_sub(value v, type *a) { return SHIM_MARKED((a->counter -= v) + v); }     \
	static inline value name##_fetch_inc(type *a) { return SHIM_MARKED(a->counter++); }                       \
	static inline value name##_fetch_dec(type *a) { return SHIM_MARKED(a->counter--); }                       \
	static inline bool name##_dec_and_test(type *a) { return SHIM_MARKED(--a->counter) == 0; }                \
	static inline bool name##_inc_and_test(type *a) { return SHIM_MARKED(++a->counter) == 0; }                \
	static inline bool name##_sub_and_test(value v, type *a) { return SHIM_MARKED(a->counter -= v) == 0; }    \
	static inline value name##_xchg(type *a, value v) { return xchg(&a->counter, v); }                        \
	static inline value name##_cmpxchg(type *a, value o, value n) { return cmpxchg(&a->counter, o, n); }      \
	static inline bool name##_try_cmpxchg(type *a, value *o, value n) { return try_cmpxchg(&a->counter, o, n); } \
	static inline bool name##_add_unless(type *a, value v, value u)                                           \
	{                                                                                                         \
		return SHIM_MARKED(a->counter != u ? (a->counter += v, 1) : 0);                                   \
	}                                                                                                         \
	static inline bool name##_inc_not_zero(type *a) { return name##_add_unless(a, 1, 0); }
SHIM_ATOMIC(atomic_t, atomic, int)
SHIM_ATOMIC(atomic64_t, atomic64, s64)
typedef atomic64_t atomic_long_t;
#define atomic_long_read atomic64_read
#define atomic_long_set atomic64_set
#define atomic_long_inc atomic64_inc
#define atomic_long_dec atomic64_dec
#define atomic_long_add atomic64_add
#define atomic_long_sub atomic64_sub

/* A count that goes below 0, or up from 0, is a use after the last put. */
typedef struct { int refs; } refcount_t;
#define REFCOUNT_INIT(n) { (n) }
static inline void refcount_set(refcount_t *r, int n) { SHIM_MARKED(r->refs = n); }
static inline unsigned int refcount_read(const refcount_t *r) { return (unsigned int)SHIM_MARKED(r->refs); }
static inline void refcount_inc(refcount_t *r) { BUG_ON(SHIM_MARKED(r->refs++) <= 0); }
static inline bool refcount_inc_not_zero(refcount_t *r) { return SHIM_MARKED(r->refs > 0 ? ++r->refs : 0) != 0; }
static inline void refcount_dec(refcount_t *r) { BUG_ON(SHIM_MARKED(--r->refs) <= 0); }
static inline bool refcount_dec_and_test(refcount_t *r)
{
	int left = SHIM_MARKED(--r->refs);
	BUG_ON(left < 0);
	return left == 0;
}

struct kref { int refcount; };
static inline void kref_init(struct kref *k) { SHIM_MARKED(k->refcount = 1); }
static inline unsigned int kref_read(const struct kref *k) { return (unsigned int)SHIM_MARKED(k->refcount); }
static inline void kref_get(struct kref *k) { BUG_ON(SHIM_MARKED(k->refcount++) <= 0); }
static inline int kref_get_unless_zero(struct kref *k) { return SHIM_MARKED(k->refcount > 0 ? ++k->refcount : 0); }
static inline int kref_put(struct kref *k, void (*release)(struct kref *))
{
	int left = SHIM_MARKED(--k->refcount);
	BUG_ON(left < 0);
	if (left != 0)
		return 0;
	release(k);
	return 1;
}

typedef struct spinlock { int held; } spinlock_t;
struct mutex { int held; };
struct rw_semaphore { int held; };
#define __SPIN_LOCK_UNLOCKED(n) { 0 }
#define DEFINE_SPINLOCK(n) spinlock_t n = { 0 }
#define DEFINE_MUTEX(n) struct mutex n = { 0 }
#define spin_lock_init(l) ((l)->held = 0)
#define mutex_init(l) ((l)->held = 0)
#define mutex_destroy(l) BUG_ON((l)->held)
/* Before a lock is taken and after it was dropped another task may run, if the machine has one. */
void shim_take(int *held);
void shim_drop(int *held);
int shim_try(int *held);
void shim_take_shared(int *held);
void shim_drop_shared(int *held);
#define SHIM_TAKE(l) shim_take(&(l)->held)
#define SHIM_DROP(l) shim_drop(&(l)->held)
#define spin_lock(l) SHIM_TAKE(l)
#define spin_unlock(l) SHIM_DROP(l)
#define spin_lock_irq(l) SHIM_TAKE(l)
#define spin_unlock_irq(l) SHIM_DROP(l)
#define spin_lock_bh(l) SHIM_TAKE(l)
#define spin_unlock_bh(l) SHIM_DROP(l)
#define spin_lock_nested(l, n) SHIM_TAKE(l)
#define spin_lock_irqsave(l, f) do { (f) = 0; SHIM_TAKE(l); } while (0)
#define spin_unlock_irqrestore(l, f) do { (void)(f); SHIM_DROP(l); } while (0)
#define spin_trylock(l) shim_try(&(l)->held)
#define spin_trylock_irqsave(l, f) ({ (f) = 0; shim_try(&(l)->held); })
#define spin_is_locked(l) ((l)->held)
typedef spinlock_t raw_spinlock_t;
#define raw_spin_lock_init spin_lock_init
#define raw_spin_lock spin_lock
#define raw_spin_unlock spin_unlock
#define raw_spin_lock_irqsave spin_lock_irqsave
#define raw_spin_unlock_irqrestore spin_unlock_irqrestore
#define mutex_lock(l) SHIM_TAKE(l)
#define mutex_lock_nested(l, n) SHIM_TAKE(l)
#define mutex_unlock(l) SHIM_DROP(l)
#define mutex_trylock(l) shim_try(&(l)->held)
#define mutex_is_locked(l) ((l)->held != 0)
static inline int mutex_lock_interruptible(struct mutex *l) { SHIM_TAKE(l); return 0; }
static inline int mutex_lock_killable(struct mutex *l) { SHIM_TAKE(l); return 0; }
#define DECLARE_RWSEM(n) struct rw_semaphore n = { 0 }
#define init_rwsem(l) ((l)->held = 0)
#define down_write(l) SHIM_TAKE(l)
#define up_write(l) SHIM_DROP(l)
#define down_write_trylock(l) shim_try(&(l)->held)
#define down_read(l) shim_take_shared(&(l)->held)
#define up_read(l) shim_drop_shared(&(l)->held)
static inline int down_write_killable(struct rw_semaphore *l) { SHIM_TAKE(l); return 0; }
static inline int down_read_killable(struct rw_semaphore *l) { down_read(l); return 0; }
static inline int down_read_interruptible(struct rw_semaphore *l) { down_read(l); return 0; }
typedef struct rw_semaphore rwlock_t;
#define DEFINE_RWLOCK(n) rwlock_t n = { 0 }
#define rwlock_init init_rwsem
#define read_lock down_read
#define read_unlock up_read
#define write_lock down_write
#define write_unlock up_write

/* A lock that goes with the block that it is declared in. */
#define SHIM_GUARD(name, type, lock, unlock)                                                    \
	struct shim_guard_##name { type *of; };                                                 \
	static inline struct shim_guard_##name shim_guarded_##name(type *l) { lock; return (struct shim_guard_##name){ l }; } \
	static inline void shim_unguard_##name(struct shim_guard_##name *g) { type *l = g->of; if (l) unlock; }
SHIM_GUARD(mutex, struct mutex, SHIM_TAKE(l), SHIM_DROP(l))
SHIM_GUARD(spinlock, spinlock_t, SHIM_TAKE(l), SHIM_DROP(l))
SHIM_GUARD(spinlock_irq, spinlock_t, SHIM_TAKE(l), SHIM_DROP(l))
SHIM_GUARD(spinlock_irqsave, spinlock_t, SHIM_TAKE(l), SHIM_DROP(l))
SHIM_GUARD(rwsem_write, struct rw_semaphore, SHIM_TAKE(l), SHIM_DROP(l))
SHIM_GUARD(rwsem_read, struct rw_semaphore, shim_take_shared(&l->held), shim_drop_shared(&l->held))
#define SHIM_PASTE_(a, b) a##b
#define SHIM_PASTE(a, b) SHIM_PASTE_(a, b)
#define guard(name) \
	struct shim_guard_##name SHIM_PASTE(guard_, __LINE__) __maybe_unused __cleanup(shim_unguard_##name) = shim_guarded_##name
#define scoped_guard(name, l)                                                                            \
	for (struct shim_guard_##name guard_ __cleanup(shim_unguard_##name) = shim_guarded_##name(l), *once_ = &guard_; \
	     once_; once_ = NULL)
#define DEFINE_FREE(name, type, free) static inline void __free_##name(void *p) { type _T = *(type *)p; free; }
#define __free(name) __cleanup(__free_##name)
#define no_free_ptr(p) ({ __typeof__(p) kept_ = (p); (p) = NULL; kept_; })
#define return_ptr(p) return no_free_ptr(p)

struct completion { int done; };
#define init_completion(c) ((c)->done = 0)
#define reinit_completion(c) ((c)->done = 0)
#define complete(c) ((c)->done = 1)
#define complete_all(c) ((c)->done = 1)
#define wait_for_completion(c) BUG_ON(!(c)->done)
#define wait_event(q, x) BUG_ON(!(x))
#define wait_event_interruptible(q, x) ((x) ? 0 : -ERESTARTSYS)
#define wake_up(q) do { (void)(q); } while (0)
#define wake_up_interruptible(q) do { (void)(q); } while (0)
#define assert_spin_locked(l) BUG_ON(!(l)->held)
#define lockdep_assert_held(l) do { (void)(l); } while (0)
#define lockdep_assert_not_held(l) do { (void)(l); } while (0)
#define lockdep_assert_held_write(l) do { (void)(l); } while (0)
#define lockdep_is_held(l) 1
#define lockdep_set_class_and_name(l, k, n) do { } while (0)
#define lock_acquired(...) do { } while (0)
#define lock_contended(...) do { } while (0)
#define lockdep_set_class(l, k) do { (void)(k); } while (0)
#define lockdep_set_subclass(l, n) do { } while (0)
struct lock_class_key { int unused; };
struct lockdep_map { int unused; };
#define STATIC_LOCKDEP_MAP_INIT(n, k) { 0 }

struct ww_class { int unused; };
struct ww_acquire_ctx { int unused; };
struct ww_mutex { struct mutex base; struct ww_acquire_ctx *ctx; };
#define DEFINE_WW_CLASS(n) struct ww_class n = { 0 }
#define DEFINE_WD_CLASS(n) DEFINE_WW_CLASS(n)
#define ww_mutex_init(l, c) do { (l)->base.held = 0; (l)->ctx = NULL; (void)(c); } while (0)
#define ww_mutex_destroy(l) BUG_ON((l)->base.held)
static inline __maybe_unused int ww_mutex_lock(struct ww_mutex *l, struct ww_acquire_ctx *c) { SHIM_TAKE(&l->base); l->ctx = c; return 0; }
#define ww_mutex_lock_interruptible ww_mutex_lock
#define ww_mutex_lock_slow(l, c) ((void)ww_mutex_lock(l, c))
#define ww_mutex_lock_slow_interruptible ww_mutex_lock
#define ww_mutex_trylock(l, c) ({ (void)(c); shim_try(&(l)->base.held); })
#define ww_mutex_unlock(l) SHIM_DROP(&(l)->base)
#define ww_mutex_is_locked(l) ((l)->base.held)
#define ww_acquire_init(c, k) do { } while (0)
#define ww_acquire_fini(c) do { } while (0)

#define RCU_INITIALIZER(v) (v)
#define rcu_read_lock() do { } while (0)
#define rcu_read_unlock() do { } while (0)
#define rcu_dereference(p) (p)
#define rcu_dereference_check(p, c) (p)
#define rcu_dereference_protected(p, c) (p)
#define rcu_access_pointer(p) (p)
#define rcu_assign_pointer(p, v) ((p) = (v))
#define RCU_INIT_POINTER(p, v) ((p) = (v))
#define rcu_replace_pointer(p, v, c) ({ __typeof__(p) old_ = (p); (p) = (v); old_; })
#define rcu_pointer_handoff(p) (p)
#define unrcu_pointer(p) (p)
#define kfree_rcu(p, member) kfree(p)
static inline void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *)) { func(head); }

struct irq_work { void (*func)(struct irq_work *); };
#define init_irq_work(w, f) ((w)->func = (f))
#define irq_work_queue(w) ((w)->func(w))

typedef struct wait_queue_head { spinlock_t lock; struct list_head head; } wait_queue_head_t;
typedef struct poll_table_struct { __poll_t key; } poll_table;
#define init_waitqueue_head(w) do { (w)->lock.held = 0; } while (0)
#define wake_up_locked_poll(w, m) do { (void)(w); (void)(m); } while (0)
#define wake_up_all(w) do { } while (0)
#define poll_wait(f, w, p) do { } while (0)
#define poll_requested_events(p) ((p)->key)
#define poll_does_not_wait(p) 1
#define EPOLLIN 1U
#define EPOLLOUT 4U
#define EPOLLERR 8U

#define TASK_COMM_LEN 16
struct task_struct { int pending; char comm[TASK_COMM_LEN]; pid_t pid; struct task_struct *group_leader; };
extern struct task_struct shim_task;
#define current (&shim_task)
#define TASK_NORMAL 3
#define TASK_INTERRUPTIBLE 1
#define TASK_UNINTERRUPTIBLE 2
#define TASK_RUNNING 0
#define __set_current_state(s) do { } while (0)
#define set_current_state(s) do { } while (0)
#define wake_up_state(t, s) do { } while (0)
#define task_pid_nr(t) ((t)->pid)
#define get_task_comm(to, t) memcpy(to, (t)->comm, sizeof((t)->comm))
#define signal_pending(t) ((t)->pending)
#define fatal_signal_pending(t) 0
#define MAX_SCHEDULE_TIMEOUT LONG_MAX
/* Waiting for hardware: finishes what the client left unfinished, or says that nothing can wake the task. */
long schedule_timeout(long timeout);
#define HZ 100
#define jiffies 0UL
#define cpu_relax() do { } while (0)
static inline ktime_t ktime_get(void) { return 1; }
#define ktime_after(a, b) ((a) > (b))
#define ktime_set(s, n) ((s)*1000000000LL + (n))
#define ns_to_ktime(n) (n)
#define trace_dma_fence_destroy(f) do { } while (0)
#define trace_dma_fence_enable_signal(f) do { } while (0)
#define trace_dma_fence_init(f) do { } while (0)
#define trace_dma_fence_signaled(f) do { } while (0)
#define trace_dma_fence_wait_end(f) do { } while (0)
#define trace_dma_fence_wait_start(f) do { } while (0)
#define ktime_to_ns(t) (t)
#define usecs_to_jiffies(u) (u)
#define msecs_to_jiffies(u) (u)
#define dma_fence_might_wait() do { } while (0)
#define fs_reclaim_acquire(x) do { } while (0)
#define fs_reclaim_release(x) do { } while (0)

#endif
