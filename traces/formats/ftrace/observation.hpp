// SPDX-License-Identifier: BSD-2-Clause
// What a trace observes, as its beginning shows it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "traces/event_names.hpp"
#include "traces/formats/ftrace/layouts.hpp"
#include "traces/formats/ftrace/names.hpp"
#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

/// What kinds of records a trace has.
struct Observed {
  bool dma_api = false, cache_ops = false;
  void note(const ProbeName& probe) {
    dma_api = dma_api || is_dma_call(probe.kind);
    cache_ops = cache_ops || probe.kind == EventKind::kCacheOperation;
  }
  void note(TracepointKind kind) { dma_api = dma_api || is_dma_call(kind); }
  [[nodiscard]] bool is_all() const { return dma_api && cache_ops; }
};

/// Whether DMA API calls, and the architecture's cache operations, are among the records of a trace. A call without an
/// operation says nothing of its device before it is known that operations would be in the trace, and one trace has
/// them from its first line on. So the first `kEnough` bytes are looked at before the first is judged, of a file and of
/// a stream alike; what comes first after that is observed from there on.
class Observation {
 public:
  static constexpr std::uint64_t kEnough = std::uint64_t{8} << 20U;
  explicit Observation(const std::vector<EventName>& own, bool in_ticks = false) : names_(own), layouts_(in_ticks) {}

  void note(std::string_view line);
  /// Nothing that follows can change the answer any more.
  [[nodiscard]] bool is_settled() const { return seen_.is_all() || bytes_ >= kEnough; }
  [[nodiscard]] const Observed& seen() const { return seen_; }

 private:
  Names names_;
  Layouts layouts_;
  std::uint64_t bytes_ = 0;
  Observed seen_;
};

}  // namespace custody::traces::formats::ftrace
