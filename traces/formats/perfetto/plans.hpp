// SPDX-License-Identifier: BSD-2-Clause
// What each event of a Perfetto trace is, and how its records are read.
#pragma once

#include <google/protobuf/descriptor.pb.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traces/formats/ftrace/names.hpp"
#include "traces/formats/ftrace/probes.hpp"
#include "traces/formats/ftrace/record.hpp"
#include "traces/formats/ftrace/tracepoint_fields.hpp"
#include "traces/formats/perfetto/wire.hpp"

namespace custody::traces::formats::perfetto {

/// What a field of a record says: of a probe or of a tracepoint.
struct FieldRole {
  enum class Kind : std::uint8_t { kIgnored, kNumber, kString, kArray } kind = Kind::kIgnored;
  std::uint8_t name = 0;  ///< a ftrace::Fields::Name or a ftrace::TracepointField
};

[[nodiscard]] FieldRole role_of(ftrace::Fields::Name name);
[[nodiscard]] FieldRole role_of(const ftrace::TracepointFieldName& field);

/// One event, whose records are written alike.
struct EventPlan {
  enum class Is : std::uint8_t {
    kProbe,
    kTracepoint,
    kNearlyProbe,  ///< no event that is known, and its name is nearly one of them
    kUnknown,      ///< no event that is known
    kForeign,      ///< of the kernel or of its tracers, and tells nothing of buffers
    kNoArguments,  ///< Perfetto's own probe of a function that matters, which records no argument
    kUndescribed,  ///< its descriptor is not there or cannot be read
  } is = Is::kUnknown;
  /// A record names its fields (GenericFtraceEvent); else they are numbered, and `fields` says by number what they are.
  bool names_fields = false;
  std::string group, event;
  const ftrace::ProbeName* probe = nullptr;
  ftrace::TracepointKind tracepoint = ftrace::TracepointKind::kOther;
  std::vector<FieldRole> fields;
  bool is_noted = false;      ///< see `note_first`
  std::string unknown_field;  ///< the first one that the probe does not have; empty: none
};

/// What the fields of a record that names them show of what it is.
struct Shape {
  std::string_view event;
  bool by_probe = false;     ///< says where a probe hit
  bool has_pointer = false;  ///< has a pointer that only our probes have
  bool of_iommu = false;     ///< has an `iova`
};
/// False where the bytes are no GenericFtraceEvent.
[[nodiscard]] bool read_shape(std::string_view record, Shape& shape);

/// All events of a trace. A plan stays where it is, and there are at most `kMost`.
class EventPlans {
 public:
  static constexpr std::uint32_t kMost = 0xffff;
  static constexpr std::uint32_t kNone = 0xffffffff;
  /// Numbers of FtraceEvent from here on are given to events by descriptors.
  static constexpr std::uint32_t kFirstDescribed = 65536;

  explicit EventPlans(const ftrace::Names& names) : names_(names) {}

  [[nodiscard]] const EventPlan& operator[](std::uint32_t plan) const { return plans_[plan]; }
  /// Of a record that names its fields; kNone: there are too many.
  [[nodiscard]] std::uint32_t of_generic(const Shape& shape);
  /// Of a record of the kernel's fences, by its number in FtraceEvent; kNone: it is none of them.
  [[nodiscard]] std::uint32_t of_fence(std::uint32_t id);
  /// Of a probe of Perfetto's own, on the function `name`; kNone: a function that does not matter.
  [[nodiscard]] std::uint32_t of_kprobe(std::string_view name);
  /// Of a record whose fields are numbered as the last descriptor for `id` says; kNone: there are too many.
  [[nodiscard]] std::uint32_t of_described(std::uint32_t id);
  /// True the first time.
  [[nodiscard]] bool note_first(std::uint32_t plan) { return !std::exchange(plans_[plan].is_noted, true); }
  /// Takes a GenericEventDescriptor. False where it cannot be read.
  [[nodiscard]] bool describe(std::string_view descriptor);

 private:
  [[nodiscard]] std::uint32_t add(EventPlan plan);
  [[nodiscard]] EventPlan classify(std::string group, std::string event, bool by_probe, bool ours) const;
  void plan_fields(const google::protobuf::DescriptorProto& message, EventPlan& plan) const;

  struct Described {
    std::string bytes;
    std::uint32_t plan = kNone;
  };
  const ftrace::Names& names_;
  std::deque<EventPlan> plans_;
  boost::unordered_flat_map<std::string, std::uint32_t> by_name_;
  boost::unordered_flat_map<std::uint32_t, Described> described_;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> fences_;
  std::string key_;  ///< filled again and again
};

}  // namespace custody::traces::formats::perfetto
