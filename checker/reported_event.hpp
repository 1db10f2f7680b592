// SPDX-License-Identifier: BSD-2-Clause
// What a finding says of an event: a third of it, as every buffer and every open operation keeps several.
#pragma once

#include "traces/event.hpp"

namespace custody::checker {

struct ReportedEvent {
  traces::EventKind kind = traces::EventKind::kLost;
  traces::Phase phase = traces::Phase::kWhole;
  model::Direction dir = model::Direction::kNone;
  model::Operation operation = model::Operation::kNone;  ///< as far as the trace itself shows it
  bool skips_sync = false;
  std::int32_t ret = 0;
  std::uint32_t buffer = traces::kNoId, device = traces::kNoId, task = traces::kNoId;
  traces::Source at;

  ReportedEvent() = default;
  explicit ReportedEvent(const traces::Event& e)
      : kind(e.kind), phase(e.phase), dir(e.dir),
        operation(e.maintenance.known ? e.maintenance.kind : model::Operation::kNone), skips_sync(e.skips_sync()),
        ret(e.ret), buffer(e.buffer), device(e.device), task(e.task), at(e.at) {}
};
static_assert(sizeof(ReportedEvent) <= 40);

}  // namespace custody::checker
