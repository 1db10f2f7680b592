// SPDX-License-Identifier: BSD-2-Clause
// What a trace observes, as its beginning shows it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "traces/event_names.hpp"
#include "traces/formats/ftrace/layouts.hpp"
#include "traces/formats/ftrace/names.hpp"

namespace custody::traces::formats::ftrace {

/// Whether DMA API calls, and the architecture's cache operations, are among the records of a trace. A call without an
/// operation says nothing of its device before it is known that operations would be in the trace, and one trace has
/// them from its first line on. So the first `kEnough` bytes are looked at before the first is judged, of a file and of
/// a stream alike; what comes first after that is observed from there on.
class Observation {
 public:
  static constexpr std::uint64_t kEnough = std::uint64_t{8} << 20U;
  explicit Observation(const std::vector<EventName>& own) : names_(own) {}

  void note(std::string_view line);
  /// Nothing that follows can change the answer any more.
  [[nodiscard]] bool is_settled() const { return (dma_api_ && cache_ops_) || bytes_ >= kEnough; }
  [[nodiscard]] bool dma_api() const { return dma_api_; }
  [[nodiscard]] bool cache_ops() const { return cache_ops_; }

 private:
  Names names_;
  Layouts layouts_;
  std::uint64_t bytes_ = 0;
  bool dma_api_ = false, cache_ops_ = false;
};

}  // namespace custody::traces::formats::ftrace
