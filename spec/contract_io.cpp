// SPDX-License-Identifier: BSD-2-Clause
// Contracts from and to JSON. Errors name the file, the JSON pointer, what was found and what is allowed.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "model/step.hpp"
#include "spec/contract.hpp"
#include "spec/contracts_json.hpp"
#include "spec/exporter_profile.hpp"
#include "spec/rules.hpp"

namespace custody::spec {

namespace {

using Json = nlohmann::ordered_json;
using model::Id;
using model::Ids;
using model::Row;

constexpr int kMaxDepth = 8;
constexpr int kMaxBases = 8;

/// A place in a file.
struct Place {
  const std::string& path;
  std::string pointer;
  [[nodiscard]] Place operator/(const std::string& key) const { return {path, pointer + "/" + key}; }
  [[noreturn]] void fail(const std::string& message) const {
    throw SpecError(path + ": " + (pointer.empty() ? "/" : pointer) + ": " + message);
  }
};

/// Of a contract's name: printable ASCII without blanks.
bool is_plain(unsigned char c) { return c > 0x20 && c < 0x7f; }

std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  return text.size() > 60 ? text.substr(0, 60) + "..." : text;
}

std::string text_at(const Json& object, const char* key, const Place& place, bool needed) {
  const auto it = object.find(key);
  if (it == object.end() && !needed) return {};
  if (it == object.end()) place.fail(std::string("expected the key \"") + key + "\"");
  if (!it->is_string()) (place / key).fail("found " + shown(*it) + ", expected a string");
  return it->get<std::string>();
}

template <class Words>
Id word(const Words& words, std::size_t first, std::size_t end, const Json& value, const Place& place) {
  std::string allowed;
  for (std::size_t i = first; i < end; ++i) {
    if (value.is_string() && value.get_ref<const std::string&>() == words[i].name) return static_cast<Id>(i);
    allowed += (allowed.empty() ? "" : ", ") + std::string(words[i].name);
  }
  place.fail("found " + shown(value) + ", expected one of: " + allowed);
}

template <class Words>
Ids word_list(const Words& words, const Json& value, const Place& place) {
  Ids ids;
  if (!value.is_array()) place.fail("found " + shown(value) + ", expected an array of words");
  if (value.size() > ids.id.size())
    place.fail("found " + std::to_string(value.size()) + " words, expected at most " + std::to_string(ids.id.size()));
  for (std::size_t i = 0; i < value.size(); ++i)
    ids.id[ids.n++] = word(words, 0, std::size(words), value[i], place / std::to_string(i));
  return ids;
}

class Reader {
 public:
  Reader(const Json& json, const std::string& path) : json_(json), root_{path, ""} {}

  Contract read() {
    if (!json_.is_object()) root_.fail("found " + shown(json_) + ", expected an object");
    check_keys(json_, root_,
               {"schema", "name", "title", "source", "base", "memory", "policies", "remove", "rows", "refusals"});
    const std::string schema = text_at(json_, "schema", root_, true);
    if (schema != kContractSchema)
      (root_ / "schema").fail("found \"" + schema + "\", expected \"" + std::string(kContractSchema) + "\"");
    const std::string base = text_at(json_, "base", root_, false);
    if (!base.empty()) take_base(base);
    contract_.base = base;
    contract_.name = text_at(json_, "name", root_, true);
    if (!std::all_of(contract_.name.begin(), contract_.name.end(), is_plain))
      (root_ / "name").fail("found " + shown(json_["name"]) + ", expected printable ASCII without blanks");
    contract_.title = text_at(json_, "title", root_, true);
    contract_.source = text_at(json_, "source", root_, true);
    read_memory();
    read_policies();
    remove();
    read_rows("rows", contract_.rows, false);
    read_rows("refusals", contract_.refusals, true);
    if (const auto flaw = flaw_of(contract_)) place_of(*flaw).fail(flaw->says);
    return std::move(contract_);
  }

