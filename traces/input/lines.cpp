// SPDX-License-Identifier: BSD-2-Clause
// Lines of a trace, from a file or from a stream that is still being written.
#include "traces/input/lines.hpp"

#include <algorithm>
#include <cstring>

namespace custody::traces::input {

namespace {
constexpr std::size_t kChunk = std::size_t{1} << 16U;

/// Without what of its end is there, where it has one. `cut` counts the lines that are too long.
std::string_view cut_to_size(std::string_view line, bool ends, std::uint64_t& cut) {
  if (ends) line = without_carriage_returns(line);
  if (line.size() <= Lines::kLongestLine) return line;
  ++cut;
  return line.substr(0, Lines::kLongestLine);
}

/// The first line of a text that is not empty.
Blocks::Line line_of(std::string_view text) {
  const void* const end = std::memchr(text.data(), '\n', text.size());
  if (end == nullptr) return {text, text.size(), false};
  const auto length = static_cast<std::size_t>(static_cast<const char*>(end) - text.data());
  return {text.substr(0, length), length, true};
}

}  // namespace

std::string_view Lines::excerpt(std::size_t at, std::size_t size, std::string& room) const {
  return file_ != nullptr ? file_->read(at, size, room) : text_.substr(std::min(at, text_.size()), size);
}

bool Lines::has_shrunk() {
  if (damage_.empty() && file_ != nullptr && file_->shrank()) damage_ = "it shrank while it was read";
  return !damage_.empty();
}

bool Lines::next_of_whole(std::string_view& line) {
  if (!damage_.empty()) return false;
  if (at_ >= text_.size()) return static_cast<void>(has_shrunk()), false;
  const Blocks::Line got = file_ != nullptr ? blocks_.line(*file_, at_) : line_of(text_.substr(at_));
  // What has its end is whole.
  if (!got.ends && has_shrunk()) return false;
  if (!got.ends && at_ + got.length < text_.size()) {
    damage_ = "it cannot be read behind byte " + std::to_string(at_ + got.length);
    return false;
  }
  at_ += got.length + 1;
  truncated_ = !got.ends;
  ++number_;
  const bool has_all = got.text.size() == got.length;
  line = has_all ? cut_to_size(got.text, got.ends, cut_) : got.text.substr(0, kLongestLine);
  cut_ += has_all ? 0U : 1U;
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
      line = cut_to_size(std::string_view(buffer_.data() + at_, end - at_), true, cut_);
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
    line = cut_to_size(std::string_view(buffer_).substr(at_), false, cut_);
    at_ = buffer_.size();
    truncated_ = true;
    break;
  }
  ++number_;
  return true;
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
