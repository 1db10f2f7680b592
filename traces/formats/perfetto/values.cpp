// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/values.hpp"

#include "traces/formats/ftrace/odd_fields.hpp"
#include "traces/formats/perfetto/packet.pb.h"

namespace custody::traces::formats::perfetto {

namespace {

using ftrace::Fields;
using ftrace::TracepointField;

/// A field with its name, as GenericFtraceEvent has it.
struct NamedField {
  std::string_view name;
  WireField value;
  bool has_value = false;
};

bool read_named(std::string_view bytes, NamedField& named) {
  using Said = proto::GenericFtraceEvent::Field;
  named = {};
  Wire wire(bytes);
  WireField field;
  while (wire.next(field)) {
    if (field.id == Said::kNameFieldNumber && field.is_bytes()) named.name = field.bytes;
    const bool is_number = field.id == Said::kIntValueFieldNumber || field.id == Said::kUintValueFieldNumber;
    if (!(is_number && field.is_number()) && !(field.id == Said::kStrValueFieldNumber && field.is_bytes())) continue;
    named.value = field;
    named.has_value = true;
  }
  return !wire.is_damaged();
}

/// Calls `take(role, value)` for each field. False where the bytes are
/// no message of that event, or `take` says so.
template <typename RoleOf, typename Take>
bool each_field(const EventPlan& plan, std::string_view record, const RoleOf& role_of_name, const Take& take) {
  Wire wire(record);
  WireField field;
  NamedField named;
  while (wire.next(field)) {
    if (!plan.names_fields) {
      const FieldRole role = field.id < plan.fields.size() ? plan.fields[field.id] : FieldRole{};
      if (role.kind != FieldRole::Kind::kIgnored && !take(role, field)) return false;
      continue;
    }
    if (field.id != proto::GenericFtraceEvent::kFieldFieldNumber || !field.is_bytes()) continue;
    if (!read_named(field.bytes, named)) return false;
    const FieldRole role = role_of_name(named.name);
    if (!named.has_value) named.value = {};
    if (role.kind != FieldRole::Kind::kIgnored && !take(role, named.value)) return false;
  }
  return !wire.is_damaged();
}

bool fits(FieldRole::Kind kind, const WireField& value) {
  return kind == FieldRole::Kind::kNumber ? value.is_number() : value.is_bytes();
}

std::string_view text_of(std::string_view bytes) {
  bytes = bytes.substr(0, bytes.find('\0'));
  return bytes == "(fault)" ? std::string_view() : bytes;
}

std::string no_pointer(const EventPlan& plan, Fields::Name name, std::uint64_t value) {
  return "event '" + plan.event + "' with '" + std::string(field_name(name)) + "' of " + std::to_string(value) +
         ", which is no pointer: Perfetto writes numbers in the place of those it takes for symbols; set the probe's "
         "argument to x64";
}

std::string check_pointers(const EventPlan& plan, const Fields& fields) {
  for (unsigned n = 0; n < Fields::kCount; ++n) {
    const auto name = static_cast<Fields::Name>(n);
    if (!ftrace::is_pointer(name) || !fields.has(name)) continue;
    if (fields.value[name] != 0 && fields.value[name] < kLowestPointer)
      return no_pointer(plan, name, fields.value[name]);
  }
  return {};
}

}  // namespace

std::string read_fields(const EventPlan& plan, std::string_view record, Fields& fields) {
  fields = {};
  fields.unknown = plan.unknown_field;
  std::string_view twice;
  const auto role_of_name = [&](std::string_view key) {
    const Fields::Name name = ftrace::field_of(key, plan.probe->probe);
    if (name == Fields::kCount && !ftrace::is_location(key) && fields.unknown.empty()) fields.unknown = key;
    return name == Fields::kCount ? FieldRole{} : role_of(name);
  };
  const auto take = [&](FieldRole role, const WireField& value) {
    const auto name = static_cast<Fields::Name>(role.name);
    if (fields.has(name)) {
      twice = field_name(name);
      return false;
    }
    if (!fits(role.kind, value)) {
      // What is needed is missed, and told of then.
      fields.malformed = field_name(name);
      return true;
    }
    if (name == Fields::kDev) fields.dev = text_of(value.bytes);
    else if (name == Fields::kExpName) fields.exp_name = text_of(value.bytes);
    else fields.value[name] = value.number;
    fields.present |= 1U << name;
    return true;
  };
  if (!each_field(plan, record, role_of_name, take))
    return twice.empty() ? "event '" + plan.event + "' cannot be read"
                         : "event '" + plan.event + "' with two fields '" + std::string(twice) + "'";
  return check_pointers(plan, fields);
}

std::string_view read_tracepoint(const EventPlan& plan, std::string_view record, ftrace::Tracepoint& out) {
  out.clear();
  out.kind = plan.tracepoint;
  std::uint32_t present = 0;
  const auto role_of_name = [](std::string_view key) {
    const auto* const known = ftrace::find_tracepoint_field(key);
    return known != nullptr ? role_of(*known) : FieldRole{};
  };
  const auto take = [&](FieldRole role, const WireField& value) {
    const auto field = static_cast<TracepointField>(role.name);
    const bool is_array = role.kind == FieldRole::Kind::kArray;
    if (!is_array && !fits(role.kind, value)) return true;
    present |= 1U << role.name;
    // Perfetto records where an array lies, as a number, and not what is in it.
    if (is_array) out.arrays_known = false;
    else if (role.kind == FieldRole::Kind::kString) string_in(field, out) = text_of(value.bytes);
    else set_number(field, value.number, out);
    return true;
  };
  if (!each_field(plan, record, role_of_name, take)) return "any";
  if (out.attachment < kLowestPointer) out.attachment = 0;
  if (const std::string_view missing = ftrace::missing_field(out.kind, present); !missing.empty()) return missing;
  return complete(present, out);
}

}  // namespace custody::traces::formats::perfetto
