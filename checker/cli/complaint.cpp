// SPDX-License-Identifier: BSD-2-Clause
// Says what is wrong, and where.
#include "checker/cli/complaint.hpp"

#include "checker/cli/standard_streams.hpp"
#include "checker/cli/terminal_lines.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::cli {

void complain(std::string_view command, const std::string& what) {
  const std::string speaker = command.empty() ? "custody" : "custody " + std::string(command);
  static_cast<void>(write_all(2, for_reader(report::escape_text(report::error_text(what, "", speaker)), 2) + "\n"));
}

void remark(std::string_view command, const std::string& what) {
  static_cast<void>(write_all(2, "custody " + std::string(command) + ": " + report::escape_text(what) + "\n"));
}

}  // namespace custody::checker::cli
