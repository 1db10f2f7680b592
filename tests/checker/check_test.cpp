// SPDX-License-Identifier: BSD-2-Clause
// The verdict of `custody check` on every shipped contract, with exact counts; its counterexamples replay to the same.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>

#include "checker/explore/counterexample.hpp"
#include "checker/explore/properties.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

using model::at;

struct ExpectedVerdict {
  std::set<std::string> violated;
  std::uint64_t states, transitions;
  bool operator==(const ExpectedVerdict&) const = default;
};

void PrintTo(const ExpectedVerdict& v, std::ostream* out) {
  *out << v.states << " states, " << v.transitions << " transitions, violated:";
  for (const std::string& p : v.violated) *out << " " << p;
}

explore::SearchResult explore(const spec::Contract& contract, const explore::Configuration& configuration,
                              bool symmetry = true) {
  explore::SearchOptions options;
  options.symmetry = symmetry;
  const explore::System system(contract, configuration);
  return explore::search(system, options);
}

ExpectedVerdict seen_verdict(const explore::SearchResult& r) {
  ExpectedVerdict v{{}, r.states, r.totals.transitions};
  for (const explore::Violation& violation : r.violations)
    v.violated.insert(std::string(explore::id_of(violation.property)));
  return v;
}

explore::Configuration on(const char* arch, unsigned devices = 2, unsigned coherent = 0, unsigned windows = 1) {
  explore::Configuration c;
  c.arch = model::find_arch(arch);
  c.devices = devices;
  c.coherent = coherent;
  c.windows = windows;
  return c;
}

TEST(Check, GivesEveryShippedContractItsVerdictAndCounts) {
  const std::map<std::string, ExpectedVerdict> expected = {
      {"android-uncached", {{}, 122, 632}},
      {"drm-prime", {{"M1", "M2", "M3"}, 1765, 11643}},
      {"heap-helpers-2019", {{"L1"}, 1553, 10896}},
      {"heap-helpers-5.6", {{"L1"}, 480, 3179}},
      {"ion", {{"L1"}, 480, 3179}},
      {"lazy", {{}, 565, 3850}},
      {"one-domain", {{}, 352, 2205}},
      {"state-graph-2019", {{}, 355, 2005}},
      {"system-heap-6.1", {{}, 352, 2205}},
      {"udmabuf-after", {{"M1", "M2", "M10"}, 1879, 14958}},
      {"udmabuf-before", {{"M3"}, 1782, 12662}},
      {"udmabuf-between", {{"M1", "M2", "M3", "M10"}, 2209, 16949}},
      {"vb2-dma-contig", {{"M1", "M2", "M3"}, 1157, 8465}},
      {"vb2-dma-sg", {{"M10"}, 782, 5474}},
      {"vision-keep", {{"M3"}, 413, 2687}},
      {"vision-keep-end-sync", {{}, 364, 2338}},
      {"vision-release", {{"backing"}, 604, 3856}},
      {"vision-release-end-sync", {{"backing"}, 604, 3856}},
  };
  EXPECT_EQ(expected.size(), spec::contract_names().size());
  for (const std::string_view name : spec::contract_names()) {
    SCOPED_TRACE(name);
    const explore::SearchResult r = explore(*spec::find_contract(name), on("arm64-6.1"));
    EXPECT_TRUE(r.complete);
    EXPECT_EQ(r.stuck, 0U) << "every window can end and every buffer be released";
    EXPECT_EQ(seen_verdict(r), expected.at(std::string(name)));
    for (const explore::Label::Kind kind :
         {explore::Label::Kind::kMap, explore::Label::Kind::kUnmap, explore::Label::Kind::kBegin,
          explore::Label::Kind::kEnd, explore::Label::Kind::kBeginFails, explore::Label::Kind::kRelease})
      EXPECT_GT(r.totals.seen[static_cast<std::size_t>(kind)], 0U) << "never happens: the verdict would be vacuous";
  }
}

TEST(Check, PrintsCounterexamplesThatReplayToTheSameRule) {
  std::size_t replayed = 0;
  for (const std::string_view name : spec::contract_names()) {
    const spec::Contract contract = *spec::find_contract(name);
    const explore::System system(contract, on("arm64-6.1"));
    for (const explore::Violation& v : explore::search(system, {}).violations) {
      if (v.property == explore::Property::kBackingLost) continue;
      const std::string text = explore::counterexample_litmus(system, contract, v);
      const Seen seen = replay_text(text);
      EXPECT_EQ(seen.error, "") << text;
      EXPECT_FALSE(seen.result.expectations_failed) << name << "\n" << text;
      EXPECT_TRUE(seen.names(std::string(explore::id_of(v.property)))) << name << "\n" << text;
      ++replayed;
    }
  }
  EXPECT_GT(replayed, 12U);
}

