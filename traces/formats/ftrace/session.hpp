// SPDX-License-Identifier: BSD-2-Clause
// The state of one reading: call stacks per task, pending DMA calls, and what is delivered when.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "traces/formats/ftrace/fields.hpp"
#include "traces/formats/ftrace/identities.hpp"
#include "traces/formats/ftrace/known_records.hpp"
#include "traces/formats/ftrace/record.hpp"
#include "traces/formats/ftrace/repeats.hpp"
#include "traces/formats/ftrace/task.hpp"
#include "traces/formats/ftrace/told_twice.hpp"
#include "traces/formats/ftrace/tracepoint.hpp"
#include "traces/formats/ftrace/tracepoints.hpp"
#include "traces/formats/ftrace/waiting_calls.hpp"
#include "traces/reader.hpp"
#include "traces/recorder_notes.hpp"

namespace custody::traces::formats::ftrace {

/// An event of the kind, where and when the record was made.
[[nodiscard]] Event event_of(const Head& head, std::uint64_t line, EventKind kind, std::uint32_t task);

/// Turns records into events. One object reads one trace.
class Session {
 public:
  Session(EventSink& sink, ReadStatistics& statistics, KnownRecords& records)
      : sink_(sink), statistics_(statistics), records_(records), ids_(directory_),
        tracepoints_(*this, ids_, directory_) {}

  /// Says what the trace observes; again when that turns out to be more. `notes`: what the recorder said of the
  /// machine.
  void observe(bool dma_api, bool cache_ops, const RecorderNotes* notes = nullptr);
  void record(const Head& head, std::uint64_t line);
  /// A record of the kernel's own tracepoints, of which `head` says who, where and when.
  void tracepoint(const Head& head, const Tracepoint& record, std::uint64_t line);
  /// A record of a probe, whose fields were read and accepted (`KnownRecords`).
  void record(const Head& head, const ProbeName& probe, const Fields& fields, std::uint64_t line);
  /// What could be a record of a known event could not be read.
  void unread();
  /// Events were lost here, `count` of them that were not counted before. What was open is over.
  void lost(std::uint64_t count, std::uint64_t line);
  /// The trace ends: what is pending is delivered.
  void finish();

 private:
  friend class Tracepoints;
  /// Whether the records that follow a DMA call may not be in the trace.
  enum class Cut : std::uint8_t { kNot, kByLoss, kByEnd };

  Task& task_of(std::uint32_t id);
  void warn(std::uint64_t line, std::string message);
  void deliver(const Event& e);
  void miss(const Event& at, std::uint32_t buffer, const std::string& what);
  void flush_dma(Task& task, Cut cut = Cut::kNot);
  void flush_others(const Event& e);
  void settle(Task& task, bool keeps_orphans);

  /// A record of dma_buf_ioctl(): the window's begin or end that it tells.
  void record_ioctl(const Head& head, const ProbeName& probe, Fields f, std::uint64_t line);
  void on_export(Event& e, const Fields& f);
  void on_attach(Event& e, const Fields& f, Task& task);
  void on_whole(Event& e, const Fields& f, Task& task);
  void on_entry(Event& e, const Fields& f, Task& task);
  void on_return(Event& e, const Fields& f, Task& task);
  void on_dma(Event& e, const Fields& f, Task& task, bool in_interrupt);
  void on_arch(Event& e, const Fields& f, Task& task);
  void close(Task& task, std::size_t depth, const Event& at);
  void dispatch(int probe, Event& e, const Fields& f, Task& task, bool in_interrupt);

  EventSink& sink_;
  ReadStatistics& statistics_;
  KnownRecords& records_;
  Directory directory_;
  Identities ids_;
  Header header_;
  std::vector<Task> tasks_;
  WaitingCalls waiting_;  ///< of tasks with has_dma
  std::uint32_t next_call_ = 0;
  std::bitset<kEventKinds> returns_seen_;  ///< kinds of calls
  Repeats repeats_;
  ToldTwice told_twice_;
  Tracepoints tracepoints_;
};

}  // namespace custody::traces::formats::ftrace
