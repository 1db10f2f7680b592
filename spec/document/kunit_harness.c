// SPDX-License-Identifier: BSD-2-Clause
/* What every suite for KUnit begins with: calls, and what the DMA API sees of them. From the first include on. */
#include <kunit/test.h>
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/string.h>

/* What a test cannot know of the exporter: who builds it defines custody_kunit_exporter. */
struct custody_exporter {
	/* A buffer of one page, or an ERR_PTR(). */
	struct dma_buf *(*export_buffer)(struct kunit *test);
	/* A user mapping of it, and its end; NULL: tests with one are skipped. From 6.11 on kunit_vm_mmap() makes one. */
	int (*mmap)(struct kunit *test, struct dma_buf *dmabuf);
	void (*munmap)(struct kunit *test, struct dma_buf *dmabuf);
	/* The device that the exporter maps for itself, as udmabuf's; NULL: none. */
	struct device *(*own_device)(void);
	/* Makes a device one that snoops, as dev->dma_coherent does; NULL: tests with one are skipped. */
	void (*make_snooping)(struct device *dev);
};
extern const struct custody_exporter custody_kunit_exporter;

#define CUSTODY_DEVICES 3
#define CUSTODY_SNOOPING 2
#define CUSTODY_OWN CUSTODY_DEVICES /* the exporter's own device */
#define CUSTODY_RECORDS 8
#define CUSTODY_SEEN 32
#define CUSTODY_ANY (-1) /* the exporter's mapping has the direction in which it was made */

enum custody_op {
	CUSTODY_MAP, CUSTODY_UNMAP, CUSTODY_FOR_CPU, CUSTODY_FOR_DEVICE,
	/* Due only: passes over the buffer. They are syncs of an exporter that mapped the buffer for itself; of another one
	 * nothing is seen of them, nor need it be of one that does both, for which the DMA API has no call. */
	CUSTODY_CLEAN, CUSTODY_INVALIDATE, CUSTODY_FLUSH
};

/* A call of the DMA API. Those of one turn come in any order: it is the exporter's list of attachments. */
struct custody_sync {
	enum custody_op op;
	int device;
	int dir;
	bool skip;
	int turn;
};

struct custody_importer {
	struct dma_buf_attachment *attachment;
	struct sg_table *table[CUSTODY_RECORDS];
	enum dma_data_direction dir[CUSTODY_RECORDS];
	int maps, pins;
};

static struct custody_state {
	struct dma_buf *dmabuf;
	struct custody_importer importer[CUSTODY_DEVICES];
	enum dma_data_direction window[CUSTODY_RECORDS];
	int windows, vmaps, mmaps;
	struct iosys_map map;
	struct device *device[CUSTODY_DEVICES + 1];
	const struct dma_map_ops *own_ops;
	struct custody_sync seen[CUSTODY_SEEN];
	int n_seen;
	bool maps_for_itself;
} custody;

static void custody_note(enum custody_op op, struct device *dev, enum dma_data_direction dir, unsigned long attrs)
{
	struct custody_sync *seen = &custody.seen[min(custody.n_seen, CUSTODY_SEEN - 1)];
	int device;

	for (device = 0; device < CUSTODY_OWN && custody.device[device] != dev; ++device)
		;
	seen->op = op;
	seen->device = device;
	seen->dir = (int)dir;
	seen->skip = (attrs & DMA_ATTR_SKIP_CPU_SYNC) != 0;
	custody.maps_for_itself |= op == CUSTODY_MAP && device == CUSTODY_OWN;
	++custody.n_seen;
}

static int custody_map_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir,
			  unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		sg_dma_address(sg) = sg_phys(sg);
		sg_dma_len(sg) = sg->length;
	}
	custody_note(CUSTODY_MAP, dev, dir, attrs);
	return nents;
}

static void custody_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir,
			     unsigned long attrs)
{
	custody_note(CUSTODY_UNMAP, dev, dir, attrs);
}

static void custody_sync_for_cpu(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir)
{
	custody_note(CUSTODY_FOR_CPU, dev, dir, 0);
}

static void custody_sync_for_device(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir)
{
	custody_note(CUSTODY_FOR_DEVICE, dev, dir, 0);
}

