// SPDX-License-Identifier: BSD-2-Clause
// Lines of a trace, from a file or from a stream that is still being written.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace custody::traces::formats::ftrace {

/// Lines without their line end (LF or CRLF). A line longer than `kLongestLine` is cut there: memory stays bounded.
class Lines {
 public:
  static constexpr std::size_t kLongestLine = std::size_t{1} << 20U;

  /// Opens `path`; `-` is standard input. Throws InputError where it cannot be read. Where `stop` becomes true, also
  /// while a stream is waited for, there are no more lines; it must outlive the object.
  explicit Lines(const std::string& path, const std::atomic<bool>* stop = nullptr);
  /// Reads from `text`, which must outlive the object.
  static Lines of_text(std::string_view text) { return {text, 0}; }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  Lines(Lines&& other) noexcept;
  Lines& operator=(Lines&&) = delete;
  ~Lines();

  /// False at the end. The view is valid until the next call; for `is_whole` sources, as long as the object.
  [[nodiscard]] bool next(std::string_view& line);
  /// Number of the line that `next` gave last, from 1.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// Bytes up to the end of that line, of `whole`; 0 for a stream.
  [[nodiscard]] std::uint64_t offset() const { return is_whole() ? at_ : 0; }
  /// The last line given has no line end.
  [[nodiscard]] bool truncated() const { return truncated_; }
  /// Lines that were cut.
  [[nodiscard]] std::uint64_t cut() const { return cut_; }
  /// The whole input is in memory: `whole` is all of it.
  [[nodiscard]] bool is_whole() const { return fd_ < 0; }
  [[nodiscard]] std::string_view whole() const { return text_; }
  /// Does a part of `whole` hold one of `words`? Looks at a piece at a time, so that a large file is not kept in
  /// memory.
  [[nodiscard]] bool whole_shows(std::initializer_list<std::string_view> words) const;
  /// Does one of `words` stand within the first `most` bytes? A stream waits for so many, or for the first word. Where
  /// it stands, or `most`.
  [[nodiscard]] std::size_t find_early(std::initializer_list<std::string_view> words, std::size_t most);
  /// A stream that would have to wait for its next line.
  [[nodiscard]] bool would_wait() const;
  /// Up to `most` first bytes, without consuming them; a stream waits for its first bytes.
  [[nodiscard]] std::string_view peek(std::size_t most);

 private:
  Lines(std::string_view text, int) : text_(text) {}
  [[nodiscard]] bool next_of_text(std::string_view& line);
  [[nodiscard]] bool next_of_stream(std::string_view& line);
  void drop(std::size_t from, std::size_t to) const;
  [[nodiscard]] bool fill();
  [[nodiscard]] bool stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }
  /// Until there is something to read, or the end. False where it is stopped before.
  [[nodiscard]] bool wait() const;
  [[nodiscard]] std::string_view cut_to_size(std::string_view line);

  std::string path_;
  std::string_view text_;  ///< mapped or given
  std::size_t at_ = 0;     ///< in text_, or in buffer_
  std::string buffer_;     ///< of a stream
  void* mapped_ = nullptr;
  std::size_t mapped_size_ = 0;
  std::size_t dropped_ = 0;  ///< of a mapped file: what lies before needs no memory any more
  int fd_ = -1;
  std::uint64_t number_ = 0;
  std::uint64_t cut_ = 0;
  const std::atomic<bool>* stop_ = nullptr;
  bool truncated_ = false;
  bool skipping_ = false;  ///< inside the rest of a cut line
};

}  // namespace custody::traces::formats::ftrace
