// SPDX-License-Identifier: BSD-2-Clause
// Verdicts and bytes agree, both ways, for every driver: what the checker calls missing or lost happens to real bytes
// in some schedule, and what it calls clean in none; an operation without effect changes nothing that can happen.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "checker/replay/engine.hpp"
#include "spec/rules.hpp"
#include "tests/kernel-ref/execution.hpp"
#include "traces/formats/litmus/writer.hpp"

namespace custody::kernel_ref::test {
namespace {

struct Verdict {
  bool wrong = false;
  bool touched_another = false;       ///< L1: an operation worked on a table that is not mapped, who knows where
  std::set<std::uint64_t> no_effect;  ///< lines of operations
};

Verdict verdict_on(const traces::RecordedTrace& trace) {
  Verdict verdict;
  checker::replay::Options options;
  checker::replay::Engine engine(options, [&](const checker::Finding& f, const traces::Directory&) {
    const spec::RuleClass cls = spec::rule(f.rule).cls;
    if (f.rule == spec::RuleId::kL1) verdict.touched_another = true;
    if (cls == spec::RuleClass::kMissing || cls == spec::RuleClass::kLostWrite) verdict.wrong = true;
    if (f.effect == checker::Effect::kNone && !verdict.wrong) verdict.no_effect.insert(f.place.operation_line);
  });
  traces::replay(trace, engine);
  return verdict;
}

Program any_program() {
  const auto number = rc::gen::inRange<std::uint8_t>(0, 6);
  const auto kind = rc::gen::inRange<unsigned>(0, client::Step::kKinds);
  Program program;
  for (const auto& [k, device, direction] :
       *rc::gen::container<std::vector<std::tuple<unsigned, std::uint8_t, std::uint8_t>>>(
           rc::gen::tuple(kind, number, number)))
    program.push_back({static_cast<client::Step::Kind>(k), device, direction});
  return program;
}

void agree(const Setting& setting, std::size_t (&seen)[2]) {
  const Program program = any_program();
  traces::RecordedTrace trace;
  record(setting, program, trace);
  const Truth truth = truth_of(setting, trace);
  const Verdict verdict = verdict_on(trace);
  if (verdict.touched_another || truth.mixes) return;
  ++seen[truth.wrong ? 1 : 0];
  if (verdict.wrong != truth.wrong) RC_LOG() << traces::formats::litmus::write_litmus(trace);
  RC_ASSERT(verdict.wrong == truth.wrong);
  if (truth.wrong) {
    RC_ASSERT(bytes_go_wrong(setting, program, truth.witness));
    return;
  }
  for (unsigned seed = 0; seed < 3; ++seed) RC_ASSERT(!bytes_go_wrong_at_random(setting, program, seed));
  for (std::size_t i = 0; i < trace.events().size(); ++i) {
    const traces::Event& e = trace.events()[i];
    if (e.maintenance.kind == model::Operation::kNone) continue;
    const bool same = verdict.no_effect.contains(e.at.line) == truth.no_effect[i];
    if (!same) RC_LOG() << traces::formats::litmus::write_litmus(trace) << "the operation of event " << i;
    RC_ASSERT(same);
  }
}

class Verdicts : public ::testing::TestWithParam<Setting> {};

TEST_P(Verdicts, AgreeWithBytes) {
  std::size_t seen[2] = {}, tried = 0;
  EXPECT_TRUE(rc::check([&] {
    for (int i = 0; i < 20; ++i, ++tried) agree(GetParam(), seen);
  }));
  EXPECT_GT(seen[0] * 4, tried);
  EXPECT_EQ(seen[1] > 0, GetParam().goes_wrong);
}

constexpr ownership_policy kLazy = {1, 0, 0, 0, 0}, kEndSync = {0, 1, 0, 0, 0};
const std::vector<machine::Device> kPlain = {{"cam"}, {"gpu"}};
const std::vector<machine::Device> kMixedTwo = {{"cam"}, {"gpu", true, false, false}};
const std::vector<machine::Device> kSnooping = {{"cam", true, false, false}, {"gpu", true, false, false}};

INSTANTIATE_TEST_SUITE_P(EveryDriver, Verdicts,
                         ::testing::Values(Setting{"system", kPlain, "arm64-6.1", false, {}},
                                           Setting{"system", kPlain, "arm64-5.18", true, {}},
                                           Setting{"system", kPlain, "riscv-6.1", false, {}},
                                           Setting{"system", kSnooping, "arm64-6.1", false, {}},
                                           Setting{"system", kMixedTwo, "arm64-6.1", false, {}},
                                           Setting{"reserved", kPlain, "arm64-6.1", false, {}},
                                           Setting{"udmabuf", kPlain, "arm64-6.1", true, {}},
                                           Setting{"udmabuf", kPlain, "armv7", true, {}},
                                           Setting{"heap_helpers_2019", kPlain, "arm64-6.1", false, {}},
                                           Setting{"ownership_heap", kPlain, "arm64-6.1", true, {}},
                                           Setting{"ownership_heap", kPlain, "arm64-6.1", false, kEndSync},
                                           Setting{"ownership_heap", kPlain, "arm64-6.1", false, kLazy},
                                           Setting{"ownership_heap", kMixedTwo, "arm64-6.1", false, kLazy}));

}  // namespace
}  // namespace custody::kernel_ref::test
