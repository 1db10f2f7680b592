// SPDX-License-Identifier: BSD-2-Clause
// A stream as a file: what is needed first of a trace.dat can stand at its end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "traces/formats/trace_dat/pages.hpp"
#include "traces/input/lines.hpp"

namespace custody::traces::formats::trace_dat {

/// All that is left of a stream, in a temporary file without name, in the directory that TMPDIR names, else /tmp.
class Spool {
 public:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 36U;

  /// Reads `lines` to its end. Throws InputError where there is more than `kMostBytes`, and where there is no room.
  Spool(input::Lines& lines, const std::string& path);
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  /// As long as the object.
  [[nodiscard]] Bytes bytes() const;

 private:
  void write(std::string_view bytes, const std::string& path);

  int fd_ = -1;
  void* mapped_ = nullptr;
  std::uint64_t size_ = 0;
};

}  // namespace custody::traces::formats::trace_dat
