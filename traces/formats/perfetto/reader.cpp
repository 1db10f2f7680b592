// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/reader.hpp"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <utility>

#include "traces/formats/ftrace/session.hpp"
#include "traces/formats/perfetto/merge.hpp"
#include "traces/formats/perfetto/scan.hpp"
#include "traces/formats/perfetto/values.hpp"

namespace custody::traces::formats::perfetto {

namespace {

using ftrace::Fields;
using ftrace::Head;
using Is = EventPlan::Is;

/// The second pass: records become events.
class Reader {
 public:
  Reader(const EventPlans& plans, Recording& recording, const Found& found, const ftrace::Names& names, EventSink& sink,
         ReadStatistics& statistics)
      : plans_(plans), recording_(recording), found_(found), records_(names, statistics),
        session_(sink, statistics, records_), statistics_(statistics) {}

  void read();

 private:
  void take(const Entry& entry, const Stream& stream);
  void take_record(const Record& record, const Stream& stream);
  void take_probe(const Record& record, const EventPlan& plan, const Head& head);
  void take_tracepoint(const Record& record, const EventPlan& plan, const Head& head);
  void take_without_arguments(const EventPlan& plan);
  [[nodiscard]] bool is_told_twice(const Record& record, const Stream& stream);
  [[nodiscard]] std::string_view comm(std::int64_t pid) const;
  void finish_losses();
  void unread(std::string message);

