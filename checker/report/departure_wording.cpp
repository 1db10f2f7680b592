// SPDX-License-Identifier: BSD-2-Clause
// The words of a departure from a contract.
#include <fmt/format.h>

#include "checker/report/wording.hpp"

namespace custody::checker {

namespace {

std::string_view call_word(model::SyncCall call) {
  switch (call) {
    case model::SyncCall::kMap: return "dma_map";
    case model::SyncCall::kUnmap: return "dma_unmap";
    case model::SyncCall::kForCpu: return "sync_for_cpu";
    case model::SyncCall::kForDevice: return "sync_for_device";
    case model::SyncCall::kNone: break;
  }
  return "";
}

std::string sync_text(const ExpectedSync& want, const traces::Directory& d) {
  if (want.sync->targets == model::Targets::kBuffer) return fmt::format("one {} of the buffer", name(want.operation));
  const std::string target = want.device < d.devices.size() ? d.devices[want.device].name : "the exporter's own device";
  std::string text = fmt::format("{} {}", call_word(want.sync->call), target);
  if (want.dir != model::Direction::kNone) text.append(" ").append(model::name(want.dir));
  return want.skip ? text + " skip" : text;
}

}  // namespace

std::string expected_text(const Departure& departure, const traces::Directory& d) {
  if (departure.kind == DepartureKind::kRefusedCall)
    return fmt::format("no such call ({}): {}", departure.row->rule, departure.row->why);
  if (departure.expected) return sync_text(*departure.expected, d);
  return "no more syncs in this call";
}

std::string found_text(const Departure& departure, const traces::Directory& d) {
  if (departure.found) return event_text(*departure.found, d);
  return departure.kind == DepartureKind::kRefusedCall ? "the call succeeded" : "no such sync";
}

}  // namespace custody::checker
