// SPDX-License-Identifier: BSD-2-Clause
// Lines of a trace, from a file or from a stream that is still being written.
#include "traces/input/lines.hpp"

#include <algorithm>
#include <cstring>

namespace custody::traces::input {

namespace {
constexpr std::size_t kChunk = std::size_t{1} << 16U;
/// A mapped file is given back in pieces of this size, a multiple of the page size.
constexpr std::size_t kPiece = std::size_t{1} << 22U;

/// Where the next line end is, or `most`. Looks at a piece at a time: what became a hole may be gigabytes of zeros.
std::size_t end_of_line(const char* begin, std::size_t most, const MappedFile* file) {
  constexpr std::size_t kLook = std::size_t{1} << 16U;
  for (std::size_t from = 0; from < most; from += kLook) {
    const std::size_t length = std::min(kLook, most - from);
    if (const void* end = std::memchr(begin + from, '\n', length))
      return static_cast<std::size_t>(static_cast<const char*>(end) - begin);
    if (file != nullptr && file->met_a_hole()) break;
  }
  return most;
}

}  // namespace

std::string_view Lines::cut_to_size(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.size() <= kLongestLine) return line;
  ++cut_;
  return line.substr(0, kLongestLine);
}

std::string_view Lines::excerpt(std::size_t at, std::size_t size, std::string& room) const {
  return file_ != nullptr ? file_->read(at, size, room) : text_.substr(std::min(at, text_.size()), size);
}

bool Lines::has_shrunk() {
  if (damage_.empty() && file_ != nullptr && file_->shrank()) damage_ = "it shrank while it was read";
  return !damage_.empty();
}

bool Lines::next_of_text(std::string_view& line) {
  if (!damage_.empty()) return false;
  const char* begin = text_.data() + at_;
  const std::size_t left = at_ < text_.size() ? text_.size() - at_ : 0;
  const std::size_t length = end_of_line(begin, left, file_.get());
  const std::size_t before = at_;
  if (left != 0) at_ += length + 1;
  // What became a hole is zeros up to the end: a line that has its end is whole.
  if ((length == left || at_ >= text_.size()) && has_shrunk()) return false;
  if (left == 0) return false;
  truncated_ = length == left;
  if (before - dropped_ > 4 * kPiece) {
    // The window of lines that wait to be put in order is far smaller than what is kept.
    if (file_ != nullptr) file_->drop(dropped_, dropped_ + 2 * kPiece);
    dropped_ += 2 * kPiece;
  }
  ++number_;
  line = cut_to_size(std::string_view(begin, length));
  return true;
}

bool Lines::fill() {
  if (!damage_.empty()) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kChunk);
  std::size_t got = 0;
  try {
    got = source_->read(buffer_.data() + before, kChunk);
  } catch (const Damage& damage) {
    damage_ = damage.what();
  }
  buffer_.resize(before + got);
  return got > 0;
}

/// The line is too long to be kept: what is in the buffer is its beginning, the rest is dropped up to the line end.
/// False where that never came: the line is then not whole.
bool Lines::skip_rest() {
  head_.assign(buffer_, at_, kLongestLine);
  for (;;) {
    const std::size_t end = buffer_.find('\n', at_);
    at_ = end == std::string::npos ? buffer_.size() : end + 1;
    if (end != std::string::npos) return true;
    if (!fill()) return false;
  }
}

bool Lines::next_of_stream(std::string_view& line) {
  std::size_t searched = at_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      line = cut_to_size(std::string_view(buffer_.data() + at_, end - at_));
      at_ = end + 1;
      break;
    }
    if (buffer_.size() - at_ > kLongestLine + kChunk) {
      truncated_ = !skip_rest();
      if (truncated_ && (stopped() || !damage_.empty())) return false;
      ++cut_;
      line = head_;
      break;
    }
    const std::size_t kept = buffer_.size() - at_;
    if (fill()) {
      searched = kept;
      continue;
    }
    if (stopped() || !damage_.empty() || buffer_.size() == at_) return false;
    line = cut_to_size(std::string_view(buffer_).substr(at_));
    at_ = buffer_.size();
    truncated_ = true;
    break;
  }
  ++number_;
  return true;
}

bool Lines::next(std::string_view& line) {
  if (stopped()) return false;
  return is_whole() ? next_of_text(line) : next_of_stream(line);
}

bool Lines::would_wait() const {
  return !is_whole() && buffer_.find('\n', at_) == std::string::npos && source_->would_wait();
}

std::string_view Lines::peek(std::size_t most) {
  if (is_whole()) return text_.substr(std::min(at_, text_.size()), most);
  while (buffer_.find_first_not_of(" \t\r\n", at_) == std::string::npos && buffer_.size() < most)
    if (!fill()) break;
  return std::string_view(buffer_).substr(at_, most);
}

std::string_view Lines::peek_all(std::size_t most) {
  while (!is_whole() && buffer_.size() - at_ < most)
    if (!fill()) break;
  return peek(most);
}

std::size_t Lines::read_bytes(char* into, std::size_t size) {
  if (is_whole() || size == 0 || (at_ == buffer_.size() && !fill())) return 0;
  const std::size_t count = std::min(size, buffer_.size() - at_);
  std::memcpy(into, buffer_.data() + at_, count);
  at_ += count;
  return count;
}

}  // namespace custody::traces::input
