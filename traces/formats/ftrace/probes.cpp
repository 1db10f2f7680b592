// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/probes.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr ProbeName kProbes[] = {
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
    {"tracing_mark_write", kNoEvent, EventKind::kLost},
    {"print", kNoEvent, EventKind::kLost},
};

}  // namespace

const ProbeName* find_probe(std::string_view name) {
  for (const ProbeName& p : kProbes)
    if (p.name.size() == name.size() && p.name == name) return &p;
  return nullptr;
}

std::initializer_list<Fields::Name> required(int probe) {
  static constexpr std::initializer_list<Fields::Name> kNone = {};
  static constexpr auto kBuffer = {Fields::kDmabuf};
  static constexpr auto kAttachment = {Fields::kDmabuf, Fields::kAttach};
  static constexpr auto kAttached = {Fields::kDmabuf, Fields::kAttach, Fields::kDev};
  static constexpr auto kMapping = {Fields::kDmabuf, Fields::kAttach, Fields::kDir};
  static constexpr auto kWindow = {Fields::kDmabuf, Fields::kDir};
  static constexpr auto kTable = {Fields::kSgt};
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
    case kMapRet: return kTable;
    case kBeginRet:
    case kEndRet:
    case kVmapRet: return kResult;
    case kUnmapRet: return kNone;
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
