// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace custody::traces::formats::trace_dat {

Pages::Pages(const Bytes& file, const Layout& layout, const Buffer& buffer, const CpuData& cpu, Room room)
    : source_(file.file), file_(file.all), page_size_(buffer.page_size), room_(room),
      compression_(buffer.compressed ? layout.compression : Compression::kNone), swapped_(layout.swapped),
      mapped_(file.mapped) {
  left_ = file_.substr(static_cast<std::size_t>(std::min<std::uint64_t>(cpu.offset, file_.size())));
  dropped_ = static_cast<std::size_t>(left_.data() - file_.data());
  is_cut_ = cpu.size > left_.size() || (buffer.compressed && compression_ == Compression::kNone);
  // trace-cmd says four bytes less than it has compressed; the pieces tell their own sizes.
  if (cpu.size == 0 || compression_ == Compression::kNone)
    left_ = left_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(cpu.size, left_.size())));
  if (buffer.compressed && compression_ == Compression::kNone) left_ = {};
  if (compression_ == Compression::kNone || left_.empty()) return;
  Cursor at(left_, swapped_);
  pieces_ = at.number<std::uint32_t>();
  is_cut_ = is_cut_ || at.failed();
  left_.remove_prefix(static_cast<std::size_t>(at.at()));
}

void Pages::drop() {
  const auto at = static_cast<std::size_t>(left_.data() - file_.data());
  if (!mapped_ || at - dropped_ < room_.mapped) return;
  const auto granule = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t from = (dropped_ + granule - 1) / granule * granule;
  const std::size_t to = (at - static_cast<std::size_t>(room_.mapped / 2)) / granule * granule;
  if (to <= from) return;
  ::madvise(const_cast<char*>(file_.data()) + from, to - from, MADV_DONTNEED);
  dropped_ = to;
}

Pages::Next Pages::next_piece() {
  if (pieces_ == 0) return is_cut_ ? Next::kCut : Next::kEnd;
  --pieces_;
  Cursor at(left_, swapped_);
  const auto packed_size = at.number<std::uint32_t>();
  const auto size = at.number<std::uint32_t>();
  const std::string_view packed = at.take(packed_size);
  if (at.failed()) {
    pieces_ = 0;
    is_cut_ = true;
    return Next::kCut;
  }
  left_.remove_prefix(static_cast<std::size_t>(at.at()));
  drop();
  const bool fits = size <= room_.piece && can_hold(compression_, packed, size);
  if (fits) piece_.resize(size);
  const bool is_unpacked = fits && unpack(compression_, packed, piece_);
  if (source_ != nullptr && source_->shrank()) {
    pieces_ = 0;
    is_cut_ = true;
    return Next::kCut;
  }
  if (!is_unpacked) return Next::kDamaged;
  unpacked_ = piece_;
  return Next::kPage;
}

/// What is copied before the file is cut stays.
Pages::Next Pages::whole_page(std::string_view& page) {
  if (source_ == nullptr || page.size() > kLargestCopy) return Next::kPage;
  page = piece_.assign(page);
  if (source_->was_there(page)) return Next::kPage;
  left_ = {};
  is_cut_ = true;
  return Next::kCut;
}

Pages::Next Pages::next(std::string_view& page) {
  if (compression_ == Compression::kNone) {
    if (left_.empty()) return is_cut_ ? Next::kCut : Next::kEnd;
    page = left_.substr(0, static_cast<std::size_t>(page_size_));
    left_.remove_prefix(page.size());
    drop();
    return whole_page(page);
  }
  while (unpacked_.empty())
    if (const Next next = next_piece(); next != Next::kPage) return next;
  page = unpacked_.substr(0, static_cast<std::size_t>(page_size_));
  unpacked_.remove_prefix(page.size());
  return Next::kPage;
}

}  // namespace custody::traces::formats::trace_dat