TEST(Check, FindsTheHolesOfTheVision) {
  // Under `keep` without operation at the end of ownership a later window reads stale lines.
  EXPECT_TRUE(seen_verdict(explore(*spec::find_contract("vision-keep"), on("arm64-6.1"))).violated.contains("M3"));
  // Under `release` what was written before is lost with the backing.
  EXPECT_TRUE(
      seen_verdict(explore(*spec::find_contract("vision-release"), on("arm64-6.1"))).violated.contains("backing"));
  // A begin that has no effect without CPU mapping, and an mmap inside the window.
  spec::Contract no_effect = *spec::find_contract("system-heap-6.1");
  EXPECT_EQ(model::set_policy(no_effect.lifetime.policies, "cpu_unmapped", "no_effect"), "");
  EXPECT_TRUE(seen_verdict(explore(no_effect, on("arm64-6.1"))).violated.contains("M3"));
  // One owner for a device that snoops and one that does not.
  EXPECT_EQ(seen_verdict(explore(*spec::find_contract("vision-keep-end-sync"), on("arm64-6.1", 2, 1))).violated,
            std::set<std::string>{"M11"});
  // A reader's begin, or an unmap, inside another task's write window.
  explore::Configuration overlapping = on("arm64-6.1", 1, 0, 2);
  EXPECT_TRUE(seen_verdict(explore(*spec::find_contract("system-heap-6.1"), overlapping)).violated.empty());
  overlapping.client = explore::Client::kOverlapping;
  EXPECT_TRUE(seen_verdict(explore(*spec::find_contract("system-heap-6.1"), overlapping)).violated.contains("M10"));
}

/// The contract for clients that open windows for reading only.
spec::Contract for_readers(std::string_view name) {
  spec::Contract contract = *spec::find_contract(name);
  spec::Clause refuses;
  refuses.name = "readers-only";
  refuses.on = model::events(model::at(model::kEvents, "begin_cpu_access"));
  refuses.guards = {model::at(model::kGuards, "to_device=yes")};
  refuses.refuse = "EINVAL";
  contract.clauses.push_back(refuses);
  return contract;
}

TEST(Check, TellsTheUdmabufHistoryApartForReaders) {
  const auto goes_stale = [](const char* name, const char* arch) {
    return seen_verdict(explore(for_readers(name), on(arch))).violated.contains("M3");
  };
  // A FROM_DEVICE map of the pseudo device invalidates where the architecture does so at the hand-over to a device.
  for (const char* const arch : {"arm64-5.18", "armv7"}) {
    EXPECT_FALSE(goes_stale("udmabuf-before", arch));
    EXPECT_TRUE(goes_stale("udmabuf-between", arch));
    EXPECT_FALSE(goes_stale("udmabuf-after", arch));
  }
  EXPECT_TRUE(goes_stale("udmabuf-before", "arm64-6.1"));
  EXPECT_TRUE(goes_stale("udmabuf-between", "arm64-6.1"));
  EXPECT_FALSE(goes_stale("udmabuf-after", "arm64-6.1"));
}

TEST(Check, TellsTheUdmabufHistoryApart) {
  using Rules = std::set<std::string>;
  const auto rules = [](const char* name, const char* arch) {
    return seen_verdict(explore(*spec::find_contract(name), on(arch))).violated;
  };
  EXPECT_EQ(rules("udmabuf-before", "arm64-6.1"), Rules({"M3"}));
  EXPECT_TRUE(rules("udmabuf-between", "arm64-6.1").contains("M3"));
  EXPECT_EQ(rules("udmabuf-after", "arm64-6.1"), Rules({"M1", "M2", "M10"}));
  for (const char* const arch : {"arm64-5.18", "armv7"}) {
    EXPECT_TRUE(rules("udmabuf-between", arch).contains("M3"));
    EXPECT_FALSE(rules("udmabuf-after", arch).contains("M3"));
  }
  for (const char* const name : {"udmabuf-before", "udmabuf-between", "udmabuf-after"})
    EXPECT_EQ(rules(name, "x86"), Rules()) << "no call touches the cache, and every device snoops";
}

