// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "traces/formats/ftrace/probes.hpp"
#include "traces/formats/ftrace/record.hpp"
#include "traces/formats/ftrace/session.hpp"

namespace custody::traces::formats::ftrace {

namespace {

void warn(ReadStatistics& statistics, std::uint64_t line, std::string message) {
  ++statistics.warnings;
  if (statistics.kept_warnings.size() < kMaxKeptWarnings)
    statistics.kept_warnings.push_back({line, std::move(message)});
}

/// Puts lines that step back in time into place, among the last `kLines` lines. The order of one task's lines stays. A
/// stream that would have to wait is not held back.
class Window {
 public:
  Window(ftrace::Session& session, ReadStatistics& statistics, bool copies)
      : session_(session), statistics_(statistics), copies_(copies) {}

  void push(std::string_view line, std::uint64_t number, const ftrace::Head& head) {
    if (count_ == kLines) pop();
    Slot& slot = slots_[(first_ + count_) % kLines];
    slot.number = number;
    slot.head = head;
    if (copies_) copy(slot, line);
    ++count_;
    for (std::size_t i = count_ - 1; i > 0; --i) {
      Slot& later = slots_[(first_ + i) % kLines];
      Slot& earlier = slots_[(first_ + i - 1) % kLines];
      if (earlier.head.ts <= later.head.ts || earlier.head.pid == later.head.pid) break;
      std::swap(earlier, later);
    }
  }
  void drain() {
    while (count_ > 0) pop();
  }

 private:
  static constexpr std::size_t kLines = 64;
  struct Slot {
    ftrace::Head head;
    std::uint64_t number = 0;
    /// A vector and not a string: its characters stay where they are when slots change places.
    std::vector<char> text;
  };

  /// The views of a head point into the line: they have to follow the copy.
  static void rebase(ftrace::Head& head, const char* from, const char* to) {
    for (std::string_view* view : {&head.comm, &head.event, &head.rest})
      if (!view->empty()) *view = std::string_view(to + (view->data() - from), view->size());
  }
  static void copy(Slot& slot, std::string_view line) {
    slot.text.assign(line.begin(), line.end());
    rebase(slot.head, line.data(), slot.text.data());
  }
  void pop() {
    const Slot& slot = slots_[first_];
    if (slot.head.ts >= delivered_) delivered_ = slot.head.ts;
    else if (++statistics_.out_of_order == 1)
      warn(statistics_, slot.number,
           "an event before events of earlier lines; it and others like it stay where they are");
    session_.record(slot.head, slot.number);
    first_ = (first_ + 1) % kLines;
    --count_;
  }

