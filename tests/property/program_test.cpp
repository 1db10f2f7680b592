// SPDX-License-Identifier: BSD-2-Clause
// Random programs: what replay says of each is what brute force over hardware states and accesses finds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include "tests/checker/replay_support.hpp"
#include "tests/property/exact_oracle.hpp"
#include "tests/property/random_program.hpp"

namespace custody::property {
namespace {

/// What replay says of a program, by the lines of the program.
struct Told {
  struct Finding {
    std::size_t line = 0;
    checker::RuleSet rules;
    spec::Severity severity = spec::Severity::kNote;
    checker::Effect effect = checker::Effect::kNotApplicable;
    bool proved = false;
  };
  std::vector<Finding> findings;
  std::string error;
  checker::Summary summary;
};

class Listener final : public checker::ReportSink {
 public:
  Listener(const Program& program, Told& told) : program_(program), told_(told) {}
  void begin_trace(const std::string&) override {}
  void finding(const checker::Finding& f, const traces::Directory&) override {
    checker::RuleSet rules = f.also;
    rules.add(f.rule);
    told_.findings.push_back({program_.index_of(f.line).value_or(0), rules, f.severity, f.effect, f.proved});
  }
  void end_trace(const traces::Header&, const traces::ReadStatistics&, const checker::Summary&,
                 std::span<const checker::JudgedExpectation>, const std::string& error) override {
    told_.error = error;
  }
  void end(const checker::Summary&) override {}

 private:
  const Program& program_;
  Told& told_;
};

Told told_of(const Program& program) {
  Told told;
  Listener listener(program, told);
  const checker::test::TemporaryFile file(program.text());
  told.summary = checker::replay::replay_trace(file.path(), {}, listener).summary;
  return told;
}

bool names_hazard(const checker::RuleSet& rules) {
  using spec::RuleId;
  for (const RuleId id : {RuleId::kM1, RuleId::kM2, RuleId::kM3, RuleId::kM4, RuleId::kM6, RuleId::kM9, RuleId::kM10})
    if (rules.has(id)) return true;
  return false;
}

/// Lines of calls.
using Calls = std::set<std::size_t>;

std::string words(const Calls& calls, const Program& program) {
  std::string text;
  for (const std::size_t c : calls) text += " " + std::to_string(program.file_line(c));
  return text;
}

/// Where something goes wrong, and is to be told. Zeroes that are lost are told once.
Calls harmed(const Program& program, const Outcome& outcome) {
  Calls calls;
  bool told = false;
  for (const Hazard& h : outcome.hazards) {
    if (h.harm == Harm::kLostZeroes && std::exchange(told, true)) continue;
    calls.insert(program.call_of(h.line));
  }
  return calls;
}

Calls lines_of(const Outcome& outcome) {
  Calls lines;
  for (const Hazard& h : outcome.hazards) lines.insert(h.line);
  return lines;
}

bool is_within(const Calls& some, const Calls& all) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

class Comparison {
 public:
  explicit Comparison(const Program& program)
      : program_(program), told_(told_of(program)), mended_(truth({false, true, {}})) {}

  /// Why what is told is not the truth; empty: it is.
  std::string disagreement() {
    if (!told_.error.empty()) return "replay: " + told_.error;
    if (mended_.means_nothing) return {};
    std::string why = of_hazards();
    if (why.empty()) why = of_operations();
    if (why.empty()) why = of_moves();
    if (why.empty() && !program_.exact) why = of_mappings();
    return why;
  }

