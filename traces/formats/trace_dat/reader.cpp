// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/reader.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "traces/formats/ftrace/observation.hpp"
#include "traces/formats/ftrace/session.hpp"
#include "traces/formats/trace_dat/command_lines.hpp"
#include "traces/formats/trace_dat/event_plan.hpp"
#include "traces/formats/trace_dat/merge.hpp"
#include "traces/formats/trace_dat/streams.hpp"

namespace custody::traces::formats::trace_dat {

namespace {

using ftrace::Fields;
using ftrace::Head;

bool is_set(const std::atomic<bool>* stop) { return stop != nullptr && stop->load(std::memory_order_relaxed); }

class Reader {
 public:
  Reader(const Bytes& file, Layout& layout, EventPlans& plans, const ftrace::Names& names, EventSink& sink,
         ReadStatistics& statistics)
      : file_(file), layout_(layout), plans_(plans), comms_(layout.command_lines), records_(names, statistics),
        session_(sink, statistics, records_), statistics_(statistics) {}

  /// What the trace observes: whether any record of the DMA API and of the architecture's operations is there.
  void observe(std::vector<Stream> streams, const std::atomic<bool>* stop);
  void tell_damages() {
    for (const std::string& damage : layout_.damages) unread(damage);
  }
  void read(std::vector<Stream> streams, const std::string& path, const std::atomic<bool>* stop);

 private:
  /// False where the trace ends, as the file is cut off.
  [[nodiscard]] bool take_next(Merge& merge);
  void take(const Record& record, std::uint32_t cpu);
  void take_probe(const Record& record, const EventPlan& plan, const Head& head);
  void take_tracepoint(const Record& record, const EventPlan& plan, const Head& head);
  [[nodiscard]] RecordBytes bytes_of(const Record& r) const { return {{r.data, r.size}, layout_.swapped}; }
  void miss(const Missing& missing);
  void finish_losses();
  void warn(std::string message);
  void unread(std::string message);

