// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/field_plan.hpp"

#include <event-parse.h>

namespace custody::traces::formats::trace_dat {

namespace {

bool is_width(int bytes) { return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8; }

/// libtraceevent 1.7 knows no size of an element whose type has two words, as `__data_loc unsigned int[]` has.
unsigned element_size(const tep_format_field& field) {
  if (field.elementsize != 0) return field.elementsize;
  std::string_view type = field.type != nullptr ? field.type : "";
  type = type.substr(0, type.find('['));
  type.remove_prefix(type.rfind(' ') + 1);
  return type == "int" ? 4 : type == "short" ? 2 : type == "char" ? 1 : 0;
}

/// False where it reaches beyond the record.
bool find_bytes(const RecordBytes& record, const FieldPlan& field, std::string_view& bytes) {
  std::size_t offset = field.offset, length = field.size;
  if (field.place != FieldPlan::Place::kHere) {
    const auto where = load<std::uint32_t>(record.bytes.data() + field.offset, record.swapped);
    offset = where & 0xffffU;
    length = where >> 16U;
    if (field.place == FieldPlan::Place::kRelative) offset += field.end();
  }
  if (offset > record.bytes.size() || length > record.bytes.size() - offset) return false;
  bytes = record.bytes.substr(offset, length);
  return true;
}

}  // namespace

std::optional<FieldPlan> plan_field(const tep_format_field& field) {
  constexpr int kFarthest = 0x7fff;
  if (field.offset < 0 || field.offset > kFarthest || field.size < 1 || field.size > kFarthest) return std::nullopt;
  FieldPlan plan;
  plan.offset = static_cast<std::uint16_t>(field.offset);
  plan.size = static_cast<std::uint16_t>(field.size);
  plan.is_signed = (field.flags & TEP_FIELD_IS_SIGNED) != 0;
  const bool is_away = (field.flags & TEP_FIELD_IS_DYNAMIC) != 0;
  if (is_away)
    plan.place = (field.flags & TEP_FIELD_IS_RELATIVE) != 0 ? FieldPlan::Place::kRelative : FieldPlan::Place::kAway;
  if (is_away && plan.size != sizeof(std::uint32_t)) return std::nullopt;
  if ((field.flags & TEP_FIELD_IS_STRING) != 0) {
    plan.kind = FieldPlan::Kind::kString;
  } else if (is_away || (field.flags & TEP_FIELD_IS_ARRAY) != 0) {
    plan.kind = FieldPlan::Kind::kArray;
    const unsigned element = element_size(field);
    if (element > sizeof(std::uint64_t) || !is_width(static_cast<int>(element))) return std::nullopt;
    plan.element = static_cast<std::uint16_t>(element);
  } else if (!is_width(field.size)) {
    return std::nullopt;
  }
  return plan;
}

bool string_of(const RecordBytes& record, const FieldPlan& field, std::string_view& string) {
  if (!find_bytes(record, field, string)) return false;
  string = string.substr(0, string.find('\0'));
  if (string == "(fault)") string = {};
  return true;
}

bool array_of(const RecordBytes& record, const FieldPlan& field, std::vector<std::uint64_t>& array) {
  std::string_view bytes;
  if (!find_bytes(record, field, bytes) || bytes.size() % field.element != 0) return false;
  FieldPlan element;
  element.is_signed = field.is_signed;
  element.size = field.element;
  array.clear();
  for (auto at = static_cast<std::size_t>(bytes.data() - record.bytes.data()); !bytes.empty(); at += field.element) {
    element.offset = static_cast<std::uint16_t>(at);
    array.push_back(number_of(record, element));
    bytes.remove_prefix(field.element);
  }
  return true;
}

}  // namespace custody::traces::formats::trace_dat
