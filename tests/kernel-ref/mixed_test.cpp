// SPDX-License-Identifier: BSD-2-Clause
// Mixed devices and real bytes: they go wrong in some schedule for each M11, and in none where nothing is accused.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <random>

#include "checker/replay/engine.hpp"
#include "spec/rules.hpp"
#include "tests/kernel-ref/mixed_bytes.hpp"
#include "tests/kernel-ref/mixed_usage.hpp"
#include "traces/formats/litmus/writer.hpp"

namespace custody::kernel_ref::test {
namespace {

const std::vector<machine::Device> kMixedThree = {{"cam"}, {"gpu", true, false, false}, {"dsp", false, true, false}};

/// What the checker says of a recording: M11 by pair, and whether anything is missing, mixed or lost.
struct Said {
  std::map<Pair, unsigned> mixed;
  std::set<std::string> rules;
};

Said said_of(const traces::RecordedTrace& trace) {
  Said said;
  const checker::replay::Options options;
  checker::replay::Engine engine(options, [&](const checker::Finding& f, const traces::Directory&) {
    if (f.rule == spec::RuleId::kM11) ++said.mixed[std::minmax(f.device, f.beside)];
    for (const spec::RuleClass cls : {spec::RuleClass::kMissing, spec::RuleClass::kMixed, spec::RuleClass::kLostWrite})
      if (f.matches(cls)) said.rules.insert(std::string(spec::rule(f.rule).id));
  });
  traces::replay(trace, engine);
  return said;
}

Said said_of(const Setting& setting, const Program& program) {
  traces::RecordedTrace trace;
  record(setting, program, trace);
  return said_of(trace);
}

std::string litmus(const Setting& setting, const Program& program) {
  traces::RecordedTrace trace;
  record(setting, program, trace);
  return traces::formats::litmus::write_litmus(trace);
}

Program any_program(std::mt19937& random, std::size_t devices, std::size_t steps) {
  Program program;
  for (; steps > 0; --steps)
    program.push_back({static_cast<client::Step::Kind>(random() % client::Step::kKinds),
                       static_cast<std::uint8_t>(random() % devices), static_cast<std::uint8_t>(random() % 3)});
  return program;
}

/// The program, and then a CPU window that reads, with no device mapped: what was lost is missed there.
Program looked_at(Program program, std::size_t devices) {
  for (int windows = 0; windows < 40; ++windows) program.push_back({client::Step::Kind::kEnd, 0, 0});
  for (std::size_t device = 0; device < devices; ++device)
    program.push_back({client::Step::Kind::kUnmap, static_cast<std::uint8_t>(device), 0});
  program.push_back({client::Step::Kind::kBegin, 0, 2});
  return program;
}

Pair pair_of(const Kind& kind) {
  return {static_cast<std::uint32_t>(kind.one), static_cast<std::uint32_t>(kind.other)};
}

class Mixed : public ::testing::TestWithParam<const char*> {};

TEST_P(Mixed, BytesGoWrongInEveryKindOfPair) {
  Setting setting;
  setting.driver = GetParam();
  setting.devices = kMixedThree;
  const std::vector<Kind> kinds = every_kind();
  EXPECT_EQ(kinds.size(), 72U);
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(text(kind));
    const Program program = program_of(kind, pair_of(kind));
    const std::vector<Meeting> meetings = meetings_in(setting, program);
    ASSERT_EQ(meetings.size(), 1U);
    EXPECT_EQ(meetings[0].kind, kind);
    EXPECT_EQ(said_of(setting, program).mixed, (std::map<Pair, unsigned>{{pair_of(kind), 1U}}));
    EXPECT_TRUE(wrong_read(setting, meetings[0], SnoopingWrites::kAnywhere));
  }
}

/// Of a device that does not snoop and one that does: what the second writes goes past the first, and neither reads
/// what the first writes through the cache.
bool needs_a_write_that_stays(const Kind& kind) {
  return kind.one == Reach::kPast && kind.other == Reach::kThrough && model::device_may_write(kind.other_dir) &&
         !(model::device_may_write(kind.one_dir) && model::device_may_read(kind.other_dir));
}

TEST_P(Mixed, BytesOfSomePairsGoWrongOnlyWhereASnoopingWriteStaysInTheCache) {
  Setting setting;
  setting.driver = GetParam();
  setting.devices = kMixedThree;
  unsigned kinds = 0;
  for (const Kind& kind : every_kind()) {
    const std::vector<Meeting> meetings = meetings_in(setting, program_of(kind, pair_of(kind)));
    ASSERT_EQ(meetings.size(), 1U);
    const bool stays = needs_a_write_that_stays(kind);
    EXPECT_EQ(wrong_read(setting, meetings[0], SnoopingWrites::kInMemory).has_value(), !stays) << text(kind);
    kinds += stays ? 1U : 0U;
  }
  EXPECT_EQ(kinds, 12U);
}

TEST_P(Mixed, BytesGoWrongForEachM11OfRandomUsage) {
  Setting setting;
  setting.driver = GetParam();
  setting.devices = kMixedThree;
  std::mt19937 random(11);
  std::size_t found = 0;
  std::set<Kind> kinds;
  for (int i = 0; i < 2000; ++i) {
    Program program = any_program(random, kMixedThree.size(), 80);
    program.insert(program.end(), program.size(), {client::Step::Kind::kEnd, 0, 0});
    const std::vector<Meeting> meetings = meetings_in(setting, program);
    std::map<Pair, unsigned> mixed;
    for (const Meeting& m : meetings) mixed[std::minmax(m.pair.first, m.pair.second)] = 1;
    ASSERT_EQ(said_of(setting, program).mixed, mixed) << litmus(setting, program);
    for (const Meeting& m : meetings) {
      ASSERT_TRUE(wrong_read(setting, m, SnoopingWrites::kAnywhere)) << text(m.kind) << "\n"
                                                                     << litmus(setting, m.program);
      kinds.insert(m.kind);
      ++found;
    }
  }
  std::cout << GetParam() << ": " << found << " M11 of " << kinds.size() << " kinds, bytes wrong for each\n";
  EXPECT_GT(found, 500U);
  EXPECT_EQ(kinds.size(), every_kind().size());
}

INSTANTIATE_TEST_SUITE_P(Drivers, Mixed, ::testing::Values("system", "reserved", "udmabuf"));

/// What kernel-ref.mixed_million does with a million steps.
TEST(MixedUsage, SaysOneM11ForEachMixedPairAndNothingUnexplained) {
  const std::vector<Explanation> rows = read_explanations();
  for (const Subject& subject : kSubjects) {
    SCOPED_TRACE(subject.name);
    const Tally tally = use_mixed(subject, kMixedThree, 20000, 3);
    EXPECT_GT(tally.pairs, 200U);
    EXPECT_EQ(tally.m11, tally.pairs);
    EXPECT_EQ(tally.miscounted, 0U);
    EXPECT_EQ(unexplained(subject, tally, rows), "");
  }
}

/// A machine with a driver, and how many programs of it.
struct Trial {
  Setting setting;
  unsigned programs;
  bool misses;  ///< what goes wrong is not always accused: findings.md says when
};

class MixedVerdicts : public ::testing::TestWithParam<Trial> {};

bool goes_wrong(const Setting& setting, const Program& program, unsigned schedules) {
  for (unsigned seed = 0; seed < schedules; ++seed)
    if (bytes_go_wrong_at_random(setting, program, seed, Counts::kReads)) return true;
  return false;
}

TEST_P(MixedVerdicts, AgreeWithBytes) {
  const Trial& trial = GetParam();
  const std::size_t devices = trial.setting.devices.size();
  std::mt19937 random(5);
  unsigned accused = 0, clear = 0;
  for (unsigned i = 0; i < trial.programs; ++i) {
    const Program program = looked_at(any_program(random, devices, 8 + random() % 30), devices);
    if (!said_of(trial.setting, program).rules.empty()) {
      ++accused;
      EXPECT_TRUE(goes_wrong(trial.setting, program, 20000)) << "accused\n" << litmus(trial.setting, program);
    } else if (!trial.misses) {
      ++clear;
      EXPECT_FALSE(goes_wrong(trial.setting, program, 30)) << "not accused\n" << litmus(trial.setting, program);
    }
    if (::testing::Test::HasFailure()) return;
  }
  std::cout << trial.setting.driver << ": " << accused << " programs accused, " << clear << " not\n";
  EXPECT_GT(accused, trial.programs / 100);
  EXPECT_TRUE(trial.misses || clear > trial.programs / 100);
}

constexpr ownership_policy kLazyHeap = {1, 0, 0, 0, 0};
const machine::Device kNpu = {"npu", false, true, false};

INSTANTIATE_TEST_SUITE_P(
    Machines, MixedVerdicts,
    ::testing::Values(Trial{{"system", kMixedThree, "arm64-6.1", false, {}}, 1000, false},
                      Trial{{"system", {kMixedThree[0], kMixedThree[1]}, "arm64-6.1", false, {}}, 1000, false},
                      Trial{{"system", {kMixedThree[0], kMixedThree[2]}, "arm64-6.1", false, {}}, 1000, false},
                      Trial{{"system", {kMixedThree[1], kMixedThree[2]}, "arm64-6.1", false, {}}, 1000, false},
                      Trial{{"reserved", kMixedThree, "arm64-6.1", false, {}}, 500, false},
                      Trial{{"udmabuf", kMixedThree, "arm64-6.1", false, {}}, 300, false},
                      Trial{{"ownership_heap", kMixedThree, "arm64-6.1", false, kLazyHeap}, 500, false},
                      Trial{{"system", {kMixedThree[2], kNpu}, "arm64-6.1", false, {}}, 1000, true}));

}  // namespace
}  // namespace custody::kernel_ref::test
