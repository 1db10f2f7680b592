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

void note_device(Instances& of, std::uint32_t id, const std::string& name) {
  const std::uint64_t bit = id < 64 ? std::uint64_t{1} << id : 0;
  if ((of.noted & bit) != 0) return;
  of.noted |= bit;
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
  if (!exporter.empty() && exporter == last_exporter_.first) return last_exporter_.second;
  const auto at = exporters_.find(exporter);
  // As many as there are causes: what comes then has none of its own.
  if (at == exporters_.end() && exporters_.size() >= kMostCauses) return kMostCauses;
  last_exporter_ =
      at != exporters_.end() ? *at : *exporters_.emplace(exporter, static_cast<std::uint32_t>(exporters_.size())).first;
  return last_exporter_.second;
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

std::size_t CauseBook::place_of(const Cause& cause) {
  const std::size_t few = cause.said.rule * std::size_t{7} + cause.spot.trigger * std::size_t{5} + cause.spot.call +
                          cause.spot.exporter + cause.spot.device;
  Recent& recent = recent_[few % recent_.size()];
  if (recent.place != kNowhere && recent.cause == cause) return recent.place;
  const auto at = places_.find(cause);
  if (at == places_.end() && all_.size() >= kMostCauses) return kNowhere;
  const std::size_t place = at != places_.end() ? at->second : all_.size();
  if (at == places_.end()) {
    all_.emplace_back().number = place;
    places_.emplace(cause, place);
  }
  recent = {cause, place};
  return place;
}

Instances* CauseBook::note(const Finding& f, const traces::Directory& d) {
  const std::size_t place = place_of(cause_of(f, d));
  if (place == kNowhere) {
    ++left_out_;
    return nullptr;
  }
  Instances& of = all_[place];
  of.first_line = of.count == 0 ? f.line : std::min(of.first_line, f.line);
  of.last_line = std::max(of.last_line, f.line);
  ++of.count;
  of.bytes += f.bytes;
  if (f.device < d.devices.size()) note_device(of, f.device, d.devices[f.device].name);
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
  last_exporter_ = {{}, kMostCauses};
  recent_ = {};
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
