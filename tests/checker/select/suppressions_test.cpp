// SPDX-License-Identifier: BSD-2-Clause
// A suppression has a reason, matches what it says, and nothing else.
#include "checker/select/suppressions.hpp"

#include <gtest/gtest.h>

#include "checker/report/fingerprint.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::checker::test {
namespace {

using select::Suppressions;

class Suppressing : public ::testing::Test {
 protected:
  Suppressing() {
    directory.buffers.emplace_back().exporter = "system";
    directory.buffers.back().name = "b1";
    directory.devices.emplace_back().name = "gpu.0";
    directory.devices.emplace_back().name = "cam.0";
    directory.tasks.emplace_back().name = "app";
    finding.rule = spec::RuleId::kR3;
    finding.buffer = finding.device = finding.place.trigger.task = 0;
    finding.place.call = traces::EventKind::kEndCpuAccess;
    finding.place.call_dir = model::Direction::kFromDevice;
  }

  bool matches(const std::string& text) {
    Suppressions s;
    s.read(text, "file");
    return s.match(finding, directory);
  }

  static std::string wrong(const std::string& text) {
    Suppressions s;
    try {
      s.read(text, "file");
    } catch (const spec::SpecError& e) {
      return e.what();
    }
    return "";
  }

  traces::Directory directory;
  Finding finding;
};

TEST_F(Suppressing, MatchesWhereEveryWordDoes) {
  for (const char* word : {"rule=R3", "exporter=system", "device=gpu.0", "buffer=b1", "task=app", "call=end_cpu_access",
                           "direction=FROM_DEVICE"})
    EXPECT_TRUE(matches(std::string(word) + ": why")) << word;
  for (const char* word : {"rule=R4", "exporter=syste", "device=cam.0", "buffer=b2", "task=ap", "call=begin_cpu_access",
                           "direction=TO_DEVICE", "fingerprint=0000000000000000"})
    EXPECT_FALSE(matches("rule=R3 " + std::string(word) + ": why")) << word;
  EXPECT_TRUE(matches("fingerprint=" + report::fingerprint_of(finding, directory) + ": why"));
  EXPECT_TRUE(matches("# a comment\n\n  rule=R3   device=gpu.0:   why: because\r\n"));
}

TEST_F(Suppressing, MatchesTheOtherDeviceOfAPair) {
  finding.beside = 1;
  EXPECT_TRUE(matches("device=cam.0: why"));
}

TEST_F(Suppressing, CountsWhatItMatched) {
  Suppressions s;
  s.read("rule=M1: one\nrule=R3: two\ndevice=gpu.0: three\n", "file");
  EXPECT_TRUE(s.match(finding, directory));
  EXPECT_TRUE(s.match(finding, directory));
  ASSERT_EQ(s.all().size(), 3U);
  EXPECT_EQ(s.all()[0].matched, 0U);
  EXPECT_EQ(s.all()[1].matched, 2U);
  EXPECT_EQ(s.all()[1].reason, "two");
  EXPECT_EQ(s.all()[1].line, 2U);
  EXPECT_EQ(s.all()[2].matched, 0U) << "the first that matches is used";
}

TEST_F(Suppressing, RefusesWhatHasNoReasonOrNoWords) {
  EXPECT_EQ(wrong("rule=R3"), "file:1:8: a suppression without a reason, expected KEY=VALUE [KEY=VALUE...]: REASON");
  EXPECT_EQ(wrong("\nrule=R3:   \n").substr(0, 36), "file:2:9: a suppression without a re");
  EXPECT_EQ(wrong(": everything"), "file:1:1: a suppression of everything, expected KEY=VALUE before the reason");
}

TEST_F(Suppressing, SaysWhichWordIsWrongAndWhatWasMeant) {
  EXPECT_EQ(wrong("rule=R3 exportr=system: why"),
            "file:1:9: found the key 'exportr', expected rule, exporter, device, buffer, task, call, direction or "
            "fingerprint; did you mean 'exporter'?");
  EXPECT_NE(wrong("rule=r3: why").find("file:1:6: found the rule 'r3', expected M1, "), std::string::npos);
  EXPECT_NE(wrong("rule=r3: why").find("; did you mean 'R3'?"), std::string::npos);
  EXPECT_NE(wrong("call=end_cpu_acces: why").find("; did you mean 'end_cpu_access'?"), std::string::npos);
  EXPECT_NE(wrong("direction=FROM: why").find("expected TO_DEVICE, FROM_DEVICE or BIDIRECTIONAL"), std::string::npos);
  EXPECT_NE(wrong("R3: why").find("file:1:1: found 'R3', expected KEY=VALUE"), std::string::npos);
}

TEST_F(Suppressing, RefusesMoreThanItsLimit) {
  std::string text;
  for (std::size_t i = 0; i <= Suppressions::kMost; ++i) text += "rule=R3: why\n";
  EXPECT_NE(wrong(text).find("file:10001:1: more than 10000"), std::string::npos);
}

}  // namespace
}  // namespace custody::checker::test
