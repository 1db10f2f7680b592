// SPDX-License-Identifier: BSD-2-Clause
#include "traces/event_names.hpp"

#include "traces/formats/ftrace/probes.hpp"

namespace custody::traces {

namespace {

std::string known_kinds() {
  std::string all;
  for (const auto* p = formats::ftrace::begin_of_probes(); p != formats::ftrace::end_of_probes(); ++p)
    all.append(all.empty() ? "" : ", ").append(p->name);
  return all;
}

}  // namespace

std::string parse_event_name(std::string_view text, EventName& out) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return "found '" + std::string(text) + "', expected NAME=KIND or GROUP:NAME=KIND";
  out.kind = text.substr(equals + 1);
  std::string_view name = text.substr(0, equals);
  const std::size_t colon = name.rfind(':');
  out.group = colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
  if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
  out.name = name;
  if (name.empty()) return "found no name in '" + std::string(text) + "', expected NAME=KIND or GROUP:NAME=KIND";
  if (formats::ftrace::find_probe(out.kind) != nullptr) return {};
  const formats::ftrace::ProbeName* near = formats::ftrace::nearest_probe(out.kind);
  const std::string meant = near != nullptr ? "; did you mean " + std::string(near->name) + "?" : "";
  return "no kind '" + out.kind + "', expected one of " + known_kinds() + meant;
}

}  // namespace custody::traces
