// SPDX-License-Identifier: BSD-2-Clause
// How much of a buffer a replay could judge, why not all of it, and what would settle it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/event.hpp"
#include "traces/reader.hpp"

namespace custody::checker {

/// How much of a buffer was judged. Only of a wholly judged one can it be said that no sync is missing.
enum class Judged : std::uint8_t {
  kWhole,
  /// Something of it is not judged: a call, a device, or a period of its life.
  kPartly,
  /// Its trace can bear out no all-clear: what was before the trace matters to the end, or no sync would be seen.
  kNot,
};
inline constexpr unsigned kJudgedKinds = 3;

/// Why a buffer is not wholly judged.
enum class JudgedReason : std::uint8_t {
  kMappedBeforeTrace,  ///< its export is not in the trace, and what was before is not proved to be without effect
  kLostEvents,         ///< events were lost while it lived
  kUnreadRecord,       ///< a record of a known event could not be read while it lived
  kMissingRecord,      ///< the trace itself shows that a record of it is missing, and neither loss nor damage says why
  kMissingProbe,       ///< a known event is absent although its callers are there (`Inventory::missing`)
  kCallNeverReturned,  ///< the reader took a call as returned, as its return is not in the trace
  kAssumption,         ///< its memory, or whether a device that mapped it snoops, is assumed
  kUnjudgedRefusal,    ///< a refused call is not judged: the history of what it concerns is not in the trace
  kSilentExporter,     ///< the trace could not have shown the syncs of its exporter
  kOwnDevice,          ///< the exporter's own device uses it, which no call of the core shows
  kNoCoreCalls,        ///< it is known by its memory, or its inode, only: the trace shows no call of the core on it
  kUntracedSyncs,      ///< by tracepoints only: its devices may be coherent, whose syncs make no record
  kManyCopies,         ///< a device is behind a copy, and so many have it that the copies are not told apart
  kManyLines,          ///< more parts of it were in different states than are kept
};
inline constexpr unsigned kJudgedReasons = 14;
[[nodiscard]] constexpr std::uint32_t bit_of(JudgedReason r) { return std::uint32_t{1} << static_cast<unsigned>(r); }

/// The key of the report formats: `mapped_before_trace`, `lost_events`, ...
[[nodiscard]] std::string_view name(JudgedReason r);
/// For people, after a colon: `mapped before the trace began`.
[[nodiscard]] std::string_view says(JudgedReason r);
/// What would settle it, for people: an option, a probe, an earlier start.
[[nodiscard]] std::string_view settled_by(JudgedReason r);

/// `judged`, `partly judged`, `not judged`.
[[nodiscard]] std::string_view name(Judged j);

/// How one buffer of a trace ended.
struct BufferVerdict {
  std::uint32_t buffer = traces::kNoId;
  std::uint32_t generation = 0;
  Judged judged = Judged::kWhole;
  std::uint32_t reasons = 0;  ///< bit per JudgedReason
};

/// A known event that is absent although its callers are there.
struct MissingProbe {
  std::string_view name;     ///< of the event
  std::string_view because;  ///< which callers are there
  bool judged_without;       ///< false: an all-clear rests on it
  std::string_view silent;   ///< rules that are not told without it; empty: none
};

/// The known events of a trace by kind. A call counts where it was entered.
struct Inventory {
  std::array<std::uint64_t, traces::kEventKinds> events{};
  std::array<std::uint64_t, traces::kEventKinds> returns{};     ///< of calls, without those that a reader made up
  std::uint32_t missing = 0;                                    ///< bit per place in `kMissingProbes`
  std::array<std::uint64_t, traces::kRecordSources> sources{};  ///< records by traces::RecordSource
  void add(const Inventory& other);
  void note(const traces::Event& e) {
    ++(e.phase == traces::Phase::kReturn ? returns : events)[static_cast<std::size_t>(e.kind)];
  }
  [[nodiscard]] std::uint64_t of(traces::EventKind kind) const { return events[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] std::uint64_t returns_of(traces::EventKind kind) const {
    return returns[static_cast<std::size_t>(kind)];
  }
};

/// A source of records, and what it cannot show.
struct SourceWords {
  std::string_view name;         ///< `dma`: the tracepoints' group
  std::string_view cannot_show;  ///< for people
};
[[nodiscard]] const SourceWords& words(traces::RecordSource source);

inline constexpr unsigned kMissingProbeCount = 11;
extern const std::array<MissingProbe, kMissingProbeCount> kMissingProbes;
/// The probes that seem not to be set, where what is absent need not have been without occurrence.
[[nodiscard]] std::uint32_t missing_of(const Inventory& seen);

/// How many buffers are judged, and what stands in the way of the others. Sums: a trace of any length needs no more.
struct Coverage {
  std::array<std::uint64_t, kJudgedKinds> by_verdict{};  ///< indexed by Judged
  std::array<std::uint64_t, kJudgedReasons> why_not{};   ///< buffers that are not wholly judged, under each reason
  std::uint64_t damaged_buffers = 0;                     ///< that losses or damage touched
  /// Options that would settle assumptions, if true, as a shell takes them: `--device gpu.0=noncoherent`. The first
  /// kMostSettling.
  std::vector<std::string> settling;
  Inventory inventory;
  void add(const Coverage& other);
  /// Nothing of the trace can be relied on: no buffer of it is wholly judged.
  void take_back(JudgedReason why);
  [[nodiscard]] std::uint64_t of(Judged j) const { return by_verdict[static_cast<std::size_t>(j)]; }
};
inline constexpr std::size_t kMostVerdicts = 1024;
inline constexpr std::size_t kMostSettling = 8;

}  // namespace custody::checker