 private:
  std::string of_hazards() {
    Calls told;
    for (const Told::Finding& f : told_.findings)
      if (names_hazard(f.rules)) told.insert(program_.call_of(f.line));
    Calls expected = harmed(program_, mended_);
    const bool mixed = told_.summary.by_rule[static_cast<std::size_t>(spec::RuleId::kM11)] != 0;
    if (mixed != mended_.mixed.has_value()) return mixed ? "M11 of no pair" : "a pair without M11";
    if (mixed || mended_.apart) {
      // Of what the pair does to each other, M11 is all that is said. What was before it is judged as ever; what is
      // told after it has to be so.
      const std::size_t from =
          program_.call_of(std::min(mended_.mixed.value_or(SIZE_MAX), mended_.apart.value_or(SIZE_MAX)));
      Calls wrong = harmed(program_, actual_hazards());
      wrong.insert(expected.begin(), expected.end());
      for (const std::size_t c : told)
        if (wrong.count(c) == 0) return "told of line" + words({c}, program_) + ", where nothing goes wrong";
      const auto is_later = [&](std::size_t call) { return program_.end_of(call) >= from; };
      std::erase_if(told, is_later);
      std::erase_if(expected, is_later);
    }
    if (told == expected) return of_severity();
    // What a slot holds goes together with what the buffer does: of runs without the first harm there can be too few
    // for a second one that is as true, and of a device that is active already each rule is told once.
    const bool copies = std::count(program_.devices.begin(), program_.devices.end(), Kind::kBounced) != 0;
    if (copies && !expected.empty() && told.count(program_.call_of(mended_.hazards.front().line)) != 0 &&
        is_within(told, harmed(program_, actual_hazards())))
      return {};
    std::string text = "goes wrong:" + words(expected, program_) + "; told:" + words(told, program_) + "\n";
    for (const Hazard& h : mended_.hazards) {
      static constexpr const char* kHarms[] = {"the CPU reads old data", "a device reads old data", "is written over",
                                               "a copy puts old data",   "a copy is lost",          "a write is lost",
                                               "the zeroes are lost"};
      text += "line " + std::to_string(program_.file_line(h.line)) + ": " + kHarms[static_cast<std::size_t>(h.harm)];
      text += ", device " + std::to_string(h.device) + "\n";
    }
    return text;
  }

  /// Whatever goes wrong is an error, but for the zeroes of fresh memory, for memory of which nobody said that it is
  /// cached, and beside a call of another task: there it is a warning.
  std::string of_severity() {
    if (program_.origin == Origin::kOlder) return {};
    Calls zeroes;
    for (const Hazard& h : mended_.hazards)
      if (h.harm == Harm::kLostZeroes) zeroes.insert(h.line);
    for (const Told::Finding& f : told_.findings) {
      if (!names_hazard(f.rules) || zeroes.count(f.line) != 0) continue;
      // Who overlaps up to the line, is known by then; who does so later, where it is told at the call's return.
      const bool sure = program_.overlaps(f.line, f.line);
      const bool perhaps = sure || program_.overlaps(f.line, program_.end_of(program_.call_of(f.line)));
      if (f.severity == spec::Severity::kError ? sure : !perhaps)
        return (sure ? "no warning on line " : "no error on line ") + std::to_string(program_.file_line(f.line));
    }
    return {};
  }

  std::string of_mappings() {
    Calls told[2];
    for (const Told::Finding& f : told_.findings) {
      if (f.rules.has(spec::RuleId::kL1)) told[0].insert(f.line);
      if (f.rules.has(spec::RuleId::kL9)) told[1].insert(f.line);
    }
    if (told[0] != Calls(mended_.unmapped.begin(), mended_.unmapped.end())) return "L1" + words(told[0], program_);
    if (told[1] != Calls(mended_.twice.begin(), mended_.twice.end())) return "L9" + words(told[1], program_);
    // Of syncs, and where the call around it is told of, an L3 is not looked for.
    const Calls other(mended_.other_way.begin(), mended_.other_way.end());
    for (const Told::Finding& f : told_.findings)
      if (f.rules.has(spec::RuleId::kL3) && program_.lines[f.line].verb == Verb::kDmaUnmap && other.count(f.line) == 0)
        return "L3" + words({f.line}, program_);
    const bool schedule = told_.summary.maintenance.unschedulable_buffers == 0;
    if (mended_.mixed && schedule) return "a schedule, where none can be";
    return {};
  }

