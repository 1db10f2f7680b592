// SPDX-License-Identifier: BSD-2-Clause
// A clause of a contract: what an exporter does in a call, and when.
#pragma once

#include <string>
#include <vector>

#include "model/notes.hpp"
#include "model/row.hpp"
#include "model/sync.hpp"

namespace custody::spec {

/// `on` a call where all guards hold, `do` the syncs in order, `then` run the notes; or refuse the call. Guards see
/// what was before the call, and the owner after it: no clause sees what another one did in the same call.
struct Clause {
  std::string name;  ///< unique in its contract; a contract based on it replaces the clause by this name
  model::EventSet on = 0;
  std::vector<model::Id> guards;   ///< of model::kGuards
  std::vector<model::Sync> syncs;  ///< all before the notes
  std::vector<model::Id> notes;    ///< of model::kNoteActions
  std::string refuse;              ///< the error that the exporter returns, `EBUSY`; empty: it does not refuse
  std::string because, cite;
  bool operator==(const Clause&) const = default;

  [[nodiscard]] bool concerns(model::Id event) const { return ((on >> event) & 1U) != 0; }
  [[nodiscard]] bool holds(const model::Facts& facts) const {
    for (const model::Id g : guards)
      if (!model::kGuards[g].holds(facts)) return false;
    return true;
  }
  [[nodiscard]] model::FactSet facts() const {
    model::FactSet set = 0;
    for (const model::Id g : guards) set |= model::kGuards[g].facts();
    return set;
  }
};

}  // namespace custody::spec
