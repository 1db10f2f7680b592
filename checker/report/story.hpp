// SPDX-License-Identifier: BSD-2-Clause
// The few events of a buffer that a finding is told by.
#pragma once

#include <string>
#include <vector>

#include "checker/finding.hpp"

namespace custody::checker::report {

/// An event, and what it has to do with the finding; `why` can be empty. Not escaped.
struct Step {
  ReportedEvent event;
  std::string why;
};
inline constexpr std::size_t kMostSteps = 2;

/// At most kMostSteps events, the older first: who could make the lines dirty or stale, and what was done about it; of
/// a call against the rules, the one that it contradicts. They come from the landmarks and the history of the finding;
/// what neither has is left out.
[[nodiscard]] std::vector<Step> story_of(const Finding& f, const traces::Directory& d);

}  // namespace custody::checker::report
