// SPDX-License-Identifier: BSD-2-Clause
// What zlib compressed: gzip files, also several one behind the other, and bare zlib streams as `atrace -z` writes.
#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <memory>

#include "traces/input/byte_source.hpp"

namespace custody::traces::input {

/// Through zlib and not through libarchive, which does not look at the checksum of a gzip file and knows no bare
/// streams.
class Inflate final : public ByteSource {
 public:
  enum class Wrapper : std::uint8_t { kGzip, kZlib };
  Inflate(std::unique_ptr<ByteSource> source, Wrapper wrapper);
  ~Inflate() override;
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override;

 private:
  enum class Place : std::uint8_t { kInside, kBetween, kEnd };
  /// There are compressed bytes.
  [[nodiscard]] bool fill();
  /// Behind a member: another one begins, or there is padding up to the end.
  void begin_next();
  [[noreturn]] void damaged(const char* what) const;

  std::unique_ptr<ByteSource> source_;
  Wrapper wrapper_;
  Place place_ = Place::kInside;
  z_stream stream_{};
  std::uint64_t taken_ = 0;  ///< compressed bytes
  std::array<char, std::size_t{1} << 16U> buffer_;
};

}  // namespace custody::traces::input
