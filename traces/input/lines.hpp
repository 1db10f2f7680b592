// SPDX-License-Identifier: BSD-2-Clause
// Lines of a trace, from a file or from a stream that is still being written.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "traces/input/blocks.hpp"
#include "traces/input/byte_source.hpp"
#include "traces/input/carriage_returns.hpp"
#include "traces/input/mapped_file.hpp"

namespace custody::traces::input {

/// Lines without their line end (LF or CRLF). A line longer than `kLongestLine` is cut there: memory stays bounded.
class Lines {
 public:
  static constexpr std::size_t kLongestLine = std::size_t{1} << 20U;

  /// Reads from a stream of bytes, or from a file in memory. Where `stop` becomes true there are no more lines; it must
  /// outlive the object.
  explicit Lines(std::unique_ptr<ByteSource> source, const std::atomic<bool>* stop = nullptr)
      : source_(std::move(source)), stop_(stop) {}
  explicit Lines(std::unique_ptr<MappedFile> file, const std::atomic<bool>* stop = nullptr)
      : text_(file->text()), file_(std::move(file)), stop_(stop) {}
  /// Reads from `text`, which must outlive the object.
  static Lines of_text(std::string_view text) { return {text, 0}; }

  /// False at the end. The view is valid until the next call. For `is_whole` sources it is longer: until there were two
  /// more `renewals`; of text that was given, as long as that.
  [[nodiscard]] bool next(std::string_view& line) {
    const bool is_near = file_ != nullptr && at_ < text_.size() && damage_.empty() && !stopped();
    if (!is_near || !blocks_.has_line(at_, line) || line.size() > kLongestLine)
      return !stopped() && (is_whole() ? next_of_whole(line) : next_of_stream(line));
    at_ += line.size() + 1;
    line = without_carriage_returns(line);
    truncated_ = false;
    ++number_;
    return true;
  }
  /// How often the memory of lines was renewed that a file gives.
  [[nodiscard]] std::uint64_t renewals() const { return blocks_.renewals(); }
  /// Number of the line that `next` gave last, from 1.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// Bytes up to the end of that line, of `whole`; 0 for a stream.
  [[nodiscard]] std::uint64_t offset() const { return is_whole() ? at_ : 0; }
  /// Why the input ended before its end, for people; empty where it did not. Its last line, as it is not whole, was not
  /// given.
  [[nodiscard]] const std::string& damage() const { return damage_; }
  /// For the end of reading: is some of `whole` gone, whether or not anybody looked at it? The input is damaged then.
  [[nodiscard]] bool has_shrunk();
  [[nodiscard]] bool stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }
  /// The last line given has no line end.
  [[nodiscard]] bool truncated() const { return truncated_; }
  /// Lines that were cut.
  [[nodiscard]] std::uint64_t cut() const { return cut_; }
  /// The whole input is in memory: `whole` is all of it.
  [[nodiscard]] bool is_whole() const { return source_ == nullptr; }
  [[nodiscard]] std::string_view whole() const { return text_; }
  /// Up to `size` bytes of `whole` from byte `at`. Those of a mapped file are read into `room`, which spares the pages
  /// of what is looked at long before it is read.
  [[nodiscard]] std::string_view excerpt(std::size_t at, std::size_t size, std::string& room) const;
  /// A stream that would have to wait for its next line.
  [[nodiscard]] bool would_wait() const;
  /// Up to `most` first bytes of what is left, without consuming them; a stream waits for its first bytes.
  [[nodiscard]] std::string_view peek(std::size_t most);
  /// The same; a stream waits for all of them, or its end.
  [[nodiscard]] std::string_view peek_all(std::size_t most);
  /// For what is no text: puts up to `size` bytes of a stream that no line had to `into`, and says how many; 0 at the
  /// end.
  [[nodiscard]] std::size_t read_bytes(char* into, std::size_t size);
  /// The file that `whole` is, where it is mapped; else null.
  [[nodiscard]] const MappedFile* mapped() const { return file_.get(); }

 private:
  Lines(std::string_view text, int) : text_(text) {}
  [[nodiscard]] bool next_of_whole(std::string_view& line);
  [[nodiscard]] bool next_of_stream(std::string_view& line);
  [[nodiscard]] bool fill();
  [[nodiscard]] bool skip_rest();

  std::string_view text_;               ///< mapped or given
  std::unique_ptr<MappedFile> file_;    ///< of text_, where it is mapped
  Blocks blocks_{kLongestLine};         ///< of file_
  std::unique_ptr<ByteSource> source_;  ///< of a stream
  std::string buffer_, head_;           ///< of a stream; the beginning of a line that is too long
  std::size_t at_ = 0;                  ///< in text_, or in buffer_
  std::string damage_;
  std::uint64_t number_ = 0;
  std::uint64_t cut_ = 0;
  const std::atomic<bool>* stop_ = nullptr;
  bool truncated_ = false;
};

}  // namespace custody::traces::input