/// Every state of the full search, made canonical, is one of the symmetric search: the numbers agree.
void expect_classes(const spec::Contract& contract, const explore::Configuration& configuration) {
  SCOPED_TRACE(contract.name + ", devices: " + std::to_string(configuration.devices));
  const explore::System system(contract, configuration);
  std::set<explore::Packed> classes, todo = {system.initial()}, seen;
  std::array<std::uint64_t, explore::kProperties> broken{};
  std::vector<explore::Successor> successors;
  while (!todo.empty()) {
    const explore::Packed s = *todo.begin();
    todo.erase(todo.begin());
    if (!seen.insert(s).second) continue;
    classes.insert(system.canonical(s));
    system.successors(s, successors);
    for (const explore::Successor& next : successors) {
      todo.insert(next.next);
      for (unsigned p = 0; p < broken.size(); ++p)
        broken[p] += next.breaks(static_cast<explore::Property>(p)) ? 1U : 0U;
    }
  }
  EXPECT_EQ(explore::search(system, {}).states, classes.size());
  explore::SearchOptions full;
  full.symmetry = false;
  const explore::SearchResult all = explore::search(system, full);
  EXPECT_EQ(all.states, seen.size());
  EXPECT_EQ(all.totals.broken, broken);
}

TEST(Check, CountsTheSameStatesWithSymmetryAsTheirClasses) {
  for (unsigned devices = 1; devices <= 5; ++devices)
    expect_classes(*spec::find_contract("system-heap-6.1"), on("arm64-6.1", devices, devices / 2));
  for (const std::string_view name : spec::contract_names()) {
    expect_classes(*spec::find_contract(name), on("arm64-6.1", 2, 0, 2));
    explore::Configuration bounced = on("arm64-6.1", 2);
    bounced.bounced = 2;
    expect_classes(*spec::find_contract(name), bounced);
  }
  for (const char* const name : {"udmabuf-after", "vb2-dma-sg", "lazy", "one-domain"}) {
    expect_classes(*spec::find_contract(name), on("arm64-6.1", 3, 1));
    explore::Configuration in_turn = on("arm64-6.1", 3, 1);
    in_turn.in_turn = true;
    expect_classes(*spec::find_contract(name), in_turn);
  }
}

TEST(Check, ExploresSixDevicesAndTwoWindowsOfEveryContract) {
  for (const std::string_view name : spec::contract_names())
    for (unsigned coherent = 0; coherent <= 6; coherent += 3) {
      explore::Configuration c = on("arm64-6.1", 6, coherent);
      c.windows = 2;
      const explore::SearchResult r = explore(*spec::find_contract(name), c);
      EXPECT_TRUE(r.complete) << name;
      EXPECT_GT(r.states, 1500U) << name;
    }
}

TEST(Check, ExploresSixDevicesAndTwoWindowsCompletely) {
  const explore::SearchResult r = explore(*spec::find_contract("system-heap-6.1"), on("arm64-6.1", 6, 0, 2));
  EXPECT_TRUE(r.complete);
  EXPECT_EQ(seen_verdict(r), (ExpectedVerdict{{}, 5814, 62276}));
}

TEST(Check, FindsTheSameWithAnyNumberOfThreads) {
  explore::Configuration configuration = on("arm64-6.1", 4, 1, 2);
  configuration.client = explore::Client::kOverlapping;
  for (const char* const name : {"system-heap-6.1", "udmabuf-after"}) {
    for (const std::uint64_t bound : {std::uint64_t{1} << 28U, std::uint64_t{20000}}) {
      const spec::Contract contract = *spec::find_contract(name);
      const explore::System system(contract, configuration);
      explore::SearchOptions options;
      options.symmetry = false;
      options.max_states = bound;
      const explore::SearchResult one = explore::search(system, options);
      for (const unsigned threads : {2U, 3U, 8U}) {
        options.threads = threads;
        const explore::SearchResult many = explore::search(system, options);
        EXPECT_EQ(many.states, one.states);
        EXPECT_EQ(many.depth, one.depth);
        EXPECT_EQ(many.complete, one.complete);
        EXPECT_EQ(many.stuck, one.stuck);
        EXPECT_EQ(many.totals.seen, one.totals.seen);
        EXPECT_EQ(many.totals.broken, one.totals.broken);
        ASSERT_EQ(many.violations.size(), one.violations.size());
        for (std::size_t i = 0; i < one.violations.size(); ++i)
          EXPECT_EQ(explore::counterexample_litmus(system, contract, many.violations[i]),
                    explore::counterexample_litmus(system, contract, one.violations[i]));
      }
    }
  }
}

