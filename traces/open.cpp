// SPDX-License-Identifier: BSD-2-Clause
#include "traces/open.hpp"

#include "traces/event_log.hpp"
#include "traces/ftrace/lines.hpp"
#include "traces/ftrace_reader.hpp"
#include "traces/litmus_reader.hpp"

namespace custody::traces {

namespace {

constexpr std::size_t kEnough = 4096;

/// The whole input; a litmus file is small.
std::string slurp(Lines& lines, const std::string& path) {
  if (lines.is_whole()) return std::string(lines.whole());
  std::string text;
  for (std::string_view line; lines.next(line);) {
    text.append(line).push_back('\n');
    if (text.size() > kMaxLitmusBytes) throw InputError(path, lines.number(), "is too long for a litmus file");
  }
  return text;
}

}  // namespace

void read_trace(const std::string& path, EventSink& sink, ReadStatistics& statistics) {
  Lines lines(path);
  std::string_view begin = lines.peek(kEnough);
  const std::size_t first = begin.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) throw InputError(path, 0, "is empty, expected ftrace text, an event log or a litmus file");
  begin.remove_prefix(first);
  if (begin.substr(0, 15) == "custody litmus:") {
    statistics = read_litmus(slurp(lines, path), path, sink);
  } else if (begin[0] == '{') {
    read_event_log(lines, path, sink, statistics);
  } else {
    read_ftrace(lines, path, sink, statistics);
  }
}

}  // namespace custody::traces
