// SPDX-License-Identifier: BSD-2-Clause
// The library finds in events what a replay finds in the file that has them: every litmus file that the public header
// has words for.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "checker/embed/include/custody/custody.hpp"
#include "checker/replay/engine.hpp"
#include "traces/open.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::checker::test {

namespace {

using Found = std::vector<std::pair<std::string, std::size_t>>;

/// Empty where the header has no word for it.
std::optional<Kind> kind_of(traces::EventKind kind) {
  using traces::EventKind;
  if (kind <= EventKind::kDeviceWrite) return static_cast<Kind>(kind);
  return kind == EventKind::kLost ? std::optional(Kind::kLost) : std::nullopt;
}

std::optional<Event> public_event(const traces::Event& e, const traces::Directory& d) {
  const auto kind = kind_of(e.kind);
  if (!kind || e.dma.nents != 0 || e.dma.orig_nents != 0 || (e.dma.attrs & ~traces::kAttrSkipCpuSync) != 0)
    return std::nullopt;
  Event out;
  out.kind = *kind;
  constexpr Direction kDirections[] = {Direction::kBidirectional, Direction::kToDevice, Direction::kFromDevice,
                                       Direction::kNone};
  out.direction = kDirections[static_cast<std::size_t>(e.dir)];
  out.phase = static_cast<Phase>(e.phase);
  out.result = e.ret;
  out.skips_sync = e.skips_sync();
  out.offset = e.range.offset;
  out.length = e.range.length;
  out.time = e.at.ts;
  if (e.maintenance.known)
    out.cache = e.maintenance.kind == model::Operation::kNone
                    ? Cache::kNone
                    : static_cast<Cache>(1 + static_cast<int>(e.maintenance.kind));
  if (e.maintenance.helper_ran) return std::nullopt;
  if (e.buffer != traces::kNoId) {
    const traces::BufferInfo& b = d.buffers[e.buffer];
    if (b.memory != traces::MemoryKind::kUnsaid) return std::nullopt;
    out.buffer = b.name;
    out.exporter = b.exporter;
    out.size = b.size;
  }
  if (e.device != traces::kNoId) out.device = d.devices[e.device].name;
  if (e.attachment != traces::kNoId) out.attachment = d.attachments[e.attachment].name;
  if (e.task != traces::kNoId) out.task = d.tasks[e.task].name;
  return out;
}

std::optional<Options> public_options(const traces::Header& h, const traces::Directory& d) {
  if (h.cpu_line != 0 || h.trust_mappings || h.observes_cache_ops || !h.observes_dma_api || h.traced_dma || h.by_probes)
    return std::nullopt;
  Options out;
  out.arch = h.arch;
  out.exact_accesses = h.exact_accesses;
  for (const traces::Header::Policy& p : h.policies) out.policies.emplace_back(p.name, p.value);
  for (const traces::DeviceInfo& device : d.devices) {
    if (device.line != 0 || device.allocates) return std::nullopt;
    out.devices.push_back({device.name, device.coherent.value_or(false), device.bounced, device.reads_only});
  }
  return out;
}

Found of_engine(const traces::RecordedTrace& trace) {
  Found out;
  const replay::Options options;
  replay::Engine engine(options, [&](const checker::Finding& f, const traces::Directory&) {
    out.emplace_back(std::string(spec::rule(f.rule).id), f.line);
  });
  traces::replay(trace, engine);
  engine.on_end(trace.directory());
  static_cast<void>(engine.finish());
  return out;
}

Found of_library(const std::vector<Event>& events, const Options& options, const traces::RecordedTrace& trace) {
  Found out;
  for (const custody::Finding& f : custody::replay(events, options).findings)
    out.emplace_back(f.rule, trace.events()[f.event].at.line);
  return out;
}

struct Converted {
  traces::RecordedTrace trace;
  std::vector<Event> events;
  std::optional<Options> options;
};

/// False where the header has no words for it.
bool convert(const std::string& path, Converted& into) {
  traces::ReadStatistics statistics;
  traces::read_trace(path, into.trace, statistics);
  into.options = public_options(into.trace.header(), into.trace.directory());
  if (!into.options) return false;
  for (const traces::Event& e : into.trace.events()) {
    auto event = public_event(e, into.trace.directory());
    if (!event) return false;
    into.events.push_back(*std::move(event));
  }
  return true;
}

}  // namespace

TEST(EventFeed, FindsInEventsWhatTheReplayOfTheirFileFinds) {
  std::size_t compared = 0, findings = 0;
  for (const auto& file : std::filesystem::directory_iterator("traces/litmus")) {
    if (file.path().extension() != ".litmus") continue;
    Converted c;
    if (!convert(file.path().string(), c)) continue;
    const Found expected = of_engine(c.trace);
    EXPECT_EQ(of_library(c.events, *c.options, c.trace), expected) << file.path();
    ++compared;
    findings += expected.size();
  }
  RecordProperty("compared", static_cast<int>(compared));
  EXPECT_GT(compared, 40U);
  EXPECT_GT(findings, 40U);
}

}  // namespace custody::checker::test
