// SPDX-License-Identifier: BSD-2-Clause
// Contracts from JSON: keys, words, clauses. Errors name the file, the JSON pointer, what was found, what is allowed.
#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "model/suggestion.hpp"
#include "spec/contract_json.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::spec {

namespace {
constexpr std::size_t kMaxShown = 60;
}  // namespace

Place Place::operator/(const std::string& key) const {
  std::string token;
  for (const char c : key.substr(0, kMaxShown))
    if (c == '~' || c == '/') token += c == '~' ? "~0" : "~1";
    else token += c;
  return {path, pointer + "/" + token + (key.size() > kMaxShown ? "..." : "")};
}

void Place::fail(const std::string& message) const {
  throw SpecError(path + ": " + (pointer.empty() ? "/" : pointer) + ": " + message);
}

std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  return text.size() > kMaxShown ? text.substr(0, kMaxShown) + "..." : text;
}

bool is_plain(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && static_cast<unsigned char>(c) < 0x7f; });
}

namespace {

using model::Id;

constexpr std::size_t kMaxWords = 16;

void check_keys(const Json& object, const Place& place, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string allowed;
    for (const std::string_view k : known) allowed.append(allowed.empty() ? "" : ", ").append(k);
    (place / key).fail("unknown key, expected one of: " + allowed + model::did_you_mean(key, known));
  }
}

std::string text_at(const Json& object, const char* key, const Place& place, bool needed) {
  const auto it = object.find(key);
  if (it == object.end() && !needed) return {};
  if (it == object.end()) place.fail(std::string("expected the key \"") + key + "\"");
  if (!it->is_string()) (place / key).fail("found " + shown(*it) + ", expected a string");
  return it->get<std::string>();
}

/// A word, or an array of words.
std::vector<std::pair<std::string, Place>> words_at(const Json& object, const char* key, const Place& place) {
  std::vector<std::pair<std::string, Place>> out;
  const auto it = object.find(key);
  if (it == object.end()) return out;
  const Place at = place / key;
  if (it->is_string()) return {{it->get<std::string>(), at}};
  if (!it->is_array()) at.fail("found " + shown(*it) + ", expected a word or an array of words");
  if (it->size() > kMaxWords)
    at.fail("found " + std::to_string(it->size()) + " words, expected at most " + std::to_string(kMaxWords));
  for (std::size_t i = 0; i < it->size(); ++i) {
    const Place item = at / std::to_string(i);
    if (!(*it)[i].is_string()) item.fail("found " + shown((*it)[i]) + ", expected a word");
    out.emplace_back((*it)[i].get<std::string>(), item);
  }
  return out;
}

template <class Words>
Id word(const Words& words, const std::string& name, const Place& place) {
  if (const auto id = model::find_word(words, name)) return *id;
  std::string allowed;
  for (const auto& w : words) allowed.append(allowed.empty() ? "" : ", ").append(w.name);
  place.fail("found " + shown(Json(name)) + ", expected one of: " + allowed +
             model::did_you_mean(name, model::names_of(words)));
}

/// A call, in the kernel's word or its short one.
Id event(const std::string& name, const Place& place) {
  std::string allowed;
  std::vector<std::string_view> briefs;
  for (Id e = 0; e < model::kEventCount; ++e) {
    briefs.push_back(model::kEvents[e].brief);
    if (model::kEvents[e].name == name || model::kEvents[e].brief == name) return e;
    allowed.append(allowed.empty() ? "" : ", ").append(model::kEvents[e].brief);
  }
  place.fail("found " + shown(Json(name)) + ", expected one of: " + allowed + model::did_you_mean(name, briefs));
}

model::Sync sync(const std::string& name, const Place& place) {
  if (const auto sync = model::parse_sync(name)) return *sync;
  std::string targets, calls;
  for (const model::Word& w : model::kTargets) targets.append(targets.empty() ? "" : ", ").append(w.name);
  for (const model::Word& w : model::kSyncCalls) calls.append(calls.empty() ? "" : ", ").append(w.name);
  place.fail("found " + shown(Json(name)) + ", expected TARGETS:CALL[:DIRECTION][:skip] with targets " + targets +
             "; calls " + calls +
             "; or buffer:clean, buffer:invalidate, buffer:clean_invalidate; `custody list vocabulary` has all");
}

Clause clause_from(const std::string& name, const Json& json, const Place& place) {
  if (!json.is_object()) place.fail("found " + shown(json) + ", expected an object");
  check_keys(json, place, {"on", "if", "do", "then", "refuse", "because", "cite"});
  Clause clause;
  clause.name = name;
  if (!json.contains("on")) place.fail("expected the key \"on\"");
  for (const auto& [text, at] : words_at(json, "on", place)) clause.on |= model::events(event(text, at));
  if (clause.on == 0) (place / "on").fail("expected a call");
  for (const auto& [text, at] : words_at(json, "if", place)) clause.guards.push_back(word(model::kGuards, text, at));
  for (const auto& [text, at] : words_at(json, "do", place)) clause.syncs.push_back(sync(text, at));
  for (const auto& [text, at] : words_at(json, "then", place))
    clause.notes.push_back(word(model::kNoteActions, text, at));
  clause.refuse = text_at(json, "refuse", place, false);
  const bool is_errno = clause.refuse.empty() || (clause.refuse.size() <= 20 && clause.refuse[0] == 'E' &&
                                                  std::all_of(clause.refuse.begin(), clause.refuse.end(), [](char c) {
                                                    return std::isupper(static_cast<unsigned char>(c)) != 0 ||
                                                           std::isdigit(static_cast<unsigned char>(c)) != 0;
                                                  }));
  if (!is_errno) (place / "refuse").fail("found " + shown(json["refuse"]) + ", expected the name of an error as EBUSY");
  if (!clause.refuse.empty() && (!clause.syncs.empty() || !clause.notes.empty()))
    (place / "refuse").fail("a clause that refuses does and notes nothing");
  clause.because = text_at(json, "because", place, false);
  clause.cite = text_at(json, "cite", place, false);
  return clause;
}

