// SPDX-License-Identifier: BSD-2-Clause
// The records of one processor, out of its ring-buffer pages. Source of the layout: kernel/trace/ring_buffer.c of Linux
// 6.1, and src/kbuffer-parse.c of libtraceevent 1.7, whose reading of time stamps is followed.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <utility>

#include "traces/formats/trace_dat/pages.hpp"

namespace custody::traces::formats::trace_dat {

/// One record, of `size` bytes.
struct Record {
  const char* data = nullptr;
  std::size_t size = 0;
  std::uint64_t ts = 0;
};

/// What is missing right before a record.
struct Missing {
  bool any = false;
  bool is_certain = false;    ///< else the recorder dropped events, and it may have been here
  std::uint64_t count = 0;    ///< events that were lost; 0: the page does not tell
  std::uint64_t damaged = 0;  ///< pages that could not be read, or not to their end
};

class Records {
 public:
  /// `drops`: the recorder says that events were not written; that may have been between any two pages.
  Records(Pages pages, unsigned long_size, bool swapped, bool drops)
      : pages_(std::move(pages)), head_size_(sizeof(std::uint64_t) + long_size), swapped_(swapped), drops_(drops) {}

  /// False at the end. `missing` is then what is missing at the end.
  [[nodiscard]] bool next();
  [[nodiscard]] const Record& record() const { return record_; }
  [[nodiscard]] const Missing& missing() const { return missing_; }
  /// At the end: the file ends before the processor's data do.
  [[nodiscard]] bool is_cut() const { return is_cut_; }

 private:
  [[nodiscard]] bool next_page();
  void begin_page(std::string_view page);
  [[nodiscard]] std::uint32_t word(const char* at) const { return load<std::uint32_t>(at, swapped_); }
  /// Decodes what is at `at_`. False where that is no record.
  [[nodiscard]] bool take();
  void damage();

  Pages pages_;
  std::size_t head_size_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  Record record_;
  Missing missing_;
  bool swapped_;
  bool drops_;
  bool is_first_page_ = true;
  bool is_cut_ = false;
};

inline bool Records::next() {
  missing_ = {};
  for (;;) {
    while (at_ < end_)
      if (take()) return true;
    if (!next_page()) return false;
  }
}

inline bool Records::take() {
  constexpr std::uint32_t kPadding = 29, kTimeExtend = 30, kTimeStamp = 31;
  constexpr unsigned kLengthBits = 5, kDeltaBits = 27;
  constexpr std::ptrdiff_t kWord = sizeof(std::uint32_t);
  const std::ptrdiff_t left = end_ - at_;
  if (left < kWord) return damage(), false;
  const std::uint32_t head = word(at_);
  // The kernel's bit fields: a big-endian machine has the length in the upper bits.
  const bool big = swapped_ != (std::endian::native == std::endian::big);
  const std::uint32_t type = big ? head >> kDeltaBits : head & ((1U << kLengthBits) - 1);
  const std::uint64_t delta = big ? head & ((1U << kDeltaBits) - 1) : head >> kLengthBits;
  if (type != 0 && type < kPadding) {
    const auto size = static_cast<std::ptrdiff_t>(type) * kWord;
    if (left < kWord + size) return damage(), false;
    record_.ts += delta;
    record_.data = at_ + kWord;
    record_.size = static_cast<std::size_t>(size);
    at_ += kWord + size;
    return true;
  }
  if (left < 2 * kWord) return damage(), false;
  const std::uint32_t more = word(at_ + kWord);
  if (type == kTimeExtend || type == kTimeStamp) {
    const std::uint64_t time = (std::uint64_t{more} << kDeltaBits) + delta;
    // The five upper bits of an absolute time stamp are those of the time before it.
    constexpr std::uint64_t kUpper = std::uint64_t{0xf8} << 56U;
    record_.ts = type == kTimeExtend ? record_.ts + time : time | (record_.ts & kUpper);
    at_ += 2 * kWord;
    return false;
  }
  if (type == kPadding) {
    if (delta == 0) return at_ = end_, false;  // to the end of the page
    record_.ts += delta;
    if (more > static_cast<std::uint64_t>(left - kWord)) return damage(), false;
    at_ += kWord + more;
    return false;
  }
  // The length counts itself, and what follows begins at a whole word.
  const std::uint64_t whole = (std::uint64_t{more} + kWord - 1) / kWord * kWord;
  if (more < kWord || whole > static_cast<std::uint64_t>(left - kWord)) return damage(), false;
  record_.ts += delta;
  record_.data = at_ + 2 * kWord;
  record_.size = more - static_cast<std::size_t>(kWord);
  at_ += kWord + static_cast<std::ptrdiff_t>(whole);
  return true;
}

}  // namespace custody::traces::formats::trace_dat
