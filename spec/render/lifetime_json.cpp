// SPDX-License-Identifier: BSD-2-Clause
// The lifetime for programs, as JSON.
#include <fmt/format.h>

#include "spec/render/lifetime.hpp"
#include "spec/render/words.hpp"

namespace custody::spec::render {

namespace {

using model::Machine;
using model::Row;

std::string json_list(const std::vector<std::string_view>& names) {
  std::vector<std::string> quoted;
  quoted.reserve(names.size());
  for (const std::string_view name : names) quoted.push_back(fmt::format("\"{}\"", name));
  return "[" + joined(quoted, ",", "") + "]";
}

std::vector<std::string_view> members(std::uint16_t set, const auto& words) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < std::size(words); ++i)
    if (((set >> i) & 1U) != 0) names.push_back(words[i].name);
  return names;
}

/// Texts of the tables hold neither quotes nor backslashes: a test reads the result.
std::string json_of(const Machine& machine, const Row& row) {
  std::string out =
      fmt::format("{{\"id\":\"{}\",\"machine\":\"{}\",\"from\":{},\"on\":{}", row.id, machine.name,
                  json_list(members(row.from, model::kStates)), json_list(members(row.on, model::kEvents)));
  out += fmt::format(",\"if\":{},\"do\":{},\"to\":\"{}\"", json_list(names_in(row.guards, model::kGuards)),
                     json_list(names_in(row.actions, model::kActions)), target(row));
  if (row.is_refusal()) out += fmt::format(",\"rule\":\"{}\"", row.rule);
  if (row.without_effect) out += ",\"without_effect\":true";
  return out + fmt::format(",\"why\":\"{}\",\"cite\":\"{}\"}}", row.why, row.cite);
}

}  // namespace

std::string render_lifetime_json() {
  std::vector<std::string> rows;
  for (const Machine& machine : model::machines())
    for (const Row& row : machine.rows) rows.push_back("  " + json_of(machine, row));
  return "{\"schema\":\"custody.lifetime/2\",\"rows\":[\n" + joined(rows, ",\n", "") + "\n]}\n";
}

}  // namespace custody::spec::render
