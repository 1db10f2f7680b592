// SPDX-License-Identifier: GPL-2.0-only
// A driver's source before and after a range of commits of a git repository.
#pragma once

#include <string>
#include <vector>

#include "kernel-ref/drive/source.hpp"

namespace custody::kernel_ref::drive {

struct GitRange {
  std::string tree;   ///< a folder of a work tree, or a bare repository
  std::string range;  ///< `A..B`, `A...B` from their common ancestor on, or one commit
};

/// The driver of both ends, as files, and what else the range changes of what is built here.
struct GitSides {
  Source before;  ///< no `file`: it is not there
  Source after;
  std::string patch;  ///< a file: the rest; empty: none
  std::vector<std::string> remarks;
};

/// `argument`: the driver, by its path in the tree or by its name. Reads objects and refs of the repository and nothing
/// else: none of its configuration, hooks and attributes, so that it can run nothing. Files go into `folder`, which is
/// empty. Throws InputProblem: no repository, no such commit, a range that does not touch what is built.
[[nodiscard]] GitSides take_range(const Home& home, const std::string& argument, const GitRange& range,
                                  const std::string& folder);

}  // namespace custody::kernel_ref::drive
