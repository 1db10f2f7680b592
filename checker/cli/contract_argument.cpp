// SPDX-License-Identifier: BSD-2-Clause
// The contract that a command-line argument means.
#include "checker/cli/contract_argument.hpp"

#include <filesystem>

#include "checker/cli/complaint.hpp"
#include "checker/cli/small_file.hpp"
#include "model/suggestion.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::checker::cli {

namespace {

std::string contents(const std::string& path, const std::vector<std::string_view>& others) {
  std::error_code error;
  if (path != "-" && !std::filesystem::exists(path, error)) {
    std::vector<std::string_view> words = spec::contract_names();
    words.insert(words.end(), others.begin(), others.end());
    throw spec::SpecError(path + ": no such file, and no contract of `custody list contracts`" +
                          model::did_you_mean(path, words));
  }
  return read_small_file(path, spec::kMaxContractBytes);
}

/// A name, or what `read` makes of the file.
template <class Read>
std::optional<spec::Contract> named_or_read(const std::string& name, const Read& read,
                                            const std::vector<std::string_view>& others = {}) {
  try {
    if (auto found = spec::find_contract(name)) return found;
    return read(contents(name, others));
  } catch (const spec::SpecError& e) {
    complain("", e.what());
    return std::nullopt;
  }
}

}  // namespace

std::optional<spec::Contract> contract_argument(const std::string& name, const std::vector<std::string_view>& others) {
  return named_or_read(
      name, [&](const std::string& json) { return spec::read_contract(json, name); }, others);
}

std::optional<ContractText> contract_text_argument(const std::string& name) {
  std::string text;
  auto contract = named_or_read(name, [&](const std::string& json) {
    text = json;
    return spec::read_contract(json, name);
  });
  if (!contract) return std::nullopt;
  return ContractText{*std::move(contract), std::move(text)};
}

std::optional<spec::Contract> proposal_argument(const spec::Contract& base, const std::string& name) {
  return named_or_read(name, [&](const std::string& json) { return spec::read_proposal(base, json, name); });
}

}  // namespace custody::checker::cli
