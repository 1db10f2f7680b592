// SPDX-License-Identifier: BSD-2-Clause
// Watches user mappings and windows.
#include "checker/replay/advice.hpp"

#include "checker/replay/importer_kinds.hpp"
#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

using spec::RuleId;
using traces::Event;
using traces::EventKind;

void WindowWatch::note_writer(const Event& e, std::uint32_t device) {
  if (together_.exists()) return;
  together_.emplace(e);
  device_ = device;
}

namespace {

/// What it writes, no line of the CPU cache that is there before shows.
bool is_hidden_by_lines(DeviceTable& devices, const Importer& importer) {
  const DeviceState& device = devices.of(importer.device());
  return may_write(importer, device) && (device.bounced || !device.snoops());
}

}  // namespace

void watch_windows(Rooms& rooms, BufferState& b, const Event& e) {
  if (!e.ok() || e.phase == traces::Phase::kEnter) return;
  if (e.kind == EventKind::kBeginCpuAccess) return b.windows.note_window();
  if ((e.kind != EventKind::kMap && e.kind != EventKind::kMmap) || b.custody.custody().user_mappings == 0) return;
  for (const std::size_t i : told_apart(b.custody, *rooms.devices))
    if (is_hidden_by_lines(*rooms.devices, b.custody.importer(i)))
      b.windows.note_writer(e, b.custody.importer(i).device());
}

void advise(Rooms& rooms, BufferState& b) {
  const Event* const together = b.windows.together();
  if (together == nullptr || !b.custody.is_complete() || b.evidence.cache != CacheKind::kCached) return;
  const traces::Header& header = rooms.terms.header;
  const DeviceState& device = rooms.devices->of(b.windows.device());
  // It may have turned out since that the device snoops.
  if (!a2({device.bounced || !device.snoops(), header.exact_accesses, header.trust_mappings})) return;
  Suspicion s;
  s.rules.add(RuleId::kA2);
  s.device = b.windows.device();
  s.line = together->at.line;
  rooms.judge.report(s, circumstances(b, *together, nullptr));
  b.windows.begin();
}

}  // namespace custody::checker::replay
