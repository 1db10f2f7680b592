// SPDX-License-Identifier: BSD-2-Clause
// One finding as text: like a compiler's message, or in its long form.
#pragma once

#include <string>
#include <string_view>

#include "checker/finding.hpp"

namespace custody::checker::report {

/// How much is said of a finding.
enum class Form : std::uint8_t {
  kBrief,  ///< one line
  kShort,  ///< and at most four under it: the events that matter, the fix, who is responsible
  kLong,   ///< and the latest events of the buffer, the rule, what else matches
};

/// What is coloured, and whether.
class Paint {
 public:
  explicit Paint(bool colour) : colour_(colour) {}
  [[nodiscard]] std::string bold(std::string_view text) const { return in("1", text); }
  [[nodiscard]] std::string bad(std::string_view text) const { return in("1;31", text); }
  [[nodiscard]] std::string good(std::string_view text) const { return in("1;32", text); }
  [[nodiscard]] std::string doubtful(std::string_view text) const { return in("1;35", text); }
  /// In the colour of its severity.
  [[nodiscard]] std::string severe(spec::Severity severity, std::string_view text) const;

 private:
  [[nodiscard]] std::string in(std::string_view code, std::string_view text) const;
  bool colour_;
};

/// `path:line: severity: what happened`, and ` [RULE]` with what stands under it. Between them is where a report says
/// how often. Escaped.
struct FindingText {
  std::string before, after;
};

/// `path` is escaped already.
[[nodiscard]] FindingText finding_text(const std::string& path, const Finding& f, const traces::Directory& d, Form form,
                                       const Paint& paint);

}  // namespace custody::checker::report
