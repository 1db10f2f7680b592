// SPDX-License-Identifier: BSD-2-Clause
// A file that appears whole or not at all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

struct stat;

namespace custody::checker::cli {

/// Collects output for `path`: what is written goes to a temporary file beside it, which `keep` puts in its place, and
/// which a signal that ends the program removes. A symbolic link stays, and what it names is written. What is no
/// regular file, a FIFO or a device, is written to as it is; so is standard output, the empty path, and an open
/// descriptor by its name (/dev/stdout, /dev/fd/3), whatever it is. An output that fails ends the work
/// (`end_the_work`).
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
  /// Before `open`: what is written is there at once under its own name, in the place of what was there before from the
  /// first write on. For what can be ended by anything and has to be readable up to there.
  void write_in_place() { in_place_ = at_once_ = true; }
  [[nodiscard]] bool is_terminal() const;
  /// Text as somebody reads it who watches; see terminal_lines.hpp.
  [[nodiscard]] std::string as_read(std::string_view text) const;
  /// Somebody watches: what is written is not collected from here on.
  void write_at_once() { at_once_ = true; }
  void write(std::string_view text);
  void flush();
  /// The errno of the first write that failed; 0: none did.
  [[nodiscard]] int error() const { return error_; }
  /// What went wrong with writing, or empty: then the file is there. Of standard output `main` says it.
  [[nodiscard]] std::string keep();
  /// There is no output: what was there before, if it is a regular file with a name, is not left to pass for it.
  void remove_old() const;

 private:
  [[nodiscard]] std::string name() const { return path_.empty() ? "standard output" : path_; }
  [[nodiscard]] std::string open_file(const struct stat* there);
  void close();

  std::string path_, target_, temporary_, buffer_;
  int fd_ = 1;
  bool owns_ = false;  ///< the descriptor
  int error_ = 0;
  bool at_once_ = false, in_place_ = false;
};

}  // namespace custody::checker::cli
