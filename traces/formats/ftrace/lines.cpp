// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/lines.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "traces/reader.hpp"

namespace custody::traces::formats::ftrace {

namespace {
constexpr std::size_t kChunk = std::size_t{1} << 16U;
/// A mapped file is given back in pieces of this size, a multiple of the page size.
constexpr std::size_t kPiece = std::size_t{1} << 22U;
}  // namespace

Lines::Lines(const std::string& path, const std::atomic<bool>* stop) : path_(path), stop_(stop) {
  if (path == "-") {
    fd_ = 0;
    return;
  }
  fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0)
    throw InputError(path, 0, std::string("cannot be opened: ") + std::strerror(errno) + ", expected a trace file");
  struct stat info {};
  if (::fstat(fd_, &info) == 0 && S_ISDIR(info.st_mode)) {
    ::close(fd_);
    throw InputError(path, 0, "is a directory, expected a trace file");
  }
  if (!S_ISREG(info.st_mode)) return;
  if (info.st_size > 0) {
    mapped_size_ = static_cast<std::size_t>(info.st_size);
    mapped_ = ::mmap(nullptr, mapped_size_, PROT_READ, MAP_PRIVATE, fd_, 0);
    if (mapped_ == MAP_FAILED) {
      mapped_ = nullptr;
      return;
    }
    ::madvise(mapped_, mapped_size_, MADV_SEQUENTIAL);
    text_ = std::string_view(static_cast<const char*>(mapped_), mapped_size_);
  }
  ::close(fd_);
  fd_ = -1;
}

Lines::Lines(Lines&& other) noexcept
    : path_(std::move(other.path_)), text_(other.text_), at_(other.at_), buffer_(std::move(other.buffer_)),
      mapped_(std::exchange(other.mapped_, nullptr)), mapped_size_(other.mapped_size_),
      fd_(std::exchange(other.fd_, -1)), number_(other.number_), stop_(other.stop_) {}

Lines::~Lines() {
  if (mapped_ != nullptr) ::munmap(mapped_, mapped_size_);
  if (fd_ > 0) ::close(fd_);
}

std::string_view Lines::cut_to_size(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.size() <= kLongestLine) return line;
  ++cut_;
  return line.substr(0, kLongestLine);
}

void Lines::drop(std::size_t from, std::size_t to) const {
  if (mapped_ != nullptr && to > from) ::madvise(static_cast<char*>(mapped_) + from, to - from, MADV_DONTNEED);
}

bool Lines::whole_shows(std::initializer_list<std::string_view> words) const {
  constexpr std::size_t kOverlap = 64;
  for (std::size_t piece = 0; piece < text_.size(); piece += kPiece) {
    const std::string_view part = text_.substr(piece, kPiece + kOverlap);
    for (const std::string_view word : words)
      if (part.find(word) != std::string_view::npos) return true;
    drop(piece, std::min(piece + kPiece, mapped_size_));
  }
  return false;
}

bool Lines::next_of_text(std::string_view& line) {
  if (at_ >= text_.size()) return false;
  const char* begin = text_.data() + at_;
  const void* end = std::memchr(begin, '\n', text_.size() - at_);
  const std::size_t length =
      end != nullptr ? static_cast<std::size_t>(static_cast<const char*>(end) - begin) : text_.size() - at_;
  truncated_ = end == nullptr;
  at_ += length + 1;
  if (at_ - dropped_ > 4 * kPiece) {
    // The window of lines that wait to be put in order is far smaller than what is kept.
    drop(dropped_, dropped_ + 2 * kPiece);
    dropped_ += 2 * kPiece;
  }
  ++number_;
  line = cut_to_size(std::string_view(begin, length));
  return true;
}

bool Lines::wait() const {
  // Whoever stops it may have done so before poll began to wait.
  constexpr int kLookAgainMs = 100;
  struct pollfd p {
    fd_, POLLIN, 0
  };
  while (!stopped())
    if (stop_ == nullptr || ::poll(&p, 1, kLookAgainMs) > 0) return true;
  return false;
}

bool Lines::fill() {
  if (!wait()) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kChunk);
  ssize_t got = 0;
  do got = ::read(fd_, buffer_.data() + before, kChunk);
  while (got < 0 && errno == EINTR);
  buffer_.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
  if (got < 0) throw InputError(path_, number_, std::string("cannot be read: ") + std::strerror(errno));
  return got > 0;
}

bool Lines::next_of_stream(std::string_view& line) {
  std::size_t searched = at_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      const std::string_view found(buffer_.data() + at_, end - at_);
      at_ = end + 1;
      if (std::exchange(skipping_, false)) {
        searched = at_;
        continue;
      }
      ++number_;
      line = cut_to_size(found);
      return true;
    }
    if (buffer_.size() - at_ > kLongestLine + kChunk) {
      // The line is too long to be kept: its beginning is given now, the rest is dropped up to the line end.
      const bool first = !std::exchange(skipping_, true);
      static thread_local std::string head;
      if (first) head.assign(buffer_, at_, kLongestLine);
      at_ = buffer_.size();
      searched = 0;
      if (!first) {
        buffer_.clear();
        at_ = 0;
        if (!fill()) return false;
        continue;
      }
      ++number_;
      ++cut_;
      line = head;
      return true;
    }
    const std::size_t kept = buffer_.size() - at_;
    if (fill()) {
      searched = kept;
      continue;
    }
    if (stopped()) return false;
    if (buffer_.size() == at_ || skipping_) return false;
    line = cut_to_size(std::string_view(buffer_).substr(at_));
    at_ = buffer_.size();
    ++number_;
    truncated_ = true;
    return true;
  }
}

bool Lines::next(std::string_view& line) {
  if (stopped()) return false;
  return is_whole() ? next_of_text(line) : next_of_stream(line);
}

bool Lines::would_wait() const {
  if (is_whole() || buffer_.find('\n', at_) != std::string::npos) return false;
  struct pollfd p {
    fd_, POLLIN, 0
  };
  return ::poll(&p, 1, 0) == 0;
}

std::string_view Lines::peek(std::size_t most) {
  if (is_whole()) return text_.substr(0, most);
  while (buffer_.find_first_not_of(" \t\r\n", at_) == std::string::npos && buffer_.size() < most)
    if (!fill()) break;
  return std::string_view(buffer_).substr(at_, most);
}

std::size_t Lines::find_early(std::initializer_list<std::string_view> words, std::size_t most) {
  for (;;) {
    const std::string_view begin = peek(most);
    std::size_t first = most;
    for (const std::string_view word : words) first = std::min(first, begin.find(word));
    if (first < most || begin.size() == most || is_whole() || !fill()) return first;
  }
}

}  // namespace custody::traces::formats::ftrace
