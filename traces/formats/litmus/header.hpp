// SPDX-License-Identifier: BSD-2-Clause
// The header of a litmus file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "traces/directory.hpp"
#include "traces/formats/litmus/expectations.hpp"
#include "traces/input/lines.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::litmus {

struct ParsedHeader {
  Header header;
  std::vector<DeviceInfo> devices;
  std::vector<std::string_view> older;                             ///< buffers from before the trace
  std::vector<Expected> expected;                                  ///< what becomes `header.expectations`
  std::unordered_set<std::string_view> device_names, older_names;  ///< views of the file's lines
};

/// What a litmus file begins with.
inline constexpr std::string_view kMagic = "custody litmus:";

/// What a line of the header can begin with.
inline constexpr std::string_view kHeaderWords[] = {"arch",  "device",   "older",    "contract",  "policy",
                                                    "trust", "accesses", "cpu_line", "by_probes", "expect"};

/// Takes lines up to and with the blank line that ends the header. Throws InputError for anything that is not a header
/// line.
[[nodiscard]] ParsedHeader parse_header(input::Lines& lines, const std::string& path);

}  // namespace custody::traces::formats::litmus
