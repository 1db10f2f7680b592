/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a suite of KUnit on the shim: one case at a time, for whoever loads it. Compiled with the suite. */
#include <kunit/test.h>
#include <linux/dma-buf.h>

#include "machine_abi.h"

#define PAGES 2

int vsnprintf(char *to, size_t n, const char *format, va_list arguments);

/* As spec/document/kunit_harness.c has it: what the suite asks of the exporter. */
struct custody_exporter {
	struct dma_buf *(*export_buffer)(struct kunit *test);
	int (*mmap)(struct kunit *test, struct dma_buf *dmabuf);
	void (*munmap)(struct kunit *test, struct dma_buf *dmabuf);
	struct device *(*own_device)(void);
	void (*make_snooping)(struct device *dev);
};
extern const struct custody_exporter custody_kunit_exporter;

extern struct kunit_suite *__start_shim_kunit[] __attribute__((visibility("hidden")));
extern struct kunit_suite *__stop_shim_kunit[] __attribute__((visibility("hidden")));

static const char *driver_name;
static unsigned int snooping_machine_id;
static void (*listener)(const char *line);

static struct dma_buf *export_buffer(struct kunit *test)
{
	struct shim_buffer out;
	int ret = shim_export(driver_name, PAGE_SIZE, &out);

	return ret ? ERR_PTR(ret) : out.dmabuf;
}

static int map_for_user(struct kunit *test, struct dma_buf *dmabuf)
{
	unsigned long long phys[PAGES];

	return shim_mmap(dmabuf, phys, dmabuf->size >> PAGE_SHIFT);
}

/* The drivers hear nothing of it. */
static void unmap_for_user(struct kunit *test, struct dma_buf *dmabuf) { }

static struct device *own_device(void)
{
	return !strcmp(driver_name, "udmabuf") ? shim_udmabuf->this_device : heap_device();
}

static void make_snooping(struct device *dev) { dev->machine_id = snooping_machine_id; }

const struct custody_exporter custody_kunit_exporter = {
	.export_buffer = export_buffer,
	.mmap = map_for_user,
	.munmap = unmap_for_user,
	.own_device = own_device,
	.make_snooping = make_snooping,
};

void shim_kunit_say(struct kunit *test, enum kunit_status status, bool ends, const char *file, int line,
		    const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (test->status != KUNIT_FAILURE)
		test->status = status;
	listener(text);
	if (ends)
		__builtin_longjmp(test->back, 1);
}

/* The name of a case of all suites, counted from 0; NULL: there is none. */
static const struct kunit_suite *find_case(unsigned int number, const struct kunit_case **found)
{
	struct kunit_suite **suite;
	const struct kunit_case *one;

	for (suite = __start_shim_kunit; suite != __stop_shim_kunit; ++suite)
		for (one = (*suite)->test_cases; one->run_case; ++one)
			if (!number--) {
				*found = one;
				return *suite;
			}
	return NULL;
}

const char *shim_kunit_case(unsigned int number);
const char *shim_kunit_case(unsigned int number)
{
	const struct kunit_case *one;

	return find_case(number, &one) ? one->name : NULL;
}

const char *shim_kunit_suite_name(void);
const char *shim_kunit_suite_name(void) { return (*__start_shim_kunit)->name; }

static void until_end(struct kunit *test, void (*part)(struct kunit *test))
{
	if (!__builtin_setjmp(test->back))
		part(test);
}

/* Runs one case with its init and exit; `say` hears each line. A kunit_status. */
int shim_kunit_run(unsigned int number, const char *driver, unsigned int snooping, void (*say)(const char *line));
int shim_kunit_run(unsigned int number, const char *driver, unsigned int snooping, void (*say)(const char *line))
{
	const struct kunit_case *one;
	const struct kunit_suite *suite = find_case(number, &one);
	struct kunit test = { .status = KUNIT_SUCCESS };

	driver_name = driver;
	snooping_machine_id = snooping;
	listener = say;
	if (!__builtin_setjmp(test.back) && suite->init(&test))
		test.status = KUNIT_FAILURE;
	if (test.status == KUNIT_SUCCESS)
		until_end(&test, one->run_case);
	until_end(&test, suite->exit);
	return (int)test.status;
}
