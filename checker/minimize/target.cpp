// SPDX-License-Identifier: BSD-2-Clause
// Which finding a smaller trace must still show, and when a finding of another trace is the same one.
#include "checker/minimize/target.hpp"

#include "checker/replay/replay.hpp"

namespace custody::checker::minimize {

namespace {

std::string device_name(std::uint32_t device, const traces::Directory& directory) {
  return device < directory.devices.size() ? directory.devices[device].name : std::string();
}

}  // namespace

bool Target::is(const Finding& f, const traces::Directory& directory) const {
  if (f.rule != wished && (rule == wished || !f.also.has(wished))) return false;
  // What assumes less may weigh more: the least trace is a whole one.
  const bool weighs_as_much = f.severity == severity || (f.severity < severity && f.assumes != assumes);
  return weighs_as_much && f.effect == effect && (f.proved || !proved) && (f.assumes & ~assumes) == 0 &&
         f.place.trigger.kind == trigger && f.place.call == call && device_name(f.device, directory) == device;
}

Chooser::Chooser(const std::string& path, const replay::Options& options, const Wish& wish)
    : path_(path), options_(options), wish_(wish),
      engine_(options, [this](const Finding& f, const traces::Directory& d) { consider(f, d); }) {}

void Chooser::on_header(const traces::Header& header, const traces::Directory& directory) {
  replay::check_header(header, options_, path_);
  engine_.on_header(header, directory);
}

void Chooser::on_event(const traces::Event& event, const traces::Directory& directory) {
  ++events_;
  if (event.phase == traces::Phase::kReturn) ++returns_;
  if (event.buffer < directory.buffers.size()) {
    if (births_.size() <= event.buffer) births_.resize(event.buffer + std::size_t{1});
    auto& births = births_[event.buffer];
    const std::uint32_t generation = directory.buffers[event.buffer].generation;
    if (births.empty() || births.back().second != generation) births.emplace_back(event.at.line, generation);
  }
  engine_.on_event(event, directory);
  if (events_ % replay::kProgressEvents != 0 || !options_.progress) return;
  traces::ReadStatistics read;
  read.events = events_;
  options_.progress(read);
}

bool Chooser::is_wished(const Finding& f) const {
  if (wish_.rule && f.rule != *wish_.rule && !f.also.has(*wish_.rule)) return false;
  return wish_.line == 0 || wish_.line == f.line || wish_.line == f.place.call_line ||
         wish_.line == f.place.trigger.at.line || wish_.line == f.place.operation_line;
}

std::uint32_t Chooser::generation_of(const Finding& f) const {
  // A finding can be settled when its buffer is gone and the id means another.
  if (f.buffer >= births_.size() || births_[f.buffer].empty()) return 0;
  std::uint32_t generation = births_[f.buffer].front().second;
  for (const auto& [line, born] : births_[f.buffer])
    if (line <= f.place.trigger.at.line) generation = born;
  return generation;
}

void Chooser::consider(const Finding& f, const traces::Directory& directory) {
  ++findings_;
  if (!is_wished(f) || (chosen_ && chosen_->severity <= f.severity)) return;
  Target t;
  t.wished = wish_.rule.value_or(f.rule);
  t.rule = f.rule;
  t.severity = f.severity;
  t.effect = f.effect;
  t.proved = f.proved;
  t.assumes = f.assumes;
  t.trigger = f.place.trigger.kind;
  t.call = f.place.call;
  t.device = device_name(f.device, directory);
  t.line = f.line;
  t.buffer = f.buffer;
  t.generation = generation_of(f);
  t.reached = events_;
  for (std::uint32_t id = 0; id < directory.devices.size(); ++id) {
    const replay::Coherence known = engine_.coherence_of(id);
    if (known == replay::Coherence::kYes || known == replay::Coherence::kNo)
      t.coherence.emplace_back(directory.devices[id].name, known == replay::Coherence::kYes);
  }
  chosen_ = std::move(t);
}

}  // namespace custody::checker::minimize
