// SPDX-License-Identifier: BSD-2-Clause
// What a replay says of a trace, by buffer and without lines, so that what it says of a damaged one can be held against
// it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/verdict.hpp"

namespace custody::checker::test {

/// Buffers by their inode, and by the name in the log where there is none.
struct Answer {
  /// Rule, buffer: how many signs that the trace is damaged stood before it was said first.
  std::map<std::pair<std::string, std::string>, std::uint64_t> errors;
  std::map<std::string, Judged> judged;                        ///< by buffer: the least of those of this name
  std::set<std::string> hazards;                               ///< buffers with a missing or lost sync
  std::vector<std::uint64_t> lines;                            ///< of the events, as they came
  std::vector<std::uint64_t> kinds;                            ///< of the events, in their order, with their phases
  std::map<std::string, std::vector<std::uint64_t>> kinds_of;  ///< of those of a buffer
  std::string input_error;
  std::uint64_t signs = 0;  ///< how often damage was told
  bool is_told = false;     ///< that the trace is damaged: an error, a gap, a loss, or a line that could not be read
  std::uint64_t bytes = 0;  ///< at most in memory at a time while it was read, beyond what was before
  double seconds = 0;
  bool is_cut = false;  ///< its last line has no end

  /// It can be said that no sync is missing.
  [[nodiscard]] bool clears(const std::string& buffer) const {
    const auto found = judged.find(buffer);
    return found != judged.end() && found->second == Judged::kWhole && hazards.count(buffer) == 0;
  }
  [[nodiscard]] std::size_t cleared() const {
    std::size_t n = 0;
    for (const auto& [buffer, how] : judged) n += clears(buffer) ? 1U : 0U;
    return n;
  }
};

[[nodiscard]] Answer answer_to(const std::string& bytes);

}  // namespace custody::checker::test
