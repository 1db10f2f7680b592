// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/tracepoint_plan.hpp"

#include <event-parse.h>

#include <algorithm>
#include <initializer_list>

#include "traces/formats/ftrace/tracepoint_text.hpp"

namespace custody::traces::formats::trace_dat {

namespace {

using ftrace::Tracepoint;
using ftrace::TracepointKind;
using Field = TracepointField;
using Kind = FieldPlan::Kind;

/// Names in include/trace/events/{dma,dma_buf,dma_fence,iommu}.h of Linux 6.12 to 7.0.
struct Name {
  std::string_view name;
  Field field;
  Kind kind;
};
constexpr Name kNames[] = {
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
  static constexpr auto kFence = {Field::kDriver, Field::kTimeline, Field::kContext, Field::kSeqno};
  static constexpr auto kIommu = {Field::kIova, Field::kSize};
  switch (kind) {
    case TracepointKind::kAllocation:
    case TracepointKind::kFenceOther:
    case TracepointKind::kOther: return {};
    case TracepointKind::kExport:
    case TracepointKind::kMmap:
    case TracepointKind::kPut: return kBuffer;
    case TracepointKind::kFd:
    case TracepointKind::kGet: return kFd;
    case TracepointKind::kAttach:
    case TracepointKind::kDetach: return kAttachment;
    case TracepointKind::kFenceEmit:
    case TracepointKind::kFenceSignaled: return kFence;
    case TracepointKind::kIommuMap:
    case TracepointKind::kIommuUnmap: return kIommu;
    default: return kDma;
  }
}

std::string_view name_of(Field field) {
  return std::find_if(std::begin(kNames), std::end(kNames), [&](const Name& n) { return n.field == field; })->name;
}

bool has(const TracepointPlan& plan, Field field) { return (plan.present >> static_cast<unsigned>(field) & 1U) != 0; }

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

bool read_field(Field field, const FieldPlan& plan, const RecordBytes& record, Tracepoint& out) {
  if (plan.kind == Kind::kString) return string_of(record, plan, string_in(field, out));
  if (plan.kind == Kind::kArray) return array_of(record, plan, array_in(field, out));
  set_number(field, number_of(record, plan), out);
  return true;
}

}  // namespace

TracepointPlan plan_tracepoint(TracepointKind kind, const tep_event& event) {
  TracepointPlan plan;
  plan.kind = kind;
  for (const tep_format_field* f = event.format.fields; f != nullptr; f = f->next) {
    const std::string_view name = f->name != nullptr ? f->name : "";
    const Name* known =
        std::find_if(std::begin(kNames), std::end(kNames), [&](const Name& n) { return n.name == name; });
    const std::optional<FieldPlan> field = known != std::end(kNames) ? plan_field(*f) : std::nullopt;
    if (!field || field->kind != known->kind) continue;
    plan.fields.emplace_back(known->field, *field);
    plan.size = std::max(plan.size, field->end());
    plan.present |= 1U << static_cast<unsigned>(known->field);
  }
  return plan;
}

std::string_view read_tracepoint(const TracepointPlan& plan, const RecordBytes& record, Tracepoint& out) {
  out.clear();
  out.kind = plan.kind;
  for (const Field field : needed(plan.kind))
    if (!has(plan, field)) return name_of(field);
  if (record.bytes.size() < plan.size) return "any";
  for (const auto& [field, where] : plan.fields)
    if (!read_field(field, where, record, out)) return name_of(field);
  if (plan.kind == TracepointKind::kIommuMap || plan.kind == TracepointKind::kIommuUnmap)
    out.iova_end = out.iova_begin + out.size;
  if (!is_dma_call(plan.kind)) return {};
  if (has(plan, Field::kSize)) out.sizes.assign(1, out.size);
  out.nents.shown = out.nents.all != 0 ? out.phys_addrs.size() : 0;
  out.ents.shown = out.ents.all != 0 ? out.dma_addrs.size() : 0;
  out.truncated = out.truncated || out.nents.all > out.phys_addrs.size() || out.ents.all > out.dma_addrs.size();
  return ftrace::missing_dma_field(plan.kind, out);
}

}  // namespace custody::traces::formats::trace_dat
