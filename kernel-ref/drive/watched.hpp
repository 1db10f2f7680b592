// SPDX-License-Identifier: GPL-2.0-only
// Which accesses of the drivers are looked at for data races.
#pragma once

#include <string>

namespace custody::kernel_ref::drive {

/// Those of the functions of this source file, named without its folders, but for those that are made while `*marks` is
/// not 0: these are meant to be concurrent.
void watch_races(const std::string& file, const int* marks);

/// That file.
[[nodiscard]] const std::string& watched_file();

}  // namespace custody::kernel_ref::drive
