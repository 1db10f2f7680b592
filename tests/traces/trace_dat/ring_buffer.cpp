// SPDX-License-Identifier: BSD-2-Clause
#include "tests/traces/trace_dat/ring_buffer.hpp"

namespace custody::traces::test {

namespace {
constexpr std::uint32_t kPadding = 29, kTimeExtend = 30, kTimeStamp = 31;
constexpr std::uint64_t kMissed = std::uint64_t{1} << 31U, kCounted = std::uint64_t{1} << 30U;
constexpr std::uint64_t kDelta = (std::uint64_t{1} << 27U) - 1;
constexpr std::size_t kLargest = 28 * sizeof(std::uint32_t);
}  // namespace

void RingBuffer::entry(std::uint32_t type, std::uint64_t delta) {
  const auto d = static_cast<std::uint32_t>(delta & kDelta);
  page_.put(page_.big_endian() ? type << 27U | d : d << 5U | type);
}

void RingBuffer::begin(std::uint64_t ts) {
  page_.put(ts);
  if (long_size_ == 8) page_.put(std::uint64_t{0});
  else page_.put(std::uint32_t{0});
  flags_ = missed_;
  count_ = lost_;
  missed_ = lost_ = 0;
  ts_ = ts;
  ++number_;
  if (number_ % 3 == 0) {
    entry(kTimeStamp, ts);
    page_.put(static_cast<std::uint32_t>(ts >> 27U));
  }
  if (number_ % 5 == 0) {
    entry(kPadding, 1);
    page_.put(std::uint32_t{8}).put(std::uint32_t{0xdeadbeef});
    ++ts_;
  }
}

void RingBuffer::end() {
  if (page_.size() == 0) return;
  const std::uint64_t commit = (page_.size() - sizeof(std::uint64_t) - long_size_) | flags_;
  if (long_size_ == 8) page_.patch(sizeof(std::uint64_t), commit);
  else page_.patch(sizeof(std::uint64_t), static_cast<std::uint32_t>(commit));
  if (long_size_ == 8) page_.put(count_);
  else page_.put(static_cast<std::uint32_t>(count_));
  page_.align(page_size_);
  pages_ += page_.bytes();
  page_ = Output(page_.big_endian());
}

void RingBuffer::lose(std::uint64_t count) {
  end();
  missed_ = count == 0 ? kMissed : kMissed | kCounted;
  lost_ = count;
}

void RingBuffer::add(std::uint64_t ts, std::string_view record) {
  const std::size_t size = (record.size() + 3) / 4 * 4;
  // Two words of head, two of a longer time, and the count of what was lost behind all.
  if (page_.size() + size + 24 > page_size_) end();
  if (page_.size() == 0) begin(ts - (number_ % 5 == 4 ? 1 : 0));
  std::uint64_t delta = ts - ts_;
  if (delta > kDelta) {
    entry(kTimeExtend, delta);
    page_.put(static_cast<std::uint32_t>(delta >> 27U));
    delta = 0;
  }
  ts_ = ts;
  entry(size <= kLargest ? static_cast<std::uint32_t>(size / 4) : 0, delta);
  if (size > kLargest) page_.put(static_cast<std::uint32_t>(size + sizeof(std::uint32_t)));
  page_.put(record);
  page_.align(4);
}

std::string RingBuffer::finish() {
  end();
  return pages_;
}

}  // namespace custody::traces::test
