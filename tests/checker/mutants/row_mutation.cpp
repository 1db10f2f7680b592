// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/row_mutation.hpp"

#include "model/machine_tables.hpp"

namespace custody::checker::test {

using model::Facts;
using model::FactSet;
using model::Id;
using model::MachineId;
using model::Row;

namespace {

model::Ids without(const model::Ids& ids, std::size_t index) {
  model::Ids out;
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (i != index) out.push_back(ids.item[i]);
  return out;
}

/// The mutants of one row, one after the other.
class RowMutator {
 public:
  RowMutator(const model::Machine& machine, std::size_t row, std::vector<RowMutant>& out)
      : machine_(machine), index_(row), row_(machine.rows[row]), out_(out) {}

  void run() {
    add("removed", [](RowMutant& m) { m.removed = true; });
    retarget();
    for (std::size_t g = 0; g < row_.guards.size(); ++g) {
      const Id guard = row_.guards.item[g];
      const std::string name(model::kGuards[guard].name);
      add("without " + name, [&](RowMutant& m) { m.changed.guards = without(row_.guards, g); });
      add("not " + name, [&](RowMutant& m) {
        m.changed.guards = without(row_.guards, g);
        m.negated = guard;
      });
    }
    for (std::size_t a = 0; a < row_.actions.size(); ++a)
      add("without " + std::string(model::kActions[row_.actions.item[a]].name),
          [&](RowMutant& m) { m.changed.actions = without(row_.actions, a); });
    if (row_.is_refusal()) add("lets it pass", [](RowMutant& m) { m.changed.rule = {}; });
  }

 private:
  void add(const std::string& what, auto change) {
    RowMutant mutant{machine_.id, index_, row_, false, std::nullopt, std::string(row_.id) + " " + what};
    change(mutant);
    out_.push_back(mutant);
  }
  /// Leads from each state to where the row leads.
  [[nodiscard]] bool is_same_target(Id to) const {
    for (Id state = 0; state < model::kStateCount; ++state)
      if (((row_.from >> state) & 1U) != 0 && row_.target(state) != (to == model::kStay ? state : to)) return false;
    return true;
  }
  void retarget() {
    for (Id to = 0; to < model::kStateCount; ++to)
      if (((machine_.states >> to) & 1U) != 0 && !is_same_target(to))
        add("to " + std::string(model::kStates[to].name), [to](RowMutant& m) { m.changed.to = to; });
    if (!is_same_target(model::kStay)) add("stays", [](RowMutant& m) { m.changed.to = model::kStay; });
  }

  const model::Machine& machine_;
  std::size_t index_;
  const Row& row_;
  std::vector<RowMutant>& out_;
};

/// What a table's type says of cells that nobody asks for.
struct Exceptions {
  bool (*is_deaf)(Id state, Id event);
  FactSet users;
};
template <class Table>
Exceptions of() {
  return {[](Id state, Id event) { return Table::is_deaf(state, event); }, Table::users};
}
Exceptions exceptions_of(MachineId machine) {
  switch (machine) {
    case MachineId::kOwner: return of<model::OwnerTable>();
    case MachineId::kMappingOwner: return of<model::MappingOwnerTable>();
    case MachineId::kAttachment: return of<model::AttachmentTable>();
    case MachineId::kWindow: return of<model::WindowTable>();
    case MachineId::kKernelMapping: return of<model::KernelMappingTable>();
    case MachineId::kUserMapping: return of<model::UserMappingTable>();
  }
  return {};
}

/// Where a mapping is the state, there are users of it; `users` are what the cell counts of them.
bool is_possible(const Facts& facts, FactSet users, Id state) {
  if (state != model::at(model::kStates, "MappedForCpu")) return true;
  for (Id f = 0; f < model::kFactCount; ++f)
    if ((users & model::fact_bit(f)) != 0 && facts.v[f] == 0) return false;
  return true;
}

bool cell_has_one_answer(const RowMutant& mutant, Id state, Id event, FactSet users) {
  const std::span<const Row> rows = model::machine(mutant.machine).rows;
  FactSet looked_at = mutant.negated ? model::kGuards[*mutant.negated].facts() : 0;
  for (const Row& row : rows)
    if (row.concerns(state, event)) looked_at |= row.facts();
  const auto answers = [&](std::size_t r, const Facts& facts) {
    if (r != mutant.row) return rows[r].answers(state, event, facts);
    return !mutant.removed && mutant.changed.answers(state, event, facts) &&
           (!mutant.negated || !model::kGuards[*mutant.negated].holds(facts));
  };
  Facts facts;
  do {
    std::size_t count = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) count += answers(r, facts) ? 1U : 0U;
    if (count != 1 && is_possible(facts, users & looked_at, state)) return false;
  } while (next_combination(facts, looked_at));
  return true;
}

}  // namespace

std::vector<RowMutant> row_mutants() {
  std::vector<RowMutant> out;
  for (const model::Machine& machine : model::machines())
    for (std::size_t row = 0; row < machine.rows.size(); ++row) RowMutator(machine, row, out).run();
  return out;
}

bool is_refused_by_the_proof(const RowMutant& mutant) {
  const Exceptions exceptions = exceptions_of(mutant.machine);
  const Row& row = model::machine(mutant.machine).rows[mutant.row];
  for (Id state = 0; state < model::kStateCount; ++state)
    for (Id event = 0; event < model::kEventCount; ++event)
      if (row.concerns(state, event) && !exceptions.is_deaf(state, event) &&
          !cell_has_one_answer(mutant, state, event, exceptions.users))
        return true;
  return false;
}

model::test::Tables tables_of(const RowMutant& mutant) {
  model::test::Tables tables;
  tables.rows(mutant.machine)[mutant.row] = mutant.changed;
  return tables;
}

}  // namespace custody::checker::test