static const struct dma_map_ops custody_dma_ops = {
	.map_sg = custody_map_sg,
	.unmap_sg = custody_unmap_sg,
	.sync_sg_for_cpu = custody_sync_for_cpu,
	.sync_sg_for_device = custody_sync_for_device,
};

static void custody_moved(struct dma_buf_attachment *attachment) { }
static const struct dma_buf_attach_ops custody_attach_ops = { .move_notify = custody_moved };

static bool custody_is_dynamic(void) { return custody.dmabuf && custody.dmabuf->ops->pin; }
static void custody_lock(void)
{
	if (custody_is_dynamic())
		dma_resv_lock(custody.dmabuf->resv, NULL);
}
static void custody_unlock(void)
{
	if (custody_is_dynamic())
		dma_resv_unlock(custody.dmabuf->resv);
}

static int custody_init(struct kunit *test)
{
	static const char *const names[] = { "custody-kunit-0", "custody-kunit-1", "custody-kunit-2" };
	struct device *dev;
	int d;

	memset(&custody, 0, sizeof(custody));
	for (d = 0; d < CUSTODY_DEVICES; ++d) {
		dev = root_device_register(names[d]);
		if (IS_ERR(dev))
			return (int)PTR_ERR(dev);
		dev->coherent_dma_mask = ~0ULL;
		dev->dma_mask = &dev->coherent_dma_mask;
		set_dma_ops(dev, &custody_dma_ops);
		custody.device[d] = dev;
	}
	KUNIT_ASSERT_PTR_EQ_MSG(test, get_dma_ops(custody.device[0]), &custody_dma_ops, "the kernel needs CONFIG_DMA_OPS");
	if (custody_kunit_exporter.make_snooping)
		custody_kunit_exporter.make_snooping(custody.device[CUSTODY_SNOOPING]);
	dev = custody_kunit_exporter.own_device ? custody_kunit_exporter.own_device() : NULL;
	if (dev) {
		custody.own_ops = get_dma_ops(dev);
		set_dma_ops(dev, &custody_dma_ops);
		custody.device[CUSTODY_OWN] = dev;
	}
	return 0;
}

static void custody_undo_importer(struct custody_importer *importer)
{
	if (!importer->attachment)
		return;
	custody_lock();
	while (importer->maps) {
		--importer->maps;
		dma_buf_unmap_attachment(importer->attachment, importer->table[importer->maps], importer->dir[importer->maps]);
	}
	for (; importer->pins; --importer->pins)
		dma_buf_unpin(importer->attachment);
	custody_unlock();
	dma_buf_detach(custody.dmabuf, importer->attachment);
	importer->attachment = NULL;
}

/* Whatever the test left is given back. */
static void custody_exit(struct kunit *test)
{
	int d;

	if (custody.dmabuf) {
		while (custody.windows)
			dma_buf_end_cpu_access(custody.dmabuf, custody.window[--custody.windows]);
		for (; custody.vmaps; --custody.vmaps)
			dma_buf_vunmap(custody.dmabuf, &custody.map);
		for (; custody.mmaps; --custody.mmaps)
			custody_kunit_exporter.munmap(test, custody.dmabuf);
		for (d = 0; d < CUSTODY_DEVICES; ++d)
			custody_undo_importer(&custody.importer[d]);
		dma_buf_put(custody.dmabuf);
		flush_delayed_fput();
	}
	for (d = 0; d < CUSTODY_DEVICES; ++d)
		if (custody.device[d])
			root_device_unregister(custody.device[d]);
	if (custody.device[CUSTODY_OWN])
		set_dma_ops(custody.device[CUSTODY_OWN], custody.own_ops);
}

/* The calls. 0, or what the kernel returns; of those that return nothing 0. */
static __maybe_unused int custody_export(struct kunit *test)
{
	struct dma_buf *dmabuf = custody_kunit_exporter.export_buffer(test);

	if (IS_ERR(dmabuf))
		return (int)PTR_ERR(dmabuf);
	custody.dmabuf = dmabuf;
	return 0;
}

static __maybe_unused int custody_release(struct kunit *test)
{
	dma_buf_put(custody.dmabuf);
	custody.dmabuf = NULL;
	flush_delayed_fput();
	return 0;
}

