// SPDX-License-Identifier: BSD-2-Clause
// Reads a trace of any kind.
#include "traces/open.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "traces/foreign.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/ftrace/reader.hpp"
#include "traces/formats/ftrace/text_form.hpp"
#include "traces/formats/litmus/header.hpp"
#include "traces/formats/litmus/reader.hpp"
#include "traces/formats/perfetto/reader.hpp"
#include "traces/formats/trace_dat/reader.hpp"

namespace custody::traces {
namespace {

using input::Lines;

constexpr std::size_t kEnough = 4096;

std::string_view without_lead(std::string_view begin) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (begin.substr(0, kByteOrderMark.size()) == kByteOrderMark) begin.remove_prefix(kByteOrderMark.size());
  const auto first = begin.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view() : begin.substr(first);
}

/// All that is left of a stream; a litmus file is small.
std::string slurp(Lines& lines, const std::string& path) {
  std::string text(std::min<std::uint64_t>(lines.number(), formats::litmus::kMaxLitmusBytes), '\n');  // were blank
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

void read_litmus(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                 const ReadOptions& /*options*/) {
  if (lines.is_whole()) statistics = formats::litmus::read_litmus(lines.whole(), path, sink);
  else statistics = formats::litmus::read_litmus(slurp(lines, path), path, sink);
}

void read_event_log(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                    const ReadOptions& /*options*/) {
  formats::event_log::read_event_log(lines, path, sink, statistics);
}

void read_ftrace(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                 const ReadOptions& options) {
  formats::ftrace::read_ftrace(lines, path, sink, statistics, options.events, options.stop);
}

void read_trace_dat(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                    const ReadOptions& options) {
  formats::trace_dat::read_trace_dat(lines, path, sink, statistics, options.stop, options.events);
}

void read_perfetto(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                   const ReadOptions& options) {
  formats::perfetto::read_perfetto(lines, path, sink, statistics, options.stop, options.events);
}

void read_perfetto_text(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                        const ReadOptions& options) {
  formats::perfetto::read_perfetto_text(lines, path, sink, statistics, options.stop, options.events);
}

/// One line a kind of trace: the first whose beginning it is reads it.
struct Format {
  TraceKind kind;
  bool (*begins)(std::string_view begin);   ///< `begin` is what `without_lead` leaves, and not empty
  bool (*is_sure)(std::string_view begin);  ///< it is a trace, if maybe a wrong one
  void (*read)(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
               const ReadOptions& options);
};

bool names_schema(std::string_view begin) {
  return begin.substr(0, begin.find('\n')).find("\"custody.trace/") != std::string_view::npos;
}
bool begins_event_log(std::string_view begin) {
  return begin.front() == '{' && (names_schema(begin) || !formats::ftrace::holds_records_in_json(begin));
}
bool begins_litmus(std::string_view begin) {
  const std::string_view magic = formats::litmus::kMagic.substr(0, begin.size());
  return begin.substr(0, magic.size()) == magic;
}
bool begins_anything(std::string_view) { return true; }
bool names_tracer(std::string_view begin) { return begin.find("# tracer:") != std::string_view::npos; }

constexpr std::array kFormats{
    Format{TraceKind::kTraceDat, formats::trace_dat::is_trace_dat, formats::trace_dat::is_trace_dat, read_trace_dat},
    Format{TraceKind::kEventLog, begins_event_log, names_schema, read_event_log},
    Format{TraceKind::kLitmus, begins_litmus, begins_litmus, read_litmus},
    Format{TraceKind::kPerfettoText, formats::perfetto::is_perfetto_text, formats::perfetto::is_perfetto_text,
           read_perfetto_text},
    Format{TraceKind::kFtrace, begins_anything, names_tracer, read_ftrace},
};

/// Its first byte is a line feed.
constexpr Format kPerfetto{TraceKind::kPerfetto, formats::perfetto::is_perfetto, begins_anything, read_perfetto};

const Format& format_of(std::string_view begin) {
  if (kPerfetto.begins(begin)) return kPerfetto;
  begin = without_lead(begin);
  if (begin.empty()) return kFormats.back();
  return *std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& format) { return format.begins(begin); });
}

}  // namespace

TraceKind recognise(std::string_view begin) { return format_of(begin).kind; }

namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

/// What tells the kind. However many blanks stand before it, they are not all that there is.
std::string_view beginning_of(Lines& lines) {
  std::string_view begin = lines.peek(kEnough);
  // A text may begin with an empty line, as a trace of Perfetto does.
  if (begin.substr(0, 1) == "\n") begin = lines.peek_all(kEnough);
  while (begin.size() >= kEnough && is_blank(begin)) {
    const auto blank_lines = std::count(begin.begin(), begin.end(), '\n');
    if (blank_lines == 0) {
      begin = lines.peek(Lines::kLongestLine);
      return begin.substr(std::min(begin.find_first_not_of(" \t"), begin.size())).substr(0, kEnough);
    }
    std::string_view blank;
    for (auto i = blank_lines; i > 0 && lines.next(blank); --i) continue;
    begin = lines.peek(kEnough);
  }
  return begin;
}

}  // namespace

void read_part(input::Input& input, EventSink& sink, ReadStatistics& statistics, const ReadOptions& options) {
  const std::string& path = input.name();
  Lines& lines = input.lines();
  const std::string_view begin = beginning_of(lines);
  const auto refuse_damage = [&] {
    // Of a mapped file nobody may have seen it.
    if (lines.has_shrunk() && !lines.stopped()) throw DamagedInput(path, lines.number(), lines.damage());
  };
  const auto refuse_nothing_read = [&] {
    if (lines.stopped() && statistics.known_events == 0)
      throw NoTrace(path, 0, "the reading was interrupted before it came to a known event");
  };
  if (is_blank(begin)) {
    refuse_damage();
    refuse_nothing_read();
    throw NoTrace(path, 0,
                  "is empty, expected ftrace text, a trace.dat, a trace of Perfetto, an event log or a litmus file");
  }
  const Format& format = format_of(begin);
  const bool is_sure = format.is_sure(without_lead(begin));
  // An archive of traces shows the text of one.
  const bool is_own = (is_sure && format.kind != TraceKind::kFtrace) || formats::ftrace::holds_records_in_json(begin);
  if (const std::string is = is_own ? "" : foreign_format(begin); !is.empty()) throw NoTrace(path, 0, is);
  try {
    format.read(lines, path, sink, statistics, options);
  } catch (const InputError& e) {
    refuse_damage();  // why nothing was found
    refuse_nothing_read();
    if (is_sure || statistics.events != 0) throw;
    throw NoTrace(e);
  }
  refuse_damage();
  refuse_nothing_read();
}

namespace {

/// An archive is no trace to be read as one, unless it has one member; of a stream that is known later.
void refuse_several(const std::string& path, const std::atomic<bool>* stop) {
  constexpr std::size_t kMostNamed = 5;
  const std::vector<std::string> parts = parts_of(path, stop);
  if (parts.size() < 2) return;
  std::string names;
  for (std::size_t i = 0; i < parts.size() && i < kMostNamed; ++i) names += (i == 0 ? "" : ", ") + parts[i];
  throw InputError(path, 0,
                   "is an archive of " + std::to_string(parts.size()) + " files, expected one of them: " + names +
                       (parts.size() > kMostNamed ? ", ..." : ""));
}

}  // namespace

void read_trace(const std::string& path, EventSink& sink, ReadStatistics& statistics, const ReadOptions& options) {
  input::Input input(path, options.stop);
  if (!input.next()) throw InputError(path, 0, "is an archive without files, expected a trace");
  const std::string first = input.name();
  if (input.is_member() && first != path) refuse_several(path, options.stop);
  read_part(input, sink, statistics, options);
  if (input.is_member() && first != path && input.next())
    throw InputError(path, 0, "is an archive of several files, expected one trace, " + first + " for example");
}

ReadStatistics read_trace(const std::string& path, EventSink& sink, const ReadOptions& options) {
  ReadStatistics statistics;
  read_trace(path, sink, statistics, options);
  return statistics;
}

std::vector<std::string> parts_of(const std::string& path, const std::atomic<bool>* stop) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return {path};
  input::Input input(path, stop);
  if (!input.is_member()) return {path};
  std::vector<std::string> parts;
  while (input.next()) parts.push_back(input.name());
  return parts;
}

}  // namespace custody::traces
