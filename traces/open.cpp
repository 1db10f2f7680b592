// SPDX-License-Identifier: BSD-2-Clause
// Reads a trace of any kind.
#include "traces/open.hpp"

#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/ftrace/lines.hpp"
#include "traces/formats/ftrace/reader.hpp"
#include "traces/formats/litmus/header.hpp"
#include "traces/formats/litmus/reader.hpp"

namespace custody::traces {
namespace {

constexpr std::size_t kEnough = 4096;

std::string_view without_lead(std::string_view begin) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (begin.substr(0, kByteOrderMark.size()) == kByteOrderMark) begin.remove_prefix(kByteOrderMark.size());
  const auto first = begin.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view() : begin.substr(first);
}

/// All that is left of a stream; a litmus file is small.
std::string slurp(formats::ftrace::Lines& lines, const std::string& path) {
  std::string text;
  for (std::string_view line; lines.next(line);) {
    if (lines.cut() != 0) throw InputError(path, lines.number(), "the line is too long for a litmus file");
    text.append(line).push_back('\n');
    if (text.size() > formats::litmus::kMaxLitmusBytes)
      throw InputError(path, lines.number(),
                       "the file is too long, expected a litmus file of at most " +
                           std::to_string(formats::litmus::kMaxLitmusBytes) + " bytes");
  }
  return text;
}

}  // namespace

TraceKind recognise(std::string_view begin) {
  begin = without_lead(begin);
  if (begin.empty()) return TraceKind::kFtrace;
  if (begin.front() == '{') return TraceKind::kEventLog;
  const std::string_view magic = formats::litmus::kMagic.substr(0, begin.size());
  return begin.substr(0, magic.size()) == magic ? TraceKind::kLitmus : TraceKind::kFtrace;
}

void read_trace(const std::string& path, EventSink& sink, ReadStatistics& statistics, const std::atomic<bool>* stop) {
  formats::ftrace::Lines lines(path, stop);
  const std::string_view begin = lines.peek(kEnough);
  if (begin.find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw InputError(path, 0, "is empty, expected ftrace text, an event log or a litmus file");
  switch (recognise(begin)) {
    case TraceKind::kFtrace: return formats::ftrace::read_ftrace(lines, path, sink, statistics);
    case TraceKind::kEventLog: return formats::event_log::read_event_log(lines, path, sink, statistics);
    case TraceKind::kLitmus: break;
  }
  if (lines.is_whole()) statistics = formats::litmus::read_litmus(lines.whole(), path, sink);
  else statistics = formats::litmus::read_litmus(slurp(lines, path), path, sink);
}

ReadStatistics read_trace(const std::string& path, EventSink& sink) {
  ReadStatistics statistics;
  read_trace(path, sink, statistics);
  return statistics;
}

}  // namespace custody::traces
