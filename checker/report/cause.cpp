// SPDX-License-Identifier: BSD-2-Clause
// Puts findings of one cause together.
#include "checker/report/cause.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

template <class T>
std::uint8_t byte_of(T value) {
  return static_cast<std::uint8_t>(value);
}

bool is_redundant(const Finding& f) { return spec::rule(f.rule).cls == spec::RuleClass::kRedundant; }

void note_device(Instances& of, const std::string& name) {
  if (std::find(of.devices.begin(), of.devices.end(), name) != of.devices.end()) return;
  if (of.devices.size() < kMostDevices) of.devices.push_back(name);
  else of.more_devices = true;
}

std::string listed(const Instances& i) {
  std::string text;
  for (std::size_t d = 0; d < i.devices.size(); ++d) {
    const bool last = d + 1 == i.devices.size() && !i.more_devices;
    text.append(d == 0 ? "" : last ? " and " : ", ").append(i.devices[d]);
  }
  return i.more_devices ? text + " and others" : text;
}

}  // namespace

std::uint32_t CauseBook::number_of(std::string_view exporter) {
  const auto at = exporters_.find(exporter);
  if (at != exporters_.end()) return at->second;
  // As many as there are causes: what comes then has none of its own.
  if (exporters_.size() >= kMostCauses) return kMostCauses;
  return exporters_.emplace(exporter, static_cast<std::uint32_t>(exporters_.size())).first->second;
}

Cause CauseBook::cause_of(const Finding& f, const traces::Directory& d) {
  Cause cause;
  Said& said = cause.said;
  said.also = f.also.bits;
  said.rule = byte_of(f.rule);
  said.effect = byte_of(f.effect);
  said.severity = byte_of(f.severity);
  said.owes = byte_of(f.owes);
  said.assumes = f.assumes;
  said.proved = f.proved;
  said.beside_job = f.place.beside_job;
  said.concurrent = f.place.concurrent_task != traces::kNoId;
  Spot& spot = cause.spot;
  spot.refusal = f.refusal.row;
  spot.owner = byte_of(f.refusal.owner);
  spot.exporter = number_of(f.buffer < d.buffers.size() ? std::string_view(d.buffers[f.buffer].exporter) : "");
  spot.operation = byte_of(f.operation);
  spot.call = byte_of(f.place.call);
  spot.trigger = byte_of(f.place.trigger.kind);
  spot.returns = f.place.trigger.phase == traces::Phase::kReturn;
  if (is_redundant(f)) return cause;
  spot.device = f.device;
  spot.beside = f.beside;
  spot.dir = byte_of(f.place.call_dir);
  return cause;
}

Instances* CauseBook::note(const Finding& f, const traces::Directory& d) {
  const Cause cause = cause_of(f, d);
  const auto at = places_.find(cause);
  if (at == places_.end() && all_.size() >= kMostCauses) {
    ++left_out_;
    return nullptr;
  }
  const std::size_t place = at != places_.end() ? at->second : all_.size();
  if (at == places_.end()) {
    all_.emplace_back().number = place;
    places_.emplace(cause, place);
  }
  Instances& of = all_[place];
  of.first_line = of.count == 0 ? f.line : std::min(of.first_line, f.line);
  of.last_line = std::max(of.last_line, f.line);
  ++of.count;
  of.bytes += f.bytes;
  if (f.device < d.devices.size()) note_device(of, d.devices[f.device].name);
  return &of;
}

std::vector<const Instances*> CauseBook::by_line() const {
  std::vector<const Instances*> sorted;
  for (const Instances& i : all_) sorted.push_back(&i);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Instances* a, const Instances* b) { return a->first_line < b->first_line; });
  return sorted;
}

void CauseBook::clear() {
  exporters_.clear();
  places_.clear();
  all_.clear();
  left_out_ = 0;
}

std::string count_text(const Instances& i) {
  if (i.count < 2) return {};
  std::string text = fmt::format("{} times", i.count);
  if (i.bytes != 0) text += ", " + human_bytes(i.bytes);
  if (i.devices.size() > 1) text += ", for " + listed(i);
  return text + fmt::format(", up to line {}", i.last_line);
}

}  // namespace custody::checker::report