 private:
  static void check_keys(const Json& object, const Place& place, std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      std::string allowed;
      for (const std::string_view k : known) allowed += (allowed.empty() ? "" : ", ") + std::string(k);
      (place / key).fail("unknown key, expected one of: " + allowed);
    }
  }
  void take_base(const std::string& base) {
    std::optional<Contract> found = find_contract(base);
    if (!found) {
      std::string allowed;
      for (const std::string_view name : contract_names()) allowed += (allowed.empty() ? "" : ", ") + std::string(name);
      (root_ / "base").fail("found \"" + base + "\", expected one of: " + allowed);
    }
    const auto texts = contract_.texts;
    contract_ = std::move(*found);
    for (const std::string& text : *texts) contract_.texts->push_back(text);
  }
  /// Of the first row at fault that this file writes, else the whole file.
  [[nodiscard]] Place place_of(const Flaw& flaw) const {
    for (const char* const key : {"rows", "refusals"}) {
      const auto rows = json_.find(key);
      for (std::size_t i = 0; rows != json_.end() && i < rows->size(); ++i)
        for (const std::string_view id : flaw.rows)
          if ((*rows)[i]["id"].get_ref<const std::string&>() == id) return root_ / key / std::to_string(i);
    }
    return root_;
  }
  void read_memory() {
    if (!json_.contains("memory")) return;
    contract_.memory = text_at(json_, "memory", root_, true);
    if (contract_.memory != "cached" && contract_.memory != "write_combined")
      (root_ / "memory").fail("found \"" + contract_.memory + "\", expected one of: cached, write_combined");
  }
  void read_policies() {
    const auto it = json_.find("policies");
    if (it == json_.end()) return;
    const Place place = root_ / "policies";
    if (!it->is_object()) place.fail("found " + shown(*it) + ", expected an object");
    for (const auto& [key, value] : it->items()) set_policy(key, value, place / key);
  }
  void set_policy(const std::string& key, const Json& value, const Place& place) {
    std::string allowed;
    for (std::size_t f = 0; f < model::kFieldCount; ++f) {
      if (model::kFields[f].owner != model::Owner::kPolicy) continue;
      allowed += (allowed.empty() ? "" : ", ") + std::string(model::kFields[f].name);
      if (model::kFields[f].name != key) continue;
      std::string values;
      for (std::uint16_t v = 0; v <= model::kFields[f].max; ++v) {
        const std::string_view name = model::policy_value(static_cast<Id>(f), v);
        if (value.is_string() && value.get_ref<const std::string&>() == name)
          return model::set_policy(contract_.start, static_cast<Id>(f), v);
        values += (values.empty() ? "" : ", ") + std::string(name);
      }
      place.fail("found " + shown(value) + ", expected one of: " + values);
    }
    place.fail("unknown policy, expected one of: " + allowed);
  }
  void remove() {
    const auto it = json_.find("remove");
    if (it == json_.end()) return;
    const Place place = root_ / "remove";
    if (!it->is_array()) place.fail("found " + shown(*it) + ", expected an array of ids");
    for (std::size_t i = 0; i < it->size(); ++i) {
      const std::string id = (*it)[i].is_string() ? (*it)[i].get<std::string>() : std::string();
      const auto is_it = [&](const Row& row) { return row.id == id; };
      if (std::erase_if(contract_.rows, is_it) + std::erase_if(contract_.refusals, is_it) == 0)
        (place / std::to_string(i)).fail("found " + shown((*it)[i]) + ", expected the id of a row of the base");
    }
  }
  void read_rows(const char* key, std::vector<Row>& rows, bool refusal) {
    const auto it = json_.find(key);
    if (it == json_.end()) return;
    const Place place = root_ / key;
    if (!it->is_array()) place.fail("found " + shown(*it) + ", expected an array of rows");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < it->size(); ++i) {
      const Place at = place / std::to_string(i);
      const Json& json = (*it)[i];
      if (!json.is_object()) at.fail("found " + shown(json) + ", expected an object");
      const std::string id = text_at(json, "id", at, true);
      if (!seen.insert(id).second) (at / "id").fail("\"" + id + "\" is there twice");
      const auto old = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id == id; });
      const Row row = read_row(json, id, old != rows.end() ? &*old : nullptr, refusal, at);
      if (old != rows.end()) *old = row;
      else rows.push_back(row);
    }
  }
  Row read_row(const Json& json, const std::string& id, const Row* base, bool refusal, const Place& at) {
    if (refusal) check_keys(json, at, {"id", "from", "event", "guards", "actions", "to", "rule", "why", "cite"});
    else check_keys(json, at, {"id", "from", "event", "guards", "actions", "to", "syncs", "why", "cite"});
    const auto value = [&](const char* key) -> const Json& {
      const auto it = json.find(key);
      if (it != json.end()) return *it;
      at.fail(std::string("expected the key \"") + key + "\"");
    };
    const auto given = [&](const char* key) { return base == nullptr || json.contains(key); };
    const std::size_t states = std::size(model::kStates);
    const Id from = given("from") ? word(model::kStates, 0, states, value("from"), at / "from") : base->from;
    const Id event =
        given("event") ? word(model::kEvents, 0, model::kEventCount, value("event"), at / "event") : base->event;
    const Ids guards = given("guards") ? word_list(model::kGuards, value("guards"), at / "guards") : base->guards;
    const Ids actions = given("actions") ? word_list(model::kActions, value("actions"), at / "actions") : base->actions;
    const bool buffer = from < model::kBufferStates;
    const Id to = given("to") ? word(model::kStates, buffer ? 0 : model::kFirstAttachmentState,
                                     buffer ? model::kBufferStates : states, value("to"), at / "to")
                              : base->to;
    Ids syncs = base != nullptr ? base->syncs : Ids{};
    if (!refusal && given("syncs")) syncs = word_list(model::kSyncs, value("syncs"), at / "syncs");
    const std::string_view why = given("why") ? keep(text_at(json, "why", at, true)) : base->why;
    const std::string_view cite = given("cite") ? keep(text_at(json, "cite", at, true)) : base->cite;
    std::string_view rule;
    if (refusal) rule = given("rule") ? keep(text_at(json, "rule", at, true)) : base->rule;
    if (refusal && find_rule(rule) == nullptr)
      (at / "rule").fail("found \"" + std::string(rule) + "\", expected the id of a rule; see `custody list rules`");
    const Row row(keep(id), from, event, guards, actions, to, syncs, why, cite, rule);
    check_fields(row, at);
    check_syncs(row, at);
    return row;
  }
  /// A row sees and changes only what its call has.
  static void check_fields(const Row& row, const Place& at) {
    const bool of_buffer = row.from < model::kBufferStates;
    const std::string event(model::kEvents[row.event].name);
    const model::Owner owner = of_buffer ? model::Owner::kBuffer : model::Owner::kAttachment;
    for (std::size_t i = 0; i < row.actions.n; ++i) {
      const model::Action& action = model::kActions[row.actions.id[i]];
      const Place place = at / "actions" / std::to_string(i);
      if (model::kFields[action.field].owner != owner)
        place.fail("found \"" + std::string(action.name) + "\", expected an action of " +
                   (of_buffer ? "the buffer" : "the attachment") + ", whose state " +
                   std::string(model::kStates[row.from].name) + " is");
      if (action.op == model::Op::dir && !model::has_direction(row.event))
        place.fail("found \"" + std::string(action.name) + "\", but " + event + " has no direction");
    }
    for (std::size_t i = 0; i < row.guards.n; ++i) {
      const model::Guard& guard = model::kGuards[row.guards.id[i]];
      const bool of_attachment = model::kFields[guard.field].owner == model::Owner::kAttachment ||
                                 guard.field == model::at(model::kFields, "kept_matches");
      if (of_buffer && of_attachment && !model::names_attachment(row.event))
        (at / "guards" / std::to_string(i))
            .fail("found \"" + std::string(guard.name) + "\", but " + event + " names no attachment");
    }
  }
  static void check_syncs(const Row& row, const Place& at) {
    const std::string event(model::kEvents[row.event].name);
    for (std::size_t i = 0; i < row.syncs.n; ++i) {
      const model::Sync& sync = model::kSyncs[row.syncs.id[i]];
      const Place place = at / "syncs" / std::to_string(i);
      const std::string found = "found \"" + std::string(sync.name) + "\", but ";
      if (row.from >= model::kBufferStates) place.fail(found + "syncs are written in the rows of the buffer");
      const bool own = sync.targets == model::Targets::kOwn;
      if (own && !model::names_attachment(row.event)) place.fail(found + event + " names no attachment");
      const bool takes_direction =
          sync.dir == model::SyncDirection::kCaller || (own && sync.dir == model::SyncDirection::kMapping);
      if (takes_direction && !model::has_direction(row.event)) place.fail(found + event + " has no direction");
    }
  }
  std::string_view keep(std::string text) {
    contract_.texts->push_back(std::move(text));
    return contract_.texts->back();
  }

  const Json& json_;
  Place root_;
  Contract contract_;
};

