// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/command_lines.hpp"

#include <algorithm>
#include <charconv>

namespace custody::traces::formats::trace_dat {

CommandLines::CommandLines(std::string_view lines) {
  while (!lines.empty()) {
    std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    std::int64_t pid = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), pid);
    if (error != std::errc()) continue;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    if (!line.empty() && pid != 0) names_.try_emplace(pid, line.substr(1));
  }
}

std::string_view CommandLines::find(std::int64_t pid) const {
  const auto found = names_.find(pid);
  if (found != names_.end()) return found->second;
  return pid == 0 ? "<idle>" : "<...>";
}

}  // namespace custody::traces::formats::trace_dat
