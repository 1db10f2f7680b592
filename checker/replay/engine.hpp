// SPDX-License-Identifier: BSD-2-Clause
// Moves the lifetime machine and both beliefs of every buffer along a trace, and judges each event.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "checker/finding.hpp"
#include "checker/hindsight/ledger.hpp"
#include "checker/hindsight/subset.hpp"
#include "checker/optimum/schedule.hpp"
#include "checker/replay/buffer_state.hpp"
#include "checker/replay/device_table.hpp"
#include "checker/replay/options.hpp"
#include "model/architecture.hpp"
#include "model/step.hpp"

namespace custody::checker {

/// What one event is suspected of, before precedence, assumptions and overlaps decide what is said.
struct Suspicion {
  RuleSet rules;
  std::uint64_t line = 0;  ///< that the finding points at
  std::uint64_t operation_line = 0;
  std::uint32_t device = traces::kNoId;
  std::uint64_t bytes = 0;
  model::Operation operation = model::Operation::kNone;
  Effect effect = Effect::kNotApplicable;
  bool proved = false;
  std::uint8_t assumes = 0;
  bool warning_only = false;
  bool client_owes = false;
  const model::Row* refusal = nullptr;
};

/// Which bytes an operation covered.
struct OperationPlace {
  ByteRange range;
  bool known = true;  ///< false: `range.length` bytes, and nothing says where
};

/// The rule that a finding with these rules gets: the first in `spec::kPrecedence`.
[[nodiscard]] spec::RuleId first_rule(const RuleSet& rules);

/// Takes the M rules away: for buffers whose syncs the trace could not have shown.
void drop_hazards(RuleSet& rules);

/// What a correct sync would have done, after a finding with these rules.
[[nodiscard]] Settlement settlement_of(const RuleSet& rules);

/// A reader's sink. Takes the events of one trace and hands each fault to `report` as it appears. Constant memory per
/// live buffer. Not thread safe.
class Engine final : public traces::EventSink {
 public:
  using Report = std::function<void(const Finding&, const traces::Directory&)>;

  Engine(const Options& options, Report report)
      : options_(options), report_(std::move(report)), schedules_(options.price), subsets_(options.price) {}

  void on_header(const traces::Header& header, const traces::Directory& directory) override;
  void on_event(const traces::Event& event, const traces::Directory& directory) override;
  /// Judges what only the end can tell.
  void on_end(const traces::Directory& directory) override;
  /// Closes the sums, after `on_end` or after an error in the input. Call once.
  [[nodiscard]] const Summary& finish();
  /// True where losses made the verdict of some buffer impossible.
  [[nodiscard]] bool is_inconclusive() const { return inconclusive_; }
  /// What is known so far of the device with this id.
  [[nodiscard]] Coherence coherence_of(std::uint32_t device) {
    return devices_ ? devices_->of(device).coherence : Coherence::kUnknown;
  }

 private:
  using Event = traces::Event;

  static void set_policy(model::World& world, std::string_view name, std::string_view value);

  // engine.cpp: buffers and the trace as a whole
  BufferState& buffer_of(const Event& e);
  void meet(BufferState& b, const Event& e);
  void apply_profile(BufferState& b, const traces::BufferInfo& info);
  void lose(std::uint64_t count);
  void abandon_windows(std::uint32_t task);
  void close_sums(BufferState& b);
  void judge_leaks(BufferState& b);
  /// Judges the leaks of a buffer once enough others were released after it: before its id stands for another.
  void await_leaks(const BufferState& b);
  void remember(BufferState& b, const Event& e);

  // agents.cpp: who may access, and what that puts at risk
  void refresh_agents(BufferState& b);
  void advance(BufferState& b);
  [[nodiscard]] model::AccessSet accesses_of(const AttachmentState& a, bool likely_snoops = true);
  [[nodiscard]] std::uint8_t assumptions_of(const AttachmentState& a);
  void activate_device(BufferState& b, const Event& e, OpenCall& call, AttachmentState& a);
  void activate_all_devices(BufferState& b, const Event& e, OpenCall& call);
  void activate_cpu(BufferState& b, const Event& e, OpenCall& call, model::Direction dir);
  void judge_devices(BufferState& b, const Event& e, OpenCall& call, AttachmentState* first, std::size_t count);
  void hold_for_likely(BufferState& b, const Event& e, const OpenCall& call, const AttachmentState& a);
  void mark_slots(BufferState& b, const AttachmentState* writer);
  /// After a finding with these rules: the belief that a correct sync would have left.
  static void settle(BufferState& b, const RuleSet& rules, ByteRange range = {});
  [[nodiscard]] bool is_silent(const BufferState& b) const { return b.silent || b.cache == CacheKind::kUncached; }
  /// Takes away what a buffer that is silent is not accused of.
  void hush(const BufferState& b, RuleSet& rules) const;
  /// Reports what is left after that.
  void report_audible(BufferState& b, const Event& e, const OpenCall& call, Suspicion s);

