// SPDX-License-Identifier: BSD-2-Clause
// Records that stand twice in a trace.
#pragma once

#include <cstdint>
#include <string_view>

#include "traces/formats/ftrace/probes.hpp"
#include "traces/formats/ftrace/record.hpp"
#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

/// No call is made twice in one instant without a record between: of syncs alone it can look so, where nothing has to
/// be done.
class Repeats {
 public:
  static constexpr std::string_view kSays =
      "the record before it again, at the same time; one of them is not what happened";

  /// Is the record the one before it again?
  [[nodiscard]] bool take(const Head& head, const ProbeName& probe, const Fields& f) {
    Last now{head.ts, head.pid, static_cast<int>(probe.probe), f.value[Fields::kDmabuf]};
    for (const Fields::Name n : {Fields::kAttach, Fields::kSgt, Fields::kSgl, Fields::kPaddr})
      now.objects = now.objects * 31 + f.value[n];
    return is_last(now, probe.kind != EventKind::kSyncForCpu && probe.kind != EventKind::kSyncForDevice);
  }
  [[nodiscard]] bool take(const Head& head, const Tracepoint& record) {
    Last now{head.ts, head.pid, static_cast<int>(kProbes) + static_cast<int>(record.kind), record.attachment};
    for (const auto* array : {&record.dma_addrs, &record.phys_addrs})
      for (const std::uint64_t address : *array) now.objects = now.objects * 31 + address;
    return is_last(now, record.kind == TracepointKind::kMapSg || record.kind == TracepointKind::kUnmapSg ||
                            record.kind == TracepointKind::kAttach || record.kind == TracepointKind::kDetach);
  }

 private:
  struct Last {
    std::int64_t ts = -1, pid = -1;
    int what = -1;
    std::uint64_t objects = 0;
    bool operator==(const Last&) const = default;
  };
  bool is_last(const Last& now, bool happens_once) {
    const bool same = happens_once && now.ts >= 0 && now == last_;
    last_ = now;
    return same;
  }
  Last last_;
};

}  // namespace custody::traces::formats::ftrace
