// SPDX-License-Identifier: BSD-2-Clause
// What libarchive reads: compressed bytes, and the members of an archive, in order and without going back.
#pragma once

#include <memory>
#include <string>

#include "traces/input/byte_source.hpp"

struct archive;

namespace custody::traces::input {

/// Exactly one format is tried, the one that was recognised: what else libarchive knows is no way in.
enum class Packing : unsigned char { kXz, kZstd, kBzip2, kLz4, kTar, kZip };

class Archive final : public ByteSource {
 public:
  Archive(std::unique_ptr<ByteSource> source, Packing packing);
  ~Archive() override;
  /// Of an archive: goes to the next member that is a file, whose bytes `read` then gives, and says its name. False
  /// behind the last. Throws Damage; of a member whose header is damaged, behind the last.
  [[nodiscard]] bool next(std::string& name);
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override;

 private:
  struct Upstream;
  struct Free {
    void operator()(archive* a) const;
  };
  void open();
  [[nodiscard]] std::string what_is_damaged() const;
  [[noreturn]] void damaged(long status);

  std::unique_ptr<Upstream> upstream_;
  std::unique_ptr<archive, Free> archive_;
  bool is_stream_;
  bool open_ = false;
  bool over_ = false;
  std::string passed_over_;  ///< what is wrong with the first header that could not be read
};

}  // namespace custody::traces::input
