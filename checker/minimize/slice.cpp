// SPDX-License-Identifier: BSD-2-Clause
// What of a trace a finding can rest on: the events of its buffer up to it.
#include "checker/minimize/slice.hpp"

#include <algorithm>

#include "checker/replay/maintenance.hpp"
#include "traces/formats/litmus/layout.hpp"
#include "traces/formats/litmus/writer.hpp"

namespace custody::checker::minimize {

using traces::Event;
using traces::EventKind;
using traces::kNoId;
using traces::Phase;

namespace {

bool is_same(const spec::ExporterProfile& a, const spec::ExporterProfile& b) {
  return a.memory == b.memory && a.export_is_allocation == b.export_is_allocation && a.zeroed_by == b.zeroed_by &&
         a.own_device == b.own_device && a.sync_via == b.sync_via;
}

}  // namespace

void Slice::on_header(const traces::Header& header, const traces::Directory& directory) {
  traces::Header mine = header;
  mine.expectations.clear();
  mine.pending.clear();
  trace_.on_header(mine, directory);
}

void Slice::on_event(const Event& e, const traces::Directory& directory) {
  const bool over = !to_the_end_ && events_ >= target_.reached;
  ++events_;
  const bool ends_open_call = e.phase == Phase::kReturn && open_.contains(e.call);
  if (over && !ends_open_call) return;
  const bool of_buffer = e.buffer == target_.buffer && e.buffer < directory.buffers.size() &&
                         directory.buffers[e.buffer].generation == target_.generation;
  const bool of_all = e.kind == EventKind::kLost || (e.kind == EventKind::kTaskExit && tasks_.contains(e.task));
  if (!of_buffer && !of_all) return;
  if (e.task != kNoId) tasks_.insert(e.task);
  if (e.phase == Phase::kEnter && e.call != kNoId) open_.insert(e.call);
  if (e.phase == Phase::kReturn) open_.erase(e.call);
  trace_.on_event(e, directory);
}

std::string as_litmus(const traces::RecordedTrace& trace, const replay::Options& options,
                      const std::vector<std::pair<std::string, bool>>& coherence, bool by_probes) {
  traces::Header header = trace.header();
  header.by_probes = by_probes;
  traces::Directory directory = trace.directory();
  if (!options.arch.empty()) header.arch = options.arch;
  if (options.cpu_line != 0) header.cpu_line = options.cpu_line;
  for (const auto& [name, value] : options.policies) {
    const auto same = [&, &wanted = name](const auto& p) { return p.name == wanted; };
    std::erase_if(header.policies, same);
    header.policies.push_back({name, value, 0});
  }
  for (traces::DeviceInfo& device : directory.devices) {
    for (const replay::DeviceOverride& o : options.devices) {
      if (o.name != device.name) continue;
      if (o.coherent) device.coherent = o.coherent;
      device.allocates = o.allocates.value_or(device.allocates) && device.coherent.value_or(false);
      device.bounced = o.bounced.value_or(device.bounced);
      device.reads_only = o.reads_only.value_or(device.reads_only);
      device.line = o.line.value_or(device.line);
    }
    for (const auto& [name, coherent] : coherence)
      if (name == device.name && !device.coherent) device.coherent = coherent;
  }
  // A cache line of a litmus file names what was done, where a capture may name the helper only.
  std::vector<Event> events(trace.events().begin(), trace.events().end());
  const model::ArchProfile* arch = model::find_arch(header.arch);
  if (arch == nullptr) arch = model::find_arch(model::kDefaultArch);
  for (Event& e : events) {
    if (e.maintenance.known) e.maintenance.kind = replay::operation_shown(*arch, e);
    e.maintenance.by_name = false;
  }
  return traces::formats::litmus::write_litmus(header, directory, events);
}

std::string what_litmus_cannot_say(const traces::RecordedTrace& trace, const replay::Options& options,
                                   const std::string& text) {
  std::string why;
  const auto add = [&](const std::string& reason) { why += (why.empty() ? "" : "; ") + reason; };
  if (const std::size_t at = text.find("\n# not written: "); at != std::string::npos)
    add("no litmus line says the event " + text.substr(at + 16, text.find('\n', at + 1) - at - 16));
  for (const traces::BufferInfo& b : trace.directory().buffers)
    if (!b.export_seen && (b.size != 0 || !b.exporter.empty()))
      add("size and exporter of buffer " + b.name + ", which is older than the trace");
  const traces::formats::litmus::Layout layout(trace.events());
  for (std::size_t i = 0; i < trace.events().size() && why.empty(); ++i) {
    const Event& e = trace.events()[i];
    const std::string line = std::to_string(e.at.line);
    if (e.phase == Phase::kReturn && layout.entry(i) == traces::formats::litmus::Layout::kNone)
      add("the return without an entry of line " + line);
    if (e.attachment != kNoId && e.device != trace.directory().attachments[e.attachment].device)
      add("the use of another device's attachment of line " + line);
  }
  if (!trace.header().observes_dma_api) add("that the trace shows no DMA API calls");
  for (const traces::BufferInfo& b : trace.directory().buffers)
    if (!is_same(options.exporters.find(b.exporter), spec::ExporterCatalogue::builtin().find(b.exporter)))
      add("the profile of the exporter " + b.exporter);
  return why.empty() ? "how its calls nest and overlap" : why;
}

}  // namespace custody::checker::minimize
