// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/tracepoint_raw.hpp"

#include "traces/formats/ftrace/tracepoint_fields.hpp"
#include "traces/formats/ftrace/tracepoint_values.hpp"

namespace custody::traces::formats::ftrace {

namespace {

using Said = TracepointFieldName::Kind;

/// `key=` of a field that is known at `at`; its place in `text` is behind the sign then.
const TracepointFieldName* take_key(std::string_view text, std::size_t& at) {
  while (at < text.size() && text[at] == ' ') ++at;
  const std::size_t equals = text.find_first_of("= ", at);
  if (equals == std::string_view::npos || text[equals] == ' ') return nullptr;
  const TracepointFieldName* field = find_tracepoint_field(text.substr(at, equals - at));
  if (field != nullptr) at = equals + 1;
  return field;
}

/// Of a string that is not quoted: where the next field begins.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (std::size_t blank = text.find(' ', at); blank != std::string_view::npos; blank = text.find(' ', blank + 1))
    if (std::size_t next = blank; take_key(text, next) != nullptr) return blank;
  return text.size();
}

bool parse_raw_number(TracepointField field, std::string_view value, Tracepoint& out) {
  std::uint64_t number = 0;
  std::int64_t negative = 0;
  if (trimmed(value).substr(0, 1) == "-") {
    if (!parse_signed(value, negative)) return false;
    number = static_cast<std::uint64_t>(negative);
  } else if (!parse_number(value, 10, number)) {
    return false;
  }
  if (field == TracepointField::kDir && number > static_cast<std::uint64_t>(model::Direction::kNone)) return false;
  set_number(field, number, out);
  return true;
}

}  // namespace

std::string_view parse_raw_tracepoint(std::string_view rest, Tracepoint& out) {
  std::uint32_t present = 0;
  for (std::size_t at = 0; at < rest.size();) {
    const TracepointFieldName* field = take_key(rest, at);
    if (field == nullptr) {
      static_cast<void>(next_word(rest, at));
      continue;
    }
    // It pads numbers.
    while (field->kind == Said::kNumber && at < rest.size() && rest[at] == ' ') ++at;
    const std::size_t end = field->kind == Said::kString ? end_of_string(rest, at) : end_of_value(rest, at);
    const std::string_view value = rest.substr(at, end - at);
    at = end;
    present |= 1U << static_cast<unsigned>(field->field);
    const std::size_t width = field->field == TracepointField::kSizes ? 4 : 8;
    if (field->kind == Said::kString) string_in(field->field, out) = trimmed(value);
    else if (field->kind == Said::kArray ? !parse_array(value, width, array_in(field->field, out))
                                         : !parse_raw_number(field->field, value, out))
      return field->name;
  }
  if (const std::string_view missing = missing_field(out.kind, present); !missing.empty()) return missing;
  const bool has_attrs = (present >> static_cast<unsigned>(TracepointField::kAttrs) & 1U) != 0;
  if (has_attributes(out.kind) && !has_attrs) return "attrs";
  return complete(present, out);
}

}  // namespace custody::traces::formats::ftrace
