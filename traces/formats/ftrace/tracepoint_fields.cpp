// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/tracepoint_fields.hpp"

#include <algorithm>
#include <iterator>

#include "traces/formats/ftrace/tracepoint_text.hpp"

namespace custody::traces::formats::ftrace {

namespace {

using Field = TracepointField;
using Kind = TracepointFieldName::Kind;

constexpr TracepointFieldName kFieldNames[] = {
    {"device", Field::kDevice, Kind::kString},
    {"dev_name", Field::kDevice, Kind::kString},
    {"dir", Field::kDir, Kind::kNumber},
    {"attrs", Field::kAttrs, Kind::kNumber},
    {"err", Field::kErr, Kind::kNumber},
    {"dma_addr", Field::kDmaAddrs, Kind::kNumber},
    {"addr", Field::kDmaAddrs, Kind::kNumber},
    {"dma_addrs", Field::kDmaAddrs, Kind::kArray},
    {"phys_addr", Field::kPhysAddrs, Kind::kNumber},
    {"phys_addrs", Field::kPhysAddrs, Kind::kArray},
    {"addrs", Field::kPhysAddrs, Kind::kArray},
    {"lengths", Field::kSizes, Kind::kArray},
    {"size", Field::kSize, Kind::kNumber},
    {"full_nents", Field::kAllNents, Kind::kNumber},
    {"full_ents", Field::kAllEnts, Kind::kNumber},
    {"truncated", Field::kTruncated, Kind::kNumber},
    {"exp_name", Field::kExpName, Kind::kString},
    {"ino", Field::kIno, Kind::kNumber},
    {"fd", Field::kFd, Kind::kNumber},
    {"attach", Field::kAttachment, Kind::kNumber},
    {"is_dynamic", Field::kIsDynamic, Kind::kNumber},
    {"driver", Field::kDriver, Kind::kString},
    {"timeline", Field::kTimeline, Kind::kString},
    {"context", Field::kContext, Kind::kNumber},
    {"seqno", Field::kSeqno, Kind::kNumber},
    {"iova", Field::kIova, Kind::kNumber},
    {"paddr", Field::kPaddr, Kind::kNumber},
};

/// What a record of that kind says nothing without.
std::initializer_list<Field> needed(TracepointKind kind) {
  static constexpr auto kDma = {Field::kDevice, Field::kDir};
  static constexpr auto kBuffer = {Field::kExpName, Field::kSize, Field::kIno};
  static constexpr auto kFd = {Field::kExpName, Field::kSize, Field::kIno, Field::kFd};
  static constexpr auto kAttachment = {Field::kExpName, Field::kSize, Field::kIno, Field::kDevice, Field::kAttachment};
  static constexpr auto kOfFence = {Field::kDriver, Field::kTimeline, Field::kContext, Field::kSeqno};
  static constexpr auto kOfIommu = {Field::kIova, Field::kSize};
  if (has_no_fields(kind)) return {};
  switch (group_of(kind)) {
    case RecordSource::kDmaTracepoints: return kDma;
    case RecordSource::kFenceTracepoints: return kOfFence;
    case RecordSource::kIommuTracepoints: return kOfIommu;
    case RecordSource::kBufferTracepoints: break;
  }
  if (kind == TracepointKind::kAttach || kind == TracepointKind::kDetach) return kAttachment;
  return kind == TracepointKind::kFd || kind == TracepointKind::kGet ? kFd : kBuffer;
}

bool has(std::uint32_t present, Field field) { return (present >> static_cast<unsigned>(field) & 1U) != 0; }

}  // namespace

const TracepointFieldName* find_tracepoint_field(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kFieldNames), std::end(kFieldNames),
                                         [&](const TracepointFieldName& n) { return n.name == name; });
  return found != std::end(kFieldNames) ? found : nullptr;
}

std::string_view name_of(Field field) {
  return std::find_if(std::begin(kFieldNames), std::end(kFieldNames),
                      [&](const TracepointFieldName& n) { return n.field == field; })
      ->name;
}

void set_number(Field field, std::uint64_t n, Tracepoint& out) {
  switch (field) {
    case Field::kDir: out.dir = n <= 3 ? static_cast<model::Direction>(n) : model::Direction::kNone; break;
    case Field::kAttrs: out.attrs = n; break;
    case Field::kErr: out.err = static_cast<std::int32_t>(n); break;
    case Field::kDmaAddrs: out.dma_addrs.assign(1, n); break;
    case Field::kPhysAddrs: out.phys_addrs.assign(1, n); break;
    case Field::kAllNents: out.nents.all = n; break;
    case Field::kAllEnts: out.ents.all = n; break;
    case Field::kTruncated: out.truncated = n != 0; break;
    case Field::kSize: out.size = n; break;
    case Field::kIno: out.ino = n; break;
    case Field::kFd: out.fd = static_cast<std::int64_t>(n); break;
    case Field::kAttachment: out.attachment = n; break;
    case Field::kIsDynamic: out.is_dynamic = n != 0; break;
    case Field::kContext: out.context = n; break;
    case Field::kSeqno: out.seqno = n; break;
    case Field::kIova: out.iova_begin = n; break;
    case Field::kPaddr: out.paddr = n; break;
    default: break;
  }
}

std::string_view& string_in(Field field, Tracepoint& out) {
  if (field == Field::kDevice) return out.device;
  if (field == Field::kExpName) return out.exp_name;
  return field == Field::kDriver ? out.driver : out.timeline;
}

std::vector<std::uint64_t>& array_in(Field field, Tracepoint& out) {
  if (field == Field::kDmaAddrs) return out.dma_addrs;
  return field == Field::kPhysAddrs ? out.phys_addrs : out.sizes;
}

std::string_view missing_field(TracepointKind kind, std::uint32_t present) {
  for (const Field field : needed(kind))
    if (!has(present, field)) return name_of(field);
  return {};
}

std::string_view complete(std::uint32_t present, Tracepoint& out) {
  if (out.kind == TracepointKind::kIommuMap || out.kind == TracepointKind::kIommuUnmap)
    out.iova_end = out.iova_begin + out.size;
  const bool has_device = out.kind == TracepointKind::kAttach || out.kind == TracepointKind::kDetach;
  if (!is_dma_call(out.kind)) return has_device && out.device.empty() ? "dev_name" : "";
  if (has(present, Field::kSize)) out.sizes.assign(1, out.size);
  out.nents.shown = out.nents.all != 0 ? out.phys_addrs.size() : 0;
  out.ents.shown = out.ents.all != 0 ? out.dma_addrs.size() : 0;
  out.truncated = out.truncated || out.nents.all > out.phys_addrs.size() || out.ents.all > out.dma_addrs.size();
  if (!out.arrays_known) return out.device.empty() ? "device" : "";
  return missing_dma_field(out.kind, out);
}

}  // namespace custody::traces::formats::ftrace
