// SPDX-License-Identifier: BSD-2-Clause
// A file that appears whole or not at all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace custody::checker::cli {

/// Collects output for `path`: what is written goes to a temporary file beside it, which `keep` puts in its place. What
/// is no regular file, a FIFO or a device, is written to as it is; so is standard output, the empty path.
class OutputFile {
 public:
  explicit OutputFile(std::string path) : path_(std::move(path)) {}
  /// Without `keep` what was there before is still there.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// What is wrong with it; empty where nothing is. `inputs` are paths that are read, - is standard input: none of them
  /// may be the same file. What is no path names no file.
  [[nodiscard]] std::string open(const std::vector<std::string>& inputs);
  /// For who writes by himself, between `open` and `keep`.
  [[nodiscard]] int descriptor() const { return fd_; }
  void write(std::string_view text);
  /// What went wrong with writing, or empty: then the file is there.
  [[nodiscard]] std::string keep();
  /// There is no output: what was there before, if it is a regular file, is not left to pass for it.
  void remove_old() const;

 private:
  void flush();
  [[nodiscard]] std::string name() const { return path_.empty() ? "standard output" : path_; }

  std::string path_, temporary_, buffer_;
  int fd_ = 1;
  int error_ = 0;
};

}  // namespace custody::checker::cli
