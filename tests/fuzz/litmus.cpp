// SPDX-License-Identifier: BSD-2-Clause
// Target: litmus files.
#include "traces/formats/litmus/reader.hpp"

#include "tests/fuzz/properties.hpp"
#include "tests/fuzz/targets.hpp"

namespace custody::fuzz {

void litmus(std::string_view bytes) {
  constexpr ReadLines kRead = [](auto& lines, auto& sink, auto& statistics) {
    statistics = traces::formats::litmus::read_litmus(lines.whole(), "trace.litmus", sink);
  };
  const Reader read = reader_of(bytes, kRead);
  require_conversions(read);
}

}  // namespace custody::fuzz
