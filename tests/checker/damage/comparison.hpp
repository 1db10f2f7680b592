// SPDX-License-Identifier: BSD-2-Clause
// What a replay of a damaged trace says that a replay of the undamaged one does not say, and what may be said.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/checker/damage/answer.hpp"

namespace custody::checker::test {

/// How an error or an all-clear too many can be excused. None of these can be told from the trace alone, or not yet
/// where it is said.
enum class Excuse : std::uint8_t {
  kAnotherHistory,  ///< nothing tells of damage: every line was read, and what they say together can have happened
  kToldLater,       ///< the first sign of damage stands behind what the error is about
  kNone,            ///< damage was told, and it is said all the same
};
inline constexpr unsigned kExcuses = 3;
[[nodiscard]] std::string_view word(Excuse excuse);

struct TooMuch {
  std::string what;  ///< a rule, or `clear`
  Excuse excuse = Excuse::kNone;
  std::uint64_t signs = 0;  ///< of damage, that stand before it
};

/// An error of a rule on a buffer that the whole trace does not accuse of it; buffers that the damage made up count
/// where there are more of them than the whole trace accuses. And an all-clear for a buffer that the whole trace does
/// not clear, unless the part is the whole up to some event: a trace may end anywhere.
[[nodiscard]] std::vector<TooMuch> said_too_much(const Answer& whole, const Answer& part);

/// The part is the whole up to some event.
[[nodiscard]] bool is_beginning(const Answer& part, const Answer& whole);

/// The events of both that stand before line `end`, in any order, are the same.
[[nodiscard]] bool begin_alike(const Answer& whole, const Answer& part, std::uint64_t end);

/// How many in 100,000 edits of a format say too much, by Excuse.
struct Rates {
  std::string_view format;
  std::array<double, kExcuses> in_100000;
};
/// What chance, with a distance of four standard deviations, makes of a rate in `edits`.
[[nodiscard]] std::uint64_t at_most(double in_100000, std::uint64_t edits);

}  // namespace custody::checker::test
