// SPDX-License-Identifier: BSD-2-Clause
// Carriage returns: those that end lines beside line feeds, and text whose lines end in them alone, as some programs
// for serial lines keep it.
#pragma once

#include <string>
#include <string_view>

#include "traces/input/decoder.hpp"

namespace custody::traces::input {

/// A line without those at its end: each program that hands a text on may add one.
[[nodiscard]] inline std::string_view without_carriage_returns(std::string_view line) {
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// Is text that begins so written with carriage returns alone?
[[nodiscard]] bool ends_lines_with_returns(std::string_view begin);

/// The text with line feeds in their place.
class CarriageReturns final : public Decoder {
 public:
  using Decoder::Decoder;

 private:
  void decode(std::string& raw, bool ended, std::string& text) override;
};

}  // namespace custody::traces::input
