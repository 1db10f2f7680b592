// SPDX-License-Identifier: BSD-2-Clause
// The bytes of a text for the tokenizer of protobuf.
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>

#include <cstdint>
#include <string>

#include "traces/input/lines.hpp"

namespace custody::traces::formats::perfetto {

/// Gives what is left of `lines`, without a byte order mark, piece by piece; ends where a budget of bytes is used up,
/// so that a token does not grow without bound.
class TextInput final : public google::protobuf::io::ZeroCopyInputStream {
 public:
  explicit TextInput(input::Lines& lines) : lines_(lines) {}
  /// From here on so many bytes may be given.
  void allow(std::uint64_t bytes) { left_ = bytes; }
  [[nodiscard]] bool is_used_up() const { return used_up_; }

  [[nodiscard]] bool Next(const void** data, int* size) override;
  void BackUp(int count) override;
  [[nodiscard]] bool Skip(int count) override;
  [[nodiscard]] std::int64_t ByteCount() const override { return static_cast<std::int64_t>(given_); }

 private:
  /// The next bytes of the input; empty at its end.
  [[nodiscard]] std::string_view piece();

  input::Lines& lines_;
  std::string buffer_;      ///< what was read last
  std::string_view again_;  ///< was given back
  std::string_view last_;   ///< was given last
  std::uint64_t given_ = 0;
  std::uint64_t left_ = 1;  ///< a tokenizer reads when it is made
  std::size_t at_ = 0;      ///< of a whole input
  bool begun_ = false, used_up_ = false;
};

}  // namespace custody::traces::formats::perfetto
