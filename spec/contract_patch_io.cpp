// SPDX-License-Identifier: BSD-2-Clause
// Patches on contracts: JSON Patch (RFC 6902) and merge patches (RFC 7386). What does not apply is refused where it
// stands; the library's own patches pass over an operation below a value without members, or abort.
#include <algorithm>

#include "spec/contract_json.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::spec {

namespace {

/// Each can move all elements of an array.
constexpr std::size_t kMaxOperations = 1024;

/// The tokens of a pointer (RFC 6901).
std::vector<std::string> tokens_of(const std::string& pointer, const Place& place) {
  if (!pointer.empty() && pointer.front() != '/')
    place.fail("found " + shown(Json(pointer)) + ", expected a JSON pointer: empty, or beginning with /");
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      tokens.emplace_back();
    } else if (pointer[i] == '~') {
      const char next = i + 1 < pointer.size() ? pointer[++i] : '\0';
      if (next != '0' && next != '1')
        place.fail("found " + shown(Json(pointer)) + ", expected 0 or 1 behind each ~ of a JSON pointer");
      tokens.back() += next == '0' ? '~' : '/';
    } else {
      tokens.back() += pointer[i];
    }
  }
  return tokens;
}

/// One operation of a JSON Patch.
class Operation {
 public:
  Operation(const Json& json, const Place& place) : json_(json), place_(place) {
    if (!json.is_object()) place.fail("found " + shown(json) + ", expected an operation of a JSON Patch");
    constexpr std::string_view kAllowed[] = {"add", "remove", "replace", "test"};
    op_ = text_of("op");
    // `copy` and `move` could grow a small patch without bound, and a proposal needs neither.
    if (std::find(std::begin(kAllowed), std::end(kAllowed), op_) == std::end(kAllowed))
      (place / "op").fail("found " + shown(Json(op_)) + ", expected one of: add, remove, replace, test");
    path_ = text_of("path");
    if (op_ != "remove" && !json.contains("value")) place.fail("expected the key \"value\"");
  }

  void apply(Json& document) const {
    const std::vector<std::string> tokens = tokens_of(path_, place_ / "path");
    if (tokens.empty()) return apply_to_whole(document);
    Json* at = &document;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) at = &member(*at, tokens[i]);
    if (at->is_object() && op_ == "add") (*at)[tokens.back()] = json_["value"];
    else if (at->is_array() && op_ == "add") insert(*at, tokens.back());
    else if (op_ == "remove") remove(*at, tokens.back());
    else change(member(*at, tokens.back()));
  }

 private:
  [[nodiscard]] std::string text_of(const char* key) const {
    const auto it = json_.find(key);
    if (it == json_.end()) place_.fail(std::string("expected the key \"") + key + "\"");
    if (!it->is_string()) (place_ / key).fail("found " + shown(*it) + ", expected a string");
    return it->get<std::string>();
  }
  [[noreturn]] void miss(const std::string& why) const {
    (place_ / "path").fail("found " + shown(Json(path_)) + ", " + why);
  }
  void apply_to_whole(Json& document) const {
    if (op_ == "remove") miss("expected a member of the contract: the whole of it cannot be removed");
    if (op_ == "add") document = json_["value"];
    else change(document);
  }
  /// What is there: replaced, or tested.
  void change(Json& value) const {
    if (op_ == "replace") value = json_["value"];
    else if (value != json_["value"])
      (place_ / "value").fail("the test fails: found " + shown(value) + ", expected " + shown(json_["value"]));
  }
  /// `token` as an index of at most `most`.
  [[nodiscard]] std::size_t index(const std::string& token, std::size_t most) const {
    constexpr std::size_t kMaxDigits = 9;
    const bool digits = !token.empty() && token.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || token.size() > kMaxDigits || (token.size() > 1 && token.front() == '0') || std::stoul(token) > most)
      miss("but " + shown(Json(token)) + " is no index of an array there, expected a number below " +
           std::to_string(most + 1) + " without leading zeros");
    return std::stoul(token);
  }
  /// Of an object or an array; there is one.
  [[nodiscard]] Json& member(Json& of, const std::string& token) const {
    if (of.is_array() && of.empty()) miss("but the array there is empty");
    if (of.is_array()) return of[index(token, of.size() - 1)];
    if (!of.is_object()) miss("but " + shown(of) + " has no members");
    const auto it = of.find(token);
    if (it == of.end()) miss("but there is no member " + shown(Json(token)));
    return *it;
  }
  void insert(Json& array, const std::string& token) const {
    const std::size_t at = token == "-" ? array.size() : index(token, array.size());
    array.insert(array.begin() + static_cast<std::ptrdiff_t>(at), json_["value"]);
  }
  void remove(Json& from, const std::string& token) const {
    static_cast<void>(member(from, token));
    if (from.is_object()) from.erase(token);
    else from.erase(index(token, from.size() - 1));
  }

  const Json& json_;
  const Place& place_;
  std::string op_, path_;
};

/// A `null` takes out what is there. RFC 7386 passes over one that has nothing to take out, which is a slip here.
void check_removals(const Json& document, const Json& patch, const Place& place) {
  for (const auto& [key, value] : patch.items()) {
    const bool is_there = document.is_object() && document.contains(key);
    if (value.is_null() && !is_there) (place / key).fail("found null, but there is no such member to take out");
    if (value.is_object()) check_removals(is_there ? document[key] : Json(), value, place / key);
  }
}

}  // namespace

void apply_patch(Json& document, const Json& patch, const std::string& path) {
  const Place root{path, ""};
  if (patch.is_object()) {
    check_removals(document, patch, root);
    document.merge_patch(patch);
  } else if (patch.is_array()) {
    if (patch.size() > kMaxOperations)
      root.fail("found " + std::to_string(patch.size()) + " operations, expected at most " +
                std::to_string(kMaxOperations));
    for (std::size_t i = 0; i < patch.size(); ++i) {
      const Place place = root / std::to_string(i);
      Operation(patch[i], place).apply(document);
    }
  } else {
    root.fail("found " + shown(patch) +
              ", expected a contract, a JSON Patch (an array) or a merge patch (an object without schema)");
  }
}

}  // namespace custody::spec
