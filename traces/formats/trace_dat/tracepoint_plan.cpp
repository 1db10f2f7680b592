// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/tracepoint_plan.hpp"

#include <event-parse.h>

#include <algorithm>

namespace custody::traces::formats::trace_dat {

namespace {

using ftrace::Tracepoint;
using ftrace::TracepointKind;
using Field = ftrace::TracepointField;
using Kind = FieldPlan::Kind;

Kind kind_of(ftrace::TracepointFieldName::Kind kind) {
  using Said = ftrace::TracepointFieldName::Kind;
  if (kind == Said::kString) return Kind::kString;
  return kind == Said::kArray ? Kind::kArray : Kind::kNumber;
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
    const auto* const known = ftrace::find_tracepoint_field(f->name != nullptr ? f->name : "");
    const std::optional<FieldPlan> field = known != nullptr ? plan_field(*f) : std::nullopt;
    if (!field || field->kind != kind_of(known->kind)) continue;
    plan.fields.emplace_back(known->field, *field);
    plan.size = std::max(plan.size, field->end());
    plan.present |= 1U << static_cast<unsigned>(known->field);
  }
  return plan;
}

std::string_view read_tracepoint(const TracepointPlan& plan, const RecordBytes& record, Tracepoint& out) {
  out.clear();
  out.kind = plan.kind;
  if (const std::string_view missing = ftrace::missing_field(plan.kind, plan.present); !missing.empty()) return missing;
  if (record.bytes.size() < plan.size) return "any";
  for (const auto& [field, where] : plan.fields)
    if (!read_field(field, where, record, out)) return name_of(field);
  return complete(plan.present, out);
}

}  // namespace custody::traces::formats::trace_dat
