/* SPDX-License-Identifier: GPL-2.0-only */
/* Files, descriptors, the pseudo file system, char and misc devices, and what a task is. */
#include "shim.h"
#include "machine_abi.h"

#undef memcpy
void *memcpy(void *to, const void *from, size_t n);
int vsnprintf(char *to, size_t n, const char *format, va_list arguments);

struct task_struct shim_task = { .comm = "client", .pid = 1, .group_leader = &shim_task };
static unsigned long warnings;

void shim_bug(const char *what, const char *file, int line) { machine_bug(what, file, line); }

void shim_warn(const char *what, const char *file, int line)
{
	machine_warn(what, file, line);
	++warnings;
}

unsigned long shim_warnings(void) { return warnings; }
void shim_set_signal_pending(int pending) { shim_task.pending = pending; }

long schedule_timeout(long timeout)
{
	if (machine_wait())
		return timeout;
	/* Nothing finishes what it waits for: the wait is interrupted, or times out. */
	return 0;
}

size_t strlcpy(char *to, const char *from, size_t n)
{
	size_t length = strlen(from), copied = length < n ? length : n - 1;

	if (n) {
		memcpy(to, from, copied);
		to[copied] = 0;
	}
	return length;
}

ssize_t strscpy(char *to, const char *from, size_t n) { return (ssize_t)strlcpy(to, from, n); }

char *kasprintf(gfp_t flags, const char *format, ...)
{
	char *text = kmalloc(128, flags);
	va_list arguments;

	va_start(arguments, format);
	if (text)
		vsnprintf(text, 128, format, arguments);
	va_end(arguments);
	return text;
}

unsigned long copy_from_user(void *to, const void *from, unsigned long n) { memcpy(to, from, n); return 0; }
unsigned long copy_to_user(void *to, const void *from, unsigned long n) { memcpy(to, from, n); return 0; }
char *strndup_user(const char *from, long n)
{
	char *text = kzalloc((size_t)n, GFP_KERNEL);

	if (!text)
		return ERR_PTR(-ENOMEM);
	strlcpy(text, from, (size_t)n);
	return text;
}
void *memdup_user(const void *from, size_t n)
{
	void *p = kmalloc(n, GFP_KERNEL);

	if (!p)
		return ERR_PTR(-ENOMEM);
	memcpy(p, from, n);
	return p;
}

void kill_anon_super(struct super_block *sb) { (void)sb; }
static struct super_block the_super;
static struct vfsmount the_mount = { &the_super };
static struct pseudo_fs_context the_pseudo;

struct pseudo_fs_context *init_pseudo(struct fs_context *fc, unsigned long magic)
{
	(void)magic;
	fc->pseudo = &the_pseudo;
	return &the_pseudo;
}

struct vfsmount *kern_mount(struct file_system_type *type)
{
	struct fs_context fc = { NULL };

	if (type->init_fs_context(&fc))
		return ERR_PTR(-ENOMEM);
	the_super.s_d_op = fc.pseudo->dops;
	return &the_mount;
}

void kern_unmount(struct vfsmount *m) { (void)m; }

static unsigned long last_ino;

struct inode *alloc_anon_inode(struct super_block *sb)
{
	struct inode *inode = kzalloc(sizeof(*inode), GFP_KERNEL);

	(void)sb;
	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_ino = ++last_ino;
	return inode;
}

unsigned int get_next_ino(void) { return (unsigned int)++last_ino; }
void iput(struct inode *inode) { kfree(inode); }

static struct file *new_file(struct inode *inode, const struct file_operations *fops, const struct dentry_operations *d_op)
{
	struct file *f = kzalloc(sizeof(*f), GFP_KERNEL);
	struct dentry *d = f ? kzalloc(sizeof(*d), GFP_KERNEL) : NULL;

	if (!d) {
		kfree(f);
		return ERR_PTR(-ENOMEM);
	}
	d->d_op = d_op;
	f->f_path.dentry = d;
	f->f_inode = inode;
	f->f_op = fops;
	f->f_count = 1;
	return f;
}

struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *m, const char *name, int flags,
			       const struct file_operations *fops)
{
	(void)name, (void)flags;
	return new_file(inode, fops, m->mnt_sb->s_d_op);
}

struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv, int flags)
{
	struct file *f = new_file(NULL, fops, NULL);

	(void)name, (void)flags;
	if (!IS_ERR(f))
		f->private_data = priv;
	return f;
}

void fput(struct file *f)
{
	struct dentry *d = f->f_path.dentry;

	BUG_ON(f->f_count <= 0);
	if (--f->f_count)
		return;
	if (f->f_op && f->f_op->release)
		f->f_op->release(f->f_inode, f);
	if (d->d_op && d->d_op->d_release)
		d->d_op->d_release(d);
	kfree(d);
	kfree(f->f_inode);
	kfree(f);
}

