// SPDX-License-Identifier: BSD-2-Clause
// What is the same in all of a text: how it is written, and what its clock counts.
#pragma once

#include <string_view>

namespace custody::traces::formats::ftrace {

struct TextForm {
  /// The clock of the records counts ticks, as `x86-tsc`, `counter` and `uptime` of trace_clock do: its times have no
  /// point. A tick is taken as a nanosecond.
  bool in_ticks = false;
  bool is_quoted_printable = false;  ///< input::QuotedPrintable
  bool is_markup = false;            ///< input::Markup: the records stand between tags
  bool ends_in_returns = false;      ///< input::CarriageReturns
  bool is_json = false;              ///< input::JsonStrings: the records stand in strings
};

/// Does JSON begin like this whose strings hold records?
[[nodiscard]] bool holds_records_in_json(std::string_view begin);

/// Told from the beginning of a text.
[[nodiscard]] TextForm form_of(std::string_view begin);

}  // namespace custody::traces::formats::ftrace