  const Bytes& file_;
  Layout& layout_;
  EventPlans& plans_;
  CommandLines comms_;
  ftrace::KnownRecords records_;
  ftrace::Session session_;
  ReadStatistics& statistics_;
  ftrace::Tracepoint tracepoint_;  ///< filled again and again
  std::uint64_t number_ = 0;       ///< of the record
  std::uint64_t last_ts_ = 0;
  std::uint64_t told_ = 0;  ///< lost events that pages told of
  std::size_t blind_ = 0;   ///< processors of which records are missing now
};

void Reader::warn(std::string message) { statistics_.warn(number_, std::move(message)); }

void Reader::unread(std::string message) {
  ++statistics_.malformed;
  session_.unread();
  warn(std::move(message));
}

void Reader::observe(std::vector<Stream> streams, const std::atomic<bool>* stop) {
  ftrace::Observed seen;
  const CommonFields& common = plans_.common();
  for (Stream& stream : streams)
    while (!seen.is_all() && !is_set(stop) && stream.records.next()) {
      const Record& record = stream.records.record();
      if (record.size < common.size) continue;
      const EventPlan* plan = plans_.find(load<std::uint16_t>(record.data + common.type, layout_.swapped));
      if (plan == nullptr) continue;
      if (plan->tracepoint) seen.note(plan->tracepoint->kind);
      if (plan->probe != nullptr) seen.note(*plan->probe);
    }
  session_.observe(seen.dma_api, seen.cache_ops);
}

void Reader::take_probe(const Record& record, const EventPlan& plan, const Head& head) {
  Fields fields;
  if (!read_fields(plan, bytes_of(record), fields)) {
    ++statistics_.known_events;
    ++statistics_.passed_over.unread;
    return unread("a record of '" + std::string(plan.event) + "' whose size is not that of its fields; not read");
  }
  if (file_.met_a_hole()) return;
  if (!records_.accept(head, *plan.probe, fields, number_)) return session_.unread();
  session_.record(head, *plan.probe, fields, number_);
}

void Reader::take_tracepoint(const Record& record, const EventPlan& plan, const Head& head) {
  const std::string_view unreadable = read_tracepoint(*plan.tracepoint, bytes_of(record), tracepoint_);
  if (file_.met_a_hole()) return;
  if (unreadable.empty()) return session_.tracepoint(head, tracepoint_, number_);
  ++statistics_.known_events;
  ++statistics_.passed_over.unread;
  unread("event '" + std::string(plan.event) + "' without a readable field '" + std::string(unreadable) + "'");
}

void Reader::take(const Record& record, std::uint32_t cpu) {
  const CommonFields& common = plans_.common();
  if (record.size < common.size) return unread("a record that is too short for any event; not read");
  const auto type = load<std::uint16_t>(record.data + common.type, layout_.swapped);
  const EventPlan* plan = plans_.find(type);
  if (plan == nullptr) return unread("a record of event " + std::to_string(type) + ", of which the file has no format");
  if (plan->is_quiet) return;
  Head head;
  head.ts = static_cast<std::int64_t>(std::min<std::uint64_t>(record.ts, INT64_MAX));
  head.group = plan->group;
  head.event = plan->event;
  if (plan->probe == nullptr && !plan->tracepoint) return records_.note_other(head, number_);
  if (plan->is_damaged) return unread("a record of '" + std::string(plan->event) + "', whose format cannot be read");
  const auto flags = static_cast<std::uint8_t>(record.data[common.flags]);
  // As `says_interrupt` of text: the count of a record whose flags say nothing is -1.
  const bool says_nothing =
      common.preempt_count != 0 && static_cast<std::uint8_t>(record.data[common.preempt_count]) == 0xff;
  head.in_interrupt = !says_nothing && ftrace::bits_say_interrupt(flags);
  head.pid = static_cast<std::int32_t>(load<std::uint32_t>(record.data + common.pid, layout_.swapped));
  if (head.pid < 0)
    return unread("a record of '" + std::string(plan->event) + "' of a task that no kernel has; not read");
  head.cpu = cpu;
  head.comm = comms_.name(head.pid);
  if (plan->tracepoint) take_tracepoint(record, *plan, head);
  else take_probe(record, *plan, head);
}

void Reader::miss(const Missing& missing) {
  if (missing.damaged != 0) {
    statistics_.malformed += missing.damaged;
    warn("a page that cannot be read, or not to its end; its records are taken as lost");
  }
  session_.lost(missing.count == 0 && missing.is_certain ? 1 : missing.count, number_);
  told_ += missing.count;
}

void Reader::finish_losses() {
  std::uint64_t overrun = 0, dropped = 0;
  for (const CpuLosses& losses : layout_.losses) {
    overrun += losses.overrun;
    dropped += losses.dropped;
  }
  if (dropped != 0)
    warn(std::to_string(dropped) + " events were dropped while the buffer was full; nothing tells where");
  const std::uint64_t counted = overrun + dropped;
  if (counted > told_) session_.lost(counted - told_, number_);
}

bool Reader::take_next(Merge& merge) {
  Stream& stream = merge.next();
  const Record& record = stream.records.record();
  ++number_;
  ++statistics_.lines;
  statistics_.bytes = std::min(statistics_.bytes + record.size, statistics_.bytes_total);
  if (stream.records.missing().any) miss(stream.records.missing());
  if (std::exchange(stream.is_blind, false)) --blind_;
  const bool is_late = record.ts < last_ts_;
  if (is_late) {
    if (++statistics_.out_of_order == 1) warn("a record that is older than the one before it on its processor");
    session_.unread();
  }
  last_ts_ = record.ts;
  take(record, stream.cpu);
  // Nor is what a late one makes known from its beginning.
  if (blind_ != 0 || is_late) session_.unread();
  const bool more = merge.advance();
  if (!more && stream.records.is_cut()) return false;
  if (!stream.records.missing().any) return true;
  // What others tell until its next record, or to the end, is not all that happened.
  ++blind_;
  stream.is_blind = more;
  if (!more) miss(stream.records.missing());
  return true;
}

void Reader::read(std::vector<Stream> streams, const std::string& path, const std::atomic<bool>* stop) {
  constexpr std::uint64_t kLookAgain = 4096;
  Merge merge(std::move(streams));
  blind_ = layout_.is_incomplete ? 1 : 0;
  const Stream* cut = nullptr;
  for (Stream& stream : merge.streams()) {
    stream.is_blind = stream.records.missing().any;
    if (stream.is_blind) ++blind_;
    if (stream.records.is_cut() && stream.records.record().data == nullptr) cut = &stream;
  }
  if (cut != nullptr)
    throw InputError(path, 0,
                     "is cut off: of processor " + std::to_string(cut->cpu) +
                         " nothing is left, so that nothing of the others can be judged");
  const auto ends = [&] { return file_.met_a_hole() || (number_ % kLookAgain == 0 && is_set(stop)); };
  while (merge.has() && !ends()) {
    const std::uint32_t cpu = merge.next().cpu;
    if (take_next(merge)) continue;
    statistics_.truncated = true;
    ++statistics_.malformed;
    warn("the file is cut off: the records of processor " + std::to_string(cpu) +
         " end here; what others recorded later is not read");
    session_.lost(1, number_);
    break;
  }
  finish_losses();
  session_.finish();
  if (number_ == 0 && !is_set(stop)) throw InputError(path, 0, "is a trace.dat without any record");
}

}  // namespace

void read_trace_dat(const Bytes& file, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                    const std::atomic<bool>* stop, const std::vector<EventName>& own) {
  Layout layout = read_layout(file.all, path);
  const ftrace::Names names(own);
  EventPlans plans(layout, names);
  statistics.bytes_total = file.all.size();
  const std::vector<Stream> streams = open_streams(file, layout, plans);
  if (file.file != nullptr && file.file->shrank()) return;
  Reader reader(file, layout, plans, names, sink, statistics);
  reader.observe(streams, stop);
  reader.tell_damages();
  reader.read(streams, path, stop);
}

}  // namespace custody::traces::formats::trace_dat
