// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/probes.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "traces/formats/ftrace/name_table.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr std::size_t kLongestName = 32;

constexpr ProbeName kProbeNames[] = {
    {"arch_clean", kArchClean, EventKind::kCacheOperation},
    {"arch_inval", kArchInval, EventKind::kCacheOperation},
    {"dma_map", kDmaMapProbe, EventKind::kDmaMap},
    {"dma_unmap", kDmaUnmapProbe, EventKind::kDmaUnmap},
    {"sync_for_cpu", kForCpu, EventKind::kSyncForCpu},
    {"sync_for_device", kForDevice, EventKind::kSyncForDevice},
    {"map", kMapProbe, EventKind::kMap},
    {"map_ret", kMapRet, EventKind::kMap},
    {"unmap", kUnmapProbe, EventKind::kUnmap},
    {"unmap_ret", kUnmapRet, EventKind::kUnmap},
    {"begin_cpu_access", kBegin, EventKind::kBeginCpuAccess},
    {"begin_cpu_access_ret", kBeginRet, EventKind::kBeginCpuAccess},
    {"end_cpu_access", kEnd, EventKind::kEndCpuAccess},
    {"end_cpu_access_ret", kEndRet, EventKind::kEndCpuAccess},
    {"sync_ioctl", kSyncIoctl, EventKind::kEndCpuAccess},
    {"sync_ioctl_ret", kSyncIoctlRet, EventKind::kEndCpuAccess},
    {"export", kExportProbe, EventKind::kExport},
    {"release", kReleaseProbe, EventKind::kRelease},
    {"attach", kAttachProbe, EventKind::kAttach},
    {"detach", kDetachProbe, EventKind::kDetach},
    {"mmap", kMmapProbe, EventKind::kMmap},
    {"vmap", kVmapProbe, EventKind::kVmap},
    {"vmap_ret", kVmapRet, EventKind::kVmap},
    {"vunmap", kVunmapProbe, EventKind::kVunmap},
    {"pin", kPinProbe, EventKind::kPin},
    {"unpin", kUnpinProbe, EventKind::kUnpin},
    {"move_notify", kMoveProbe, EventKind::kMoveNotify},
};

/// Those of functions that others do nothing but call.
constexpr Probe kWrapped[] = {kAttachProbe, kMapProbe,    kMapRet, kUnmapProbe, kUnmapRet, kVmapProbe,
                              kVmapRet,     kVunmapProbe, kBegin,  kBeginRet,   kEnd,      kEndRet};

constexpr auto kWrapping = [] {
  std::array<ProbeName, std::size(kWrapped)> outer{};
  for (std::size_t i = 0; i < outer.size(); ++i) {
    outer[i] = *std::find_if(std::begin(kProbeNames), std::end(kProbeNames),
                             [&](const ProbeName& p) { return p.probe == kWrapped[i]; });
    outer[i].wraps = true;
  }
  return outer;
}();

constexpr NameTable<std::size(kProbeNames)> kProbeTable([] {
  std::array<std::string_view, std::size(kProbeNames)> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kProbeNames[i].name;
  return names;
}());

/// Edits, of one letter each, between two short words.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::array<std::size_t, kLongestName + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

const ProbeName* wrapping(const ProbeName* probe) { return probe != nullptr ? wrapping(probe->probe) : nullptr; }

const ProbeName* wrapping(Probe probe) {
  for (const ProbeName& outer : kWrapping)
    if (outer.probe == probe) return &outer;
  return nullptr;
}

const ProbeName* begin_of_probes() { return std::begin(kProbeNames); }
const ProbeName* end_of_probes() { return std::end(kProbeNames); }

const ProbeName* nearest_probe(std::string_view name) {
  const ProbeName* nearest = nullptr;
  std::size_t fewest = 3;
  if (name.size() > kLongestName) return nullptr;
  for (const ProbeName& p : kProbeNames) {
    const std::size_t edits = edits_between(name, p.name);
    if (edits < fewest && 2 * edits < p.name.size()) {
      fewest = edits;
      nearest = &p;
    }
  }
  return nearest;
}

const ProbeName* find_probe(std::string_view name) {
  const std::size_t found = kProbeTable.find(name, load_first(name));
  return found != kProbeTable.kNone ? &kProbeNames[found] : nullptr;
}

std::initializer_list<Fields::Name> required(int probe) {
  static constexpr std::initializer_list<Fields::Name> kNone = {};
  static constexpr auto kBuffer = {Fields::kDmabuf};
  static constexpr auto kAttachment = {Fields::kDmabuf, Fields::kAttach};
  static constexpr auto kAttached = {Fields::kDmabuf, Fields::kAttach, Fields::kDev};
  static constexpr auto kMapping = {Fields::kDmabuf, Fields::kAttach, Fields::kDir};
  static constexpr auto kWindow = {Fields::kDmabuf, Fields::kDir};
  static constexpr auto kProbeTable = {Fields::kSgt};
  static constexpr auto kResult = {Fields::kRet};
  static constexpr auto kDma = {Fields::kDev, Fields::kSgl, Fields::kDir};
  static constexpr auto kArch = {Fields::kPaddr, Fields::kSize, Fields::kDir};
  switch (probe) {
    case kAttachProbe: return kAttached;
    case kDetachProbe:
    case kPinProbe:
    case kUnpinProbe: return kAttachment;
    case kMapProbe:
    case kUnmapProbe: return kMapping;
    case kBegin:
    case kEnd: return kWindow;
    case kMapRet: return kProbeTable;
    case kBeginRet:
    case kEndRet:
    case kVmapRet: return kResult;
    case kUnmapRet:
    case kSyncIoctl:  // of most calls of dma_buf_ioctl() nothing is read
    case kSyncIoctlRet: return kNone;
    case kDmaMapProbe:
    case kDmaUnmapProbe:
    case kForCpu:
    case kForDevice: return kDma;
    case kArchClean:
    case kArchInval: return kArch;
    default: return kBuffer;
  }
}

}  // namespace custody::traces::formats::ftrace
