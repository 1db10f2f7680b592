// SPDX-License-Identifier: BSD-2-Clause
// What a replay finds and counts, as plain data: detection fills it in, `checker/report` words it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/follow/departure.hpp"
#include "checker/hindsight/ledger.hpp"
#include "checker/landmarks.hpp"
#include "checker/past_events.hpp"
#include "checker/reported_event.hpp"
#include "checker/standing.hpp"
#include "checker/verdict.hpp"
#include "model/coherence.hpp"
#include "model/row.hpp"
#include "spec/rules.hpp"
#include "traces/reader.hpp"

namespace custody::checker {

/// Set of rules, one bit a rule.
struct RuleSet {
  std::uint64_t bits = 0;
  constexpr void add(spec::RuleId r) { bits |= std::uint64_t{1} << static_cast<unsigned>(r); }
  constexpr void add(const RuleSet& other) { bits |= other.bits; }
  constexpr void add_if(spec::RuleId r, bool is_broken) {
    if (is_broken) add(r);
  }
  constexpr void remove(spec::RuleId r) { bits &= ~(std::uint64_t{1} << static_cast<unsigned>(r)); }
  constexpr void remove(const RuleSet& other) { bits &= ~other.bits; }
  constexpr void keep(const RuleSet& other) { bits &= other.bits; }
  /// Some rule is in both.
  [[nodiscard]] constexpr bool meets(const RuleSet& other) const { return (bits & other.bits) != 0; }
  [[nodiscard]] constexpr bool has(spec::RuleId r) const { return ((bits >> static_cast<unsigned>(r)) & 1U) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits == 0; }
  bool operator==(const RuleSet&) const = default;
};

namespace detail {
template <auto Member, std::size_t Values>
consteval std::array<RuleSet, Values> rules_by() {
  std::array<RuleSet, Values> sets{};
  for (const spec::Rule& r : spec::kRules) sets[static_cast<std::size_t>(r.*Member)].add(spec::id_of(r));
  return sets;
}
inline constexpr auto kRulesByClass = rules_by<&spec::Rule::cls, spec::kRuleClasses>();
inline constexpr auto kRulesBySeverity = rules_by<&spec::Rule::severity, 3>();
}  // namespace detail

/// All rules of a class, and of a severity.
[[nodiscard]] constexpr RuleSet rules_of(spec::RuleClass cls) {
  return detail::kRulesByClass[static_cast<std::size_t>(cls)];
}
[[nodiscard]] constexpr RuleSet rules_of(spec::Severity severity) {
  return detail::kRulesBySeverity[static_cast<std::size_t>(severity)];
}

/// The rules that are judged of a buffer that no call of the core names: DMA calls name it by addresses only. All
/// others are silent.
inline constexpr RuleSet kDecidedByAddress = [] {
  RuleSet rules;
  for (const spec::RuleId r :
       {spec::RuleId::kL1, spec::RuleId::kL3, spec::RuleId::kL4, spec::RuleId::kL5, spec::RuleId::kR5})
    rules.add(r);
  return rules;
}();

/// What a finding takes for granted; each makes its severity a warning.
enum class Assumption : std::uint8_t {
  kMemoryCached,        ///< the exporter's name does not tell the memory: taken as cached
  kDeviceNotCoherent,   ///< the trace does not tell whether the device snoops: taken as not coherent
  kBidirectionalHabit,  ///< mapped BIDIRECTIONAL by the core or by habit: taken at its word
  kVmapAccess,          ///< a kernel mapping is taken to be used while it exists
  kNoneOlder,           ///< the memory is taken not to be mapped for the device since before the trace
  kOneHandOver,         ///< passes right after each other are taken to be of one hand-over, and not to copy
  kDetachRecorded,      ///< a detach makes one record: that there is none is taken to say that there was none
};
inline constexpr unsigned kAssumptions = 7;
/// `exporter_memory_cached`, `device_not_coherent`, `bidirectional_is_meant`, `vmap_is_used`,
/// `not_mapped_before_the_trace`, `passes_are_of_one_hand_over`, `each_detach_is_recorded`.
[[nodiscard]] std::string_view name(Assumption a);
/// For people, after `if`: `its memory is cached`.
[[nodiscard]] std::string_view says(Assumption a);

/// Redundant operations: what is known of their effect.
enum class Effect : std::uint8_t { kNotApplicable, kNone, kUnobserved };

/// The point in the trace that a finding is about, outermost first. `history` is valid during `ReportSink::finding`
/// only.
struct Place {
  ReportedEvent trigger;  ///< the event judged: a call's entry or return, a DMA call, an access
  traces::EventKind call = traces::EventKind::kLost;  ///< the core call around it (or itself); kLost: none
  model::Direction call_dir = model::Direction::kNone;
  std::uint64_t call_line = 0;                    ///< of that core call; 0: none
  std::uint64_t operation_line = 0;               ///< of the cache operation or DMA call; 0: none
  std::uint32_t concurrent_task = traces::kNoId;  ///< whose call overlaps on the same buffer; kNoId: nobody's
  model::Belief belief;                           ///< contract belief when judged
  bool beside_job = false;                        ///< the device's job is not done while the CPU has the buffer
  PastEvents history;   ///< the buffer's latest events, oldest first, ending before the trigger
  Landmarks landmarks;  ///< before the trigger
};

/// What the machines of the lifetime say against a call.
struct Refusal {
  const model::Row* row = nullptr;  ///< null: nothing
  model::Id owner = 0;              ///< the state of the owner's machine before the call
};

/// One fault.
struct Finding {
  spec::RuleId rule{};
  RuleSet also;  ///< other rules that match, without `rule`
  Effect effect = Effect::kNotApplicable;
  bool proved = false;  ///< no effect in the worst case too
  spec::Severity severity{};
  spec::Owes owes{};
  std::uint8_t assumes = 0;  ///< bit per Assumption
  std::uint64_t line = 0;    ///< the line that the finding points at
  Place place;
  std::uint32_t buffer = traces::kNoId;
  std::uint32_t device = traces::kNoId;  ///< of the operation or of the agent at risk
  std::uint32_t beside = traces::kNoId;  ///< the other device of a pair (M11)
  std::uint64_t bytes = 0;               ///< of the operation, or at risk
  model::Operation operation = model::Operation::kNone;
  Refusal refusal;  ///< by the lifetime's machines

