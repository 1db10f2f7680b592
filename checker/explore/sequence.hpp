// SPDX-License-Identifier: BSD-2-Clause
// A counterexample as a sequence diagram: who calls whom, what the exporter does to the caches, who accesses.
#pragma once

#include <string>
#include <vector>

#include "checker/explore/search.hpp"

namespace custody::checker::explore {

/// `from` and `to` index the participants; equal: something that the participant does by itself.
struct Message {
  unsigned from = 0, to = 0;
  std::string text;
};

struct Sequence {
  std::vector<std::string> participants;  ///< the CPU, the buffer (with its exporter), and the devices of the path
  std::vector<Message> messages;
};

/// The path of `violation`, hardware moves included; the last message is the one that breaks the property.
[[nodiscard]] Sequence sequence_of(const System& system, const Violation& violation);

/// A call or access in words: `D0 map FROM_DEVICE`, `begin TO_DEVICE`.
[[nodiscard]] std::string words_of(const Label& label);

/// Lifelines and arrows in plain text, a message a line.
[[nodiscard]] std::string draw(const Sequence& sequence);

}  // namespace custody::checker::explore
