// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/mutation.hpp"

#include <optional>

namespace custody::checker::test {
namespace {

using model::Id;
using model::Ids;
using model::Row;

Ids without(const Ids& ids, std::size_t index) {
  Ids out;
  for (std::size_t i = 0; i < ids.n; ++i)
    if (i != index) out.id[out.n++] = ids.id[i];
  return out;
}

/// The guard that holds where `g` does not, where the vocabulary has it.
std::optional<Id> negation(Id g) {
  const model::Guard& guard = model::kGuards[g];
  constexpr auto kGuards = static_cast<Id>(std::size(model::kGuards));
  for (Id other = 0; other < kGuards; ++other) {
    const model::Guard& o = model::kGuards[other];
    const bool opposite = guard.field == o.field && other != g && guard.rel == model::Rel::eq && guard.value == 0 &&
                          o.rel == model::Rel::gt && o.value == 0;
    const bool back = guard.field == o.field && o.rel == model::Rel::eq && o.value == 0 &&
                      guard.rel == model::Rel::gt && guard.value == 0;
    const bool flag =
        guard.field == o.field && model::kFields[o.field].max == 1 && guard.rel == o.rel && guard.value != o.value;
    if (opposite || back || flag) return other;
  }
  return std::nullopt;
}

}  // namespace

void for_each_mutant(const spec::Contract& original,
                     const std::function<void(const spec::Contract&, const std::string&)>& take) {
  for (std::size_t r = 0; r < original.rows.size(); ++r) {
    const Row& row = original.rows[r];
    const auto with = [&](const Row& changed, const std::string& what) {
      spec::Contract mutant = original;
      mutant.rows[r] = changed;
      take(mutant, std::string(row.id) + ": " + what);
    };
    spec::Contract deleted = original;
    deleted.rows.erase(deleted.rows.begin() + static_cast<std::ptrdiff_t>(r));
    take(deleted, std::string(row.id) + ": deleted");
    const bool of_buffer = row.from < model::kBufferStates;
    const auto end = static_cast<Id>(of_buffer ? model::kBufferStates : std::size(model::kStates));
    for (Id to = of_buffer ? 0 : model::kFirstAttachmentState; to < end; ++to) {
      if (to == row.to) continue;
      Row changed = row;
      changed.to = to;
      with(changed, "to " + std::string(model::kStates[to].name));
    }
    for (std::size_t g = 0; g < row.guards.n; ++g) {
      Row changed = row;
      changed.guards = without(row.guards, g);
      with(changed, "without " + std::string(model::kGuards[row.guards.id[g]].name));
      if (const auto other = negation(row.guards.id[g])) {
        changed = row;
        changed.guards.id[g] = *other;
        with(changed, "with " + std::string(model::kGuards[*other].name));
      }
    }
    for (std::size_t a = 0; a < row.actions.n; ++a) {
      Row changed = row;
      changed.actions = without(row.actions, a);
      with(changed, "without " + std::string(model::kActions[row.actions.id[a]].name));
    }
    for (std::size_t s = 0; s < row.syncs.n; ++s) {
      Row changed = row;
      changed.syncs = without(row.syncs, s);
      with(changed, "without " + std::string(model::kSyncs[row.syncs.id[s]].name));
    }
  }
}

}  // namespace custody::checker::test