TEST(Check, FindsTheLossOfANarrowRangeAndThatRoundingRemovesIt) {
  const auto rules = [](unsigned granularity, unsigned cpu_line, unsigned device_line, const char* arch) {
    spec::Contract ranges = *spec::find_contract("system-heap-6.1");
    ranges.lifetime.policies.v[model::at(model::kPolicies, "granularity")] = static_cast<std::uint8_t>(granularity);
    explore::Configuration c = on(arch, 1);
    c.cpu_line = cpu_line;
    c.device_line = device_line;
    const explore::SearchResult r = explore(ranges, c);
    EXPECT_TRUE(r.complete);
    EXPECT_EQ(r.stuck, 0U);
    const explore::System system(ranges, c);
    for (const explore::Violation& v : r.violations) {
      const std::string text = explore::counterexample_litmus(system, ranges, v);
      const Seen seen = replay_text(text);
      EXPECT_EQ(seen.error, "") << text;
      EXPECT_FALSE(seen.result.expectations_failed) << text;
      EXPECT_TRUE(seen.names(std::string(explore::id_of(v.property)))) << text;
    }
    return seen_verdict(r).violated;
  };
  for (const char* const arch : {"arm64-6.1", "riscv-6.6"}) {
    SCOPED_TRACE(arch);
    EXPECT_TRUE(rules(1, 128, 64, arch).contains("M9"))
        << "a device writes the second 64 bytes, then the CPU the first";
    EXPECT_TRUE(rules(1, 64, 64, arch).empty()) << "the halves are lines of their own";
    EXPECT_TRUE(rules(1, 128, 64, arch).contains("M2")) << "the CPU writes the first 64 bytes, a device the second";
    EXPECT_TRUE(rules(1, 64, 128, arch).contains("M2")) << "the same with the larger line on the device's side";
    EXPECT_TRUE(rules(2, 128, 64, arch).empty()) << "rounded to the largest line";
    EXPECT_TRUE(rules(2, 64, 128, arch).empty());
    EXPECT_TRUE(rules(2, 128, 128, arch).empty());
  }
}

/// A replay of the counterexample says what the search says. False: it is one that no rule of a replay names.
bool expect_to_replay(const explore::System& system, const spec::Contract& contract, const explore::Violation& v) {
  if (v.property == explore::Property::kBackingLost) return false;
  const std::string text = explore::counterexample_litmus(system, contract, v);
  const Seen seen = replay_text(text);
  EXPECT_EQ(seen.error, "") << text;
  EXPECT_FALSE(seen.result.expectations_failed) << contract.name << "\n" << text;
  EXPECT_TRUE(seen.names(std::string(explore::id_of(v.property)))) << contract.name << "\n" << text;
  return true;
}

TEST(Check, PrintsCounterexamplesOfRangesThatReplay) {
  std::size_t replayed = 0;
  for (const char* const name :
       {"system-heap-6.1", "udmabuf-before", "udmabuf-after", "heap-helpers-5.6", "vision-keep"})
    for (const unsigned granularity : {1U, 2U}) {
      spec::Contract ranges = *spec::find_contract(name);
      ranges.lifetime.policies.v[model::at(model::kPolicies, "granularity")] = static_cast<std::uint8_t>(granularity);
      const explore::DecisionTables tables(ranges);
      for (const auto& [cpu_line, device_line] : {std::pair{64U, 64U}, {128U, 64U}, {64U, 128U}, {128U, 128U}})
        for (const char* const arch : {"arm64-5.18", "arm64-6.1", "riscv-6.6"})
          for (const unsigned coherent : {0U, 1U})
            for (const explore::Client client : {explore::Client::kLegal, explore::Client::kOverlapping,
                                                 explore::Client::kUnpaired, explore::Client::kVmap}) {
              explore::Configuration c = on(arch, 1 + coherent, coherent);
              c.cpu_line = cpu_line;
              c.device_line = device_line;
              c.client = client;
              const explore::System system(tables, c);
              for (const explore::Violation& v : explore::search(system, {}).violations)
                if (expect_to_replay(system, ranges, v)) ++replayed;
            }
    }
  EXPECT_GT(replayed, 500U);
}

