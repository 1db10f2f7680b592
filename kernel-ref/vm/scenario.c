// SPDX-License-Identifier: GPL-2.0-only
// What runs in a guest while it is recorded: dma-bufs of the system heap, udmabuf, vgem and vivid, their CPU windows,
// and their way through vgem and vivid as importers. `scenario NAME [TIMES]`; without a name it lists them.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <linux/videodev2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 1 << 20, SMALL = 1 << 16 };

static void fail(const char *what)
{
	fprintf(stderr, "scenario: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int must(int result, const char *what)
{
	if (result < 0)
		fail(what);
	return result;
}

static int open_device(const char *path)
{
	return must(open(path, O_RDWR | O_CLOEXEC), path);
}

static int from_heap(size_t size)
{
	struct dma_heap_allocation_data data = { .len = size, .fd_flags = O_RDWR | O_CLOEXEC };
	int heap = open_device("/dev/dma_heap/system");

	must(ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data), "DMA_HEAP_IOCTL_ALLOC");
	close(heap);
	return (int)data.fd;
}

static int from_udmabuf(size_t size)
{
	struct udmabuf_create create = { .size = size, .flags = UDMABUF_FLAGS_CLOEXEC };
	int device = open_device("/dev/udmabuf");
	int memory = must(memfd_create("scenario", MFD_ALLOW_SEALING), "memfd_create");
	int buffer;

	must(ftruncate(memory, (off_t)size), "ftruncate");
	must(fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK), "F_ADD_SEALS");
	create.memfd = (uint32_t)memory;
	buffer = must(ioctl(device, UDMABUF_CREATE, &create), "UDMABUF_CREATE");
	close(memory);
	close(device);
	return buffer;
}

/* As <drm/drm.h> and <drm/drm_mode.h> have them, which libdrm brings. */
struct prime_handle { uint32_t handle, flags; int32_t fd; };
struct gem_close { uint32_t handle, pad; };
struct create_dumb { uint32_t height, width, bpp, flags, handle, pitch; uint64_t size; };
#define PRIME_HANDLE_TO_FD _IOWR('d', 0x2d, struct prime_handle)
#define PRIME_FD_TO_HANDLE _IOWR('d', 0x2e, struct prime_handle)
#define GEM_CLOSE _IOW('d', 0x09, struct gem_close)
#define MODE_CREATE_DUMB _IOWR('d', 0xb2, struct create_dumb)

static int card(void)
{
	static const char *const names[] = { "/dev/dri/card0", "/dev/dri/card1" };
	int fd = -1;

	for (size_t i = 0; fd < 0 && i < 2; i++)
		fd = open(names[i], O_RDWR | O_CLOEXEC);
	return must(fd, "/dev/dri/card0 (modprobe vgem)");
}

static int from_vgem(size_t size)
{
	struct create_dumb dumb = { .height = (uint32_t)(size / 4096), .width = 1024, .bpp = 32 };
	struct prime_handle prime = { .flags = O_RDWR | O_CLOEXEC };
	int drm = card();

	must(ioctl(drm, MODE_CREATE_DUMB, &dumb), "MODE_CREATE_DUMB");
	prime.handle = dumb.handle;
	must(ioctl(drm, PRIME_HANDLE_TO_FD, &prime), "PRIME_HANDLE_TO_FD");
	close(drm);
	return prime.fd;
}

static void window(int buffer, uint64_t flags, unsigned char *memory, size_t size)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_START };
	volatile unsigned char sum = 0;

	must(ioctl(buffer, DMA_BUF_IOCTL_SYNC, &sync), "DMA_BUF_SYNC_START");
	if (flags & DMA_BUF_SYNC_WRITE)
		memset(memory, 0x5a, size);
	else
		for (size_t i = 0; i < size; i += 64)
			sum = (unsigned char)(sum + memory[i]);
	sync.flags = flags | DMA_BUF_SYNC_END;
	must(ioctl(buffer, DMA_BUF_IOCTL_SYNC, &sync), "DMA_BUF_SYNC_END");
}

/* The CPU writes, then reads; nobody else is there. */
static void windows(int buffer, size_t size)
{
	unsigned char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, buffer, 0);

	if (memory == MAP_FAILED)
		fail("mmap");
	window(buffer, DMA_BUF_SYNC_WRITE, memory, size);
	window(buffer, DMA_BUF_SYNC_READ, memory, size);
	window(buffer, DMA_BUF_SYNC_RW, memory, size);
	munmap(memory, size);
}

/* vgem attaches and maps what it did not export itself, for as long as it has a handle; the CPU has windows meanwhile. */
static void through_vgem(int buffer, size_t size)
{
	struct prime_handle prime = { .fd = buffer };
	struct gem_close closing = { 0 };
	int drm = card();

	must(ioctl(drm, PRIME_FD_TO_HANDLE, &prime), "PRIME_FD_TO_HANDLE");
	windows(buffer, size);
	closing.handle = prime.handle;
	must(ioctl(drm, GEM_CLOSE, &closing), "GEM_CLOSE");
	close(drm);
}