  // ranges.cpp: what concerns a part of a buffer
  /// From here on the buffer is followed line by line, if the event concerns a part of it.
  void tell_lines_apart(BufferState& b, const Event& e);
  void advance_lines(BufferState& b);
  /// Some line of the range may be in a state in which the access is a hazard.
  [[nodiscard]] static bool meets(BufferState& b, model::Access access, ByteRange range = {});
  [[nodiscard]] static bool can_lose(BufferState& b, model::Operation op, const OperationPlace& place);
  [[nodiscard]] static bool has_no_effect(BufferState& b, model::Operation op, const OperationPlace& place);
  [[nodiscard]] static bool is_whole(const BufferState& b, ByteRange range);
  /// The access certainly happened, to the whole range.
  static void perform(BufferState& b, model::Access access, ByteRange range);
  static void operate_on_lines(BufferState& b, model::Operation op, const OperationPlace& place);
  [[nodiscard]] static OperationPlace place_of(const BufferState& b, const Event& e, const MappingState* m);
  /// The bytes of an access: without range, those of the CPU windows if all are of parts.
  [[nodiscard]] static ByteRange range_of_access(const BufferState& b, const Event& e);
  /// It lies in the window, whose ends are rounded to the largest line of all agents.
  [[nodiscard]] bool is_inside(const BufferState& b, const Window& w, ByteRange access) const;
  /// What the device writes is rounded to its line, and reaches into a window in which the CPU may write.
  [[nodiscard]] bool spills_into_window(const BufferState& b, const DeviceState& device, ByteRange written) const;

  // lifetime.cpp: calls of the dma-buf core
  void on_core_call(BufferState& b, const Event& e);
  void enter(BufferState& b, const Event& e, OpenCall& call);
  void leave(BufferState& b, const Event& e, OpenCall& call);
  void on_attach(BufferState& b, const Event& e, OpenCall& call);
  void on_detach(BufferState& b, const Event& e, OpenCall& call);
  void on_mapped(BufferState& b, const Event& e, OpenCall& call);
  void on_unmap(BufferState& b, const Event& e, OpenCall& call);
  void on_window_opened(BufferState& b, const Event& e, OpenCall& call);
  void on_window_closing(BufferState& b, OpenCall& call);
  void on_window_closed(BufferState& b, const Event& e, OpenCall& call);
  void on_release(BufferState& b, const Event& e, OpenCall& call);
  void forget_failed_map(BufferState& b, const OpenCall& call);
  void step(BufferState& b, const Event& e, OpenCall& call, AttachmentState* a, model::Call what);
  AttachmentState* attachment_of(BufferState& b, const Event& e);

  // dma.cpp: the DMA API and the cache operations in it
  void on_dma_call(BufferState& b, const Event& e);
  void on_cache_operation(BufferState& b, const Event& e);
  MappingState* mapping_of(BufferState& b, const Event& e, const OpenCall* call);
  void judge_mapping(BufferState& b, const Event& e, const OpenCall* call, MappingState* m, Suspicion& s);
  void judge_unmapped(BufferState& b, const Event& e, Suspicion& s);
  void copy_bounced(BufferState& b, const Event& e, MappingState& m, Suspicion& s);
  void operate(BufferState& b, const Event& e, OpenCall* call, MappingState* m, Suspicion& s);
  void run(BufferState& b, OpenCall* call, const Suspicion& s, const DriverOperation& driver,
           const OperationPlace& place);
  MappingState* add_mapping(BufferState& b, const Event& e, const OpenCall* call, Suspicion& s);
  void advise_coherent(const Event& e, Suspicion& s);
  static void judge_width(const Event& e, const OpenCall* call, const MappingState* m, Suspicion& s);
  void claim_redundant(BufferState& b, const Event& e, const OpenCall* call, const MappingState* m, Suspicion& s);
  [[nodiscard]] model::Operation operation_of(const BufferState& b, const Event& e);
  [[nodiscard]] static bool is_partial(const BufferState& b, const OperationPlace& place, const OpenCall* call);
  void learn_coherence(BufferState& b, const Event& e, bool on_live_mapping);

