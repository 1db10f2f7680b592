// SPDX-License-Identifier: GPL-2.0-only
// Drivers of the kernel that register nothing themselves: a file of ours calls them as their subsystem does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace custody::kernel_ref::drive {

struct CalledDriver {
  std::string_view name;                 ///< as model/driver_names.hpp has it
  std::string_view caller;               ///< what calls it, in the folder of callers
  std::vector<std::string_view> beside;  ///< sources of the kernel that it needs
  std::vector<std::string_view> flags;   ///< of the compiler, for the caller
  std::string_view profile;              ///< what is known of its buffers here, as `custody replay --exporter` takes it
  std::string_view says;                 ///< for people: which of its users
  std::string_view source;               ///< in the kernel's tree
};

/// By its name; or the first variant by the last name of its source. Null: it is none.
[[nodiscard]] const CalledDriver* find_called_driver(std::string_view word);

}  // namespace custody::kernel_ref::drive