class Reader {
 public:
  Reader(const Json& json, const std::string& path) : json_(json), root_{path, ""} {}

  Contract read(const Contract* given, int depth) {
    if (!json_.is_object()) root_.fail("found " + shown(json_) + ", expected an object");
    check_keys(json_, root_, {"schema", "name", "title", "source", "base", "memory", "policies", "clauses"});
    const std::string schema = text_at(json_, "schema", root_, true);
    if (schema != kContractSchema)
      (root_ / "schema")
          .fail("found " + shown(Json(schema)) + ", expected \"" + std::string(kContractSchema) +
                "\": a contract is made of clauses, `custody list vocabulary` has their words");
    const std::string base = text_at(json_, "base", root_, false);
    if (!base.empty()) contract_ = base_named(base, root_ / "base", given, depth);
    contract_.base = base;
    contract_.name = text_at(json_, "name", root_, true);
    if (!is_plain(contract_.name))
      (root_ / "name").fail("found " + shown(json_["name"]) + ", expected printable ASCII without blanks");
    contract_.title = text_at(json_, "title", root_, true);
    contract_.source = text_at(json_, "source", root_, true);
    read_memory();
    read_policies();
    read_clauses();
    if (const auto flaw = flaw_of(contract_)) place_of(*flaw).fail(flaw->says);
    return std::move(contract_);
  }

 private:
  /// The clause, where this file writes it; else its policies, which are what makes it wrong.
  [[nodiscard]] Place place_of(const Flaw& flaw) const {
    const auto clauses = json_.find("clauses");
    if (clauses == json_.end() || !clauses->contains(flaw.clause)) return root_ / "clauses" / flaw.clause;
    const Json& clause = (*clauses)[flaw.clause];
    const std::string key = flaw.pointer.substr(1, flaw.pointer.find('/', 1) - 1);
    const bool is_list = clause.contains(key) && clause[key].is_array();
    return {root_.path, "/clauses/" + flaw.clause + (is_list ? flaw.pointer : "/" + key)};
  }
  void read_memory() {
    if (!json_.contains("memory")) return;
    contract_.memory = text_at(json_, "memory", root_, true);
    if (contract_.memory != "cached" && contract_.memory != "write_combined")
      (root_ / "memory").fail("found " + shown(Json(contract_.memory)) + ", expected one of: cached, write_combined");
  }
  void read_policies() {
    const auto it = json_.find("policies");
    const Place place = root_ / "policies";
    if (it != json_.end() && !it->is_object()) place.fail("found " + shown(*it) + ", expected an object");
    if (it != json_.end())
      for (const auto& [key, value] : it->items()) {
        const std::string name = value.is_string() ? value.get<std::string>() : std::string();
        const std::string wrong = model::set_policy(contract_.lifetime.policies, key, name);
        if (!wrong.empty()) (place / key).fail("found " + shown(value) + ", " + wrong);
      }
    const std::string_view conflict = model::conflict_of(contract_.lifetime.policies);
    if (!conflict.empty()) place.fail(std::string(conflict));
  }
  void read_clauses() {
    const auto it = json_.find("clauses");
    if (it == json_.end()) return;
    const Place place = root_ / "clauses";
    if (!it->is_object()) place.fail("found " + shown(*it) + ", expected an object of clauses by name");
    for (const auto& [name, value] : it->items()) {
      const Place at = place / name;
      if (!is_plain(name) || name.find('/') != std::string::npos)
        at.fail("expected a name of printable ASCII without blanks and slashes");
      const auto old = std::find_if(contract_.clauses.begin(), contract_.clauses.end(),
                                    [&key = name](const Clause& c) { return c.name == key; });
      if (value.is_null()) {
        if (old == contract_.clauses.end()) at.fail("found null, but the base has no such clause");
        contract_.clauses.erase(old);
        continue;
      }
      Clause clause = clause_from(name, value, at);
      if (old != contract_.clauses.end()) *old = std::move(clause);
      else contract_.clauses.push_back(std::move(clause));
    }
    if (contract_.clauses.size() > kMaxClauses)
      place.fail("found " + std::to_string(contract_.clauses.size()) + " clauses, expected at most " +
                 std::to_string(kMaxClauses));
  }

  const Json& json_;
  Place root_;
  Contract contract_;
};

}  // namespace

Contract contract_from(const Json& json, const std::string& path, const Contract* given, int depth) {
  return Reader(json, path).read(given, depth);
}

}  // namespace custody::spec
