// SPDX-License-Identifier: BSD-2-Clause
// JUnit XML, as continuous integration reads it: the elements and attributes that the schema of Surefire's reports has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace custody::checker::report {

/// A test that was made. Text is not escaped.
struct JunitCase {
  enum class Outcome : std::uint8_t { kPassed, kFailed, kSkipped, kError };
  std::string classname, name;
  Outcome outcome = Outcome::kPassed;
  std::string message;  ///< of a failure, an error, or why it was skipped
  std::string type;     ///< of a failure: its rule; may be empty
  std::string text;     ///< what there is to read
};

/// One `testsuite` with its counts, without declaration. `seconds` as it is printed, empty: unknown.
[[nodiscard]] std::string junit_suite(std::string_view name, const std::vector<JunitCase>& cases,
                                      std::string_view seconds = {});

inline constexpr std::string_view kXmlDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

}  // namespace custody::checker::report
