// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/plans.hpp"

#include <algorithm>
#include <utility>

#include "traces/formats/ftrace/odd_fields.hpp"
#include "traces/formats/perfetto/packet.pb.h"

namespace custody::traces::formats::perfetto {

namespace {

using ftrace::Fields;
using Is = EventPlan::Is;
using Event = proto::FtraceEvent;

struct Fence {
  std::uint32_t id;
  std::string_view event;
};
constexpr Fence kFences[] = {
    {Event::kFenceInitFieldNumber, "fence_init"},
    {Event::kFenceDestroyFieldNumber, "fence_destroy"},
    {Event::kFenceEnableSignalFieldNumber, "fence_enable_signal"},
    {Event::kFenceSignaledFieldNumber, "fence_signaled"},
    {Event::kDmaFenceInitFieldNumber, "dma_fence_init"},
    {Event::kDmaFenceEmitFieldNumber, "dma_fence_emit"},
    {Event::kDmaFenceSignaledFieldNumber, "dma_fence_signaled"},
    {Event::kDmaFenceWaitStartFieldNumber, "dma_fence_wait_start"},
    {Event::kDmaFenceWaitEndFieldNumber, "dma_fence_wait_end"},
};

bool takes_string(Fields::Name name) { return name == Fields::kDev || name == Fields::kExpName; }

/// Is the value of a field of that type a number without zigzag, or bytes?
bool is_readable(google::protobuf::FieldDescriptorProto::Type type) {
  using Proto = google::protobuf::FieldDescriptorProto;
  switch (type) {
    case Proto::TYPE_INT64:
    case Proto::TYPE_UINT64:
    case Proto::TYPE_INT32:
    case Proto::TYPE_UINT32:
    case Proto::TYPE_FIXED64:
    case Proto::TYPE_FIXED32:
    case Proto::TYPE_BOOL:
    case Proto::TYPE_ENUM:
    case Proto::TYPE_STRING:
    case Proto::TYPE_BYTES: return true;
    default: return false;
  }
}

}  // namespace

FieldRole role_of(Fields::Name name) {
  return {takes_string(name) ? FieldRole::Kind::kString : FieldRole::Kind::kNumber, name};
}

FieldRole role_of(const ftrace::TracepointFieldName& field) {
  using Said = ftrace::TracepointFieldName::Kind;
  const auto kind = field.kind == Said::kString  ? FieldRole::Kind::kString
                    : field.kind == Said::kArray ? FieldRole::Kind::kArray
                                                 : FieldRole::Kind::kNumber;
  return {kind, static_cast<std::uint8_t>(field.field)};
}

bool read_shape(std::string_view record, Shape& shape) {
  using Generic = proto::GenericFtraceEvent;
  shape = {};
  Wire wire(record);
  WireField field;
  while (wire.next(field)) {
    if (field.id == Generic::kEventNameFieldNumber) shape.event = field.is_bytes() ? field.bytes : std::string_view();
    if (field.id != Generic::kFieldFieldNumber || !field.is_bytes()) continue;
    Wire inner(field.bytes);
    WireField part;
    while (inner.next(part)) {
      if (part.id != Generic::Field::kNameFieldNumber || !part.is_bytes()) continue;
      shape.by_probe = shape.by_probe || ftrace::is_location(part.bytes);
      shape.of_iommu = shape.of_iommu || part.bytes == "iova";
      shape.has_pointer = shape.has_pointer || ftrace::is_pointer(ftrace::field_of(part.bytes));
    }
    if (inner.is_damaged()) return false;
  }
  return !wire.is_damaged();
}

std::uint32_t EventPlans::add(EventPlan plan) {
  if (plans_.size() >= kMost) return kNone;
  plans_.push_back(std::move(plan));
  return static_cast<std::uint32_t>(plans_.size() - 1);
}

/// `ours`: it has fields that only our probes have.
EventPlan EventPlans::classify(std::string group, std::string event, bool by_probe, bool ours) const {
  EventPlan plan;
  plan.group = std::move(group);
  plan.event = std::move(event);
  ftrace::Head head;
  head.group = plan.group;
  head.event = plan.event;
  head.rest = by_probe ? "__probe_" : " dmabuf=";
  const ftrace::TracepointName tracepoint = ftrace::find_tracepoint(plan.group, plan.event);
  if (!by_probe && tracepoint.found) {
    plan.is = Is::kTracepoint;
    plan.tracepoint = tracepoint.kind;
    return plan;
  }
  plan.probe = names_.find(head);
  if (plan.probe != nullptr && (by_probe || ours || ftrace::required(plan.probe->probe).size() == 0)) {
    plan.is = Is::kProbe;
    return plan;
  }
  // A tracepoint that has the name of a probe and other fields, as another driver's `map` has.
  plan.probe = nullptr;
  const bool is_near = (by_probe || ours) && ftrace::nearest_probe(plan.event) != nullptr;
  plan.is = ftrace::is_foreign(head) ? Is::kForeign : is_near ? Is::kNearlyProbe : Is::kUnknown;
  return plan;
}

std::uint32_t EventPlans::of_generic(const Shape& shape) {
  key_.assign(shape.event);
  key_.push_back(static_cast<char>((shape.by_probe ? 1 : 0) + (shape.has_pointer ? 2 : 0) + (shape.of_iommu ? 4 : 0)));
  if (const auto found = by_name_.find(key_); found != by_name_.end()) return found->second;
  // The kernel's `iommu:map` would else be one of the core.
  EventPlan plan = classify(shape.of_iommu && !shape.by_probe ? "iommu" : "", std::string(shape.event), shape.by_probe,
                            shape.has_pointer);
  plan.names_fields = true;
  const std::uint32_t added = add(std::move(plan));
  if (added != kNone) by_name_.emplace(key_, added);
  return added;
}

std::uint32_t EventPlans::of_fence(std::uint32_t id) {
  if (const auto found = fences_.find(id); found != fences_.end()) return found->second;
  const auto* const fence = std::find_if(std::begin(kFences), std::end(kFences), [&](auto& f) { return f.id == id; });
  if (fence == std::end(kFences)) return kNone;
  EventPlan plan = classify({}, std::string(fence->event), false, false);
  const auto* const fields = proto::FenceEvent::descriptor();
  plan.fields.resize(static_cast<std::size_t>(fields->field_count()) + 1);
  for (int i = 0; i < fields->field_count(); ++i)
    if (const auto* known = ftrace::find_tracepoint_field(fields->field(i)->name()))
      plan.fields.at(static_cast<std::size_t>(fields->field(i)->number())) = role_of(*known);
  return fences_.emplace(id, add(std::move(plan))).first->second;
}

std::uint32_t EventPlans::of_kprobe(std::string_view name) {
  key_.assign(name);
  key_.push_back('\x08');
  if (const auto found = by_name_.find(key_); found != by_name_.end()) return found->second;
  const ftrace::ProbeName* probe = ftrace::find_alias(name);
  if (probe == nullptr) probe = ftrace::find_alias(std::string(name) + "__return");
  if (probe == nullptr) return kNone;
  EventPlan plan;
  plan.event = name;
  plan.probe = probe;
  plan.is = Is::kNoArguments;
  const std::uint32_t added = add(std::move(plan));
  if (added != kNone) by_name_.emplace(key_, added);
  return added;
}

std::uint32_t EventPlans::of_described(std::uint32_t id) {
  if (const auto found = described_.find(id); found == described_.end() && plans_.size() >= kMost) return kNone;
  Described& known = described_[id];
  if (known.plan == kNone) {
    EventPlan plan;
    plan.is = Is::kUndescribed;
    plan.event = std::to_string(id);
    known.plan = add(std::move(plan));
  }
  return known.plan;
}

void EventPlans::plan_fields(const google::protobuf::DescriptorProto& message, EventPlan& plan) const {
  constexpr int kMostFields = 256;
  for (const auto& field : message.field()) {
    if (field.number() < 1 || field.number() > kMostFields || !is_readable(field.type())) continue;
    if (plan.fields.size() <= static_cast<std::size_t>(field.number()))
      plan.fields.resize(static_cast<std::size_t>(field.number()) + 1);
    FieldRole& role = plan.fields[static_cast<std::size_t>(field.number())];
    if (plan.is == Is::kTracepoint) {
      const auto* const known = ftrace::find_tracepoint_field(field.name());
      if (known != nullptr) role = role_of(*known);
    } else if (plan.is == Is::kProbe && !ftrace::is_location(field.name())) {
      const Fields::Name name = ftrace::field_of(field.name(), plan.probe->probe);
      if (name != Fields::kCount) role = role_of(name);
      else if (plan.unknown_field.empty()) plan.unknown_field = field.name();
    }
  }
}

bool EventPlans::describe(std::string_view descriptor) {
  using Said = proto::GenericEventDescriptor;
  Wire wire(descriptor);
  WireField field;
  std::uint32_t id = 0;
  std::string_view group, bytes;
  while (wire.next(field)) {
    if (field.id == Said::kFieldIdFieldNumber && field.is_number()) id = static_cast<std::uint32_t>(field.number);
    if (field.id == Said::kGroupNameFieldNumber && field.is_bytes()) group = field.bytes;
    if (field.id == Said::kEventDescriptorFieldNumber && field.is_bytes()) bytes = field.bytes;
  }
  if (wire.is_damaged() || id < kFirstDescribed || plans_.size() >= kMost) return false;
  Described& known = described_[id];
  if (known.plan != kNone && known.bytes == descriptor) return true;
  google::protobuf::DescriptorProto message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || message.name().empty()) return false;
  const auto has = [&](const auto& test) {
    return std::any_of(message.field().begin(), message.field().end(), [&](const auto& f) { return test(f.name()); });
  };
  EventPlan plan = classify(std::string(group), message.name(), has(ftrace::is_location),
                            has([](std::string_view name) { return is_pointer(ftrace::field_of(name)); }));
  plan_fields(message, plan);
  known.bytes = descriptor;
  known.plan = add(std::move(plan));
  return known.plan != kNone;
}

}  // namespace custody::traces::formats::perfetto
