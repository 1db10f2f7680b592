// SPDX-License-Identifier: BSD-2-Clause
// custody list: the words that other commands take, and what a litmus file leaves for a later version.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>

#include "checker/cli/cli.hpp"
#include "checker/cli/small_file.hpp"
#include "checker/report/wording.hpp"
#include "model/architecture.hpp"
#include "model/policy.hpp"
#include "model/vocabulary.hpp"
#include "spec/contract.hpp"
#include "spec/explain.hpp"
#include "spec/exporter_profile.hpp"
#include "spec/render/vocabulary.hpp"
#include "traces/formats/litmus/reader.hpp"

namespace custody::checker::cli {

namespace {

std::string list_words(const auto& words) {
  std::string text;
  for (const auto& w : words) text += std::string(w.name) + "\t" + std::string(w.says) + "\n";
  return text;
}

std::string list_policies() {
  std::string text;
  for (const model::Policy& policy : model::kPolicies) {
    text += std::string(policy.name) + "=";
    for (std::size_t v = 0; v < policy.count(); ++v) text += (v == 0 ? "" : "|") + std::string(policy.values[v].name);
    text += "\t" + std::string(policy.says) + "\n";
  }
  return text;
}

std::string list_contracts() {
  std::string text;
  for (const std::string_view name : spec::contract_names())
    text += std::string(name) + "\t" + spec::find_contract(name)->title + "\n";
  return text;
}

std::string list_exporters() {
  std::string text;
  for (const spec::ExporterProfile& p : spec::ExporterCatalogue::builtin().profiles())
    text += p.name + "\tmemory=" + std::string(spec::name(p.memory)) +
            " export_is_allocation=" + (p.export_is_allocation ? "true" : "false") +
            " own_device=" + (p.own_device ? "true" : "false") + " sync_via=" + std::string(spec::name(p.sync_via)) +
            "\t" + p.why + "\n";
  return text;
}

/// The `# pending RULE: reason` comments of the litmus files in `places`. False where one cannot be read: it is said.
bool list_pending(std::vector<std::string> places, std::string& text) {
  namespace fs = std::filesystem;
  if (places.empty()) places = {"traces/litmus"};
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const std::string& place : places) {
    if (!fs::is_directory(place, ignored)) files.emplace_back(place);
    else
      for (const auto& entry : fs::directory_iterator(place, ignored))
        if (entry.path().extension() == ".litmus") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  bool all = true;
  for (const fs::path& file : files) {
    try {
      std::istringstream in(read_small_file(file, traces::formats::litmus::kMaxLitmusBytes));
      for (std::string line; std::getline(in, line);)
        if (line.rfind("# pending ", 0) == 0)
          text += report::escape_text(file.string()) + "\t" + report::escape_text(line.substr(10)) + "\n";
    } catch (const spec::SpecError& e) {
      static_cast<void>(write_all(2, "custody list: " + report::escape_text(e.what()) + "\n"));
      all = false;
    }
  }
  return all;
}

}  // namespace

void add_list(CLI::App& app, int& status) {
  struct Arguments {
    std::string what;
    std::vector<std::string> places;
  };
  const auto a = std::make_shared<Arguments>();
  CLI::App* c = app.add_subcommand(
      "list", "List rules, states, events, policies, vocabulary, exporters, archs, contracts, unchecked, pending.");
  c->add_option("WHAT", a->what, "what to list")
      ->required()
      ->check(CLI::IsMember({"rules", "states", "events", "policies", "vocabulary", "exporters", "archs", "contracts",
                             "unchecked", "pending"}));
  c->add_option("PLACE", a->places, "for pending: litmus files, or folders of them");
  c->callback([a, &status] {
    const std::string& w = a->what;
    std::string pending;
    if (w == "pending" && !list_pending(a->places, pending)) status = kUsage;
    const std::string text = w == "rules"        ? spec::list_rules()
                             : w == "vocabulary" ? spec::render::list_vocabulary()
                             : w == "unchecked"  ? spec::list_unchecked()
                             : w == "states"     ? list_words(model::kStates)
                             : w == "events"     ? list_words(model::kEvents)
                             : w == "policies"   ? list_policies()
                             : w == "exporters"  ? list_exporters()
                             : w == "archs"      ? list_words(model::kArchProfiles)
                             : w == "contracts"  ? list_contracts()
                                                 : pending;
    if (!print(text)) status = kUsage;
  });
}

}  // namespace custody::checker::cli
