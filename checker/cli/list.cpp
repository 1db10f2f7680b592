// SPDX-License-Identifier: BSD-2-Clause
// custody list: the words that other commands take, and what a litmus file leaves for a later version.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/records.hpp"
#include "checker/cli/small_file.hpp"
#include "checker/cli/value_names.hpp"
#include "checker/report/wording.hpp"
#include "model/architecture.hpp"
#include "model/policy.hpp"
#include "model/vocabulary.hpp"
#include "spec/contract.hpp"
#include "spec/explain.hpp"
#include "spec/exporter_profile.hpp"
#include "spec/render/vocabulary.hpp"
#include "spec/rules.hpp"
#include "spec/unchecked.hpp"
#include "traces/formats/litmus/grammar.hpp"
#include "traces/formats/litmus/reader.hpp"

namespace custody::checker::cli {

namespace {

std::vector<Record> word_entries(const auto& words) {
  std::vector<Record> entries;
  for (const auto& w : words) entries.push_back({{"name", std::string(w.name)}, {"says", std::string(w.says)}});
  return entries;
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

std::vector<Record> contract_entries() {
  std::vector<Record> entries;
  for (const std::string_view name : spec::contract_names())
    entries.push_back({{"name", std::string(name)}, {"title", spec::find_contract(name)->title}});
  return entries;
}

std::vector<Record> exporter_entries() {
  std::vector<Record> entries;
  for (const spec::ExporterProfile& p : spec::ExporterCatalogue::builtin().profiles())
    entries.push_back({{"name", p.name},
                       {"profile", "memory=" + std::string(spec::name(p.memory)) +
                                       " export_is_allocation=" + (p.export_is_allocation ? "true" : "false") +
                                       " own_device=" + (p.own_device ? "true" : "false") +
                                       " sync_via=" + std::string(spec::name(p.sync_via))},
                       {"why", p.why}});
  return entries;
}

/// The `# pending RULE: reason` comments of the litmus files in `places`. False where one cannot be read: it is said.
bool list_pending(std::vector<std::string> places, std::vector<Record>& entries) {
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
          entries.push_back(
              {{"file", report::escape_text(file.string())}, {"pending", report::escape_text(line.substr(10))}});
    } catch (const spec::SpecError& e) {
      complain("list", e.what());
      all = false;
    }
  }
  return all;
}

std::vector<Record> rule_entries() {
  std::vector<Record> entries;
  for (const spec::Rule& r : spec::kRules) {
    const std::pair<std::string_view, std::string_view> fields[] = {{"id", r.id},
                                                                    {"class", spec::name(r.cls)},
                                                                    {"severity", spec::name(r.severity)},
                                                                    {"owes", spec::name(r.owes)},
                                                                    {"judged", r.judged ? "true" : "false"},
                                                                    {"says", r.says},
                                                                    {"why", r.why},
                                                                    {"fix", r.fix},
                                                                    {"source", r.source},
                                                                    {"needs", r.input}};
    entries.emplace_back(std::begin(fields), std::end(fields));
  }
  return entries;
}

std::vector<Record> policy_entries() {
  std::vector<Record> entries;
  for (const model::Policy& policy : model::kPolicies)
    for (std::size_t v = 0; v < policy.count(); ++v)
      entries.push_back({{"policy", std::string(policy.name)},
                         {"says", std::string(policy.says)},
                         {"value", std::string(policy.values[v].name)},
                         {"means", std::string(policy.values[v].says)}});
  return entries;
}

std::vector<Record> vocabulary_entries() {
  std::vector<Record> entries;
  for (const spec::render::VocabularyWord& w : spec::render::vocabulary_words())
    entries.push_back({{"kind", w.kind}, {"word", w.word}, {"says", w.says}});
  return entries;
}

std::vector<Record> id_entries() {
  std::vector<Record> entries;
  for (const std::string& id : spec::explainable_ids()) entries.push_back({{"id", id}});
  return entries;
}

std::vector<Record> unchecked_entries() {
  std::vector<Record> entries;
  for (const spec::Unchecked& u : spec::kUnchecked)
    entries.push_back({{"id", std::string(u.id)}, {"says", std::string(u.says)}, {"reason", std::string(u.reason)}});
  return entries;
}

/// Every form of a line of a litmus file.
std::vector<Record> litmus_entries() {
  namespace litmus = traces::formats::litmus;
  std::vector<Record> entries;
  const auto add = [&entries](std::string_view part, std::string_view form, std::string_view says) {
    entries.push_back({{"part", std::string(part)}, {"form", std::string(form)}, {"says", std::string(says)}});
  };
  for (const litmus::HeaderForm& f : litmus::kFrameForms) add("file", f.form, f.says);
  for (const litmus::HeaderForm& f : litmus::kHeaderForms) add("header", f.form, f.says);
  for (const litmus::Verb& verb : litmus::kVerbs) add("event", verb.usage, traces::name(verb.kind));
  return entries;
}

/// The records of one list; of `pending` those.
std::vector<Record> entries_of(const std::string& what, const std::vector<Record>& pending) {
  if (what == "rules") return rule_entries();
  if (what == "policies") return policy_entries();
  if (what == "vocabulary") return vocabulary_entries();
  if (what == "exporters") return exporter_entries();
  if (what == "contracts") return contract_entries();
  if (what == "unchecked") return unchecked_entries();
  if (what == "ids") return id_entries();
  if (what == "litmus") return litmus_entries();
  if (what == "states") return word_entries(model::kStates);
  if (what == "events") return word_entries(model::kEvents);
  return what == "archs" ? word_entries(model::kArchProfiles) : pending;
}

/// Rules, policies and what is not checked have a shorter form for people.
std::string text_of(const std::string& what, const std::vector<Record>& pending) {
  if (what == "rules") return spec::list_rules();
  if (what == "unchecked") return spec::list_unchecked();
  return what == "policies" ? list_policies() : records_text(entries_of(what, pending));
}

}  // namespace

void add_list(CLI::App& app, int& status) {
  struct Arguments {
    std::string what, format = "text";
    std::vector<std::string> places;
  };
  const auto a = std::make_shared<Arguments>();
  CLI::App* c = app.add_subcommand("list",
                                   "List rules, states, events, policies, vocabulary, exporters, archs, contracts, "
                                   "unchecked, ids, litmus (the forms of its "
                                   "lines), pending.");
  c->add_option("WHAT", a->what, "what to list")
      ->required()
      ->check(one_of({"rules", "states", "events", "policies", "vocabulary", "exporters", "archs", "contracts",
                      "unchecked", "ids", "litmus", "pending"}));
  c->add_option("--format", a->format, "how it is printed")->check(one_of({"text", "json"}));
  c->add_option("PLACE", a->places, "for pending: litmus files, or folders of them")->type_name(kFile);
  c->callback([a, &status] {
    const std::string& w = a->what;
    std::vector<Record> pending;
    if (w == "pending" && !list_pending(a->places, pending)) status = kUsage;
    if (!print(a->format == "json" ? records_json("custody.list/1", w, entries_of(w, pending)) : text_of(w, pending)))
      status = kUsage;
  });
}

}  // namespace custody::checker::cli
