// SPDX-License-Identifier: BSD-2-Clause
// Target: proposals, which are contracts, JSON Patches or merge patches. The first byte chooses the contract that is
// built in and that they are applied to.
#include <vector>

#include "spec/contract.hpp"
#include "spec/exporter_profile.hpp"
#include "tests/fuzz/properties.hpp"
#include "tests/fuzz/targets.hpp"

namespace custody::fuzz {

void patch(std::string_view bytes) {
  static const std::vector<spec::Contract> kBases = [] {
    std::vector<spec::Contract> bases;
    for (const std::string_view name : spec::contract_names()) bases.push_back(*spec::find_contract(name));
    return bases;
  }();
  if (bytes.empty()) return;
  const spec::Contract& base = kBases[static_cast<unsigned char>(bytes.front()) % kBases.size()];
  try {
    require_written_contract(spec::read_proposal(base, bytes.substr(1), "proposal.json"));
  } catch (const spec::SpecError&) {
  }
}

}  // namespace custody::fuzz