  /// A rule that matches is of this class.
  [[nodiscard]] constexpr bool matches(spec::RuleClass cls) const {
    return spec::rule(rule).cls == cls || also.meets(rules_of(cls));
  }
};

/// Operations, in passes over memory at the price in force, and the bytes that the passes covered.
struct PassSums {
  std::uint64_t operations = 0, bytes = 0;
  void add(std::uint64_t more_operations, std::uint64_t more_bytes) {
    operations += more_operations;
    bytes += more_bytes;
  }
  void add(const PassSums& other) { add(other.operations, other.bytes); }
};

/// Why a figure cannot be computed of a buffer. It is then no number, and never 0.
enum class NotComputed : std::uint8_t {
  kClientBrokeRules,  ///< nobody knows any more who looks at what
  kPartialAccess,     ///< an access that certainly happened concerns a part of the buffer
  kRange,             ///< operations or windows concern a part of the buffer
  kNoSchedule,        ///< no operation makes what happened free of hazards
  kEventsLost,        ///< what happened meanwhile is not in the trace
  kNotJudged,         ///< the buffer is `not judged`: what it was before, or its syncs, are not in the trace
};
inline constexpr unsigned kNotComputedReasons = 6;
[[nodiscard]] constexpr std::uint8_t bit_of(NotComputed n) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(n));
}
/// `client_broke_rules`, `partial_access`, `range`, `no_schedule`, `events_lost`, `not_judged`.
[[nodiscard]] std::string_view name(NotComputed n);
/// For people: `a client broke the rules`.
[[nodiscard]] std::string_view says(NotComputed n);

/// A buffer whose accesses no schedule can make free of hazards. `name`: as in the trace; empty where nobody can be
/// named any more.
struct UnschedulableBuffer {
  std::uint32_t buffer = traces::kNoId;
  std::string name;
};

/// The buffers whose optimum is a number, and what was done with them.
struct ComputedOptimum {
  std::uint64_t buffers = 0;
  PassSums done, optimum;
  void add(const ComputedOptimum& other);
};

