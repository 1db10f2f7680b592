// SPDX-License-Identifier: BSD-2-Clause
#include "traces/input/carriage_returns.hpp"

#include <algorithm>

namespace custody::traces::input {

bool ends_lines_with_returns(std::string_view begin) {
  return begin.find('\n') == std::string_view::npos && std::count(begin.begin(), begin.end(), '\r') >= 2;
}

void CarriageReturns::decode(std::string& raw, bool /*ended*/, std::string& text) {
  std::replace(raw.begin(), raw.end(), '\r', '\n');
  text += raw;
  raw.clear();
}

}  // namespace custody::traces::input
