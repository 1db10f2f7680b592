// SPDX-License-Identifier: GPL-2.0-only
// A driver's source: found, patched, compiled, linked with the rest of the kernel's side.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernel-ref/drive/called.hpp"
#include "kernel-ref/drivers/ownership_policy.h"

namespace custody::kernel_ref::drive {

/// What is wrong with what the user gave: no bug of this program.
struct InputProblem : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The folder that has objects, headers and the kernel's sources: beside the executable.
struct Home {
  std::string path;
  std::string compiler;  ///< `cc`, or what CC says
};
/// Throws InputProblem: says what is to be installed.
[[nodiscard]] Home find_home();

struct Source {
  std::string file;                             ///< where it is
  std::string member;                           ///< its path in the kernel's tree; empty: it is not there
  std::string driver;                           ///< what a client asks for; empty: what it registers
  std::optional<ownership_policy> policy = {};  ///< of ownership_heap; nothing: what it says itself
  const CalledDriver* called = nullptr;         ///< what calls it; null: it registers itself
  bool is_core = false;                         ///< of the core, which all exporters are called through
  std::string place = {};  ///< where a file of another tree belongs, below the home; empty: it is where it belongs
  [[nodiscard]] std::string base() const { return file.substr(file.rfind('/') + 1); }
};
/// The driver of this file, by its name.
[[nodiscard]] Source source_of(const Home& home, const std::string& file);
/// A file, a path in the kernel's tree, or the name of one of the drivers. Throws InputProblem.
[[nodiscard]] Source find_source(const Home& home, const std::string& argument);

/// The part of a patch that is about one file.
struct FilePatch {
  std::string path, text;  ///< `text`: headers and hunks
  bool creates = false;
  std::string before = {};  ///< its path before it; empty: it is new
};
/// Of a diff, or of a mailbox with diffs. Empty: there is none in it.
[[nodiscard]] std::vector<FilePatch> parse_patch(const std::string& text);

struct Built {
  std::string object, driver, watched;  ///< `watched`: the source file whose accesses are looked at
  std::optional<ownership_policy> policy = {};
  std::vector<std::string> remarks;
  std::string profile = {};  ///< of its exporter, as `custody replay --exporter` takes it; empty: as its name says
};
/// Builds into `folder`, which is empty. `patch`: a file, or empty. `suite`: a suite of KUnit beside the driver, or
/// empty. Throws InputProblem: the compiler's message, what the shim lacks, what patch(1) says.
[[nodiscard]] Built build(const Home& home, const Source& source, const std::string& patch, const std::string& folder,
                          const std::string& suite = {});

/// The whole file. Throws InputProblem.
[[nodiscard]] std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& text);

}  // namespace custody::kernel_ref::drive
