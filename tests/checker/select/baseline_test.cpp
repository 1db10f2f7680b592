// SPDX-License-Identifier: BSD-2-Clause
// A fingerprint is the same where lines, times and addresses differ, and another one where the fault does.
#include "checker/report/fingerprint.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "checker/select/baseline.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::checker::test {
namespace {

using report::fingerprint_of;
using select::Baseline;

class Fingerprint : public ::testing::Test {
 protected:
  Fingerprint() {
    for (const char* exporter : {"system", "cma"}) directory.buffers.emplace_back().exporter = exporter;
    for (const char* name : {"gpu.0", "cam.0"}) directory.devices.emplace_back().name = name;
    finding.rule = spec::RuleId::kR3;
    finding.buffer = finding.device = 0;
    finding.operation = model::Operation::kClean;
    finding.effect = Effect::kNone;
    finding.place.call = traces::EventKind::kMap;
    finding.place.call_dir = model::Direction::kToDevice;
    finding.place.trigger.kind = traces::EventKind::kDmaMap;
  }

  [[nodiscard]] std::string changed(const std::function<void(Finding&)>& change) const {
    Finding f = finding;
    change(f);
    return fingerprint_of(f, directory);
  }

  traces::Directory directory;
  Finding finding;
};

TEST_F(Fingerprint, IsThatOfTheFaultAndNotOfThePlaceInTheTrace) {
  const std::string same = fingerprint_of(finding, directory);
  EXPECT_EQ(same.size(), 16U);
  EXPECT_EQ(changed([](Finding& f) { f.line = 77; }), same);
  EXPECT_EQ(changed([](Finding& f) { f.bytes = 77; }), same);
  EXPECT_EQ(changed([](Finding& f) { f.place.trigger.at.line = 77; }), same);
  EXPECT_EQ(changed([](Finding& f) { f.place.trigger.at.ts = 77; }), same);
  EXPECT_EQ(changed([](Finding& f) { f.place.call_line = f.place.operation_line = 77; }), same);
  EXPECT_EQ(changed([](Finding& f) { f.place.trigger.task = 77; }), same);
}

TEST_F(Fingerprint, IsAnotherOneOfAnotherFault) {
  const std::set<std::string> all = {
      fingerprint_of(finding, directory),
      changed([](Finding& f) { f.rule = spec::RuleId::kR4; }),
      changed([](Finding& f) { f.buffer = 1; }),
      changed([](Finding& f) { f.device = 1; }),
      changed([](Finding& f) { f.beside = 1; }),
      changed([](Finding& f) { f.operation = model::Operation::kInvalidate; }),
      changed([](Finding& f) { f.effect = Effect::kUnobserved; }),
      changed([](Finding& f) { f.place.call = traces::EventKind::kEndCpuAccess; }),
      changed([](Finding& f) { f.place.call_dir = model::Direction::kFromDevice; }),
      changed([](Finding& f) { f.place.trigger.kind = traces::EventKind::kSyncForDevice; }),
      changed([](Finding& f) { f.place.trigger.phase = traces::Phase::kReturn; }),
      changed([](Finding& f) { f.place.beside_job = true; })};
  EXPECT_EQ(all.size(), 12U);
}

TEST_F(Fingerprint, DoesNotHangOnAnAddressInTheNameOfADevice) {
  directory.devices[0].name = "0xffffff8012345678";
  const std::string one = fingerprint_of(finding, directory);
  directory.devices[0].name = "ffffff8087654321";
  EXPECT_EQ(fingerprint_of(finding, directory), one);
  directory.devices[0].name = "fe200000.gpu";
  EXPECT_NE(fingerprint_of(finding, directory), one);
}

TEST_F(Fingerprint, OfABaselineIsReadAsItWasWritten) {
  Baseline written;
  EXPECT_TRUE(written.note(fingerprint_of(finding, directory), finding, directory));
  EXPECT_TRUE(written.note(changed([](Finding& f) { f.device = 1; }), finding, directory));
  EXPECT_TRUE(written.note(fingerprint_of(finding, directory), finding, directory));
  EXPECT_EQ(written.size(), 2U);
  Baseline read;
  read.read(written.text(), "file");
  EXPECT_TRUE(read.knows(fingerprint_of(finding, directory)));
  EXPECT_FALSE(read.knows(changed([](Finding& f) { f.rule = spec::RuleId::kM1; })));
  EXPECT_EQ(read.text(), written.text());
}

TEST_F(Fingerprint, OfABaselineIsRefusedWhereItIsNone) {
  const auto wrong = [](const std::string& text) {
    try {
      Baseline().read(text, "file");
    } catch (const spec::SpecError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(wrong("custody baseline 1\r\n0123456789abcdef R3 what\r\n"), "");
  EXPECT_EQ(wrong(""), "file: is empty, expected 'custody baseline 1'");
  EXPECT_EQ(wrong("custody baseline 2\n").substr(0, 37), "file:1: expected 'custody baseline 1'");
  EXPECT_EQ(wrong("custody baseline 1\n\n0123456789abcdeF R3\n").substr(0, 30), "file:3: expected a fingerprint");
}

}  // namespace
}  // namespace custody::checker::test
