// SPDX-License-Identifier: BSD-2-Clause
// Explores every cell of the verdict matrix, and groups those that change alike.
#include "checker/review/matrix.hpp"

#include <algorithm>
#include <new>

#include "spec/rules.hpp"

namespace custody::checker::review {

namespace {

struct Mix {
  std::string_view name;
  unsigned coherent, bounced;
  bool in_turn;
  std::string_view says;
};
constexpr Mix kMixes[] = {{"non-coherent", 0, 0, false, "two devices that do not snoop the CPU's caches"},
                          {"coherent", 2, 0, false, "two devices that snoop"},
                          {"mixed, together", 1, 0, false,
                           "one that snoops and one that does not, mapped together as the contract lets them"},
                          {"mixed, in turn", 1, 0, true, "the same, never mapped together"},
                          {"bounced, together", 0, 1, false,
                           "one that reaches the buffer through copies and one that does not, mapped together"},
                          {"bounced, in turn", 0, 1, true, "the same two, never mapped together"}};

MatrixCell explore(const explore::DecisionTables& tables, const explore::Configuration& configuration) {
  MatrixCell cell;
  cell.configuration = configuration;
  const explore::SearchResult r = explore::search(explore::System(tables, configuration), {});
  if (r.out_of_memory) throw std::bad_alloc();  // what was not explored is not safe
  for (const explore::Violation& v : r.violations) cell.violated.emplace_back(explore::id_of(v.property));
  std::sort(cell.violated.begin(), cell.violated.end());
  if (r.stuck != 0) cell.violated.emplace_back("stuck");
  return cell;
}

}  // namespace

std::vector<MatrixCell> verdict_matrix(const spec::Contract& contract, const explore::Configuration& lines) {
  const explore::DecisionTables tables(contract);
  std::vector<MatrixCell> cells;
  for (const explore::Client client : explore::kClients)
    for (const Mix& mix : kMixes)
      for (const model::ArchProfile& arch : model::kArchProfiles) {
        explore::Configuration c;
        c.arch = &arch;
        c.cpu_line = lines.cpu_line;
        c.device_line = lines.device_line;
        c.coherent = mix.coherent;
        c.bounced = mix.bounced;
        c.in_turn = mix.in_turn;
        c.client = client;
        c.windows = client == explore::Client::kOverlapping ? 2 : 1;
        cells.push_back(explore(tables, c));
        cells.back().mix = mix.name;
      }
  return cells;
}

std::string_view says_of_mix(std::string_view mix) {
  for (const Mix& m : kMixes)
    if (m.name == mix) return m.says;
  return {};
}

bool MatrixChange::is_worse() const {
  return !before->is_safe() && !std::includes(before->violated.begin(), before->violated.end(), after->violated.begin(),
                                              after->violated.end());
}

bool MatrixChange::is_better() const { return !before->is_safe() && !after->is_safe() && !is_worse(); }

std::string MatrixChange::owes() const {
  if (after->configuration.client != explore::Client::kLegal) return "client";
  for (const std::string& id : after->violated)
    if (const spec::Rule* const rule = spec::find_rule(id)) return std::string(spec::name(rule->owes));
  return "exporter";
}

std::vector<MatrixChange> changes_of(std::span<const MatrixCell> before, std::span<const MatrixCell> after) {
  std::vector<MatrixChange> out;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const MatrixCell &a = before[i], &b = after[i];
    if (a.violated == b.violated) continue;
    const auto like = std::find_if(out.begin(), out.end(), [&](const MatrixChange& c) {
      return c.before->configuration.client == a.configuration.client && c.before->mix == a.mix &&
             c.before->violated == a.violated && c.after->violated == b.violated;
    });
    MatrixChange& change = like != out.end() ? *like : out.emplace_back(MatrixChange{&a, &b, {}});
    change.archs.emplace_back(a.configuration.arch->name);
  }
  return out;
}

}  // namespace custody::checker::review
