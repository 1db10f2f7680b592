// SPDX-License-Identifier: BSD-2-Clause
// Bytes that come in pieces, files that are cut while they are read, and all that a source or lines give.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "traces/input/lines.hpp"

namespace custody::traces::test {

/// Gives `text` in pieces of `size` bytes, then is damaged or at its end.
class Pieces final : public input::ByteSource {
 public:
  Pieces(std::string text, std::size_t size, std::string damage = {})
      : text_(std::move(text)), size_(size), damage_(std::move(damage)) {}
  std::size_t read(char* into, std::size_t size) override {
    if (at_ == text_.size() && !damage_.empty()) throw input::Damage(damage_);
    const std::size_t count = text_.copy(into, std::min(size, size_), at_);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t size_;
  std::string damage_;
  std::size_t at_ = 0;
};

/// A file of its own, as long as the object.
class CuttableFile {
 public:
  explicit CuttableFile(const std::string& text) : path_(::testing::TempDir() + "custody_cuttable_file") {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~CuttableFile() { ::unlink(path_.c_str()); }
  CuttableFile(const CuttableFile&) = delete;
  CuttableFile& operator=(const CuttableFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  void cut(off_t size) const { ASSERT_EQ(::truncate(path_.c_str(), size), 0); }

 private:
  std::string path_;
};

inline std::vector<std::string> all_lines(input::Lines& lines) {
  std::vector<std::string> all;
  for (std::string_view line; lines.next(line);) all.emplace_back(line);
  return all;
}

/// Asked for in small pieces.
inline std::string all_bytes(input::ByteSource& source) {
  std::string all;
  char piece[7];
  for (std::size_t got = source.read(piece, sizeof piece); got != 0; got = source.read(piece, sizeof piece))
    all.append(piece, got);
  return all;
}

}  // namespace custody::traces::test
