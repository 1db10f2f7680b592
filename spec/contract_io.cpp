// SPDX-License-Identifier: BSD-2-Clause
// Contracts from and to JSON: built-in ones, bases, proposals as patches, and the text that a contract is written as.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "model/escape.hpp"
#include "spec/contract_json.hpp"
#include "spec/contracts_json.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::spec {

namespace {

constexpr int kMaxBases = 8;

/// Nothing where there is no such file; a longer one than a contract may be is cut where it is one byte too long.
std::optional<std::string> text_of(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::string text(kMaxContractBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

/// Nothing is beside a stream, and its name says nothing: standard input, a pipe.
bool is_stream(const std::string& path) {
  std::error_code error;
  const auto type = std::filesystem::status(path, error).type();
  return path == "-" || type == std::filesystem::file_type::fifo || type == std::filesystem::file_type::character;
}

/// A patch seldom renames: what it makes is called after its file.
void name_after(Contract& contract, const Contract& base, const std::string& path) {
  contract.name = is_stream(path) ? base.name : std::filesystem::path(path).stem().string();
  std::replace_if(
      contract.name.begin(), contract.name.end(), [](char c) { return !is_plain(std::string(1, c)); }, '-');
  if (contract.name.empty() || contract.name == base.name) contract.name += "-proposed";
  contract.title = base.name + " as changed by " + contract.name;
}

Json json_of(const Clause& clause) {
  const auto list = [](auto&& words) { return words.size() == 1 ? Json(words.front()) : Json(words); };
  std::vector<std::string> on, guards, syncs, notes;
  for (model::Id e = 0; e < model::kEventCount; ++e)
    if (clause.concerns(e)) on.emplace_back(model::kEvents[e].brief);
  for (const model::Id g : clause.guards) guards.emplace_back(model::kGuards[g].name);
  for (const model::Sync& sync : clause.syncs) syncs.push_back(model::name_of(sync));
  for (const model::Id note : clause.notes) notes.emplace_back(model::kNoteActions[note].name);
  Json json;
  json["on"] = list(on);
  if (!guards.empty()) json["if"] = list(guards);
  if (!syncs.empty()) json["do"] = list(syncs);
  if (!notes.empty()) json["then"] = list(notes);
  if (!clause.refuse.empty()) json["refuse"] = clause.refuse;
  if (!clause.because.empty()) json["because"] = clause.because;
  if (!clause.cite.empty()) json["cite"] = clause.cite;
  return json;
}

}  // namespace

std::vector<std::string_view> contract_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, json] : kContractsJson) names.push_back(name);
  return names;
}

namespace {

std::optional<Contract> find_built_in(std::string_view name, int depth) {
  for (const auto& [known, json] : kContractsJson) {
    if (known != name) continue;
    const std::string path = "spec/contracts/" + std::string(name) + ".json";
    return contract_from(parse_contract_json(json, path), path, nullptr, depth);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Contract> find_contract(std::string_view name) { return find_built_in(name, 0); }

Contract base_named(const std::string& name, const Place& place, const Contract* given, int depth) {
  if (depth >= kMaxBases) place.fail("more than " + std::to_string(kMaxBases) + " bases of bases, or a cycle of them");
  if (given != nullptr && given->name == name) return *given;
  if (auto found = find_built_in(name, depth + 1)) return *found;
  const std::filesystem::path beside =
      is_stream(place.path) ? std::filesystem::path(name) : std::filesystem::path(place.path).parent_path() / name;
  for (const std::filesystem::path& file : {beside, std::filesystem::path(beside.string() + ".json")}) {
    const auto text = text_of(file);
    if (!text) continue;
    const Json json = parse_contract_json(*text, file.string());
    if (given != nullptr) return proposal_from(*given, json, file.string(), depth + 1);
    return contract_from(json, file.string(), nullptr, depth + 1);
  }
  std::string allowed;
  for (const std::string_view known : contract_names()) allowed.append(allowed.empty() ? "" : ", ").append(known);
  place.fail("found " + shown(Json(name)) + ", expected a file beside this one, or one of: " + allowed);
}

Contract read_contract(std::string_view json, const std::string& path) {
  return contract_from(parse_contract_json(json, path), path, nullptr);
}

Contract proposal_from(const Contract& base, const Json& json, const std::string& path, int depth) {
  if (json.is_object() && json.contains("schema")) return contract_from(json, path, &base, depth);
  Contract of = base;
  Json patch = json;
  if (json.is_object() && json.contains("base")) {
    // One of a series: it changes what the proposal before it makes.
    const Place place{path, "/base"};
    if (!json["base"].is_string()) place.fail("found " + shown(json["base"]) + ", expected the name of a contract");
    of = base_named(json["base"].get<std::string>(), place, &base, depth);
    patch.erase("base");
  }
  Json contract = Json::parse(write_contract(of));
  apply_patch(contract, patch, path);
  Contract out = contract_from(contract, path, nullptr);
  if (out.name == of.name) name_after(out, of, path);
  return out;
}

Contract read_proposal(const Contract& base, std::string_view json, const std::string& path) {
  return proposal_from(base, parse_contract_json(json, path), path);
}

std::string write_contract(const Contract& contract) {
  Json json = {{"schema", kContractSchema},
               {"name", contract.name},
               {"title", contract.title},
               {"source", contract.source},
               {"memory", contract.memory}};
  Json& policies = json["policies"] = Json::object();
  for (std::size_t p = 0; p < model::kPolicyCount; ++p)
    policies[std::string(model::kPolicies[p].name)] = model::kPolicies[p].values[contract.lifetime.policies.v[p]].name;
  // One clause a line, as people write them.
  std::string text = json.dump(1);
  text.erase(text.rfind('\n'));
  text += ",\n \"clauses\": {";
  for (std::size_t i = 0; i < contract.clauses.size(); ++i)
    text += (i == 0 ? "\n  " : ",\n  ") + Json(contract.clauses[i].name).dump() + ": " +
            json_of(contract.clauses[i]).dump();
  return model::escape_json_document(text + "\n }\n}\n");
}

}  // namespace custody::spec
