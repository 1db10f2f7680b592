// SPDX-License-Identifier: BSD-2-Clause
// Findings that somebody accepts, each with the reason.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/finding.hpp"

namespace custody::checker::select {

/// A line `KEY=VALUE [KEY=VALUE...]: REASON`.
struct Suppression {
  std::vector<std::pair<std::string, std::string>> words;
  std::string reason;
  std::uint64_t line = 0;
  std::uint64_t matched = 0;  ///< findings
};

/// The suppressions of a file.
class Suppressions {
 public:
  static constexpr std::size_t kMost = 10000, kMostBytes = std::size_t{1} << 20U;

  /// Reads a text: blank lines, comments after `#` at the beginning of a line, suppressions. KEY is rule, exporter,
  /// device, buffer, task, call (`end_cpu_access`), direction or fingerprint; all of a line must match. Throws
  /// SpecError with file, line and column where it is anything else, where the reason is missing, and where there are
  /// more than kMost.
  void read(std::string_view text, const std::string& path);
  /// One matches; it is counted.
  [[nodiscard]] bool match(const Finding& f, const traces::Directory& d);
  [[nodiscard]] const std::vector<Suppression>& all() const { return all_; }

 private:
  std::vector<Suppression> all_;
};

}  // namespace custody::checker::select
