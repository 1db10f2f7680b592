// SPDX-License-Identifier: BSD-2-Clause
// Judges mappings that outlive their buffer.
#include "checker/replay/leaks.hpp"

#include "checker/replay/missing_records.hpp"

namespace custody::checker::replay {

void judge_leaks(Rooms& rooms, BufferState& b, const LeakWatch& watch) {
  const Release& release = b.custody.release();
  if (!release.done || !b.custody.is_complete() || !watch.went_on(release)) return;
  traces::Event e;
  e.kind = traces::EventKind::kRelease;
  e.buffer = b.id;
  e.at.line = release.line;
  e.task = release.task;
  for (const Mapping& m : b.mappings.all()) {
    MappingFacts f;
    f.is_known = m.complete && is_shown(rooms, traces::EventKind::kDmaUnmap);
    f.is_live = f.outlives = true;
    Suspicion s;
    s.rules = broken_by(f);
    s.line = release.line;
    s.device = m.device;
    if (!s.rules.empty()) rooms.judge.report(s, circumstances(b, e, nullptr));
  }
  b.mappings.clear();
}

}  // namespace custody::checker::replay