/// Sums over the operations of a trace.
struct MaintenanceTotals {
  std::uint64_t operations = 0, bytes = 0;
  PassSums no_effect, proved_no_effect;
  PassSums unobserved;    ///< an effect at which nobody looked
  PassSums undetermined;  ///< the trace does not tell
  /// The fewest of the driver's own operations, in their places, that leave no hazard which all of them do not leave.
  std::uint64_t subset_operations = 0;
  std::uint64_t copy_bytes = 0;  ///< moved by bounce buffers
  std::uint64_t free_syncs = 0;  ///< syncs that caused no operation
  PassSums optimum;
  /// Buffers whose accesses no schedule can make free of hazards. The optimum leaves them out.
  std::uint64_t unschedulable_buffers = 0;
  /// The first of them, up to kMostVerdicts. Of one trace only.
  std::vector<UnschedulableBuffer> unschedulable;
  /// Bits of NotComputed, of buffers that the figure leaves out: 0 where it is a number.
  std::uint8_t no_optimum = 0, no_subset = 0;
  /// What the optimum is without the buffers that it leaves out.
  ComputedOptimum computed;
  void add(const MaintenanceTotals& other);
};

/// What one trace, or all of them, came to.
struct Summary {
  std::uint64_t buffers = 0, live_buffers = 0, events = 0;
  std::array<std::uint64_t, spec::kRuleCount> by_rule{};
  std::array<std::uint64_t, spec::kRuleClasses> by_class{};  ///< indexed by spec::RuleClass
  std::array<std::uint64_t, 3> by_severity{};                ///< indexed by spec::Severity
  std::uint64_t redundant_no_effect = 0, redundant_unobserved = 0;
  MaintenanceTotals maintenance;
  /// Refusals that were not reported because the trace does not show the object's whole history.
  std::uint64_t unjudged = 0;
  /// Buffers for which M rules are silent: the trace could not have shown their exporter's syncs.
  std::uint64_t silent_buffers = 0;
  Coverage coverage;
  /// The first buffers that are not wholly judged, up to kMostVerdicts: a buffer that is not here is, as long as there
  /// was room. Of one trace only.
  std::vector<BufferVerdict> verdicts;
  follow::ContractTotals contract;
  std::vector<hindsight::CostEntry> costs;
  void add(const Summary& other);
};

/// The rules that are silent of some buffers, as no call of the core names them. None: there is no such buffer.
[[nodiscard]] RuleSet silent_rules(const Summary& s);

/// An expectation of a litmus file, judged.
struct JudgedExpectation {
  traces::Expectation expectation;
  bool held = false;
  std::string found;  ///< what was found instead, where it did not hold
};

/// Findings that were made and are not shown, as somebody wants it.
struct Withheld {
  std::uint64_t not_asked_for = 0, suppressed = 0, in_baseline = 0;
  [[nodiscard]] std::uint64_t all() const { return not_asked_for + suppressed + in_baseline; }
  void add(const Withheld& other) {
    not_asked_for += other.not_asked_for;
    suppressed += other.suppressed;
    in_baseline += other.in_baseline;
  }
};

/// Takes the results of a replay in order: begin_trace, findings and departures as they appear, end_trace; then `end`
/// once.
class ReportSink {
 public:
  ReportSink() = default;
  ReportSink(const ReportSink&) = delete;
  ReportSink& operator=(const ReportSink&) = delete;
  virtual ~ReportSink() = default;
  virtual void begin_trace(const std::string& path) = 0;
  virtual void finding(const Finding& finding, const traces::Directory& directory) = 0;
  /// It wants to hear of every event.
  [[nodiscard]] virtual bool watches_events() const { return false; }
  /// After the findings of this event, where it wants to hear of it. Of a loss and of the exit of a task the buffers
  /// can be asked for, others are named by the event.
  virtual void event(const traces::Event& /*event*/, const StandingOf& /*standing*/,
                     const traces::Directory& /*directory*/) {}
  /// The first departure of a buffer from the contract that is compared.
  virtual void departure(const follow::Departure& /*departure*/, const traces::Directory& /*directory*/) {}
  /// Before `end_trace`, of its trace, and before `end`, of all: what is not shown of what they come to.
  virtual void withheld(const Withheld& /*counts*/) {}
  /// `error` is the message of an InputError that ended the trace; empty: read to its end.
  virtual void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                         std::span<const JudgedExpectation> expectations, const std::string& error) = 0;
  /// Between traces: a member of an archive is none, `why` names it and says what it is. The file is readable all the
  /// same.
  virtual void skip_trace(const std::string& /*path*/, const std::string& /*why*/) {}
  virtual void end(const Summary& total) = 0;
};

}  // namespace custody::checker
