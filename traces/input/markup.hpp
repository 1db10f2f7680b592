// SPDX-License-Identifier: BSD-2-Clause
// Lines that a web page or a mail in HTML puts between tags.
#pragma once

#include <string>
#include <string_view>

#include "traces/input/decoder.hpp"

namespace custody::traces::input {

/// The tag of text that begins at `at`, as `<br />` and `</p>` are: its name, of those that stand between and around
/// lines, in small letters, with the `/` of an end, and where it ends. No name: none begins there. `<idle>` and `<...>`
/// are no tags.
struct Tag {
  std::string_view name;
  std::size_t end = 0;
  bool ends_line = false;  ///< what follows is on another line
};
[[nodiscard]] Tag tag_at(std::string_view text, std::size_t at);

/// Text without such tags, and an end of line where they make one and none is. References as `&lt;` stay.
class Markup final : public Decoder {
 public:
  using Decoder::Decoder;

 private:
  void decode(std::string& raw, bool ended, std::string& text) override;
  void end_line(std::string& text);
  bool in_line_ = false;  ///< something was given since the last end of a line
};

}  // namespace custody::traces::input
