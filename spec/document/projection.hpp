// SPDX-License-Identifier: BSD-2-Clause
// Finite deterministic automata that follow from the machines under a contract, as the kernel's Runtime Verification
// takes them.
#pragma once

#include <string>
#include <vector>

#include "spec/document/document.hpp"

namespace custody::spec::document {

/// What an automaton follows: who owns a buffer; one attachment, with two maps and a pin at most; the windows of one
/// client on a buffer that a device and the CPU have mapped, two at most.
enum class Follows : std::uint8_t { kLifetime, kAttachment, kWindow };
[[nodiscard]] std::string_view name_of(Follows follows);

/// One call seen in one state.
struct Observation {
  std::string state, event, next;
  bool refused = false;
  bool beyond = false;     ///< it is legal, and leads to what the automaton does not count
  bool elsewhere = false;  ///< what the automaton does not follow refuses it: no cell of it
};

/// Where a call leads: an index of states, or one of these.
inline constexpr int kRefused = -1;  ///< forbidden
inline constexpr int kUnseen = -2;   ///< the call cannot come about in this state
inline constexpr int kBeyond = -3;   ///< legal, and beyond what the automaton counts: it is cut off

struct Projection {
  std::string name;                 ///< a C identifier
  std::vector<std::string> states;  ///< C identifiers; the initial one first, the others sorted
  std::vector<std::string> events;  ///< C identifiers, sorted; each is legal in some state
  std::string final_state;
  std::vector<std::vector<int>> next;  ///< by state, by event
  std::string bounds;                  ///< what is counted and how far, and what it was proved with
  bool operator==(const Projection&) const = default;
};

/// The automaton of all observations. Throws SpecError that names state and event where two of them contradict each
/// other, where a name is no C identifier, or where no call is legal: then there is no such automaton.
[[nodiscard]] Projection tabulated(std::string name, const std::string& initial, std::string final_state,
                                   const std::vector<Observation>& observations);

/// What the owner's machine answers to every call of a small world, whatever small machines and clauses say.
[[nodiscard]] std::vector<Observation> observed_lifetime(const Contract& contract);

/// Throws SpecError that names the call and the state where one of the states has no answer to one of the calls: where
/// it is neither legal, nor refused, nor beyond the automaton in any situation.
void prove_complete(const std::vector<Observation>& observations, model::EventSet calls);

/// The automaton of a contract. Every legal way through a small world is gone, and each call of it must lead where the
/// automaton says, and have an answer in each state; SpecError where one does not. Calls of the lifetime whose guards
/// decide where they lead are told apart by these: `unmap_owned_after_unmap`, `unmap_last_owner_unmaps`. What the
/// clauses refuse is no event: it fails.
[[nodiscard]] Projection project(const Contract& contract, Follows follows);

/// In the dialect of tools/verification/dot2 and rvgen, with its bounds and every call that has no edge.
[[nodiscard]] std::string render_rv(const Projection& projection, const Contract& contract, const Origin& origin);

}  // namespace custody::spec::document