/// The system heap, whose begin syncs each table in the direction in which it is mapped.
spec::Contract heap_that_syncs_mappings() {
  spec::Contract contract = *spec::find_contract("system-heap-6.1");
  for (spec::Clause& clause : contract.clauses)
    if (clause.on == model::events(at(model::kEvents, "begin_cpu_access")))
      clause.syncs = {model::parse_sync("mapped:for_cpu:mapping").value()};
  return contract;
}

TEST(Check, NeedsAnOperationBetweenABouncedAndADirectDevice) {
  const auto rules = [](const spec::Contract& contract, unsigned devices, unsigned bounced) {
    explore::Configuration c = on("arm64-6.1", devices);
    c.bounced = bounced;
    return seen_verdict(explore(contract, c)).violated;
  };
  const spec::Contract mended = heap_that_syncs_mappings();
  EXPECT_TRUE(rules(mended, 1, 1).empty()) << "alone, each map and window copies";
  EXPECT_TRUE(rules(mended, 2, 1).contains("M11")) << "mapped together, nothing copies between them";
  EXPECT_FALSE(rules(mended, 2, 1).contains("M6")) << "what follows from it is not told apart";
  const spec::Contract vision = *spec::find_contract("vision-keep-end-sync");
  EXPECT_TRUE(rules(vision, 1, 1).contains("M6")) << "one pass over the buffer fills no copy";
}

ExpectedVerdict verdict_of_pair(const spec::Contract& contract, unsigned coherent, unsigned bounced,
                                bool in_turn = false) {
  explore::Configuration c = on("arm64-6.1", 2, coherent);
  c.bounced = bounced;
  c.in_turn = in_turn;
  const explore::SearchResult r = explore(contract, c);
  EXPECT_TRUE(r.complete);
  EXPECT_EQ(r.stuck, 0U);
  return seen_verdict(r);
}

TEST(Check, FindsDevicesOfTwoKindsThatUseABufferTogether) {
  const spec::Contract heap = *spec::find_contract("system-heap-6.1"), one = *spec::find_contract("one-domain");
  EXPECT_EQ(verdict_of_pair(heap, 1, 0), (ExpectedVerdict{{"M11"}, 432, 2880}))
      << "and no M1 to M3 that follows from it";
  EXPECT_EQ(verdict_of_pair(heap, 1, 0, true), (ExpectedVerdict{{}, 380, 2428}));
  EXPECT_EQ(verdict_of_pair(one, 1, 0), (ExpectedVerdict{{}, 216, 1182}));
  EXPECT_EQ(verdict_of_pair(one, 1, 0, true), (ExpectedVerdict{{}, 216, 1182})) << "its clients take turns in any case";
  EXPECT_TRUE(verdict_of_pair(heap, 0, 1).violated.contains("M11"));
  EXPECT_EQ(verdict_of_pair(heap, 0, 1, true), (ExpectedVerdict{{"M6"}, 621, 3881})) << "as the bounced one alone";
  EXPECT_TRUE(verdict_of_pair(one, 0, 1).violated.contains("M11")) << "at attach nobody knows who will be bounced";
  EXPECT_EQ(verdict_of_pair(*spec::find_contract("vision-keep"), 1, 0, true).violated, std::set<std::string>{"M3"})
      << "in turn the hand-over is judged as ever";
}

/// The contract with a clause more.
spec::Contract refusing(const char* name, model::Id event, model::Id guard) {
  spec::Contract contract = *spec::find_contract(name);
  spec::Clause clause;
  clause.name = "refuses";
  clause.on = model::events(event);
  clause.guards = {guard};
  clause.refuse = "EINVAL";
  contract.clauses.push_back(clause);
  return contract;
}

TEST(Check, LetsDevicesOfTwoKindsReadTogether) {
  const spec::Contract readers =
      refusing("system-heap-6.1", at(model::kEvents, "map"), at(model::kGuards, "from_device=yes"));
  const explore::System system(readers, on("arm64-6.1", 2, 1));
  const explore::SearchResult r = explore::search(system, {});
  EXPECT_TRUE(r.violations.empty());
  bool together = false, told = false;
  std::set<explore::Packed> todo = {system.initial()}, seen;
  std::vector<explore::Successor> successors;
  while (!todo.empty()) {
    const explore::Packed s = *todo.begin();
    todo.erase(todo.begin());
    if (!seen.insert(s).second) continue;
    const auto mapped = [&](unsigned d) { return system.direction_of(s, d) != model::Direction::kNone; };
    together = together || (mapped(0) && mapped(1));
    system.successors(s, successors);
    for (const explore::Successor& next : successors) todo.insert(next.next);
  }
  EXPECT_TRUE(together);
  for (const explore::PropertyAnswer& p : explore::answers_of(system, r))
    if (p.id == "M11" && p.modality == explore::Modality::kAlways) told = p.answer == explore::Answer::kHolds;
  EXPECT_TRUE(told);
}

