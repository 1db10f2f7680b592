// SPDX-License-Identifier: BSD-2-Clause
// Findings of one cause are one finding, and no finding is lost among those of another.
#include "checker/report/cause.hpp"

#include <gtest/gtest.h>

namespace custody::checker::test {
namespace {

using report::CauseBook;
using spec::RuleId;

class Causes : public ::testing::Test {
 protected:
  Causes() {
    for (const char* exporter : {"system", "system", "cma"}) directory.buffers.emplace_back().exporter = exporter;
    for (const char* name : {"cam.0", "gpu.0", "disp.0", "a.0", "b.0"}) directory.devices.emplace_back().name = name;
  }

  static Finding finding(RuleId rule, std::uint64_t line, std::uint32_t device = 0, std::uint32_t buffer = 0) {
    Finding f;
    f.rule = rule;
    f.line = line;
    f.device = device;
    f.buffer = buffer;
    f.bytes = 4096;
    return f;
  }

  traces::Directory directory;
  CauseBook book;
};

TEST_F(Causes, OfRedundantOperationsAreOneForAllDevicesAndBuffers) {
  book.note(finding(RuleId::kR3, 20, 1), directory);
  book.note(finding(RuleId::kR3, 10, 2, 1), directory);
  book.note(finding(RuleId::kR3, 30, 1), directory);
  const auto causes = book.by_line();
  ASSERT_EQ(causes.size(), 1U);
  EXPECT_EQ(causes[0]->first_line, 10U);
  EXPECT_EQ(report::count_text(*causes[0]), "3 times, 12 KiB, for gpu.0 and disp.0, up to line 30");
}

TEST_F(Causes, OfMissingSyncsAreOneForEachDeviceDirectionAndCall) {
  Finding f = finding(RuleId::kM1, 1);
  book.note(f, directory);
  f.device = 1;
  book.note(f, directory);
  f.place.call = traces::EventKind::kMap;
  book.note(f, directory);
  f.place.call_dir = model::Direction::kToDevice;
  book.note(f, directory);
  f.buffer = 2;
  book.note(f, directory);
  EXPECT_EQ(book.by_line().size(), 5U);
  book.note(f, directory);
  EXPECT_EQ(book.by_line().size(), 5U);
}

TEST_F(Causes, AreNotOneWhereOneIsCertainAndTheOtherAssumed) {
  Finding f = finding(RuleId::kM1, 1);
  book.note(f, directory);
  f.assumes = 1;
  book.note(f, directory);
  f.assumes = 0;
  f.severity = spec::Severity::kNote;
  book.note(f, directory);
  EXPECT_EQ(book.by_line().size(), 3U);
}

TEST_F(Causes, AreSortedByTheirFirstLine) {
  book.note(finding(RuleId::kM3, 30), directory);
  book.note(finding(RuleId::kM1, 10), directory);
  book.note(finding(RuleId::kM2, 20), directory);
  const auto causes = book.by_line();
  ASSERT_EQ(causes.size(), 3U);
  EXPECT_EQ(causes[0]->first_line, 10U);
  EXPECT_EQ(causes[1]->first_line, 20U);
  EXPECT_EQ(causes[2]->first_line, 30U);
}

TEST_F(Causes, NameTheFirstFourDevices) {
  for (std::uint32_t device = 0; device < 5; ++device) book.note(finding(RuleId::kR4, device + 1, device), directory);
  EXPECT_EQ(report::count_text(*book.by_line()[0]),
            "5 times, 20 KiB, for cam.0, gpu.0, disp.0, a.0 and others, up to line 5");
}

TEST_F(Causes, BeyondTheLimitAreCounted) {
  for (std::uint32_t device = 0; device < CauseBook::kMostCauses; ++device)
    ASSERT_NE(book.note(finding(RuleId::kM1, 1, device), directory), nullptr);
  EXPECT_EQ(book.note(finding(RuleId::kM1, 1, CauseBook::kMostCauses), directory), nullptr);
  EXPECT_NE(book.note(finding(RuleId::kM1, 1, 0), directory), nullptr);
  EXPECT_EQ(book.left_out(), 1U);
  EXPECT_EQ(book.by_line().size(), CauseBook::kMostCauses);
  book.clear();
  EXPECT_EQ(book.left_out(), 0U);
  EXPECT_TRUE(book.by_line().empty());
}

}  // namespace
}  // namespace custody::checker::test
