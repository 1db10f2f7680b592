// SPDX-License-Identifier: BSD-2-Clause
// The words of verdicts, and which absent events say that a probe is missing.
#include "checker/verdict.hpp"

#include <algorithm>

namespace custody::checker {

using traces::EventKind;

namespace {

struct ReasonWords {
  std::string_view name, says, settled_by;
};

constexpr std::array<ReasonWords, kJudgedReasons> kReasons = {{
    {"mapped_before_trace", "mapped before the trace began", "start the trace before the buffer is exported"},
    {"lost_events", "events were lost", "trace with a larger buffer (buffer_size_kb), or fewer events"},
    {"unread_record", "a record of it could not be read",
     "the reader's warnings name the line: give the probe the fields that it lacks"},
    {"missing_record", "a record of it seems to be missing",
     "trace with a larger buffer (buffer_size_kb), and filter no record out; the reader's warnings name lines without "
     "it"},
    {"missing_probe", "a probe seems to be missing", "set the probes that are named as absent"},
    {"call_never_returned", "a call has no return", "set the return probe of the call, or trace until it returned"},
    {"assumption", "memory or coherence is assumed",
     "say it: --device NAME=noncoherent, --exporter NAME:memory=cached"},
    {"unjudged_refusal", "a refused call is not judged", "start the trace before the device attaches"},
    {"silent_exporter", "the exporter's syncs would not be in the trace",
     "set the probes of the DMA API and of the architecture's cache operations"},
    {"own_device", "the exporter's own device uses it unseen",
     "say that none does, if so: --exporter NAME:own_device=false"},
    {"no_core_calls", "no call of the dma-buf core names it",
     "set the probes of the core (map, unmap, begin_cpu_access, end_cpu_access, ...) beside the tracepoints"},
    {"untraced_syncs", "its device may be coherent, whose syncs are not traced",
     "say it: --device NAME=noncoherent; or set the probes of the architecture's cache operations"},
    {"many_copies", "too many devices have it for their bounce buffers to be told apart",
     "trace a part in which fewer have it"},
    {"many_lines", "more parts of it were handled apart than are kept",
     "trace a part with fewer partial syncs, or fewer windows open together"},
}};

constexpr std::array<SourceWords, traces::kRecordSources> kSources = {{
    {traces::kRecordSourceNames[0],
     "windows of the CPU, calls of the core, releases, and syncs of a device that needs none"},
    {traces::kRecordSourceNames[1],
     "maps, windows of the CPU and the release (a put gives one reference back), and which memory it is"},
    {traces::kRecordSourceNames[2], "which device and which buffer a fence is of"},
    {traces::kRecordSourceNames[3], "which device its addresses are of"},
}};

const ReasonWords& words(JudgedReason r) { return kReasons[static_cast<std::size_t>(r)]; }

}  // namespace

const SourceWords& words(traces::RecordSource source) { return kSources[static_cast<std::size_t>(source)]; }

std::string_view name(JudgedReason r) { return words(r).name; }
std::string_view says(JudgedReason r) { return words(r).says; }
std::string_view settled_by(JudgedReason r) { return words(r).settled_by; }

std::string_view name(Judged j) {
  return j == Judged::kWhole ? "judged" : j == Judged::kPartly ? "partly judged" : "not judged";
}

void Inventory::add(const Inventory& other) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i] += other.events[i];
    returns[i] += other.returns[i];
  }
  for (std::size_t i = 0; i < sources.size(); ++i) sources[i] += other.sources[i];
  missing |= other.missing;
}

void Coverage::take_back(JudgedReason why) {
  std::uint64_t& whole = by_verdict[static_cast<std::size_t>(Judged::kWhole)];
  by_verdict[static_cast<std::size_t>(Judged::kPartly)] += whole;
  why_not[static_cast<std::size_t>(why)] += whole;
  damaged_buffers += whole;
  whole = 0;
}

void Coverage::add(const Coverage& other) {
  for (std::size_t i = 0; i < by_verdict.size(); ++i) by_verdict[i] += other.by_verdict[i];
  for (std::size_t i = 0; i < why_not.size(); ++i) why_not[i] += other.why_not[i];
  damaged_buffers += other.damaged_buffers;
  for (const std::string& option : other.settling)
    if (settling.size() < kMostSettling && std::find(settling.begin(), settling.end(), option) == settling.end())
      settling.push_back(option);
  inventory.add(other.inventory);
}

const std::array<MissingProbe, kMissingProbeCount> kMissingProbes = {{
    {"export", "buffers are used whose export is not there", true, ""},
    {"attach", "buffers are exported and mapped", false, ""},
    {"unmap", "attachments are mapped, and detached", false, "L6 of a detach"},
    {"begin_cpu_access", "windows are closed", false, "L7 of an end"},
    {"end_cpu_access", "windows are opened, and buffers released", false, "L7 of a window that is open"},
    {"map_ret", "attachments are mapped", false, ""},
    {"begin_cpu_access_ret", "windows are opened", false, ""},
    {"dma_map", "attachments are mapped", false, "L1, L5 of what was not mapped, M of a map"},
    {"dma_unmap", "scatterlists are mapped, and attachments unmapped or buffers released", false, "L5, L9"},
    {"dma_map", "scatterlists are synced or unmapped", false, "L1, L5 of what was not mapped, M of a map"},
    {"detach", "devices are attached, and buffers released", true, "L6 of a release"},
}};

std::uint32_t missing_of(const Inventory& seen) {
  const auto has = [&](EventKind kind) { return seen.of(kind) != 0; };
  const auto unreturned = [&](EventKind kind) { return has(kind) && seen.returns_of(kind) == 0; };
  const bool maps = has(EventKind::kMap);
  const bool dma = has(EventKind::kDmaMap) || has(EventKind::kDmaUnmap) || has(EventKind::kSyncForCpu) ||
                   has(EventKind::kSyncForDevice) || has(EventKind::kCacheOperation);
  const std::array<bool, kMissingProbeCount> absent = {
      !has(EventKind::kExport) && (maps || has(EventKind::kBeginCpuAccess)),
      has(EventKind::kExport) && maps && !has(EventKind::kAttach),
      maps && has(EventKind::kDetach) && !has(EventKind::kUnmap),
      has(EventKind::kEndCpuAccess) && !has(EventKind::kBeginCpuAccess),
      has(EventKind::kBeginCpuAccess) && has(EventKind::kRelease) && !has(EventKind::kEndCpuAccess),
      unreturned(EventKind::kMap),
      unreturned(EventKind::kBeginCpuAccess),
      maps && !dma,
      has(EventKind::kDmaMap) && (has(EventKind::kRelease) || has(EventKind::kUnmap)) && !has(EventKind::kDmaUnmap),
      maps && dma && !has(EventKind::kDmaMap) && !has(EventKind::kCacheOperation),
      has(EventKind::kAttach) && has(EventKind::kRelease) && !has(EventKind::kDetach),
  };
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < kMissingProbeCount; ++i) bits |= absent[i] ? std::uint32_t{1} << i : 0;
  return bits;
}

}  // namespace custody::checker
