/* SPDX-License-Identifier: GPL-2.0-only */
/* Files, file descriptors, the pseudo file system of dma-buf, copies from and to the client. */
#ifndef CUSTODY_SHIM_FILE_H
#define CUSTODY_SHIM_FILE_H

#include "base.h"
#include "lock.h"
#include "memory.h"

#define O_RDWR 2
#define O_ACCMODE 3
#define O_CLOEXEC 02000000
#define O_NONBLOCK 04000
#define compat_ptr_ioctl NULL
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define FMODE_LSEEK 4U
#define FD_PREPARED 1

struct inode;
struct dentry;
struct seq_file;
struct address_space { struct page **pages; unsigned long count; };
struct file_operations {
	struct module *owner;
	int (*open)(struct inode *, struct file *);
	int (*release)(struct inode *, struct file *);
	int (*mmap)(struct file *, struct vm_area_struct *);
	loff_t (*llseek)(struct file *, loff_t, int);
	__poll_t (*poll)(struct file *, poll_table *);
	long (*unlocked_ioctl)(struct file *, unsigned int, unsigned long);
	long (*compat_ioctl)(struct file *, unsigned int, unsigned long);
	void (*show_fdinfo)(struct seq_file *, struct file *);
};
struct qstr { const char *name; };
struct dentry_operations {
	char *(*d_dname)(struct dentry *, char *, int);
	void (*d_release)(struct dentry *);
};
struct dentry { struct qstr d_name; void *d_fsdata; const struct dentry_operations *d_op; };
struct path { struct dentry *dentry; };
struct super_block { const struct dentry_operations *s_d_op; };
struct vfsmount { struct super_block *mnt_sb; };
struct inode { loff_t i_size; unsigned long i_ino; unsigned int i_blkbits; dev_t i_rdev; };
struct file {
	struct path f_path;
	struct inode *f_inode;
	const struct file_operations *f_op;
	void *private_data;
	fmode_t f_mode;
	unsigned int f_flags;
	long f_count;
	struct address_space *f_mapping;
};
struct fs_context { struct pseudo_fs_context *pseudo; };
struct pseudo_fs_context { const struct dentry_operations *dops; };
struct file_system_type { const char *name; int (*init_fs_context)(struct fs_context *); void (*kill_sb)(struct super_block *); };
void kill_anon_super(struct super_block *sb);
struct pseudo_fs_context *init_pseudo(struct fs_context *fc, unsigned long magic);
struct vfsmount *kern_mount(struct file_system_type *type);
void kern_unmount(struct vfsmount *m);
struct inode *alloc_anon_inode(struct super_block *sb);
unsigned int get_next_ino(void);
#define inode_set_bytes(i, n) do { } while (0)
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *m, const char *name, int flags,
			       const struct file_operations *fops);
void iput(struct inode *inode);
static inline struct inode *file_inode(const struct file *f) { return f->f_inode; }
static inline long file_count(const struct file *f) { return f->f_count; }
static inline struct file *get_file(struct file *f) { ++f->f_count; return f; }
void fput(struct file *f);
static inline void flush_delayed_fput(void) { }
struct file *fget(unsigned int fd);
int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *f);
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv, int flags);
#define nonseekable_open(i, f) do { } while (0)
#define iminor(i) ((i)->i_rdev & 0xfffffU)
static inline char *dynamic_dname(char *buffer, int n, const char *format, ...) { (void)n; (void)format; return buffer; }
#define is_file_hugepages(f) 0
struct hstate { int unused; };
#define hstate_file(f) ((struct hstate *)0)
#define huge_page_shift(h) PAGE_SHIFT
#define huge_page_mask(h) PAGE_MASK
#define huge_page_size(h) PAGE_SIZE
#define find_get_page_flags(m, o, f) ((struct page *)0)
#define FGP_ACCESSED 1
bool shmem_mapping(struct address_space *m);
struct page *shmem_read_mapping_page(struct address_space *m, pgoff_t index);
int memfd_fcntl(struct file *f, unsigned int cmd, unsigned long arg);
#define F_GET_SEALS 1034
#define F_SEAL_SHRINK 2
#define F_SEAL_WRITE 8
#define F_SEAL_FUTURE_WRITE 16

unsigned long copy_from_user(void *to, const void *from, unsigned long n);
unsigned long copy_to_user(void *to, const void *from, unsigned long n);
char *strndup_user(const char *from, long n);
void *memdup_user(const void *from, size_t n);
#define u64_to_user_ptr(x) ((void *)(uintptr_t)(x))
#define seq_printf(...) do { } while (0)
#define seq_puts(...) do { } while (0)

#define _IOC_TYPECHECK(t) (sizeof(t))
#include <asm-generic/ioctl.h>
#define IOC_IN (_IOC_WRITE << _IOC_DIRSHIFT)
#define IOC_OUT (_IOC_READ << _IOC_DIRSHIFT)

#endif
