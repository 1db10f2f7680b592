// SPDX-License-Identifier: BSD-2-Clause
// What the readers and writers of contracts share: JSON, and where in it something is wrong.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "spec/contract.hpp"

namespace custody::spec {

using Json = nlohmann::ordered_json;

/// A place in a file.
struct Place {
  const std::string& path;
  std::string pointer;
  /// A member of it. A key that is long is cut: it is for people.
  [[nodiscard]] Place operator/(const std::string& key) const;
  /// Throws SpecError with file, pointer and message.
  [[noreturn]] void fail(const std::string& message) const;
};

/// A value as it is shown in an error: at most 60 characters of ASCII.
[[nodiscard]] std::string shown(const Json& value);
/// Of a contract's or a clause's name: printable ASCII without blanks.
[[nodiscard]] bool is_plain(const std::string& text);

/// Parses a contract, a patch or profiles. Throws SpecError with file and line where it is no JSON, too long, too deep
/// or of too many members, has a key twice in one object or a number that no double holds.
[[nodiscard]] Json parse_contract_json(std::string_view json, const std::string& path);

/// Applies `patch` to the contract `document`: a JSON Patch of add, remove, replace and test, or a merge patch. Throws
/// SpecError with the file at `path`, the pointer into the patch and what was found, for the first thing that does not
/// apply, and for a `null` of a merge patch that takes nothing out.
void apply_patch(Json& document, const Json& patch, const std::string& path);

/// Reads a contract from JSON; `given` is what a proposal is made to, and null elsewhere: its `base` may be that one.
[[nodiscard]] Contract contract_from(const Json& json, const std::string& path, const Contract* given, int depth = 0);
/// Reads a proposal to `base` from JSON, as `read_proposal` does.
[[nodiscard]] Contract proposal_from(const Contract& base, const Json& json, const std::string& path, int depth = 0);
/// A base by name: `given` if that is its name, a built-in contract, or a file beside `place`'s, with or without
/// `.json`. Throws SpecError where there is none, and where bases nest too deep.
[[nodiscard]] Contract base_named(const std::string& name, const Place& place, const Contract* given, int depth);

}  // namespace custody::spec