#define MAX_FDS 256
static struct file *fds[MAX_FDS];
static char reserved[MAX_FDS];

/* For the client itself, which does not fail. */
int shim_reserve_fd(void);
int shim_reserve_fd(void)
{
	int i;

	for (i = 3; i < MAX_FDS; ++i)
		if (!fds[i] && !reserved[i]) {
			reserved[i] = 1;
			return i;
		}
	return -EMFILE;
}
int get_unused_fd_flags(unsigned int flags)
{
	(void)flags;
	return machine_should_fail(MACHINE_FAIL_FILES) ? -EMFILE : shim_reserve_fd();
}
void put_unused_fd(unsigned int fd) { reserved[fd] = 0; }
void fd_install(unsigned int fd, struct file *f) { reserved[fd] = 0; fds[fd] = f; }
struct file *fget(unsigned int fd) { return fd < MAX_FDS && fds[fd] ? get_file(fds[fd]) : NULL; }
/* close(2), but for the last reference, which the caller takes over. */
struct file *shim_take_fd(int fd);
struct file *shim_take_fd(int fd)
{
	struct file *f = fds[fd];

	fds[fd] = NULL;
	return f;
}

bool shmem_mapping(struct address_space *m) { return m != NULL; }
struct page *shmem_read_mapping_page(struct address_space *m, pgoff_t index)
{
	if (index >= m->count)
		return ERR_PTR(-EINVAL);
	get_page(m->pages[index]);
	return m->pages[index];
}
int memfd_fcntl(struct file *f, unsigned int cmd, unsigned long arg)
{
	(void)f, (void)cmd, (void)arg;
	return F_SEAL_SHRINK;
}

#define MAX_CDEVS 16
static struct cdev *cdevs[MAX_CDEVS];
int alloc_chrdev_region(dev_t *dev, unsigned int first, unsigned int count, const char *name)
{
	(void)first, (void)count, (void)name;
	*dev = MKDEV(1, 0);
	return 0;
}
void unregister_chrdev_region(dev_t dev, unsigned int count) { (void)dev, (void)count; }
int cdev_add(struct cdev *c, dev_t dev, unsigned int count)
{
	(void)count;
	c->dev = dev;
	cdevs[dev & (MAX_CDEVS - 1)] = c;
	return 0;
}
void cdev_del(struct cdev *c) { cdevs[c->dev & (MAX_CDEVS - 1)] = NULL; }
const struct file_operations *shim_cdev_ops(unsigned int minor, dev_t *dev);
const struct file_operations *shim_cdev_ops(unsigned int minor, dev_t *dev)
{
	if (minor >= MAX_CDEVS || !cdevs[minor])
		return NULL;
	*dev = cdevs[minor]->dev;
	return cdevs[minor]->ops;
}

static struct class the_class;
struct class *shim_class_create(void) { return &the_class; }
static char heap_names[MAX_CDEVS][32];
const char *shim_cdev_name(unsigned int minor);
const char *shim_cdev_name(unsigned int minor) { return minor < MAX_CDEVS ? heap_names[minor] : ""; }
struct device *device_create(struct class *c, struct device *parent, dev_t dev, void *data, const char *format, ...)
{
	static struct device heaps[MAX_CDEVS];
	struct device *d = &heaps[dev & (MAX_CDEVS - 1)];

	(void)c, (void)parent, (void)data;
	/* dma-heap.c gives the heap's name as the format. */
	strlcpy(heap_names[dev & (MAX_CDEVS - 1)], format, sizeof(heap_names[0]));
	d->name = heap_names[dev & (MAX_CDEVS - 1)];
	return d;
}
void device_destroy(struct class *c, dev_t dev) { (void)c, (void)dev; }
struct device *root_device_register(const char *name)
{
	struct device *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return ERR_PTR(-ENOMEM);
	d->name = name;
	return d;
}
void root_device_unregister(struct device *dev) { kfree(dev); }

static struct device misc_device;
struct miscdevice *shim_udmabuf;
int misc_register(struct miscdevice *misc)
{
	misc_device.name = misc->name;
	misc_device.dma_mask = &misc_device.dma_mask_value;
	misc->this_device = &misc_device;
	shim_udmabuf = misc;
	return 0;
}
/* The heap that registered first, else what is used as udmabuf is; empty: nobody exports anything. */
const char *shim_first_exporter(void);
const char *shim_first_exporter(void) { return heap_names[0][0] ? heap_names[0] : shim_udmabuf ? "udmabuf" : ""; }
/* Each machine has its own devices; the driver registers once. */
void shim_boot_misc(void);
static struct device own_device = { .name = "heap" };
void shim_boot_misc(void)
{
	if (shim_udmabuf)
		misc_device.machine_id = machine_new_device(misc_device.name);
	own_device.machine_id = machine_new_device(own_device.name);
}
struct device *heap_device(void) { return &own_device; }
void misc_deregister(struct miscdevice *misc) { misc->this_device = NULL; }
