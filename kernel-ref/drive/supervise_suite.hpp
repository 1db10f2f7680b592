// SPDX-License-Identifier: GPL-2.0-only
// A suite of KUnit that is run on a driver in user space, with a report in KTAP.
#pragma once

#include <string>

#include "kernel-ref/drive/source.hpp"

namespace custody::kernel_ref::drive {

struct SuiteResult {
  std::string ktap;  ///< version 1, as a kernel prints it
  bool failed = false;
};
/// Runs each case of the suite that was built in, on a machine as it is after the boot; a crash ends the case. In a
/// process of its own: what ends that one is a failure of the case that ran. Throws InputProblem where there is no
/// case.
[[nodiscard]] SuiteResult run_suite(const Built& built);

}  // namespace custody::kernel_ref::drive
