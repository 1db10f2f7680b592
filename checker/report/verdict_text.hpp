// SPDX-License-Identifier: BSD-2-Clause
// The sentences of the all-clear, and of what it does not cover.
#pragma once

#include <string>

#include "checker/finding.hpp"

namespace custody::checker::report {

/// `3 buffers`, `1 buffer`.
[[nodiscard]] std::string plural(std::uint64_t n, std::string_view what);

/// `no missing sync in 3 buffers; 2 not judged: mapped before the trace began`. Empty where no buffer is judged, or a
/// sync is missing: then nothing is clear.
[[nodiscard]] std::string all_clear(const Summary& s);

/// What is not wholly judged, why, and what would settle it; the advice beside it. Lines, maybe none.
[[nodiscard]] std::string verdict_lines(const Summary& s);

/// The known events of the trace by kind, and the probes that seem to be missing. Lines.
[[nodiscard]] std::string inventory_lines(const Summary& s);

/// Why a figure is not computed, for people: `a client broke the rules, ...`. `bits` of NotComputed.
[[nodiscard]] std::string why_not_computed(std::uint8_t bits);

}  // namespace custody::checker::report
