// SPDX-License-Identifier: BSD-2-Clause
// Fields as tools other than tracefs print them, and what is no field at all.
#pragma once

#include <string>
#include <string_view>

#include "traces/formats/ftrace/fields.hpp"
#include "traces/formats/ftrace/probes.hpp"

namespace custody::traces::formats::ftrace {

/// The field of a record of `probe` that is called so, by its own name or as kernel functions and tools call it;
/// kCount: none. What a call returned is the object that the probe is about.
[[nodiscard]] Fields::Name field_of(std::string_view key, Probe probe);

/// Does a field of that name say where a probe hit? The kernel puts it into each record of a probe, and libtraceevent
/// and Perfetto tell it with the raw fields.
[[nodiscard]] bool is_location(std::string_view key);

/// How a tool prints all the records of a trace.
struct FieldStyle {
  bool leaves_out_zeros = false;  ///< no field whose value is 0
  bool bare_pointers = false;     ///< no 0x before a pointer, so that one without a letter looks decimal
};

/// Parses what `parse_fields` does not: `key: value,` of perf trace; strings without quotes, and a `[FAILED TO PARSE]`
/// before raw fields, of trace-cmd; the names that kernel functions give their arguments (`direction`, `sg`, ...) and
/// that unnamed arguments get (`arg1`, `retval`); directions and attributes as words; a direction said twice,
/// `FROM_DEVICE(2)`; pointers of 8 or 16 digits without 0x; where `trace-cmd report --debug` found the record; what
/// `clean` takes away. `text` is where views of `fields` point into.
///
/// Attributes without 0x beside pointers without it may be decimal or not: they are damage but for one digit.
/// `fields.damage` is what makes the record unreadable: a word that is no field, a field that is there twice, a value
/// that is none of a field that the probe needs. `fields.malformed` is an optional field without a readable value.
void parse_odd_fields(std::string_view rest, Probe probe, FieldStyle style, std::string& text, Fields& fields);

}  // namespace custody::traces::formats::ftrace
