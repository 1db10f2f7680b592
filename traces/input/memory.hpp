// SPDX-License-Identifier: BSD-2-Clause
// Bytes that are there already.
#pragma once

#include <string_view>

#include "traces/input/byte_source.hpp"

namespace custody::traces::input {

/// The bytes of a view, which must stay valid.
class Memory final : public ByteSource {
 public:
  explicit Memory(std::string_view bytes) : left_(bytes) {}
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override {
    const std::size_t count = left_.copy(into, size);
    left_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view left_;
};

}  // namespace custody::traces::input
