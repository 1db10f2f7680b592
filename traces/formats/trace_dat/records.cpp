// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/records.hpp"

namespace custody::traces::formats::trace_dat {

void Records::damage() {
  missing_.any = missing_.is_certain = true;
  ++missing_.damaged;
  at_ = end_;
}

bool Records::next_page() {
  for (std::string_view page;;) {
    switch (pages_.next(page)) {
      case Pages::Next::kPage: begin_page(page); return true;
      case Pages::Next::kEnd: return false;
      case Pages::Next::kCut: is_cut_ = true; return false;
      case Pages::Next::kDamaged:
        missing_.any = missing_.is_certain = true;
        ++missing_.damaged;
        break;
    }
  }
}

void Records::begin_page(std::string_view page) {
  constexpr std::uint64_t kMissed = std::uint64_t{1} << 31U, kCounted = std::uint64_t{1} << 30U;
  constexpr std::uint64_t kSize = (std::uint64_t{1} << 27U) - 1;
  at_ = end_ = page.data();
  if (page.size() < head_size_) return damage();
  const bool is_long = head_size_ == 2 * sizeof(std::uint64_t);
  const auto number = [&](const char* at) {
    return is_long ? load<std::uint64_t>(at, swapped_) : load<std::uint32_t>(at, swapped_);
  };
  const std::uint64_t commit = number(page.data() + sizeof(std::uint64_t));
  const std::uint64_t size = commit & kSize;
  const std::size_t room = page.size() - head_size_;
  if (size > room) return damage();
  record_.ts = load<std::uint64_t>(page.data(), swapped_);
  at_ = page.data() + head_size_;
  end_ = at_ + size;
  missing_.is_certain = missing_.is_certain || (commit & kMissed) != 0;
  missing_.any = missing_.is_certain || (drops_ && !is_first_page_);
  is_first_page_ = false;
  if ((commit & kMissed) != 0 && (commit & kCounted) != 0 && room - size >= head_size_ - sizeof(std::uint64_t))
    missing_.count += number(end_);
}

}  // namespace custody::traces::formats::trace_dat
