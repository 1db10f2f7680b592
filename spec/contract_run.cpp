// SPDX-License-Identifier: BSD-2-Clause
// What a contract says of a call, and what a call does to its notes.
#include "spec/contract_run.hpp"

namespace custody::spec {

ContractAnswer ContractRun::answer(model::Step step, const model::Notes& notes, std::uint8_t kept,
                                   const model::Call& call) const {
  notes.put_into(step.facts);
  step.facts.v[kKept] = kept;
  ContractAnswer out;
  if (step.takes_effect()) out.clauses = clauses_of(contract_, call.event, step.facts);
  out.step = step;
  return out;
}

ContractAnswer ContractRun::foresee(const model::Custody& custody, const model::Notes& notes, std::uint8_t kept,
                                    const model::Call& call) const {
  return answer(model::foresee(custody, contract_.lifetime, call), notes, kept, call);
}

void ContractRun::move(model::Custody& custody, model::Notes& notes, std::uint8_t& kept,
                       const model::Call& call) const {
  const bool interrupted = call.failed && call.interrupted;
  ContractAnswer moved;
  if (interrupted) moved = foresee(custody, notes, kept, call);
  const model::Step step = model::step(custody, contract_.lifetime, call);
  if (!interrupted) moved = answer(step, notes, kept, call);
  model::Facts cells = moved.step.facts;
  for (const Clause* const clause : moved.clauses)
    for (const model::Id note : clause->notes)
      if (!interrupted || model::outlives_interruption(model::kNoteActions[note]))
        model::run(model::kNoteActions[note], cells, call.dir);
  notes.take_from(cells);
  kept = cells.v[kKept];
}

}  // namespace custody::spec
