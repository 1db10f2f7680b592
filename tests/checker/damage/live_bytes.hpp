// SPDX-License-Identifier: BSD-2-Clause
// What `new` gave out and did not get back, at most, while one of these lives. Not under the sanitizers, which have an
// allocator of their own.
#pragma once

#include <cstdint>

namespace custody::checker::test {

class LiveBytes {
 public:
  LiveBytes();
  [[nodiscard]] std::uint64_t most() const;

 private:
  std::int64_t before_;
};

}  // namespace custody::checker::test