/// Stops at JSON that nests too deep before it is built.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    else if (quoted && text[i] == '\\') ++i;
    else if (!quoted && (text[i] == '{' || text[i] == '[') && ++depth > kMaxDepth) return true;
    else if (!quoted && (text[i] == '}' || text[i] == ']')) --depth;
  }
  return false;
}

Json words_of(const Ids& ids, const auto& words) {
  Json list = Json::array();
  for (const Id id : ids) list.push_back(words[id].name);
  return list;
}

Json json_of(const Row& row) {
  Json json = {{"id", row.id},
               {"from", model::kStates[row.from].name},
               {"event", model::kEvents[row.event].name},
               {"guards", words_of(row.guards, model::kGuards)},
               {"actions", words_of(row.actions, model::kActions)},
               {"to", model::kStates[row.to].name}};
  if (row.is_refusal()) json["rule"] = row.rule;
  else json["syncs"] = words_of(row.syncs, model::kSyncs);
  json["why"] = row.why;
  json["cite"] = row.cite;
  return json;
}

}  // namespace

std::vector<std::string_view> contract_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, json] : kContractsJson) names.push_back(name);
  return names;
}

std::optional<Contract> find_contract(std::string_view name) {
  static thread_local int depth = 0;
  struct Deeper {
    Deeper() { ++depth; }
    ~Deeper() { --depth; }
  } deeper;
  if (depth > kMaxBases) throw SpecError("spec/contracts/" + std::string(name) + ".json: /base: a cycle of bases");
  for (const auto& [known, json] : kContractsJson)
    if (known == name) return read_contract(json, "spec/contracts/" + std::string(name) + ".json");
  return std::nullopt;
}

