// SPDX-License-Identifier: BSD-2-Clause
// A buffer in a test: calls by their brief names, whole or end by end.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "model/custody.hpp"

namespace custody::model::test {

constexpr Direction kBidi = Direction::kBidirectional, kTo = Direction::kToDevice, kFrom = Direction::kFromDevice;

/// The event of that brief name; it throws where there is none.
inline model::Id event_named(std::string_view brief) {
  for (model::Id event = 0; event < model::kEventCount; ++event)
    if (model::kEvents[event].brief == brief) return event;
  throw std::out_of_range("no event " + std::string(brief));
}

/// What a call is made by and on; `attachment` is the device's number, too.
struct By {
  std::uint32_t attachment = model::kNobody, task = 1, call = model::kNobody;
  model::Direction dir = model::Direction::kNone;
  bool failed = false;
  model::Extent extent = {};
};
/// The direction, of device 0 where the event names one.
inline By with(model::Direction dir) { return {.attachment = 0, .dir = dir}; }

struct Execution {
  model::Custody custody;
  model::Lifetime lifetime;

  Execution() = default;
  /// Policies by name and value.
  Execution(std::initializer_list<std::pair<std::string_view, std::string_view>> policies) {
    for (const auto& [name, value] : policies)
      if (const std::string wrong = set_policy(lifetime.policies, name, value); !wrong.empty())
        throw std::invalid_argument(wrong);
  }

  static model::Call call(std::string_view brief, model::CallEnd end, const By& by) {
    model::Call c;
    c.event = event_named(brief);
    c.end = end;
    c.failed = by.failed;
    c.dir = by.dir;
    c.attachment = c.device = by.attachment;
    c.task = by.task;
    c.call = by.call;
    c.extent = by.extent;
    return c;
  }
  model::Step whole(std::string_view brief, const By& by = {}) {
    return step(custody, lifetime, call(brief, model::CallEnd::kWhole, by));
  }
  model::Step entry(std::string_view brief, const By& by = {}) {
    return step(custody, lifetime, call(brief, model::CallEnd::kEntry, by));
  }
  model::Step returns(std::string_view brief, const By& by = {}) {
    return step(custody, lifetime, call(brief, model::CallEnd::kReturn, by));
  }
  /// Export, and device 0 attached and mapped.
  void map_device(model::Direction dir = model::Direction::kBidirectional) {
    whole("export");
    whole("attach", {.attachment = 0});
    whole("map", {.attachment = 0, .dir = dir});
  }

  [[nodiscard]] std::string_view state() const { return model::kStates[custody.state].name; }
  /// `devices`, `reads`, `writes`, `reads+writes`, or `nobody`.
  [[nodiscard]] std::string may() const {
    const model::Agents agents = who_may_access(custody);
    std::string text = agents.devices ? "devices" : "";
    if (agents.cpu_reads) text.append(text.empty() ? "" : "+").append("reads");
    if (agents.cpu_writes) text.append(text.empty() ? "" : "+").append("writes");
    return text.empty() ? "nobody" : text;
  }
};

/// The rule that the call breaks; empty where it is legal.
inline std::string_view rule_of(const model::Step& step) {
  return step.refusal() == nullptr ? std::string_view() : step.refusal()->rule;
}

}  // namespace custody::model::test
