// SPDX-License-Identifier: BSD-2-Clause
// What stays the same of a finding where lines, times and addresses change.
#pragma once

#include <string>

#include "checker/finding.hpp"

namespace custody::checker::report {

/// 16 hexadecimal digits, of the rule, the core call and its direction, the event that is judged, the operation and its
/// effect, the row that refuses, the devices and the exporter: of no line, time, address, size or count. The instances
/// of a fault in two captures of the same code have the same one. A device or an exporter whose name is a bare number
/// is taken to have none.
[[nodiscard]] std::string fingerprint_of(const Finding& f, const traces::Directory& d);

}  // namespace custody::checker::report
