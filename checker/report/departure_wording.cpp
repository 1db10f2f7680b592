// SPDX-License-Identifier: BSD-2-Clause
// The words of a departure from a contract.
#include <fmt/format.h>

#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

std::string_view call_word(model::SyncCall call) {
  switch (call) {
    case model::SyncCall::kMap: return "dma_map";
    case model::SyncCall::kUnmap: return "dma_unmap";
    case model::SyncCall::kForCpu: return "sync_for_cpu";
    case model::SyncCall::kForDevice: return "sync_for_device";
  }
  return "";
}

std::string sync_text(const follow::ExpectedSync& want, const traces::Directory& d) {
  if (want.sync.targets == model::Targets::kBuffer) return fmt::format("one {} of the buffer", name(want.operation));
  const std::string target = want.device < d.devices.size() ? d.devices[want.device].name : "the exporter's own device";
  std::string text = fmt::format("{} {}", call_word(want.sync.call), target);
  if (want.dir != model::Direction::kNone) text.append(" ").append(model::name(want.dir));
  return want.skip ? text + " skip" : text;
}

}  // namespace

std::string said_by_text(const follow::Departure& departure) {
  return departure.clause != nullptr ? "clause " + departure.clause->name : std::string(departure.row->id);
}

std::string because_text(const follow::Departure& departure) {
  const bool says = departure.clause != nullptr && !departure.clause->because.empty();
  return says ? departure.clause->because : std::string(departure.row->why);
}

std::string expected_text(const follow::Departure& departure, const traces::Directory& d) {
  if (departure.kind == follow::DepartureKind::kRefusedCall) {
    const std::string_view how = departure.clause != nullptr ? departure.clause->refuse : departure.row->rule;
    return fmt::format("no such call ({}): {}", how, because_text(departure));
  }
  if (departure.expected) return sync_text(*departure.expected, d);
  return "no more syncs in this call";
}

std::string found_text(const follow::Departure& departure, const traces::Directory& d) {
  if (departure.found) return event_text(ReportedEvent(*departure.found), d);
  return departure.kind == follow::DepartureKind::kRefusedCall ? "the call succeeded" : "no such sync";
}

}  // namespace custody::checker::report