  /// Storage that nobody pinned may move, and no device uses what it was before.
  std::string of_moves() {
    Calls told;
    for (const Told::Finding& f : told_.findings) {
      if (f.rules.has(spec::RuleId::kL11) && program_.lines[f.line].verb == Verb::kMove) return "L11 without a pin";
      if (f.rules.has(spec::RuleId::kL13)) told.insert(f.line);
    }
    const Calls expected(mended_.moved_away.begin(), mended_.moved_away.end());
    return told == expected ? "" : "L13" + words(told, program_) + ", not" + words(expected, program_);
  }
  std::string of_operations() {
    std::optional<Outcome> worst;
    for (const Told::Finding& f : told_.findings) {
      if (f.effect == checker::Effect::kNotApplicable || !actual_hazards().operates[f.line]) continue;
      const std::string at = " on line " + std::to_string(program_.file_line(f.line));
      if (f.effect == checker::Effect::kNone && !f.proved && !actual_hazards().no_effect[f.line])
        return "an effect" + at;
      if (f.proved) {
        if (!worst) worst = truth({true, false, {}});
        if (!worst->no_effect[f.line]) return "an effect in the worst case" + at;
      }
      const Outcome without = truth({false, true, f.line});
      Calls known = lines_of(actual_hazards());
      known.merge(lines_of(mended_));
      for (const Told::Finding& told : told_.findings)
        if (names_hazard(told.rules)) known.insert(told.line);
      if (!is_within(lines_of(without), known))
        return "needed: the operation" + at + ", for line" + words(lines_of(without), program_) + ", but" +
               words(lines_of(actual_hazards()), program_);
    }
    return {};
  }

  [[nodiscard]] Outcome truth(const Reading& reading) const {
    static HardwareSets sets;
    static BlockSets blocks;
    return program_.exact ? follow_exactly(program_, reading, blocks) : follow(program_, reading, sets);
  }
  const Outcome& actual_hazards() {
    if (!actual_) actual_ = truth({false, false, {}});
    return *actual_;
  }

  const Program& program_;
  Told told_;
  Outcome mended_;
  std::optional<Outcome> actual_;
};

/// RC_PARAMS of the property tests: `seed=N max_success=N`; 0: not given.
std::uint64_t parameter(const std::string& name) {
  const char* const given = std::getenv("RC_PARAMS");
  const std::string params = given != nullptr ? given : "";
  const std::size_t at = params.find(name + "=");
  return at == std::string::npos ? 0 : std::strtoull(params.c_str() + at + name.size() + 1, nullptr, 10);
}

#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t kPrograms = 5000;
#else
constexpr std::uint64_t kPrograms = 80000;
#endif

/// `one_in`: of as many programs as are asked for, so many are compared.
template <class Draw>
void compare(const Draw& draw, unsigned one_in) {
  constexpr std::uint64_t kSeeds = 1000003;
  constexpr unsigned kEnough = 3;
  const std::uint64_t asked = parameter("max_success"), programs = (asked != 0 ? asked : kPrograms) / one_in;
  const std::uint64_t first = parameter("seed") * kSeeds;
  unsigned lies = 0;
  std::uint64_t done = 0;
  for (; done < programs && lies < kEnough; ++done) {
    const Program program = draw(first + done);
    if (Comparison(program).disagreement().empty()) continue;
    ++lies;
    const Program small = shrunk(program, [](const Program& p) { return !Comparison(p).disagreement().empty(); });
    ADD_FAILURE() << "program " << done << ": " << Comparison(small).disagreement() << "\n" << small.text();
  }
  std::cout << done << " programs, first seed " << first << "\n";
}

TEST(Programs, AreToldTheTruth) {
  compare([](std::uint64_t seed) { return random_program(seed); }, 1);
}

TEST(Programs, WithAllAccessesAreToldTheTruth) { compare(random_exact_program, 4); }

}  // namespace
}  // namespace custody::property
