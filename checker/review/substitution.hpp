// SPDX-License-Identifier: BSD-2-Clause
// The calls of a trace, with the syncs that a contract makes in them instead of those that the driver made.
#pragma once

#include <vector>

#include "checker/follow/follower.hpp"
#include "checker/replay/calls.hpp"
#include "checker/replay/options.hpp"

namespace custody::checker::review {

/// Of a contract whose memory no cache line holds, no exporter's is held by one.
[[nodiscard]] replay::Options options_under(const spec::Contract& contract, replay::Options options);

/// Stands between a reader and a sink. Calls of the dma-buf core and accesses pass; DMA calls and cache operations do
/// not, and what the contract's clauses say stands in their place, before the call's return: a call that failed, other
/// than begin_cpu_access, makes none. A sync of the exporter's own mapping, or of the buffer, is the cache operation
/// that the architecture makes of it. A call that the contract refuses makes none either. What it is given must outlive
/// it. Not thread safe.
class SyncSubstitution final : public traces::EventSink {
 public:
  /// `arch`: empty: the trace's own.
  SyncSubstitution(const spec::Contract& contract, const spec::ExporterCatalogue& exporters, const std::string& arch,
                   traces::EventSink& sink);

  void on_header(const traces::Header& header, const traces::Directory& directory) override;
  void on_event(const traces::Event& event, const traces::Directory& directory) override;
  void on_end(const traces::Directory& directory) override { sink_.on_end(directory); }
  /// Calls that succeeded in the trace and that the contract refuses.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct Open {
    traces::Event entry;
    std::vector<follow::ExpectedSync> syncs;
    bool refused = false;
    void overlap(std::uint32_t /*task*/) {}
  };
  void enter(const traces::Event& e, const traces::Directory& directory);
  void leave(const Open& call, const traces::Event& end, const traces::Directory& directory);
  [[nodiscard]] traces::Event event_of(const follow::ExpectedSync& sync, const Open& call,
                                       const traces::Event& end) const;

  traces::EventSink& sink_;
  const std::string arch_name_;
  const model::ArchProfile* arch_;
  replay::OpenCalls<Open> open_;
  Open entered_;  ///< what the follower said last
  follow::Follower follower_;
  std::uint32_t next_call_ = 0x40000000U;  ///< calls that are one record in the trace get an id of their own
  std::uint64_t refused_ = 0;
};

}  // namespace custody::checker::review