static struct dma_buf_attachment *custody_new_attachment(int device)
{
	if (custody_is_dynamic())
		return dma_buf_dynamic_attach(custody.dmabuf, custody.device[device], &custody_attach_ops, NULL);
	return dma_buf_attach(custody.dmabuf, custody.device[device]);
}

static __maybe_unused int custody_attach(struct kunit *test, int device)
{
	struct dma_buf_attachment *attachment;

	if (device == CUSTODY_SNOOPING && !custody_kunit_exporter.make_snooping)
		kunit_skip(test, "no device can be made to snoop here");
	attachment = custody_new_attachment(device);
	if (IS_ERR(attachment))
		return (int)PTR_ERR(attachment);
	custody.importer[device].attachment = attachment;
	return 0;
}

static __maybe_unused int custody_detach(struct kunit *test, int device)
{
	dma_buf_detach(custody.dmabuf, custody.importer[device].attachment);
	custody.importer[device].attachment = NULL;
	return 0;
}

static __maybe_unused int custody_map(struct kunit *test, int device, enum dma_data_direction dir)
{
	struct custody_importer *importer = &custody.importer[device];
	struct sg_table *table;

	custody_lock();
	table = dma_buf_map_attachment(importer->attachment, dir);
	custody_unlock();
	if (IS_ERR(table))
		return (int)PTR_ERR(table);
	importer->table[importer->maps] = table;
	importer->dir[importer->maps++] = dir;
	return 0;
}

static __maybe_unused int custody_unmap(struct kunit *test, int device, enum dma_data_direction dir)
{
	struct custody_importer *importer = &custody.importer[device];
	struct sg_table *table = importer->maps ? importer->table[--importer->maps] : NULL;

	custody_lock();
	dma_buf_unmap_attachment(importer->attachment, table, dir);
	custody_unlock();
	return 0;
}

static __maybe_unused int custody_pin(struct kunit *test, int device)
{
	int ret;

	if (!custody_is_dynamic())
		kunit_skip(test, "the exporter pins nothing: its storage does not move");
	custody_lock();
	ret = dma_buf_pin(custody.importer[device].attachment);
	custody_unlock();
	custody.importer[device].pins += !ret;
	return ret;
}

static __maybe_unused int custody_unpin(struct kunit *test, int device)
{
	custody_lock();
	dma_buf_unpin(custody.importer[device].attachment);
	custody_unlock();
	--custody.importer[device].pins;
	return 0;
}

static __maybe_unused int custody_move_notify(struct kunit *test)
{
	if (!custody_is_dynamic())
		kunit_skip(test, "the exporter's storage does not move");
	custody_lock();
	dma_buf_move_notify(custody.dmabuf);
	custody_unlock();
	return 0;
}

static __maybe_unused int custody_begin(struct kunit *test, enum dma_data_direction dir)
{
	int ret = dma_buf_begin_cpu_access(custody.dmabuf, dir);

	if (!ret)
		custody.window[custody.windows++] = dir;
	return ret;
}

static __maybe_unused int custody_end(struct kunit *test, enum dma_data_direction dir)
{
	custody.windows -= custody.windows != 0;
	return dma_buf_end_cpu_access(custody.dmabuf, dir);
}

static __maybe_unused int custody_vmap(struct kunit *test)
{
	int ret;

	if (custody.dmabuf && !custody.dmabuf->ops->vmap)
		kunit_skip(test, "the exporter makes no kernel mapping");
	ret = dma_buf_vmap(custody.dmabuf, &custody.map);
	custody.vmaps += !ret;
	return ret;
}

static __maybe_unused int custody_vunmap(struct kunit *test)
{
	dma_buf_vunmap(custody.dmabuf, &custody.map);
	custody.vmaps -= custody.vmaps != 0;
	return 0;
}

static __maybe_unused int custody_mmap(struct kunit *test)
{
	int ret;

	if (!custody.dmabuf)
		return dma_buf_mmap(NULL, NULL, 0);
	if (!custody_kunit_exporter.mmap || !custody.dmabuf->ops->mmap)
		kunit_skip(test, "no user mapping can be made here");
	ret = custody_kunit_exporter.mmap(test, custody.dmabuf);
	custody.mmaps += !ret;
	return ret;
}

