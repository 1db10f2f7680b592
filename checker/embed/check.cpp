// SPDX-License-Identifier: BSD-2-Clause
// custody::check, and what else of the public header is no replay.
#include "checker/embed/include/custody/custody.hpp"
#include "checker/explore/counterexample.hpp"
#include "checker/explore/properties.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::checker::embed {

namespace {

spec::Contract contract_of(const std::string& contract) {
  if (auto found = spec::find_contract(contract)) return *std::move(found);
  try {
    return spec::read_contract(contract, "contract");
  } catch (const spec::SpecError& e) {
    throw Error(e.what());
  }
}

Verdict verdict_of(const std::string& text, const Bounds& bounds) {
  const spec::Contract contract = contract_of(text);
  explore::Configuration configuration;
  if (bounds.devices < 1 || bounds.devices > explore::kMaxDevices || bounds.coherent > bounds.devices)
    throw Error("found " + std::to_string(bounds.devices) + " devices, " + std::to_string(bounds.coherent) +
                " of them coherent, expected 1 to " + std::to_string(explore::kMaxDevices));
  configuration.devices = bounds.devices;
  configuration.coherent = bounds.coherent;
  explore::SearchOptions options;
  options.max_states = bounds.max_states;
  try {
    const explore::System system(contract, configuration);
    const explore::SearchResult found = explore::search(system, options);
    Verdict out;
    out.safe = explore::is_safe(found);
    out.complete = found.complete;
    out.states = found.states;
    for (const explore::PropertyAnswer& a : explore::answers_of(system, found))
      if (a.answer == explore::Answer::kViolated)
        out.violations.push_back(
            {a.id, a.says,
             a.violation == nullptr ? std::string() : explore::counterexample_litmus(system, contract, *a.violation)});
    return out;
  } catch (const std::invalid_argument& e) {
    throw Error(e.what());
  }
}

}  // namespace

}  // namespace custody::checker::embed

const char* custody::version() noexcept { return CUSTODY_VERSION; }

custody::Error::Error(const std::string& what, std::size_t event) : std::invalid_argument(what), event_(event) {}
custody::Error::~Error() = default;

custody::Verdict custody::check(const std::string& contract, const Bounds& bounds) {
  return checker::embed::verdict_of(contract, bounds);
}
