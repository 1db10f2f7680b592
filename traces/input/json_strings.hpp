// SPDX-License-Identifier: BSD-2-Clause
// Text that stands in strings of JSON: a log as one object a line, or a trace as a member of something.
#pragma once

#include <string>
#include <string_view>

#include "traces/input/decoder.hpp"

namespace custody::traces::input {

/// What strings say, each on lines of its own. A string that has neither a blank nor what a record could have, such as
/// the name of a member or a date, says nothing. What stands between strings and is no JSON is told as it is, so that
/// it is seen where a quote was lost. An end of a line ends a string.
class JsonStrings final : public Decoder {
 public:
  using Decoder::Decoder;

 private:
  void decode(std::string& raw, bool ended, std::string& text) override;
  [[nodiscard]] std::size_t decode_escape(std::string_view raw, bool ended);
  void put(char c, std::string& text);
  void end_string(std::string& text, bool ends_line);

  bool in_string_ = false;
  bool is_told_ = false;  ///< what is held is a part of what was decided to be told
  std::string held_;      ///< of the string, until it is known whether it is told
  std::string outside_;   ///< what is no JSON
};

/// `text`, which may end anywhere, decoded.
[[nodiscard]] std::string strings_of_json(std::string_view text);

}  // namespace custody::traces::input
