// SPDX-License-Identifier: BSD-2-Clause
// The private cells of an exporter: what a contract notes about a buffer and about an attachment.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "model/direction.hpp"
#include "model/facts.hpp"

namespace custody::model {

enum class NoteOp : std::uint8_t { kSet, kUp, kDown, kKeep };
/// What a clause does to a note. `kKeep` sets the code of the call's direction (model::code_of).
struct NoteAction {
  std::string_view name;
  Id fact;
  NoteOp op;
  std::uint8_t value;
  std::string_view says;
};

// clang-format off
inline constexpr NoteAction kNoteActions[] = {
  {"set:own_mapping",     at(kFacts, "own_mapping"),    NoteOp::kSet,  1, "the exporter has a DMA mapping of its own"},
  {"clear:own_mapping",   at(kFacts, "own_mapping"),    NoteOp::kSet,  0, "the exporter has no DMA mapping of its own"},
  {"up:begin_mappings",   at(kFacts, "begin_mappings"), NoteOp::kUp,   1, "begin maps for the kernel, or counts that mapping"},
  {"down:begin_mappings", at(kFacts, "begin_mappings"), NoteOp::kDown, 1, "end gives that mapping back"},
  {"set:cpu_dirty",       at(kFacts, "cpu_dirty"),      NoteOp::kSet,  1, "the CPU may write"},
  {"clear:cpu_dirty",     at(kFacts, "cpu_dirty"),      NoteOp::kSet,  0, "it was cleaned"},
  {"set:cpu_stale",       at(kFacts, "cpu_stale"),      NoteOp::kSet,  1, "a device may write"},
  {"clear:cpu_stale",     at(kFacts, "cpu_stale"),      NoteOp::kSet,  0, "it was invalidated"},
  {"keep:table",          at(kFacts, "kept"),           NoteOp::kKeep, 0, "the table of this attachment is kept, in the call's direction"},
  {"drop:table",          at(kFacts, "kept"),           NoteOp::kSet,  0, "the table of this attachment is kept no longer"},
};
// clang-format on

[[nodiscard]] constexpr bool is_note(Id fact) {
  return !is_policy(fact) && (kFacts[fact].source == Source::kNote || kFacts[fact].source == Source::kOwnNote);
}
[[nodiscard]] constexpr bool is_own_note(Id fact) {
  return !is_policy(fact) && kFacts[fact].source == Source::kOwnNote;
}

/// Whether the note stays of a begin that is interrupted behind the exporter's hook: what the hook made is there, a
/// mapping; whether lines are dirty or stale is as if nothing had been, since the devices go on and the CPU gets no
/// window.
[[nodiscard]] constexpr bool outlives_interruption(const NoteAction& action) {
  return action.fact == at(kFacts, "own_mapping") || action.fact == at(kFacts, "begin_mappings");
}

/// Runs the action on the facts that hold the notes; counters stop at their bounds.
constexpr void run(const NoteAction& action, Facts& facts, Direction call) {
  const std::uint8_t value = facts.v[action.fact];
  switch (action.op) {
    case NoteOp::kSet: facts.v[action.fact] = action.value; break;
    case NoteOp::kUp: facts.set(action.fact, value + std::size_t{1}); break;
    case NoteOp::kDown: facts.v[action.fact] = value == 0 ? value : static_cast<std::uint8_t>(value - 1); break;
    case NoteOp::kKeep: facts.v[action.fact] = static_cast<std::uint8_t>(code_of(call)); break;
  }
}

/// The notes of one buffer, but for those about its attachments. Plain and comparable.
struct Notes {
  static constexpr Id kFirst = at(kFacts, "own_mapping");
  static constexpr std::size_t kCount = at(kFacts, "kept") - kFirst;
  std::array<std::uint8_t, kCount> v{};
  bool operator==(const Notes&) const = default;
  constexpr void put_into(Facts& facts) const {
    for (std::size_t i = 0; i < kCount; ++i) facts.v[kFirst + i] = v[i];
  }
  constexpr void take_from(const Facts& facts) {
    for (std::size_t i = 0; i < kCount; ++i) v[i] = facts.v[kFirst + i];
  }
};

}  // namespace custody::model
