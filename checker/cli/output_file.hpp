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
  [[nodiscard]] bool is_terminal() const;
  /// Somebody watches: what is written is not collected from here on.
  void write_at_once() { at_once_ = true; }
  void write(std::string_view text);
  void flush();
  /// The errno of the first write that failed; 0: none did.
  [[nodiscard]] int error() const { return error_; }
  /// What went wrong with writing, or empty: then the file is there.
  [[nodiscard]] std::string keep();
  /// There is no output: what was there before, if it is a regular file, is not left to pass for it.
  void remove_old() const;

 private:
  [[nodiscard]] std::string name() const { return path_.empty() ? "standard output" : path_; }

  std::string path_, temporary_, buffer_;
  int fd_ = 1;
  int error_ = 0;
  bool at_once_ = false;
};

}  // namespace custody::checker::cli
