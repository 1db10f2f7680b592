# SPDX-License-Identifier: GPL-2.0-only
# Which headers of the kernel are taken as they are, and which names stand for the shim.

# Pure: they need nothing but what the shim declares.
set(kernel_headers
  linux/dma-buf.h linux/dma-direction.h linux/dma-fence-array.h linux/dma-fence-chain.h linux/dma-fence-unwrap.h
  linux/dma-fence.h linux/dma-heap.h linux/dma-resv.h linux/iosys-map.h linux/list.h linux/poison.h
  linux/scatterlist.h linux/sync_file.h linux/dma-mapping.h linux/videodev2.h
  media/frame_vector.h media/media-request.h media/videobuf2-core.h media/videobuf2-dma-contig.h media/videobuf2-dma-sg.h
  media/videobuf2-memops.h media/videobuf2-v4l2.h
  uapi/asm-generic/errno-base.h uapi/asm-generic/errno.h uapi/asm-generic/ioctl.h
  uapi/linux/dma-buf.h uapi/linux/dma-heap.h uapi/linux/magic.h uapi/linux/sync_file.h uapi/linux/udmabuf.h
  uapi/linux/v4l2-common.h uapi/linux/v4l2-controls.h uapi/linux/videodev2.h)

# Names that forward to shim.h.
set(shim_names
  asm/barrier.h asm/errno.h asm/io.h
  linux/anon_inodes.h linux/atomic.h linux/bug.h linux/cdev.h linux/cma.h linux/compiler.h linux/const.h
  linux/container_of.h linux/cred.h linux/debugfs.h linux/device.h linux/dma-map-ops.h linux/err.h linux/errno.h
  linux/export.h linux/file.h linux/fs.h linux/highmem.h linux/hugetlb.h linux/init.h linux/io.h linux/ioctl.h linux/irq_work.h
  linux/kernel.h linux/kmemleak.h linux/kref.h linux/ktime.h linux/mem_encrypt.h linux/memfd.h linux/miscdevice.h
  linux/mm.h linux/mmu_notifier.h linux/module.h linux/mount.h linux/nospec.h linux/poll.h linux/pseudo_fs.h
  linux/rculist.h linux/rcupdate.h linux/sched.h linux/sched/mm.h linux/sched/signal.h linux/seq_file.h
  linux/seqlock.h linux/shmem_fs.h linux/slab.h linux/sort.h linux/spinlock.h linux/stddef.h linux/string.h
  linux/syscalls.h linux/types.h linux/uaccess.h linux/vmalloc.h linux/wait.h linux/ww_mutex.h linux/xarray.h
  linux/bitmap.h linux/cache.h linux/printk.h linux/bitops.h linux/compiler_types.h linux/sizes.h trace/events/dma_fence.h
  asm/cacheflush.h asm/page.h linux/align.h linux/atomic/atomic-instrumented.h linux/bits.h linux/build_bug.h
  linux/cacheflush.h linux/cleanup.h linux/compiler_attributes.h linux/completion.h linux/delay.h linux/device/class.h
  linux/dev_printk.h linux/gfp.h linux/gfp_types.h linux/idr.h linux/kconfig.h linux/kdev_t.h
  linux/kobject.h linux/limits.h linux/lockdep.h linux/log2.h linux/math.h linux/minmax.h linux/mm_types.h linux/moduleparam.h
  linux/mutex.h linux/once.h linux/overflow.h linux/page-flags.h linux/pagemap.h linux/percpu.h linux/pfn.h linux/platform_device.h
  linux/preempt.h linux/refcount.h linux/rwlock.h linux/rwsem.h linux/sched/task.h linux/signal.h linux/sprintf.h linux/swap.h
  linux/sysfs.h media/media-device.h linux/time.h linux/timer.h linux/uio.h linux/version.h linux/workqueue.h)
