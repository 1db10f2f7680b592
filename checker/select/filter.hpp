// SPDX-License-Identifier: BSD-2-Clause
// Which findings somebody asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/finding.hpp"

namespace custody::checker::select {

/// Of each list one must match; an empty list asks for nothing. All that is asked for must hold.
struct Filter {
  std::vector<std::string> rules;    ///< a finding's rule, or one that it also matches
  std::vector<std::string> buffers;  ///< `b1`
  std::vector<std::string> tasks;    ///< the name, or the thread id
  std::vector<std::string> devices;  ///< the finding's device, or the other one of a pair
  /// Nanoseconds of the trace's clock. A finding without a time is in every period.
  std::optional<std::int64_t> since, until;

  [[nodiscard]] bool is_open() const;
  [[nodiscard]] bool asks_for(const Finding& f, const traces::Directory& d) const;
};

/// Seconds with a fraction, as a trace prints them, to nanoseconds; none where it is no such time.
[[nodiscard]] std::optional<std::int64_t> time_of(const std::string& text);

}  // namespace custody::checker::select
