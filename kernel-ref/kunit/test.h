/* SPDX-License-Identifier: GPL-2.0-only */
/* KUnit as far as the suites of `custody doc --format kunit` use it, which build against a kernel's <kunit/test.h>
 * unchanged. */
#ifndef CUSTODY_KUNIT_TEST_H
#define CUSTODY_KUNIT_TEST_H

#include "shim.h"

enum kunit_status { KUNIT_SUCCESS, KUNIT_FAILURE, KUNIT_SKIPPED };

struct kunit {
	void *priv;
	enum kunit_status status;
	/* Where a test goes that is over before its end. */
	void *back[5];
};
struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};
struct kunit_suite {
	const char name[256];
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};
#define KUNIT_CASE(test_name) { .run_case = test_name, .name = #test_name }
#define kunit_test_suite(suite) \
	static struct kunit_suite *shim_kunit_suite __attribute__((used, section("shim_kunit"))) = &(suite)

/* Says a line of the test's and comes back; with `ends` the test is over. */
void shim_kunit_say(struct kunit *test, enum kunit_status status, bool ends, const char *file, int line,
		    const char *format, ...) __printf(6, 7);
#define KUNIT_SAY_(test, status, ends, ...) shim_kunit_say(test, status, ends, __FILE__, __LINE__, __VA_ARGS__)
#define kunit_skip(test, ...) KUNIT_SAY_(test, KUNIT_SKIPPED, true, __VA_ARGS__)
#define KUNIT_FAIL(test, ...) KUNIT_SAY_(test, KUNIT_FAILURE, false, __VA_ARGS__)

#define KUNIT_COMPARE_(test, ends, left, op, right, ...) do { \
	const long long left_ = (long long)(left), right_ = (long long)(right); \
	if (!(left_ op right_)) \
		KUNIT_SAY_(test, KUNIT_FAILURE, ends, "expected " #left " " #op " " #right ", found %lld and %lld" __VA_ARGS__, \
			   left_, right_); \
} while (0)
#define KUNIT_EXPECT_EQ(test, left, right) KUNIT_COMPARE_(test, false, left, ==, right)
#define KUNIT_EXPECT_LT(test, left, right) KUNIT_COMPARE_(test, false, left, <, right)
#define KUNIT_ASSERT_EQ(test, left, right) KUNIT_COMPARE_(test, true, left, ==, right)
#define KUNIT_ASSERT_LT(test, left, right) KUNIT_COMPARE_(test, true, left, <, right)
#define KUNIT_EXPECT_GE_MSG(test, left, right, ...) do { \
	if (!((left) >= (right))) \
		KUNIT_FAIL(test, __VA_ARGS__); \
} while (0)
#define KUNIT_ASSERT_FALSE(test, condition) KUNIT_COMPARE_(test, true, !!(condition), ==, false)
#define KUNIT_EXPECT_PTR_NE(test, left, right) KUNIT_COMPARE_(test, false, (long)(left), !=, (long)(right))
#define KUNIT_ASSERT_PTR_EQ_MSG(test, left, right, ...) do { \
	if ((const void *)(left) != (const void *)(right)) \
		KUNIT_SAY_(test, KUNIT_FAILURE, true, __VA_ARGS__); \
} while (0)

#endif
