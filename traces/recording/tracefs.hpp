// SPDX-License-Identifier: BSD-2-Clause
// The files of tracefs, by which the kernel's tracing is set (Documentation/trace/ftrace.rst).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace custody::traces::recording {

/// One tracefs. Paths are relative to its root. Errors are those of errno, 0 is none. Virtual, so that a test can stand
/// for the kernel.
class Tracefs {
 public:
  explicit Tracefs(std::string root) : root_(std::move(root)) {}
  virtual ~Tracefs() = default;
  Tracefs(const Tracefs&) = delete;
  Tracefs& operator=(const Tracefs&) = delete;

  [[nodiscard]] const std::string& root() const { return root_; }
  [[nodiscard]] virtual bool exists(const std::string& path) const;
  [[nodiscard]] virtual bool is_writable(const std::string& path) const;
  /// The whole file; nullopt: it cannot be read.
  [[nodiscard]] virtual std::optional<std::string> read(const std::string& path) const;
  /// Names of what is in a folder, in order of their bytes; empty where it cannot be read.
  [[nodiscard]] virtual std::vector<std::string> list(const std::string& folder) const;
  /// One write, as tracefs takes a command. `appends`: what is set already stays (kprobe_events).
  [[nodiscard]] virtual int write(const std::string& path, std::string_view text, bool appends = false);
  [[nodiscard]] virtual int make_folder(const std::string& path);
  [[nodiscard]] virtual int remove_folder(const std::string& path);
  /// A descriptor that reads without waiting, or -1 with errno.
  [[nodiscard]] virtual int open_stream(const std::string& path);

 private:
  [[nodiscard]] std::string at(const std::string& path) const { return root_ + "/" + path; }
  std::string root_;
};

/// Where tracefs is: `given`, or, where that is empty, where it is mounted by custom. `missing`, where it cannot be
/// used: what is there instead, and how to get it.
struct TracefsPlace {
  std::string root, missing;
};
[[nodiscard]] TracefsPlace find_tracefs(const std::string& given);

}  // namespace custody::traces::recording
