// SPDX-License-Identifier: BSD-2-Clause
// What every reader promises: events in order to a sink, counts of what it could not use, and located errors.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traces/directory.hpp"
#include "traces/event.hpp"

namespace custody::traces {

/// One `expect` line of a litmus file, unjudged. Which rules and reasons exist is not known here.
struct Expectation {
  enum class Kind : std::uint8_t {
    kFinding,
    kNoFinding,
    kLegal,
    kMaintenance,
    kOptimum,
    kOptimumNotComputed,
    kSubset,
    kSubsetNotComputed,
    kJudged,
    kPartlyJudged,
    kNotJudged,
    kUnschedulable,
  };
  std::uint64_t line = 0;  ///< of the `expect` line itself
  std::string text;        ///< the line as written, without surrounding blanks
  Kind kind = Kind::kFinding;
  std::string what;              ///< rule id, class or `unobserved`, for kFinding and kNoFinding
  std::uint64_t at = 0;          ///< resolved line number of the event; 0: anywhere
  bool once = false;             ///< kFinding: one finding is meant and no more
  std::string severity;          ///< kFinding: `error`, `warning` or `note`; empty: any
  std::string owes;              ///< kFinding: who has to mend it; empty: anybody
  std::optional<bool> proved;    ///< kFinding: whether it has no effect in the worst case too; unset: either
  std::uint64_t count = 0;       ///< operations, for kMaintenance, kOptimum and kSubset
  std::uint32_t buffer = kNoId;  ///< for kJudged, kPartlyJudged, kNotJudged and kUnschedulable
  std::string reason;            ///< why a buffer is not judged, or partly; empty: for any reason
};

/// What a trace says of itself before its events.
struct Header {
  std::string source;    ///< who recorded it
  std::string title;     ///< of a litmus file
  std::string arch;      ///< architecture profile; empty: not said
  std::string contract;  ///< litmus: `contract NAME`
  struct Policy {
    std::string name, value;
    std::uint64_t line = 0;
  };
  std::vector<Policy> policies;
  std::uint32_t cpu_line = 0;       ///< bytes of a line of the CPU cache; 0: as the architecture profile says
  bool exact_accesses = false;      ///< `accesses exact`: only the accesses of the trace happen
  bool trust_mappings = false;      ///< `trust mappings`: CPU stores may come through any live mapping, without window
  bool observes_dma_api = true;     ///< DMA API calls would be in the trace
  bool observes_cache_ops = false;  ///< the architecture's own cache operations would be in the trace
  bool traced_dma = false;          ///< by the kernel's tracepoints: no sync of a device that needs none is there
  bool by_probes = false;           ///< what never occurs may be a probe that was not set
  std::vector<Expectation> expectations;
  /// `# pending RULE: reason` comments of a litmus file: what a later version has to find there.
  std::vector<std::string> pending;
};

/// Something odd that was survived. Kept for the first few, counted for all.
struct Warning {
  std::uint64_t line = 0;
  std::string message;
};

/// Who recorded: each source shows something, and none shows everything.
enum class RecordSource : std::uint8_t {
  kDmaTracepoints,
  kBufferTracepoints,
  kFenceTracepoints,
  kIommuTracepoints,
};
inline constexpr unsigned kRecordSources = 4;
/// The groups of the tracepoints, indexed by RecordSource.
inline constexpr std::array<std::string_view, kRecordSources> kRecordSourceNames{"dma", "dma_buf", "dma_fence",
                                                                                 "iommu"};

inline constexpr std::size_t kMaxKeptWarnings = 100;

/// What a reader left out: without loss, but for `unread`.
struct PassedOver {
  std::uint64_t foreign = 0;  ///< lines and records that are known to tell nothing of buffers
  std::uint64_t fields = 0;   ///< optional fields of records that were read, without a readable value
  std::uint64_t unread = 0;   ///< records of known events that could not be read
};

/// What a reader did, and what it could not use.
struct ReadStatistics {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;           ///< of the input, read so far; stays 0 for a stream
  std::uint64_t bytes_total = 0;     ///< of the input; 0 for a stream
  std::uint64_t events = 0;          ///< delivered to the sink
  std::uint64_t known_events = 0;    ///< records of an event that the reader knows, whether it could be read or not
  std::uint64_t unknown_events = 0;  ///< records of an event that the reader does not know
  PassedOver passed_over;
  std::uint64_t malformed = 0;     ///< lines of a known event that could not be read
  std::uint64_t unattributed = 0;  ///< DMA calls and cache operations of no known buffer
  std::uint64_t lost = 0;          ///< events that the trace says were lost
  std::uint64_t out_of_order = 0;  ///< events that came later than the reordering window can mend
  std::uint64_t warnings = 0;      ///< all, also those that `kept_warnings` no longer holds
  bool truncated = false;          ///< the last line is incomplete
  /// Records of the kernel's own tracepoints, by RecordSource.
  std::array<std::uint64_t, kRecordSources> tracepoints{};
  std::vector<Warning> kept_warnings;

  /// Records of known events, and not one of them could be read.
  [[nodiscard]] bool could_read_none() const { return known_events != 0 && passed_over.unread >= known_events; }
  void warn(std::uint64_t line, std::string message) {
    ++warnings;
    keep_warning(line, std::move(message));
  }
  /// One that is counted already.
  void keep_warning(std::uint64_t line, std::string message) {
    if (kept_warnings.size() < kMaxKeptWarnings) kept_warnings.push_back({line, std::move(message)});
  }
};

/// Something that happened and that no event tells of as it was.
struct Gap {
  enum class Kind : std::uint8_t {
    kUnreadRecord,   ///< a record of a known event that could not be read
    kOpenCall,       ///< a call whose return is not in the trace; an event takes it as returned
    kMissingRecord,  ///< the trace itself shows that one is missing: a return without entry, a pointer that is not free
  } kind = Kind::kUnreadRecord;
  EventKind event = EventKind::kLost;  ///< of an open call
  std::uint32_t buffer = kNoId;        ///< kNoId: it may have been any
  std::uint32_t task = kNoId;          ///< of a missing entry: whose, so that what it did since was inside that call
};

/// Input that cannot be read at all. What was delivered before stays valid.
class InputError : public std::runtime_error {
 public:
  InputError(std::string path, std::uint64_t line, const std::string& message)
      : std::runtime_error(path + (line != 0 ? ":" + std::to_string(line) : std::string()) + ": " + message),
        path_(std::move(path)), line_(line) {}
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint64_t line() const { return line_; }

 private:
  std::string path_;
  std::uint64_t line_;
};

/// Input that is no trace at all: nothing was delivered that says something of a buffer.
class NoTrace : public InputError {
 public:
  using InputError::InputError;
  explicit NoTrace(const InputError& error) : InputError(error) {}
};

/// Input that ends before its end: cut, damaged, or no longer there. What was delivered before stays valid as far as
/// the bytes were what was written: a checksum may come behind what it covers.
class DamagedInput : public InputError {
 public:
  using InputError::InputError;
};

/// Takes what a reader delivers. Calls come in this order: `on_header` once, then events in time order.
/// References are valid during the call only; `Directory` entries stay valid until their id is reused.
class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;
  virtual void on_header(const Header& header, const Directory& directory) = 0;
  virtual void on_event(const Event& event, const Directory& directory) = 0;
  /// Between events, where it stands in the trace.
  virtual void on_gap(const Gap& /*gap*/, const Directory& /*directory*/) {}
  /// After the last event of a trace that could be read to its end.
  virtual void on_end(const Directory& /*directory*/) {}
};

}  // namespace custody::traces
