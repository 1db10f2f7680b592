// SPDX-License-Identifier: BSD-2-Clause
// A source whose first bytes can be looked at before they are read.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "traces/input/byte_source.hpp"

namespace custody::traces::input {

class Lookahead final : public ByteSource {
 public:
  explicit Lookahead(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
  /// What was looked at and not read yet.
  [[nodiscard]] std::string_view seen() const { return std::string_view(seen_).substr(at_); }
  /// Looks at up to `most` bytes more, as they come; false where there are none. A source that is damaged there is so
  /// when it is read.
  bool look(std::size_t most);
  /// Passes over the first `count` bytes of what was seen.
  void skip(std::size_t count) { at_ += count; }
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override;
  [[nodiscard]] bool would_wait() const override { return seen().empty() && source_->would_wait(); }

 private:
  std::unique_ptr<ByteSource> source_;
  std::string seen_;
  std::size_t at_ = 0;
  std::string damage_;
};

}  // namespace custody::traces::input