/* The capture node of vivid, whatever its number. */
static int camera(void)
{
	for (int i = 0; i < 64; i++) {
		struct v4l2_capability its = { 0 };
		char path[32];
		int fd;

		snprintf(path, sizeof(path), "/dev/video%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0 && ioctl(fd, VIDIOC_QUERYCAP, &its) == 0 && !strcmp((char *)its.driver, "vivid") &&
		    (its.device_caps & V4L2_CAP_VIDEO_CAPTURE) && (its.device_caps & V4L2_CAP_STREAMING))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	errno = ENODEV;
	fail("no capture node of vivid (modprobe vivid allocators=1)");
	return -1;
}

static uint32_t smallest_format(int video)
{
	struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };

	must(ioctl(video, VIDIOC_G_FMT, &format), "VIDIOC_G_FMT");
	format.fmt.pix.width = 320;
	format.fmt.pix.height = 180;
	must(ioctl(video, VIDIOC_S_FMT, &format), "VIDIOC_S_FMT");
	return format.fmt.pix.sizeimage;
}

static void ask_for(int video, unsigned int count, enum v4l2_memory memory)
{
	struct v4l2_requestbuffers request = { .count = count, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = memory };

	must(ioctl(video, VIDIOC_REQBUFS, &request), "VIDIOC_REQBUFS");
}

/* vivid fills the buffer with three frames; the CPU reads each. */
static void through_vivid(int buffer, size_t size)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE, video = camera();
	unsigned char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, buffer, 0);

	if (memory == MAP_FAILED)
		fail("mmap");
	if (smallest_format(video) > size)
		fail("the frame is larger than the buffer");
	ask_for(video, 1, V4L2_MEMORY_DMABUF);
	for (int frame = 0; frame < 3; frame++) {
		struct v4l2_buffer b = { .type = (uint32_t)type, .memory = V4L2_MEMORY_DMABUF };

		b.m.fd = buffer;
		must(ioctl(video, VIDIOC_QBUF, &b), "VIDIOC_QBUF");
		if (frame == 0)
			must(ioctl(video, VIDIOC_STREAMON, &type), "VIDIOC_STREAMON");
		must(ioctl(video, VIDIOC_DQBUF, &b), "VIDIOC_DQBUF");
		window(buffer, DMA_BUF_SYNC_READ, memory, size);
	}
	must(ioctl(video, VIDIOC_STREAMOFF, &type), "VIDIOC_STREAMOFF");
	ask_for(video, 0, V4L2_MEMORY_DMABUF);
	munmap(memory, size);
	close(video);
}

/* A buffer of vivid's own queue, which vgem imports. */
static void vivid_exports(size_t size)
{
	struct v4l2_exportbuffer wanted = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .flags = O_RDWR | O_CLOEXEC };
	int video = camera();

	(void)size;
	size = smallest_format(video);
	ask_for(video, 1, V4L2_MEMORY_MMAP);
	must(ioctl(video, VIDIOC_EXPBUF, &wanted), "VIDIOC_EXPBUF");
	through_vgem(wanted.fd, size);
	close(wanted.fd);
	ask_for(video, 0, V4L2_MEMORY_MMAP);
	close(video);
}

static void heap_windows(size_t size) { int b = from_heap(size); windows(b, size); close(b); }
static void heap_vgem(size_t size) { int b = from_heap(size); through_vgem(b, size); close(b); }
static void heap_vivid(size_t size) { int b = from_heap(size); through_vivid(b, size); close(b); }
static void udmabuf_windows(size_t size) { int b = from_udmabuf(size); windows(b, size); close(b); }
static void udmabuf_vgem(size_t size) { int b = from_udmabuf(size); through_vgem(b, size); close(b); }
static void vgem_windows(size_t size) { int b = from_vgem(size); windows(b, size); close(b); }

static const struct {
	const char *name;
	void (*run)(size_t size);
	size_t size;
} scenarios[] = {
	{ "heap_windows", heap_windows, SIZE },
	{ "heap_vgem", heap_vgem, SIZE },
	{ "heap_vivid", heap_vivid, SIZE },
	{ "udmabuf_windows", udmabuf_windows, SMALL },
	{ "udmabuf_vgem", udmabuf_vgem, SMALL },
	{ "vgem_windows", vgem_windows, SMALL },
	{ "vivid_exports", vivid_exports, SMALL },
};

int main(int argc, char **argv)
{
	int times = argc > 2 ? atoi(argv[2]) : 1;

	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		if (argc < 2)
			puts(scenarios[i].name);
		else if (!strcmp(argv[1], scenarios[i].name)) {
			for (int n = 0; n < times; n++)
				scenarios[i].run(scenarios[i].size);
			return 0;
		}
	}
	if (argc > 1)
		fprintf(stderr, "scenario: no scenario '%s'\n", argv[1]);
	return argc < 2 ? 0 : 2;
}
