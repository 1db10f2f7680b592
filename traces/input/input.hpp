// SPDX-License-Identifier: BSD-2-Clause
// What stands at a path, unpacked: one text, or the members of an archive one after the other.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "traces/input/lines.hpp"

namespace custody::traces::input {

/// So many layers are taken off, one inside another; an archive inside an archive is not opened.
inline constexpr int kMostLayers = 4;

/// The file that `path` is read from: that of the archive where it names a member of one.
[[nodiscard]] std::string file_of(const std::string& path);

/// Bytes -> decoded bytes -> lines. Files, standard input and FIFOs alike: what is packed how, the first bytes say.
/// Memory does not follow the input, nor what it unpacks to.
class Input {
 public:
  /// Opens `path`; `-` is standard input, `ARCHIVE!MEMBER` one member of an archive. Throws InputError where that
  /// cannot be read. Where `stop` becomes true, also while a stream is waited for, there is no more; it must outlive
  /// the object.
  explicit Input(std::string path, const std::atomic<bool>* stop = nullptr);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  /// Goes to the next part, first to the first one; what is no archive has one. False where there is none. Throws
  /// InputError where an archive is damaged.
  [[nodiscard]] bool next();
  /// The part is a member of an archive.
  [[nodiscard]] bool is_member() const;
  /// The path, with `!MEMBER` for a member of an archive.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// The lines of the part, valid until the next call of `next`.
  [[nodiscard]] Lines& lines() { return *lines_; }

 private:
  struct Opened;
  void open(Descriptor fd);
  [[nodiscard]] bool next_member();

  std::string path_, wanted_, name_;
  const std::atomic<bool>* stop_;
  std::unique_ptr<Opened> opened_;
  std::optional<Lines> lines_;
  bool begun_ = false;
};

}  // namespace custody::traces::input
