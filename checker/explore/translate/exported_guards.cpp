// SPDX-License-Identifier: BSD-2-Clause
// Facts of a call as expressions over the variables of an exported model.
#include <fmt/format.h>

#include "checker/explore/translate/exporter.hpp"

namespace custody::checker::explore::translate {

using model::at;
using model::Direction;
using model::Id;
using model::kFacts;

namespace {

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

}  // namespace

std::string ExportedGuards::count(const std::function<std::string(unsigned)>& is_counted) const {
  std::string sum;
  for (unsigned d = 0; d < f_.c.devices; ++d) {
    const std::string condition = is_counted(d);
    if (!condition.empty()) sum.append(sum.empty() ? "" : " + ").append(f_.d.choose(condition, "1", "0"));
  }
  return sum.empty() ? "0" : "(" + sum + ")";
}

std::string ExportedGuards::value_of(Id fact, const ExportedCall& call, Id was, Id is) const {
  const auto attached = [](unsigned d) { return of("att", d) + " > 0"; };
  const auto mapped = [](unsigned d) { return of("dir", d) + " > 0"; };
  const auto if_snoops = [&](bool snoops, const auto& condition) {
    return [=, this](unsigned d) { return f_.c.snoops(d) == snoops ? condition(d) : std::string(); };
  };
  const auto others = [&](const auto& condition) {
    return [=](unsigned d) { return d == call.device ? std::string() : condition(d); };
  };
  const bool kernel = f_.c.client == Client::kVmap;
  switch (fact) {
    case at(kFacts, "attached"): return count(attached);
    case at(kFacts, "mapped"): return count(mapped);
    case at(kFacts, "windows"): {
      std::string sum;
      for (unsigned w = 0; w < f_.c.windows; ++w)
        sum.append(sum.empty() ? "" : " + ").append(f_.d.choose(of("w", w) + " > 0", "1", "0"));
      return sum.empty() ? "0" : "(" + sum + ")";
    }
    case at(kFacts, "kernel_mappings"): return kernel ? "kernel" : "0";
    case at(kFacts, "user_mappings"): return kernel ? "0" : "user";
    case at(kFacts, "cpu_mappings"): return f_.client_mapping();
    case at(kFacts, "bracketed"): return kernel ? "bracketed" : "0";
    case at(kFacts, "plain_attached"): return count(if_snoops(false, attached));
    case at(kFacts, "snooping_attached"): return count(if_snoops(true, attached));
    case at(kFacts, "plain_mapped"): return count(if_snoops(false, mapped));
    case at(kFacts, "plain_writers"): return count(if_snoops(false, [](unsigned d) { return of("dir", d) + " > 1"; }));
    case at(kFacts, "snooping_readers"):
      return count(if_snoops(true, [this](unsigned d) {
        return f_.d.either(f_.d.equal(of("dir", d), "1"), f_.d.equal(of("dir", d), "3"));
      }));
    case at(kFacts, "others_attached"): return count(others(attached));
    case at(kFacts, "others_mapped"): return count(others(mapped));
    case at(kFacts, "own_attached"): return f_.d.choose(attached(call.device), "1", "0");
    case at(kFacts, "own_maps"): return f_.d.choose(mapped(call.device), "1", "0");
    case at(kFacts, "own_snoops"):
      return !model::names_attachment(call.event) ? "2" : f_.c.snoops(call.device) ? "1" : "0";
    case at(kFacts, "window"): return call.closes_window ? "2" : "0";
    case at(kFacts, "to_device"): return model::device_may_read(call.dir) ? "1" : "0";
    case at(kFacts, "from_device"): return model::device_may_write(call.dir) ? "1" : "0";
    case at(kFacts, "owner"): return number(model::owner_code(was));
    case at(kFacts, "next_owner"): return number(model::owner_code(is));
    case at(kFacts, "kept"): return f_.keeps_tables() ? of("kept", call.device) : "0";
    default: return f_.is_noted(fact) ? std::string(kFacts[fact].name) : "0";
  }
}

std::optional<std::string> ExportedGuards::test(const model::Test& test, const ExportedCall& call, Id was,
                                                Id is) const {
  model::Facts facts;
  facts.set(f_.contract.lifetime.policies);
  const std::string value = model::is_policy(test.fact) ? "" : value_of(test.fact, call, was, is);
  if (model::is_policy(test.fact) || is_number(value)) {
    if (!model::is_policy(test.fact)) facts.v[test.fact] = static_cast<std::uint8_t>(std::stoul(value));
    if (test.holds(facts)) return std::string();
    return std::nullopt;
  }
  if (test.rel == model::Rel::eq) return f_.d.equal(value, number(test.value));
  return fmt::format("{} {} {}", value, test.rel == model::Rel::gt ? '>' : '<', test.value);
}

std::optional<std::string> ExportedGuards::guard(const model::Guard& guard, const ExportedCall& call, Id was,
                                                 Id is) const {
  std::string any;
  for (const model::All& all : guard.any) {
    std::string text;
    bool possible = true;
    for (const model::Test& each : all) {
      const auto one = test(each, call, was, is);
      possible = possible && one.has_value();
      if (one && !one->empty()) text = f_.d.both(text, *one);
    }
    if (!possible) continue;
    if (text.empty()) return std::string();
    any = f_.d.either(any, "(" + text + ")");
  }
  if (any.empty()) return std::nullopt;
  return any;
}

}  // namespace custody::checker::explore::translate
