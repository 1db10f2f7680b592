// SPDX-License-Identifier: GPL-2.0-only
// A git repository that nobody trusts: its objects and refs, behind a configuration of our own.
#pragma once

#include <string>
#include <vector>

#include "kernel-ref/drive/process.hpp"

namespace custody::kernel_ref::drive {

/// git(1) has no way to read a repository without its configuration, which can name programs (core.fsmonitor,
/// diff.external, textconv, remotes that are asked for missing objects, hooks). So it is given a repository of ours in
/// `folder`, with a copy of the refs, that finds its objects in theirs.
class Repository {
 public:
  /// `tree`: a folder in a work tree, or a bare repository. Throws InputProblem where it is none.
  Repository(const std::string& tree, const std::string& folder);
  /// Runs git(1), of which standard error is thrown away. Throws InputProblem where there is no git(1), or where it
  /// takes minutes.
  [[nodiscard]] Ran git(const std::vector<std::string>& words, std::size_t most) const;
  /// Whether its refs are files, which are read.
  [[nodiscard]] bool has_names() const { return has_names_; }

 private:
  void copy_refs(const std::string& own, const std::string& common) const;

  std::string folder_, objects_;
  bool has_names_ = true;
};

}  // namespace custody::kernel_ref::drive