  ftrace::Session& session_;
  ReadStatistics& statistics_;
  bool copies_;
  std::array<Slot, kLines> slots_;
  std::size_t first_ = 0, count_ = 0;
  std::int64_t delivered_ = -1;
};

const std::initializer_list<std::string_view> kDmaApi = {
    " dma_map:",     " sync_for_cpu:", " sync_for_device:", " dma_unmap:",
    "dma_map_sg:",   "dma_unmap_sg:",  "dma_sync_sg_for_",  "dma_sync_single_for_",
    "dma_map_phys:", "dma_map_page:",  "dma_unmap_phys:",   "dma_unmap_page:"};
const std::initializer_list<std::string_view> kCacheOps = {" arch_clean:", " arch_inval:"};

/// A comment or a note of the kernel. Returns false for what is none.
bool read_comment(std::string_view line, std::uint64_t number, ftrace::Session& session, Window& window,
                  ReadStatistics& statistics) {
  const std::uint64_t overwritten = ftrace::parse_overwritten(line);
  if (overwritten != 0) {
    window.drain();
    warn(statistics, number, std::to_string(overwritten) + " events were overwritten before the trace begins");
    session.lost(overwritten, number);
    return true;
  }
  if (ftrace::starts_late(line)) {
    window.drain();
    // The header counts these events; without header there was at least one.
    session.lost(statistics.lost == 0 ? 1 : 0, number);
    return true;
  }
  return line.find("tracer:") != std::string_view::npos || line.size() < 4 || line[1] == ' ';
}

/// What is no record: a comment, a loss, or nothing that is known. Returns false for the last.
bool read_other(std::string_view line, std::uint64_t number, ftrace::Session& session, Window& window,
                ReadStatistics& statistics) {
  if (line.empty() || line.substr(0, 5) == "cpus=" || line.substr(0, 10) == "version = ") return true;
  if (line[0] == '#') return read_comment(line, number, session, window, statistics);
  const std::optional<std::uint64_t> lost = ftrace::parse_lost(line);
  if (!lost) return false;
  window.drain();
  session.lost(*lost != 0 ? *lost : 1, number);
  return true;
}

/// A line that is no record, but names a known event as one does: its head is damaged.
bool names_known_event(std::string_view line) {
  for (std::size_t at = line.find(':'); at != std::string_view::npos; at = line.find(':', at + 1)) {
    const std::string_view before = line.substr(0, at);
    const ProbeName* probe = find_probe(before.substr(before.rfind(' ') + 1));
    if (probe != nullptr && probe->probe != kNoEvent) return true;
    if (find_tracepoint({}, before.substr(before.rfind(' ') + 1)).found) return true;
  }
  return false;
}

/// Could the last value of a line without end be a part of a longer one? A direction has one digit, a string its
/// quotes; a pointer or a number that was cut would be another one.
bool may_be_cut(std::string_view line) {
  const std::string_view last = line.substr(line.rfind(' ') + 1);
  const bool ends = last.empty() || last.back() == '"' || last.back() == ')' || last == "ret=0" ||
                    (last.size() == 5 && last.substr(0, 4) == "dir=");
  return !ends;
}

/// What the trace observes, as far as its beginning tells: the rest turns out. A stream is not waited for longer than
/// that its first DMA call has had its operation; what a file has is looked up.
void observe_early(Lines& lines, ftrace::Session& session) {
  constexpr std::size_t kEarly = std::size_t{1} << 16U, kSoonAfter = std::size_t{1} << 12U;
  const std::size_t dma = lines.find_early(kDmaApi, kEarly);
  const std::size_t soon = std::min(dma + kSoonAfter, kEarly);
  const bool cache_ops = lines.is_whole() ? lines.whole_shows(kCacheOps) : lines.find_early(kCacheOps, soon) < soon;
  session.observe(dma < kEarly, cache_ops);
}

}  // namespace

void read_ftrace(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics) {
  ftrace::Session session(sink, statistics);
  const bool whole = lines.is_whole();
  observe_early(lines, session);
  Window window(session, statistics, !whole);
  statistics.bytes_total = lines.whole().size();
  std::uint64_t records = 0, strange = 0;
  std::string_view line;
  ftrace::Head head;
  while (lines.next(line)) {
    ++statistics.lines;
    statistics.bytes = lines.offset();
    if (ftrace::parse_head(line, head)) {
      ++records;
      if (!lines.truncated() || !may_be_cut(line)) {
        window.push(line, lines.number(), head);
      } else {
        ++statistics.malformed;
        warn(statistics, lines.number(), "the last line has no end, its last value may be cut off; not read");
      }
    } else if (!read_other(line, lines.number(), session, window, statistics)) {
      ++strange;
      ++statistics.malformed;
      if (!lines.truncated() && names_known_event(line)) {
        ++statistics.known_events;
        window.drain();
        session.unread();
      }
      warn(statistics, lines.number(),
           lines.truncated() ? "the last line is cut off: no record of ftrace text"
                             : "no record of ftrace text, expected `task-pid [cpu] flags time: event: fields`");
    }
    if (!whole && lines.would_wait()) window.drain();
  }
  window.drain();
  session.finish();
  statistics.truncated = lines.truncated();
  statistics.malformed += lines.cut();
  if (records == 0)
    throw InputError(path, strange != 0 ? 1 : 0,
                     "no trace event found, expected ftrace text, an event log or a litmus file");
}

}  // namespace custody::traces::formats::ftrace
