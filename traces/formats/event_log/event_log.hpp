// SPDX-License-Identifier: BSD-2-Clause
// The event log: JSON Lines of schema `custody.trace/1`. traces/event_log.schema.json describes its lines.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "traces/input/lines.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::event_log {

inline constexpr std::string_view kEventLogSchema = "custody.trace/1";
/// JSON that nests deeper is refused.
inline constexpr int kMaxJsonDepth = 32;

/// Delivers the events of a log to `sink`, in file order and as it is written. `statistics` is kept up to date.
///
/// The first line is the header; a log without it or of another schema is an InputError. A later line that cannot be
/// read is counted as malformed, with a warning that says where and why, and reading goes on. Unknown keys are ignored,
/// with one warning a name, but for one that differs from a known one in one letter: that line is damaged. Unknown
/// events are counted.
///
/// - A call is one record, or two with `phase` `enter` and `return` and the same `call`. A return may leave out what
/// its
///   entry says. `in` is the `call` of the call around.
/// - A DMA call is delivered as one event at the place of its first record, with its `cache_*` records, those whose
/// `in`
///   is its `call`, merged: one operation over the union of their ranges. It waits for them until its return, or,
///   as one record, until the next other record of its task; at most 1,024 events wait. Where no `cache_*` record
///   comes, the call is known to have touched no cache if the header observes `cache_ops`, and else not known; its
///   `maintenance` of `none` or `unknown` says otherwise.
/// - A `cache_*` record of no DMA call is a kCacheOperation.
/// - A name means its object until 4,096 more buffers were released; then the id is free and the name is new. A second
///   `export` or `attach` of a name makes a new object at once. A buffer or attachment that comes into sight otherwise
///   is older than the trace; `exporter`, `size`, `ino`, `memory` on any record tell what is known of it.
/// - A record that names the attachment of another buffer is malformed, and so are a return of another buffer's call,
///   and an empty name of a buffer, attachment or device. An attach or detach may name its device only.
/// - A DMA call or cache operation without `buffer` is counted as unattributed and not delivered.
/// - `line` is where an event stood in another trace that the log was made from, and what is delivered as its line;
///   `task` tells tasks of one `tid` apart; `buffer_name` and `attachment_name` are shown in place of the identities.
///   `mapping_seen` of false: the mapping was made where no record tells. A record `gap` is delivered as one. A line
///   with `end` adds what that trace's reader could not use to `statistics`.
/// - A later line with `schema` and without `event` says again what the log observes; `on_header` is called again.
void read_event_log(input::Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics);

/// Writes what it is delivered as an event log, line by line. Reading the lines back gives the same events; ids and
/// line numbers are others, and two live objects of one name get different ones.
///
/// A conversion also writes what only another trace than this log can have: where each event stood (`line`, which a
/// reader takes for the event's), gaps, expectations, the names of objects that share one, the probes. Replay of the
/// log then says what replay of that trace says, with the line numbers of that trace.
class EventLogWriter : public EventSink {
 public:
  enum class Purpose : std::uint8_t { kRecording, kConversion };
  /// `write` takes each line with its end. What it throws passes through.
  explicit EventLogWriter(std::function<void(std::string_view)> write, Purpose purpose = Purpose::kRecording);
  ~EventLogWriter() override;
  void on_header(const Header& header, const Directory& directory) override;
  void on_event(const Event& event, const Directory& directory) override;
  void on_gap(const Gap& gap, const Directory& directory) override;
  /// Of a conversion, behind the last event: what the reader of the other trace could not use.
  void end(const ReadStatistics& statistics);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace custody::traces::formats::event_log