TEST(Check, FindsDevicesOfTwoKindsThatAWindowsEndLetsIn) {
  const spec::Contract contract =
      refusing("system-heap-6.1", at(model::kEvents, "map"), at(model::kGuards, "windows=none"));
  const explore::System system(contract, on("arm64-6.1", 2, 1));
  const explore::SearchResult r = explore::search(system, {});
  ASSERT_EQ(seen_verdict(r).violated, std::set<std::string>{"M11"});
  EXPECT_EQ(r.stuck, 0U) << "they can be unmapped before the window ends";
  EXPECT_EQ(r.violations[0].labels.back().kind, explore::Label::Kind::kEnd);
  const Seen seen = replay_text(explore::counterexample_litmus(system, contract, r.violations[0]));
  EXPECT_FALSE(seen.result.expectations_failed);
  EXPECT_EQ(seen.count("M11"), 1U);
}

TEST(Check, PrintsCounterexamplesOfMixedDevicesThatReplay) {
  std::size_t mixed = 0, in_turn = 0;
  for (const std::string_view name : spec::contract_names()) {
    const spec::Contract contract = *spec::find_contract(name);
    const explore::DecisionTables tables(contract);
    for (const explore::Client client : explore::kClients)
      for (const auto& [coherent, bounced] : {std::pair{1U, 0U}, {0U, 1U}, {1U, 1U}})
        for (const bool turns : {false, true}) {
          explore::Configuration c = on("arm64-6.1", 2, coherent);
          c.bounced = bounced;
          c.client = client;
          c.in_turn = turns;
          const explore::System system(tables, c);
          for (const explore::Violation& v : explore::search(system, {}).violations) {
            if (!expect_to_replay(system, contract, v)) continue;
            const bool is_mixed = v.property == explore::Property::kM11;
            EXPECT_FALSE(is_mixed && turns) << name;
            ++(is_mixed ? mixed : in_turn);
          }
        }
  }
  EXPECT_GT(mixed, 150U);
  EXPECT_GT(in_turn, 150U);
}

TEST(LineModel, IsTheAutomatonOfTheModelForOneBlock) {
  const model::LineModel lines({});
  ASSERT_EQ(lines.states(), model::kLineStates);
  const auto belief = [](unsigned s) { return model::Belief{static_cast<std::uint16_t>(1U << s)}; };
  for (unsigned s = 0; s < lines.states(); ++s) {
    for (unsigned op = 0; op < model::kOperations; ++op) {
      const auto operation = static_cast<model::Operation>(op);
      EXPECT_EQ(belief(lines.operate(operation, 1, s).next), model::apply(operation, belief(s))) << op << " " << s;
      EXPECT_EQ(lines.operate(operation, 1, s).wrong, model::can_lose(operation, belief(s))) << op << " " << s;
    }
    for (unsigned a = 0; a < model::kAccesses; ++a) {
      const auto access = static_cast<model::Access>(a);
      EXPECT_EQ(belief(lines.access(access, 1, s).next), model::perform(access, belief(s))) << a << " " << s;
      EXPECT_EQ(lines.access(access, 1, s).wrong, model::is_hazard(access, belief(s))) << a << " " << s;
    }
  }
}

TEST(Check, StopsAtTheBoundAndSaysSo) {
  explore::SearchOptions options;
  options.max_states = 100;
  const explore::SearchResult r =
      explore::search(explore::System(*spec::find_contract("system-heap-6.1"), on("arm64-6.1")), options);
  EXPECT_FALSE(r.complete);
  EXPECT_LE(r.states, 100U);
}

TEST(Check, StopsWhereItIsToldToAndSaysSo) {
  const std::atomic<bool> stop = true;
  explore::SearchOptions options;
  options.stop = &stop;
  const explore::SearchResult r =
      explore::search(explore::System(*spec::find_contract("system-heap-6.1"), on("arm64-6.1")), options);
  EXPECT_TRUE(r.interrupted);
  EXPECT_FALSE(r.complete);
  EXPECT_EQ(r.states, 1U) << "the levels that were finished";
  EXPECT_EQ(r.totals.transitions, 0U);
}

}  // namespace
}  // namespace custody::checker::test