  // access.cpp: accesses that the trace knows, fences, aliases
  void on_access(BufferState& b, const Event& e);
  [[nodiscard]] model::Access access_of(const Event& e, bool part);
  void judge_cpu_access(BufferState& b, const Event& e, Suspicion& s, bool part);
  void judge_device_access(BufferState& b, const Event& e, Suspicion& s);
  void on_fence(BufferState& b, const Event& e);
  void on_alias(BufferState& b, const Event& e);
  void on_bounce(BufferState& b, const Event& e);
  void on_reference(BufferState& b, const Event& e);

  // judge.cpp: one fault, one finding
  void report(BufferState& b, const Event& e, const OpenCall* call, const Suspicion& s);
  [[nodiscard]] Finding judge(BufferState& b, const Event& e, const OpenCall* call, const Suspicion& s);
  void emit(const Finding& f);
  // hindsight.cpp: what of the driver's operations nobody needed
  [[nodiscard]] bool may_claim(const BufferState& b) const;
  void advance_hindsight(BufferState& b);
  /// These accesses are possible from here on, in the driver's belief before it is settled.
  void look(BufferState& b, model::AccessSet accesses, const RuleSet& rules);
  void perform_in_hindsight(BufferState& b, model::Access access);
  /// Counts an operation, and begins to watch what would be without it. `b` is as before the operation; `driver` has
  /// no operation where the buffer's lines were not touched.
  void book_operation(BufferState& b, const Event& e, const OpenCall* call, const MappingState* m, const Suspicion& s,
                      const DriverOperation& driver);
  /// The operation also runs where an earlier one did not.
  void operate_in_hindsight(BufferState& b, const DriverOperation& driver);
  void settle_fate(BufferState& b, std::size_t index, Fate fate);
  void settle_fates(BufferState& b, Fate fate);
  /// The fate of what is open cannot be known any more; the contract belief becomes `now`.
  void close_hindsight(BufferState& b, model::Belief now);

  /// Keeps a finding that holds only if its device snoops (`if_coherent`) or does not, until that is known.
  void hold(BufferState& b, const Event& e, const OpenCall* call, const Suspicion& s, bool if_coherent);
  /// Says or drops what was held for `device`; kNoId: for all.
  void settle_held(std::uint32_t device, bool coherent);
  OpenCall* call_around(BufferState& b, const Event& e);
  [[nodiscard]] std::uint32_t overlap_of(const BufferState& b, const Event& e, const OpenCall* call) const;

  const Options& options_;
  Report report_;
  const traces::Directory* directory_ = nullptr;
  const model::ArchProfile* arch_ = model::find_arch(model::kDefaultArch);
  traces::Header header_;
  bool inconclusive_ = false;
  std::vector<BufferState> buffers_;
  std::vector<std::uint64_t> last_line_of_task_;
  /// The latest buffers released, as a ring. Readers keep an id for thousands of releases more.
  std::array<std::uint32_t, 256> released_{};
  std::uint64_t releases_ = 0;
  std::optional<DeviceTable> devices_;
  ScheduleAutomaton schedules_;
  SubsetAutomaton subsets_;
  CacheLines cache_lines_;
  std::uint32_t largest_line_ = 0;  ///< bytes, of the CPU cache or a device
  Ledger ledger_;
  model::World fresh_;  ///< what a buffer starts as under the policies in force
  std::array<traces::Event, BufferState::kHistory> unrolled_;
  Summary summary_;

  /// An operation whose fate is open: the finding to be, and where it is booked.
  struct Pending {
    Finding finding;
    std::array<traces::Event, BufferState::kHistory> history;
    std::size_t kept = 0;
    CostPlace place;
    std::uint64_t passes = 0, bytes = 0;
  };
  std::vector<Pending> pending_;
  std::vector<std::uint32_t> free_pending_;

  /// Findings that hold only if a device turns out to snoop, or not to.
  struct Held {
    std::uint32_t device;
    bool if_coherent;
    Finding finding;
    std::vector<traces::Event> history;
  };
  std::vector<Held> held_;
};

}  // namespace custody::checker
