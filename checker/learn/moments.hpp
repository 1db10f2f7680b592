// SPDX-License-Identifier: BSD-2-Clause
// The explored calls as clauses would see them: what is known before each, and what the driver did.
#pragma once

#include <map>
#include <string>

#include "checker/learn/samples.hpp"
#include "model/facts.hpp"
#include "spec/clause.hpp"

namespace custody::checker::learn {

/// The notes that nobody has to guess, as the driver's own calls show them: the exporter's mapping, and the direction
/// in which the table of each attachment is mapped.
struct SeenNotes {
  bool own_mapping = false;
  std::array<std::uint8_t, kMostDevices> kept{};
  void follow(const Step& step, const Answer& answer);
};

/// A situation: all that a clause could look at or act upon, but for the notes that nobody sees.
struct Scope {
  model::Facts facts;  ///< with the seen notes
  model::Custody custody;
  Step step;
  std::uint8_t kept = 0;
  bool effect = false;   ///< clauses run
  bool refused = false;  ///< the lifetime refuses the call
};

/// The operations that a sync comes to in a situation; devices by their place among the attachments.
[[nodiscard]] std::vector<Made> expand(const model::Sync& sync, const Scope& scope);
/// `group`, what one sync comes to, stands in `made` from `from` on, in any order. Without a direction, as where the
/// exporter gives its own mapping back, any will do.
[[nodiscard]] bool stands_at(const std::vector<Made>& group, const std::vector<Made>& made, std::size_t from);
/// The same devices by place: one that is not attached is beyond all places.
[[nodiscard]] Answer by_place(const Answer& answer, const model::Custody& custody);

/// Every explored call under the policies of a lifetime. Plain data; situations and answers are numbered in the order
/// in which they were met.
struct Moments {
  std::vector<Scope> scopes;
  std::vector<Answer> answers;                     ///< devices by place, without functions
  std::vector<std::uint32_t> scope_of, answer_of;  ///< by explored call
};
[[nodiscard]] Moments moments_of(const Samples& samples, const model::Lifetime& lifetime);

}  // namespace custody::checker::learn
