// SPDX-License-Identifier: BSD-2-Clause
// ownership_heap against the model of its contract, under every combination of policies.
#include <gtest/gtest.h>

#include <random>

#include "checker/replay/engine.hpp"
#include "spec/rules.hpp"
#include "tests/kernel-ref/ownership_model.hpp"

namespace custody::kernel_ref::test {
namespace {

constexpr unsigned kPolicies = 16;

Setting setting_of(unsigned bits) {
  Setting setting;
  setting.driver = "ownership_heap";
  const auto bit = [bits](unsigned n) { return static_cast<unsigned char>((bits >> n) & 1U); };
  setting.policy = {0, bit(0), bit(1), bit(2), bit(3)};
  return setting;
}

bool is_accused(const traces::RecordedTrace& trace) {
  bool accused = false;
  const checker::replay::Options options;
  checker::replay::Engine engine(options, [&](const checker::Finding& f, const traces::Directory&) {
    const spec::RuleClass cls = spec::rule(f.rule).cls;
    accused = accused || cls == spec::RuleClass::kMissing || cls == spec::RuleClass::kLostWrite;
  });
  traces::replay(trace, engine);
  return accused;
}

TEST(Ownership, TheModelCallsSomePoliciesSafeAndSomeNot) {
  unsigned safe = 0;
  for (unsigned bits = 0; bits < kPolicies; ++bits) safe += counterexample(setting_of(bits).policy) ? 0U : 1U;
  EXPECT_EQ(safe, 8U) << "those with an operation when device ownership ends";
}

TEST(Ownership, BytesGoWrongInTheModelsCounterexampleOfEveryUnsafePolicy) {
  for (unsigned bits = 0; bits < kPolicies; ++bits) {
    SCOPED_TRACE(bits);
    const Setting setting = setting_of(bits);
    const std::optional<Program> program = counterexample(setting.policy);
    if (!program) continue;
    traces::RecordedTrace trace;
    record(setting, *program, trace);
    const Truth truth = truth_of(setting, trace);
    ASSERT_TRUE(truth.wrong);
    EXPECT_TRUE(is_accused(trace));
    EXPECT_TRUE(bytes_go_wrong(setting, *program, truth.witness));
  }
}

TEST(Ownership, NothingGoesWrongUnderASafePolicy) {
  for (unsigned bits = 0; bits < kPolicies; ++bits) {
    SCOPED_TRACE(bits);
    const Setting setting = setting_of(bits);
    if (counterexample(setting.policy)) continue;
    std::mt19937 random(bits);
    for (int i = 0; i < 300; ++i) {
      Program program;
      for (int n = 0; n < 25; ++n)
        program.push_back({static_cast<client::Step::Kind>(random() % client::Step::kKinds),
                           static_cast<std::uint8_t>(random() % 2), static_cast<std::uint8_t>(random() % 3)});
      traces::RecordedTrace trace;
      record(setting, program, trace);
      ASSERT_FALSE(is_accused(trace));
      ASSERT_FALSE(truth_of(setting, trace).wrong);
      ASSERT_FALSE(bytes_go_wrong_at_random(setting, program, static_cast<unsigned>(i)));
    }
  }
}

}  // namespace
}  // namespace custody::kernel_ref::test
