// SPDX-License-Identifier: BSD-2-Clause
// Text of a trace inside a message.
#include "traces/quoting.hpp"

namespace custody::traces {
namespace {

constexpr std::size_t kMaxShown = 60;

}  // namespace

std::string shown(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "`";
  for (const char c : text.substr(0, kMaxShown)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\x";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  if (text.size() > kMaxShown) out += "...";
  return out + "`";
}

}  // namespace custody::traces
