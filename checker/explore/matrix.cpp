// SPDX-License-Identifier: BSD-2-Clause
#include "checker/explore/matrix.hpp"

#include <algorithm>

namespace custody::checker {

namespace {

struct Mix {
  const char* name;
  unsigned coherent, bounced;
};
constexpr Mix kMixes[] = {{"non-coherent", 0, 0}, {"coherent", 2, 0}, {"mixed", 1, 0}, {"bounced", 0, 1}};

}  // namespace

std::vector<MatrixCell> verdict_matrix(const spec::Contract& contract) {
  std::vector<MatrixCell> cells;
  for (const bool keeps_rules : {true, false})
    for (const model::ArchProfile& arch : model::kArchProfiles)
      for (const Mix& mix : kMixes) {
        MatrixCell cell;
        cell.mix = mix.name;
        Configuration& c = cell.configuration;
        c.arch = &arch;
        c.coherent = mix.coherent;
        c.bounced = mix.bounced;
        c.keeps_rules = keeps_rules;
        c.windows = keeps_rules ? 1 : 2;
        const SearchResult r = search(System(contract, c), {});
        for (const Violation& v : r.violations) cell.violated.emplace_back(id_of(v.property));
        std::sort(cell.violated.begin(), cell.violated.end());
        if (r.stuck != 0) cell.violated.emplace_back("stuck");
        cells.push_back(std::move(cell));
      }
  return cells;
}

}  // namespace custody::checker
