// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/observation.hpp"

#include "traces/formats/ftrace/tracepoint_text.hpp"

namespace custody::traces::formats::ftrace {

void Observation::note(std::string_view line) {
  bytes_ += line.size() + 1;
  Head head;
  if (!parse_head(line, head) && layouts_.read(line, head) != LineIs::kRecord) return;
  if (const TracepointName traced = recognise_tracepoint(head.group, head.event, head.rest); traced.found) {
    dma_api_ = dma_api_ || traced.kind <= TracepointKind::kSyncSgForDevice;
    return;
  }
  const ProbeName* probe = names_.find(head);
  if (probe == nullptr) return;
  switch (probe->kind) {
    case EventKind::kDmaMap:
    case EventKind::kDmaUnmap:
    case EventKind::kSyncForCpu:
    case EventKind::kSyncForDevice: dma_api_ = true; break;
    case EventKind::kCacheOperation: cache_ops_ = true; break;
    default: break;
  }
}

}  // namespace custody::traces::formats::ftrace
