// SPDX-License-Identifier: BSD-2-Clause
// A stream as a file: what is needed first of a trace.dat can stand at its end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "traces/formats/trace_dat/pages.hpp"
#include "traces/input/lines.hpp"
#include "traces/input/temporary_file.hpp"

namespace custody::traces::formats::trace_dat {

/// All that is left of a stream, in a temporary file.
class Spool {
 public:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 36U;

  /// Reads `lines` to its end. Throws InputError where there is more than `kMostBytes`, and where there is no room.
  Spool(input::Lines& lines, const std::string& path);
  /// As long as the object.
  [[nodiscard]] Bytes bytes() const { return {all_, true, nullptr}; }

 private:
  input::TemporaryFile file_;
  std::string_view all_;
};

}  // namespace custody::traces::formats::trace_dat
