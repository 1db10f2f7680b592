// SPDX-License-Identifier: BSD-2-Clause
// What libarchive reads: compressed bytes, and the members of an archive, in order and without going back.
#pragma once

#include <exception>
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
  /// Throws Damage, also where the archive ends behind the member and turns out to be damaged as a whole.
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override;

 private:
  struct Upstream;
  struct Free {
    void operator()(archive* a) const;
  };
  void open();
  [[nodiscard]] std::string what_is_damaged() const;
  [[nodiscard]] bool advance(std::string& name);
  void look_ahead();
  [[noreturn]] void damaged(long status);

  std::unique_ptr<Upstream> upstream_;
  std::unique_ptr<archive, Free> archive_;
  bool is_stream_;
  bool open_ = false;
  bool over_ = false;
  std::string passed_over_;  ///< what is wrong with the first header that could not be read
  /// What is behind the member that is read, known once it ends: a checksum over all may be the last thing of all.
  struct Ahead {
    bool is_known = false;
    bool is_there = false;
    std::string name;
    std::exception_ptr damage;
  } ahead_;
};

}  // namespace custody::traces::input
