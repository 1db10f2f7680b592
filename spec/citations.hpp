// SPDX-License-Identifier: BSD-2-Clause
// The functions of the kernel that the tables cite, `K-07` and so on.
#pragma once

#include <string>
#include <vector>

namespace custody::spec {

/// A function and what it shows, in our own words.
struct Citation {
  std::string id, function, file, shows;
};

/// Those of kernel-ref/citations.json, compiled in, in its order.
[[nodiscard]] const std::vector<Citation>& citations();
/// The release of the kernel in which they were read, `6.1.192`.
[[nodiscard]] const std::string& kernel_release();

}  // namespace custody::spec
