// SPDX-License-Identifier: BSD-2-Clause
// The findings that were there before: only what is new fails.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "checker/finding.hpp"

namespace custody::checker::select {

/// Fingerprints of findings, each with what was found, for people.
class Baseline {
 public:
  static constexpr std::size_t kMost = 100000, kMostBytes = std::size_t{64} << 20U;

  /// Reads what `text()` writes: the line `custody baseline 1`, then `FINGERPRINT RULE WHAT` a line. Throws SpecError
  /// with file and line where it is anything else, or more than kMost.
  void read(std::string_view text, const std::string& path);
  [[nodiscard]] bool knows(const std::string& fingerprint) const { return known_.count(fingerprint) != 0; }
  /// Up to kMost; false where it is full.
  bool note(const std::string& fingerprint, const Finding& f, const traces::Directory& d);
  /// Sorted, so that two of them can be compared line by line.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> known_;
};

}  // namespace custody::checker::select