static __maybe_unused int custody_munmap(struct kunit *test)
{
	custody_kunit_exporter.munmap(test, custody.dmabuf);
	--custody.mmaps;
	return 0;
}

static __maybe_unused void custody_expect_another_buffer(struct kunit *test)
{
	struct dma_buf *other = custody_kunit_exporter.export_buffer(test);

	KUNIT_ASSERT_FALSE(test, IS_ERR(other));
	KUNIT_EXPECT_PTR_NE(test, other, custody.dmabuf);
	dma_buf_put(other);
	flush_delayed_fput();
}

static __maybe_unused void custody_expect_another_attachment(struct kunit *test, int device)
{
	struct dma_buf_attachment *other = custody_new_attachment(device);

	KUNIT_ASSERT_FALSE(test, IS_ERR(other));
	KUNIT_EXPECT_PTR_NE(test, other, custody.importer[device].attachment);
	dma_buf_detach(custody.dmabuf, other);
}

/* What the DMA API sees from here on belongs to the call of the test. */
static __maybe_unused void custody_watch(void) { custody.n_seen = 0; }

static const char *const custody_ops[] = { "dma_map", "dma_unmap", "dma_sync for the CPU", "dma_sync for the device",
					    "clean", "invalidate", "clean and invalidate" };
static const char *const custody_devices[] = { "device 0", "device 1", "device 2, which snoops", "the exporter's own device" };
static const char *custody_direction(int dir)
{
	static const char *const names[] = { "BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE", "NONE" };

	return dir == CUSTODY_ANY ? "in its own direction" : names[dir & 3];
}

static bool custody_is_pass(const struct custody_sync *due) { return due->op >= CUSTODY_CLEAN; }

static bool custody_same(const struct custody_sync *due, const struct custody_sync *seen)
{
	enum custody_op op = due->op == CUSTODY_INVALIDATE ? CUSTODY_FOR_CPU : CUSTODY_FOR_DEVICE;

	if (custody_is_pass(due))
		return seen->op == op && seen->device == CUSTODY_OWN && due->dir == seen->dir;
	return due->op == seen->op && due->device == seen->device && due->skip == seen->skip &&
	       (due->dir == CUSTODY_ANY || due->dir == seen->dir);
}

/* The exporter keeps a table of its own, without a touch of a cache. */
static bool custody_is_quiet(const struct custody_sync *seen)
{
	return seen->device == CUSTODY_OWN && seen->skip && (seen->op == CUSTODY_MAP || seen->op == CUSTODY_UNMAP);
}

static bool custody_must_be_seen(const struct custody_sync *due)
{
	return !custody_is_pass(due) || (custody.maps_for_itself && due->op != CUSTODY_FLUSH);
}

/* The DMA API saw these calls and no others, turn by turn. */
static __maybe_unused void custody_expect(struct kunit *test, const struct custody_sync *due, int n)
{
	bool found[CUSTODY_SEEN] = { false };
	int i, k, turn = 0;

	KUNIT_ASSERT_LT(test, custody.n_seen, CUSTODY_SEEN);
	for (i = 0; i < custody.n_seen; ++i) {
		const struct custody_sync *seen = &custody.seen[i];

		for (k = 0; k < n && (found[k] || !custody_same(&due[k], seen)); ++k)
			;
		if (k == n && custody_is_quiet(seen))
			continue;
		if (k == n) {
			KUNIT_FAIL(test, "made and not due: %s of %s, %s%s", custody_ops[seen->op],
				   custody_devices[seen->device], custody_direction(seen->dir),
				   seen->skip ? ", without sync" : "");
			continue;
		}
		found[k] = true;
		if (custody_is_pass(&due[k]))
			continue;
		KUNIT_EXPECT_GE_MSG(test, due[k].turn, turn, "too late: %s of %s", custody_ops[seen->op],
				    custody_devices[seen->device]);
		turn = max(turn, due[k].turn);
	}
	for (k = 0; k < n; ++k)
		if (!found[k] && custody_must_be_seen(&due[k]))
			KUNIT_FAIL(test, "due and not made: %s of %s, %s%s", custody_ops[due[k].op],
				   custody_devices[due[k].device], custody_direction(due[k].dir),
				   due[k].skip ? ", without sync" : "");
}
