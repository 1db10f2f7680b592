// SPDX-License-Identifier: BSD-2-Clause
// Runs a contract beside a trace: does the driver do what the contract says, and where does it first depart?
#pragma once

#include <functional>
#include <vector>

#include "checker/follow/compare.hpp"
#include "checker/replay/calls.hpp"
#include "spec/contract_run.hpp"
#include "spec/exporter_profile.hpp"
#include "traces/reader.hpp"

namespace custody::checker::follow {

/// A core call between its entry and its return.
struct FollowedCall {
  traces::Event entry;
  const model::Row* row = nullptr;  ///< of the lifetime, at the entry: a refusal where there is one
  std::vector<const spec::Clause*> clauses;
  const spec::Clause* refusing = nullptr;  ///< of the clauses the one that refuses the call
  std::vector<ExpectedSync> expected;
  std::vector<traces::Event> found;  ///< DMA calls and cache operations nested in it
  CallFacts facts;
  bool overlapped = false;  ///< another task's call on the buffer ran meanwhile
  void overlap(std::uint32_t /*task*/) { overlapped = true; }
  /// By the machines, or by a clause.
  [[nodiscard]] bool is_refused() const { return refusing != nullptr || (row != nullptr && row->is_refusal()); }
};

/// Everything that is kept of one live buffer.
struct FollowedBuffer {
  std::uint32_t generation = 0;
  bool exists = false, judgeable = false, departed = false, caches_mapping = false;
  model::Custody custody;
  model::Notes notes;
  std::vector<FollowedAttachment> attachments;
  replay::OpenCalls<FollowedCall> calls;
};

/// Takes the events of one trace and hands the first departure of each buffer to `report`. What it is given must
/// outlive it. Not thread safe.
class Follower final : public traces::EventSink {
 public:
  using Report = std::function<void(const Departure&, const traces::Directory&)>;
  /// A call was entered, and this is what the contract says of it; before `report` of the same call.
  using Entered = std::function<void(const FollowedCall&)>;
  /// `arch`: empty: the trace's own.
  Follower(const spec::Contract& contract, const spec::ExporterCatalogue& exporters, std::string arch, Report report,
           Entered entered = {});

  void on_header(const traces::Header& header, const traces::Directory& directory) override;
  void on_event(const traces::Event& event, const traces::Directory& directory) override;
  [[nodiscard]] const ContractTotals& totals() const { return totals_; }

 private:
  using Event = traces::Event;

  FollowedBuffer& buffer_of(const Event& e);
  void lose();
  void give_up(FollowedBuffer& b);
  /// A buffer older than the trace is not judged; that it was exported is known.
  void take_over(FollowedBuffer& b);
  void on_core_call(FollowedBuffer& b, const Event& e);
  void on_dma_call(FollowedBuffer& b, const Event& e);
  [[nodiscard]] FollowedCall enter(FollowedBuffer& b, const Event& e);
  void leave(FollowedBuffer& b, const FollowedCall& call, const Event& e);
  /// A return whose entry was not recorded.
  void miss_entry(FollowedBuffer& b, const Event& e);
  void judge(FollowedBuffer& b, const FollowedCall& call, const Event& e);
  void depart(FollowedBuffer& b, const FollowedCall& call, Departure departure);
  /// One end of a call moves custody and notes; nothing where its attachment is older than the trace.
  void move(FollowedBuffer& b, const Event& entry, const Event& e, model::CallEnd end, bool interrupted = false);
  [[nodiscard]] bool is_older_than_trace(FollowedBuffer& b, const Event& e) const;
  [[nodiscard]] bool snoops(const Event& e) const;
  /// `e`: the record at this end, which names what the entry may not know.
  [[nodiscard]] model::Call machine_call(FollowedBuffer& b, const Event& entry, const Event& e,
                                         model::CallEnd end) const;

  const spec::ExporterCatalogue& exporters_;
  const std::string arch_name_;
  Report report_;
  Entered entered_;
  spec::ContractRun run_;
  const model::ArchProfile* arch_;
  const traces::Directory* directory_ = nullptr;
  bool sees_syncs_ = true;
  std::vector<FollowedBuffer> buffers_;
  ContractTotals totals_;
};

}  // namespace custody::checker::follow
