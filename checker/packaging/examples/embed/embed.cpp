// SPDX-License-Identifier: BSD-2-Clause
// Asks of a few calls whether a sync was missing: a device writes, and the CPU reads in a window without invalidate.
#include <custody/custody.hpp>
#include <iostream>

using namespace custody;

static Event event(Kind kind, Direction direction = Direction::kNone, Phase phase = Phase::kWhole) {
  Event e;
  e.kind = kind;
  e.buffer = "frame";
  e.device = "cam.0";
  e.direction = direction;
  e.phase = phase;
  e.cache = Cache::kNone;
  e.size = 1 << 20;
  e.exporter = "system";
  return e;
}

int main() {
  const Direction from = Direction::kFromDevice;
  const std::vector<Event> events = {event(Kind::kExport),
                                     event(Kind::kAttach),
                                     event(Kind::kMap, from, Phase::kEnter),
                                     event(Kind::kDmaMap, from),
                                     event(Kind::kMap, from, Phase::kReturn),
                                     event(Kind::kBeginCpuAccess, from),
                                     event(Kind::kCpuRead),
                                     event(Kind::kEndCpuAccess, from)};
  const Report report = replay(events, {"", {{"cam.0"}}, {}, false});
  for (const Finding& f : report.findings)
    std::cout << "event " << f.event << ": " << f.rule << ": " << f.says << "\n    fix: " << f.fix << '\n';
  std::cout << report.sentence << '\n';
}
