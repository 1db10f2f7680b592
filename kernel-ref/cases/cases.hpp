// SPDX-License-Identifier: GPL-2.0-only
// Historical faults, made to happen on the drivers that have them.
#pragma once

#include <span>
#include <string_view>

#include "kernel-ref/client/client.hpp"

namespace custody::kernel_ref::cases {

/// A fault. `run` gives true where bytes really went wrong, or where the kernel's code called BUG.
struct Case {
  std::string_view id;  ///< `T01`: as in traces/litmus
  std::string_view driver;
  std::string_view title;   ///< of the litmus file
  std::string_view expect;  ///< its `expect` lines
  bool (*run)(machine::Machine& machine, client::Client& client);
};

[[nodiscard]] std::span<const Case> cases();

/// The litmus file of what happens in `c`. `wrong`: what `run` gave.
[[nodiscard]] std::string litmus_of(const Case& c, bool& wrong);

}  // namespace custody::kernel_ref::cases
