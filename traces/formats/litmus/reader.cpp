// SPDX-License-Identifier: BSD-2-Clause
// Reads a litmus file.
#include "traces/formats/litmus/reader.hpp"

#include "traces/formats/litmus/events.hpp"
#include "traces/formats/litmus/header.hpp"
#include "traces/formats/litmus/tokens.hpp"
#include "traces/input/lines.hpp"

namespace custody::traces::formats::litmus {

ReadStatistics read_litmus(std::string_view text, const std::string& path, EventSink& sink) {
  if (text.size() > kMaxLitmusBytes)
    throw InputError(path, 0,
                     "the file has " + std::to_string(text.size()) + " bytes, expected a litmus file of at most " +
                         std::to_string(kMaxLitmusBytes));
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());

  input::Lines lines = input::Lines::of_text(text);
  litmus::ParsedHeader parsed = litmus::parse_header(lines, path);
  litmus::EventParser parser(parsed, path);
  std::vector<litmus::EventLine> event_lines;
  std::string_view line;
  while (lines.next(line)) {
    if (lines.cut() != 0) throw InputError(path, lines.number(), "the line is too long for a litmus file");
    const std::string_view words = litmus::trimmed(line);
    if (words.empty() || words.front() == '#') continue;
    event_lines.push_back({lines.number(), words});
    parser.add(line, lines.number());
  }
  parser.finish();

  parsed.header.expectations = litmus::resolve(parsed.expected, event_lines, parser.directory(), path);
  parsed.header.observes_cache_ops = parser.has_cache_lines();
  sink.on_header(parsed.header, parser.directory());
  ReadStatistics statistics;
  statistics.lines = lines.number();
  for (const Event& event : parser.events()) {
    if (event.kind == EventKind::kLost) statistics.lost += event.range.length;
    else ++statistics.known_events;
    ++statistics.events;
    sink.on_event(event, parser.directory());
  }
  sink.on_end(parser.directory());
  return statistics;
}

}  // namespace custody::traces::formats::litmus
