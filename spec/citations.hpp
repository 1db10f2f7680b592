// SPDX-License-Identifier: BSD-2-Clause
// The functions of the kernel that the tables cite, `K-07` and so on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace custody::spec {

/// A function and what it shows, in our own words.
struct Citation {
  std::string id;        ///< `K-08`
  std::string function;  ///< `dma_buf_begin_cpu_access`
  std::string file;      ///< relative to the kernel's source
  std::string shows;     ///< in words of this project
};

/// Those of spec/citations.json, which kernel-ref/check_citations.py holds against the kernel's source, compiled in, in
/// its order.
[[nodiscard]] const std::vector<Citation>& citations();
/// What the id cites; null where it is none.
[[nodiscard]] const Citation* find_citation(std::string_view id);
/// The release of the kernel in which they were read, `6.1.192`.
[[nodiscard]] const std::string& kernel_release();

}  // namespace custody::spec
