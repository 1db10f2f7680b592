// SPDX-License-Identifier: BSD-2-Clause
// What several rooms are asked together.
#include "checker/replay/rooms.hpp"

#include <algorithm>

#include "checker/replay/missing_records.hpp"

namespace custody::checker::replay {

TraceTerms terms_of(const traces::Header& header, const Options& options, const traces::Directory& directory) {
  TraceTerms terms;
  terms.header = header;
  terms.header.trust_mappings = header.trust_mappings || options.trust_mappings;
  if (const model::ArchProfile* found = model::find_arch(options.arch.empty() ? header.arch : options.arch))
    terms.arch = found;
  const std::uint32_t said = options.cpu_line != 0 ? options.cpu_line : header.cpu_line;
  terms.cache_lines = {said != 0 ? said : terms.arch->line_bytes, terms.arch->cleans_edges};
  terms.largest_line = terms.cache_lines.bytes;
  for (const traces::DeviceInfo& device : directory.devices)
    terms.largest_line = std::max(terms.largest_line, device.line);
  for (const DeviceOverride& device : options.devices)
    terms.largest_line = std::max(terms.largest_line, device.line.value_or(0));
  terms.lifetime.policies = policies_of(header, options);
  terms.lifetime.machines = options.machines;
  return terms;
}

void meet(Rooms& rooms, std::uint32_t id, const traces::BufferInfo& info) {
  BufferState& b = rooms.buffers[id];
  b.id = id;
  b.exists = b.agents.stale = true;
  b.generation = info.generation;
  b.heard = rooms.news.now();
  const traces::Header& header = rooms.terms.header;
  const spec::ExporterProfile& profile = rooms.options.exporters.find(info.exporter);
  b.evidence = evidence_of(info, header, profile);
  b.custody.begin(info.export_seen);
  b.doubts.begin(info.export_seen);
  b.mappings.clear();
  b.told.mixed.begin();
  b.told.watched.begin();
  b.belief.begin(start_of(b.evidence, profile), b.evidence.history_known, info.size);
  b.history.begin(id, b.belief.contract().intersects(model::hazards(model::Access::kDeviceRead)));
  b.windows.begin();
  rooms.accounts.begin(b.account, b.belief.contract());
  Summary& summary = rooms.summary;
  ++summary.buffers;
  ++summary.live_buffers;
}

Agents agents_now(Rooms& rooms, BufferState& b, std::optional<std::size_t> waits) {
  const traces::Header& header = rooms.terms.header;
  return agents_of(b.custody, *rooms.devices,
                   {header.exact_accesses, header.trust_mappings, b.evidence.own_device, waits});
}

Circumstances circumstances(BufferState& b, const traces::Event& e, const OpenCall* call) {
  return {e, call, overlap_of(b.custody, e, call), b.evidence.assumed_cached, b.belief.contract(), b.history};
}

void report_audible(Rooms& rooms, BufferState& b, const traces::Event& e, const OpenCall* call, Suspicion s) {
  b.evidence.hush(s.rules);
  if (call != nullptr && call->entry.kind == traces::EventKind::kMap && hides_sync_of_map(rooms))
    s.rules.remove(rules_of(spec::RuleClass::kMissing));
  if (!s.rules.empty()) rooms.judge.report(s, circumstances(b, e, call));
}

void settle(BufferState& b, const RuleSet& rules, lines::ByteRange range) {
  if (!rules.empty()) b.belief.settle(settlement_of(rules), range);
}

}  // namespace custody::checker::replay
