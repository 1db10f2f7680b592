// SPDX-License-Identifier: BSD-2-Clause
// The sentences of the all-clear, and of what it does not cover.
#pragma once

#include <string>

#include "checker/finding.hpp"

namespace custody::checker::report {

/// `3 buffers`, `1 buffer`.
[[nodiscard]] std::string plural(std::uint64_t n, std::string_view what);

/// `nothing is missing in 3 buffers of 5; 2 not judged: mapped before the trace began`. Empty where no buffer is
/// judged, or a sync is missing: then nothing is clear. `no sync` instead of `nothing` where something else is wrong.
[[nodiscard]] std::string all_clear(const Summary& s);

/// `3 buffers judged, 2 not judged: mapped before the trace began`. Empty where all are judged.
[[nodiscard]] std::string judged_counts(const Summary& s);

/// Of each reason why something is not wholly judged, what would settle it. Lines, maybe none.
[[nodiscard]] std::string settling_lines(const Summary& s);

/// The known events of the trace by kind: one line, or none.
[[nodiscard]] std::string known_events_line(const Summary& s);

/// The probes that seem to be missing, and what tracepoints cannot show. Lines, maybe none.
[[nodiscard]] std::string inventory_lines(const Summary& s);

/// Why a figure is not computed, for people: `a client broke the rules, ...`. `bits` of NotComputed.
[[nodiscard]] std::string why_not_computed(std::uint8_t bits);

}  // namespace custody::checker::report