namespace {

Json parse(std::string_view json, const std::string& path) {
  if (json.size() > kMaxContractBytes)
    throw SpecError(path + ": " + std::to_string(json.size()) + " bytes, expected at most " +
                    std::to_string(kMaxContractBytes));
  if (is_too_deep(json)) throw SpecError(path + ": JSON nests deeper than " + std::to_string(kMaxDepth));
  try {
    return Json::parse(json.begin(), json.end());
  } catch (const nlohmann::json::parse_error& e) {
    const auto line =
        1 + std::count(json.begin(),
                       json.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(e.byte, json.size())), '\n');
    throw SpecError(path + ":" + std::to_string(line) + ": no JSON: " + e.what());
  }
}

/// `copy` and `move` could grow a small patch without bound, and a proposal needs neither.
void check_operations(const Json& patch, const std::string& path) {
  constexpr std::string_view kAllowed[] = {"add", "remove", "replace", "test"};
  for (std::size_t i = 0; i < patch.size(); ++i) {
    const Place place{path, "/" + std::to_string(i)};
    if (!patch[i].is_object()) place.fail("found " + shown(patch[i]) + ", expected an operation of a JSON Patch");
    const std::string op = text_at(patch[i], "op", place, true);
    if (std::find(std::begin(kAllowed), std::end(kAllowed), op) == std::end(kAllowed))
      (place / "op").fail("found \"" + op + "\", expected one of: add, remove, replace, test");
  }
}

/// A patch seldom renames: what it makes is called after its file.
void name_after(Contract& contract, const Contract& base, const std::filesystem::path& path) {
  contract.name = path.stem().string();
  std::replace_if(
      contract.name.begin(), contract.name.end(), [](unsigned char c) { return !is_plain(c); }, '-');
  if (contract.name.empty() || contract.name == base.name) contract.name += "-proposed";
  contract.title = base.name + " as changed by " + contract.name;
}

}  // namespace

Contract read_contract(std::string_view json, const std::string& path) {
  const Json parsed = parse(json, path);
  return Reader(parsed, path).read();
}

Contract read_proposal(const Contract& base, std::string_view json, const std::string& path) {
  const Json proposal = parse(json, path);
  if (proposal.is_object() && proposal.contains("schema")) return Reader(proposal, path).read();
  Json contract = Json::parse(write_contract(base));
  if (proposal.is_object()) {
    contract.merge_patch(proposal);
  } else if (proposal.is_array()) {
    check_operations(proposal, path);
    try {
      contract.patch_inplace(proposal);
    } catch (const nlohmann::json::exception& e) {
      throw SpecError(path + ": the patch does not apply to " + base.name + ": " + e.what());
    }
  } else {
    throw SpecError(path + ": /: found " + shown(proposal) +
                    ", expected a contract, a JSON Patch (an array) or a merge patch (an object without schema)");
  }
  Contract out = Reader(contract, path).read();
  if (out.name == base.name) name_after(out, base, path);
  return out;
}

std::string write_contract(const Contract& contract) {
  Json json = {{"schema", kContractSchema},
               {"name", contract.name},
               {"title", contract.title},
               {"source", contract.source},
               {"memory", contract.memory}};
  Json& policies = json["policies"] = Json::object();
  for (std::size_t f = 0; f < model::kWorldFields; ++f)
    if (model::kFields[f].owner == model::Owner::kPolicy)
      policies[std::string(model::kFields[f].name)] = model::policy_value(static_cast<Id>(f), contract.start.v[f]);
  // One row a line, as in the tables.
  std::string text = json.dump(1);
  text.erase(text.rfind('\n'));
  for (const auto& [key, rows] : {std::pair{"rows", &contract.rows}, std::pair{"refusals", &contract.refusals}}) {
    text += std::string(",\n \"") + key + "\": [";
    for (std::size_t i = 0; i < rows->size(); ++i) text += (i == 0 ? "\n  " : ",\n  ") + json_of((*rows)[i]).dump();
    text += "\n ]";
  }
  return text + "\n}\n";
}

}  // namespace custody::spec
