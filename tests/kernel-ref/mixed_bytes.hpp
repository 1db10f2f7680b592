// SPDX-License-Identifier: BSD-2-Clause
// What a mixed pair does to real bytes: searches schedules of its accesses and of the hardware's moves.
#pragma once

#include <optional>

#include "tests/kernel-ref/execution.hpp"
#include "tests/kernel-ref/mixed.hpp"

namespace custody::kernel_ref::test {

/// What made the two active together.
enum class Joined : std::uint8_t { kOneMaps, kOtherMaps, kWindowCloses };

/// How two devices met: by reach and direction, the device of the smaller reach first.
struct Kind {
  Reach one, other;
  model::Direction one_dir, other_dir;
  Joined joined;
  auto operator<=>(const Kind&) const = default;
};
/// Every kind that there is, with `text` for people.
[[nodiscard]] std::vector<Kind> every_kind();
[[nodiscard]] std::string text(const Kind& kind);
/// The shortest program in which the devices at `pair` of a machine meet in this way.
[[nodiscard]] Program program_of(const Kind& kind, Pair pair);

/// Two devices that a program makes active together for the first time in the life of the buffer.
struct Meeting {
  Pair pair;  ///< the device of the smaller reach first
  Kind kind;
  Program program;  ///< up to the step that does it
  std::size_t gap;  ///< the gap of a recording after that step
};
/// `program` leaves no window open.
[[nodiscard]] std::vector<Meeting> meetings_in(const Setting& setting, const Program& program);

/// Where a snooping device's write may end.
enum class SnoopingWrites : std::uint8_t { kInMemory, kAnywhere };

/// A shortest schedule, of at most three moves at the meeting, in which both devices act and then one of them reads
/// other bytes than were written last; where neither may read, a CPU window that opens next does. None: there is none.
[[nodiscard]] std::optional<Schedule> wrong_read(const Setting& setting, const Meeting& meeting, SnoopingWrites writes);

}  // namespace custody::kernel_ref::test