  const EventPlans& plans_;
  Recording& recording_;
  const Found& found_;
  ftrace::KnownRecords records_;
  ftrace::Session session_;
  ReadStatistics& statistics_;
  ftrace::Tracepoint tracepoint_;  ///< filled again and again
  std::uint64_t number_ = 0;       ///< of the record
  std::uint64_t line_ = 0;         ///< where it stands, for people
  std::size_t blind_ = 0;          ///< processors of which records are missing now
  bool has_writers_ = false;       ///< several recorded the same
  struct Told {
    std::uint64_t writer;
    std::uint32_t cpu;
    Record record;
  };
  std::vector<Told> at_this_time_;
  bool said_no_arguments_ = false;
};

void Reader::unread(std::string message) {
  ++statistics_.malformed;
  statistics_.warn(line_, std::move(message));
  session_.unread();
}

std::string_view Reader::comm(std::int64_t pid) const {
  const auto found = recording_.comms.find(pid);
  if (found != recording_.comms.end()) return found->second;
  return pid == 0 ? "<idle>" : "<...>";
}

void Reader::take_probe(const Record& record, const EventPlan& plan, const Head& head) {
  Fields fields;
  if (std::string wrong = read_fields(plan, record.fields, fields); !wrong.empty()) {
    ++statistics_.known_events;
    ++statistics_.passed_over.unread;
    return unread(std::move(wrong));
  }
  if (!records_.accept(head, *plan.probe, fields, line_)) return session_.unread();
  session_.record(head, *plan.probe, fields, line_);
}

void Reader::take_tracepoint(const Record& record, const EventPlan& plan, const Head& head) {
  const std::string_view unreadable = read_tracepoint(plan, record.fields, tracepoint_);
  if (unreadable.empty()) return session_.tracepoint(head, tracepoint_, line_);
  ++statistics_.known_events;
  ++statistics_.passed_over.unread;
  unread("event '" + plan.event + "' without a readable field '" + std::string(unreadable) + "'");
}

/// Where the same function has a probe with arguments, that tells more.
void Reader::take_without_arguments(const EventPlan& plan) {
  if (!std::exchange(said_no_arguments_, true))
    statistics_.warn(line_,
                     "event '" + plan.event +
                         "' is of Perfetto's kprobe_events, which record no arguments; set a probe in a group of "
                         "your own and list it in ftrace_events");
  if (found_.probes.test(static_cast<std::size_t>(plan.probe->probe))) {
    ++statistics_.passed_over.foreign;
    return;
  }
  ++statistics_.malformed;
  session_.unread();
}

void Reader::take_record(const Record& record, const Stream& stream) {
  const EventPlan& plan = plans_[record.plan];
  Head head;
  head.ts = record.ts;
  head.pid = record.pid;
  head.cpu = stream.cpu;
  head.comm = comm(record.pid);
  head.group = plan.group;
  head.event = plan.event;
  Fields none;
  bool damaged = false;
  switch (plan.is) {
    case Is::kProbe: return take_probe(record, plan, head);
    case Is::kTracepoint: return take_tracepoint(record, plan, head);
    case Is::kNoArguments: return take_without_arguments(plan);
    case Is::kNearlyProbe:
      head.rest = " dmabuf=";
      static_cast<void>(records_.read(head, nullptr, line_, none, damaged));
      if (damaged) session_.unread();
      return;
    case Is::kUndescribed:
      ++statistics_.known_events;
      ++statistics_.passed_over.unread;
      return unread("a record of event " + plan.event +
                    " of FtraceEvent, which cannot be read, or of which the trace has no descriptor");
    case Is::kUnknown:
    case Is::kForeign: return records_.note_other(head, line_);
  }
}

/// Two writers of one trace each record what both were told to.
bool Reader::is_told_twice(const Record& record, const Stream& stream) {
  if (!at_this_time_.empty() && at_this_time_.front().record.ts != record.ts) at_this_time_.clear();
  for (const Told& t : at_this_time_)
    if (t.writer != stream.writer && t.cpu == stream.cpu && t.record.pid == record.pid &&
        plans_[t.record.plan].event == plans_[record.plan].event && t.record.fields == record.fields)
      return true;
  at_this_time_.push_back({stream.writer, stream.cpu, record});
  return false;
}

void Reader::take(const Entry& entry, const Stream& stream) {
  if (entry.place == Entry::kBlind) {
    ++blind_;
  } else if (entry.place == Entry::kLoss) {
    --blind_;
    session_.lost(1, line_);
  } else if (entry.place == Entry::kUnread) {
    session_.unread();
  } else {
    const Record record = recording_.record(entry);
    if (has_writers_ && is_told_twice(record, stream)) return;
    ++number_;
    line_ = record.line != 0 ? record.line : number_;
    const bool is_late = record.ts < entry.key;
    if (is_late) {
      if (++statistics_.out_of_order == 1)
        statistics_.warn(line_, "a record that is older than the one before it on its processor");
      session_.unread();
    }
    take_record(record, stream);
    // Nor is what a late one makes known from its beginning.
    if (blind_ != 0 || is_late) session_.unread();
  }
}

void Reader::finish_losses() {
  const auto tell = [&](std::uint64_t count, const std::string& what) {
    if (count == 0) return;
    statistics_.warn(0, std::to_string(count) + " " + what + "; nothing tells where");
    session_.lost(count, line_);
  };
  tell(found_.dropped, "events were dropped while the buffer was full");
  tell(found_.missed, "hits of probes were missed (kprobe_profile)");
  if (!found_.tells_losses) tell(found_.overrun, "events were overwritten before they could be read");
}

void Reader::read() {
  session_.observe(found_.observed.dma_api, found_.observed.cache_ops);
  const std::vector<Stream>& streams = recording_.streams();
  has_writers_ = std::any_of(streams.begin(), streams.end(), [&](auto& s) { return s.writer != streams[0].writer; });
  const bool is_incomplete = found_.dropped != 0 || found_.missed != 0 ||
                             (found_.overrun != 0 && !found_.tells_losses) ||
                             (found_.had_errors && !found_.tells_errors);
  if (is_incomplete) ++blind_;
  Merge merge(streams);
  const Stream* stream = nullptr;
  for (Entry entry; merge.next(stream, entry);) take(entry, *stream);
  finish_losses();
  session_.finish();
}

std::string what_it_has(const Found& found, const ReadStatistics& statistics) {
  if (found.without_arguments != 0)
    return std::to_string(found.without_arguments) + " of Perfetto's kprobe_events, the first of '" +
           found.first_without_arguments +
           "', which record no arguments; set probes in a group of your own and list them in ftrace_events";
  if (found.other_machines != 0) return "those of another machine";
  if (statistics.lines == 0) return "no ftrace events at all: a trace of Perfetto of something else";
  return std::to_string(statistics.lines) + " of others" +
         (found.first_other.empty() ? "" : ", the first of '" + found.first_other + "'") +
         ": a trace of Perfetto of other events";
}

void read(PacketSource& packets, input::Lines& lines, const std::string& path, EventSink& sink,
          ReadStatistics& statistics, const std::vector<EventName>& own) {
  // Damage is told in our words; the library's would go to standard error.
  const google::protobuf::LogSilencer silence;
  const ftrace::Names names(own);
  EventPlans plans(names);
  Recording recording;
  Scan scan(plans, recording, statistics);
  statistics.bytes_total = lines.whole().size();
  try {
    for (Packet packet; packets.next(packet);) {
      scan.take(packet);
      if (statistics.bytes_total != 0) statistics.bytes = packets.offset();
    }
    const bool is_cut = !packets.damage().empty() || lines.has_shrunk();
    statistics.truncated = is_cut;
    if (is_cut) recording.lose_everywhere();
    recording.close();
  } catch (const InputError&) {
    throw;
  } catch (const std::runtime_error& e) {
    throw InputError(path, 0, e.what());
  }
  if (scan.found().known != 0) Reader(plans, recording, scan.found(), names, sink, statistics).read();
  if (!packets.damage().empty() && lines.damage().empty())
    throw DamagedInput(path, packets.damaged_line(), packets.damage());
  if (scan.found().known == 0 && lines.damage().empty())
    throw InputError(path, 0,
                     "no record of a known event: found " + what_it_has(scan.found(), statistics) +
                         ", expected events of the dma-buf core and of the DMA API (`--event NAME=KIND` says what a "
                         "probe is called)");
}

}  // namespace

void read_perfetto(input::Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                   const std::atomic<bool>* stop, const std::vector<EventName>& own) {
  BinaryPackets packets(lines, stop);
  read(packets, lines, path, sink, statistics, own);
}

void read_perfetto_text(input::Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                        const std::atomic<bool>* stop, const std::vector<EventName>& own) {
  TextPackets packets(lines, stop);
  read(packets, lines, path, sink, statistics, own);
}

}  // namespace custody::traces::formats::perfetto
