// SPDX-License-Identifier: GPL-2.0-only
// What people read: plain text for a mail, or JSON.
#pragma once

#include <string>

#include "kernel-ref/drive/compare.hpp"

namespace custody::kernel_ref::drive {

/// 76 columns, escaped.
[[nodiscard]] std::string drive_text(const std::string& name, const Outcome& outcome, const Plan& plan,
                                     const std::vector<std::string>& remarks);
[[nodiscard]] std::string review_text(const std::string& name, const std::string& second, const Comparison& comparison,
                                      const Outcome& after, const Plan& plan, const std::vector<std::string>& remarks);
[[nodiscard]] std::string drive_json(const std::string& name, const Outcome& outcome);
[[nodiscard]] std::string review_json(const std::string& name, const std::string& second, const Comparison& comparison);

}  // namespace custody::kernel_ref::drive
