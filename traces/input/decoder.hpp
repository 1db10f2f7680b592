// SPDX-License-Identifier: BSD-2-Clause
// A source of text that is made from another source's bytes.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "traces/input/byte_source.hpp"

namespace custody::traces::input {

class Decoder : public ByteSource {
 public:
  explicit Decoder(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
  [[nodiscard]] std::size_t read(char* into, std::size_t size) final;
  [[nodiscard]] bool would_wait() const final { return given_ == text_.size() && source_->would_wait(); }

 protected:
  /// Appends to `text` what `raw` says, and takes off `raw` what it has used: all of it where it `ended`.
  virtual void decode(std::string& raw, bool ended, std::string& text) = 0;

 private:
  std::unique_ptr<ByteSource> source_;
  bool ended_ = false;
  std::string raw_, text_;
  std::size_t given_ = 0;  ///< of text_
};

}  // namespace custody::traces::input
