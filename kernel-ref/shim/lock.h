/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks, atomics, references, RCU, waiting. One task runs: a lock counts and asserts that it is balanced. */
#ifndef CUSTODY_SHIM_LOCK_H
#define CUSTODY_SHIM_LOCK_H

#include "base.h"

#define ATOMIC_INIT(v) { (v) }
static inline int atomic_read(const atomic_t *a) { return a->counter; }
static inline void atomic_set(atomic_t *a, int v) { a->counter = v; }
static inline void atomic_inc(atomic_t *a) { ++a->counter; }
static inline void atomic_dec(atomic_t *a) { --a->counter; }
static inline int atomic_dec_return(atomic_t *a) { return --a->counter; }
static inline bool atomic_dec_and_test(atomic_t *a) { return --a->counter == 0; }
static inline s64 atomic64_read(const atomic64_t *a) { return a->counter; }
static inline s64 atomic64_add_return(s64 v, atomic64_t *a) { return a->counter += v; }
static inline s64 atomic64_fetch_add(s64 v, atomic64_t *a) { a->counter += v; return a->counter - v; }
static inline void atomic64_inc(atomic64_t *a) { ++a->counter; }
static inline s64 atomic64_inc_return(atomic64_t *a) { return ++a->counter; }
#define ATOMIC64_INIT(v) { (v) }

struct kref { int refcount; };
static inline void kref_init(struct kref *k) { k->refcount = 1; }
static inline unsigned int kref_read(const struct kref *k) { return (unsigned int)k->refcount; }
static inline void kref_get(struct kref *k) { BUG_ON(k->refcount <= 0); ++k->refcount; }
static inline int kref_get_unless_zero(struct kref *k) { return k->refcount > 0 ? ++k->refcount : 0; }
static inline int kref_put(struct kref *k, void (*release)(struct kref *))
{
	BUG_ON(k->refcount <= 0);
	if (--k->refcount != 0)
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
#define SHIM_TAKE(l) do { BUG_ON((l)->held); (l)->held = 1; } while (0)
#define SHIM_DROP(l) do { BUG_ON(!(l)->held); (l)->held = 0; } while (0)
#define spin_lock(l) SHIM_TAKE(l)
#define spin_unlock(l) SHIM_DROP(l)
#define spin_lock_irq(l) SHIM_TAKE(l)
#define spin_unlock_irq(l) SHIM_DROP(l)
#define spin_lock_nested(l, n) SHIM_TAKE(l)
#define spin_lock_irqsave(l, f) do { (f) = 0; SHIM_TAKE(l); } while (0)
#define spin_unlock_irqrestore(l, f) do { (void)(f); SHIM_DROP(l); } while (0)
#define spin_trylock_irqsave(l, f) ({ (f) = 0; int got_ = !(l)->held; (l)->held = 1; got_; })
#define mutex_lock(l) SHIM_TAKE(l)
#define mutex_unlock(l) SHIM_DROP(l)
static inline int mutex_lock_interruptible(struct mutex *l) { SHIM_TAKE(l); return 0; }
#define assert_spin_locked(l) BUG_ON(!(l)->held)
#define lockdep_assert_held(l) do { (void)(l); } while (0)
#define lockdep_is_held(l) 1
#define lockdep_set_class_and_name(l, k, n) do { } while (0)
#define lock_acquired(...) do { } while (0)
#define lock_contended(...) do { } while (0)
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
static inline int ww_mutex_lock(struct ww_mutex *l, struct ww_acquire_ctx *c) { SHIM_TAKE(&l->base); l->ctx = c; return 0; }
#define ww_mutex_lock_interruptible ww_mutex_lock
#define ww_mutex_lock_slow(l, c) ((void)ww_mutex_lock(l, c))
#define ww_mutex_lock_slow_interruptible ww_mutex_lock
#define ww_mutex_trylock(l, c) ({ int got_ = !(l)->base.held; (void)(c); (l)->base.held = 1; got_; })
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

struct task_struct { int pending; char comm[16]; pid_t pid; struct task_struct *group_leader; };
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
static inline int atomic_read_acquire(const atomic_t *a) { return a->counter; }
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
