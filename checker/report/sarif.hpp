// SPDX-License-Identifier: BSD-2-Clause
// SARIF 2.1.0, the format in which tools that look at code tell what they found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace custody::checker::report {

/// A rule, as a run describes those that it can break. Text is not escaped.
struct SarifRule {
  std::string id, says;
  std::string why, fix;              ///< may be empty
  std::string_view level = "error";  ///< `error`, `warning`, `note`
};

/// A place in a file, and what is there. A path that is empty is nowhere; a line 0 is the whole file.
struct SarifPlace {
  std::string path;
  std::uint64_t line = 0;
  std::string says = {};
};

/// What was found.
struct SarifResult {
  std::string rule, text;
  std::string_view level = "error";
  SarifPlace place;
  std::vector<SarifPlace> related;
  std::string fingerprint;  ///< stable where lines move; empty: none
  std::uint64_t count = 1;  ///< how often it was found
};

/// Something that the run itself has to say, of its input for example.
struct SarifNotice {
  std::string_view level = "error";
  std::string text;
  SarifPlace place;
};

/// A document in three parts, so that results can be written as they come: the head with the rules, each result (with a
/// comma before all but the first), and the end.
[[nodiscard]] std::string sarif_head(std::string_view version, const std::vector<SarifRule>& rules);
[[nodiscard]] std::string sarif_result(const SarifResult& r);
/// `successful`: all of the input was looked at.
[[nodiscard]] std::string sarif_end(bool successful, const std::vector<SarifNotice>& notices);

}  // namespace custody::checker::report
