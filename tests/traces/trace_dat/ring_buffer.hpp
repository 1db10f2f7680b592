// SPDX-License-Identifier: BSD-2-Clause
// Writes pages as the kernel's ring buffer does (kernel/trace/ring_buffer.c), for the tests of their reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/traces/trace_dat/output.hpp"

namespace custody::traces::test {

/// The pages of one processor. Every third page begins with an absolute time stamp, and every fifth holds a discarded
/// record, so that each kind of entry is there.
class RingBuffer {
 public:
  RingBuffer(bool big_endian, unsigned long_size, std::size_t page_size)
      : page_(big_endian), long_size_(long_size), page_size_(page_size) {}

  void add(std::uint64_t ts, std::string_view record);
  /// `count` events are lost before the next record; 0: it is not known how many.
  void lose(std::uint64_t count);
  /// All pages.
  [[nodiscard]] std::string finish();

 private:
  void begin(std::uint64_t ts);
  void end();
  void entry(std::uint32_t type, std::uint64_t delta);

  Output page_;
  unsigned long_size_;
  std::size_t page_size_;
  std::string pages_;
  std::uint64_t ts_ = 0;
  std::uint64_t missed_ = 0;  ///< flags of the page that is begun next
  std::uint64_t lost_ = 0;
  std::uint64_t flags_ = 0, count_ = 0;  ///< of this page
  unsigned number_ = 0;
};

}  // namespace custody::traces::test
