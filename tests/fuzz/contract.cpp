// SPDX-License-Identifier: BSD-2-Clause
// Target: contracts as JSON.
#include "spec/contract.hpp"

#include "spec/exporter_profile.hpp"
#include "tests/fuzz/properties.hpp"
#include "tests/fuzz/targets.hpp"

namespace custody::fuzz {

void contract(std::string_view bytes) {
  try {
    require_written_contract(spec::read_contract(bytes, "contract.json"));
  } catch (const spec::SpecError&) {
  }
}

}  // namespace custody::fuzz
