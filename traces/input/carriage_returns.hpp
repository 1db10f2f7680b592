// SPDX-License-Identifier: BSD-2-Clause
// Text whose lines end in a carriage return alone, as some programs for serial lines keep it.
#pragma once

#include <string>
#include <string_view>

#include "traces/input/decoder.hpp"

namespace custody::traces::input {

/// Is text that begins so written like this?
[[nodiscard]] bool ends_lines_with_returns(std::string_view begin);

/// The text with line feeds in their place.
class CarriageReturns final : public Decoder {
 public:
  using Decoder::Decoder;

 private:
  void decode(std::string& raw, bool ended, std::string& text) override;
};

}  // namespace custody::traces::input
