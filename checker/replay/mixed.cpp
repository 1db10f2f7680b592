// SPDX-License-Identifier: BSD-2-Clause
// Finds pairs of active devices that reach a buffer in different ways.
#include "checker/replay/mixed.hpp"

#include <algorithm>
#include <string>

#include "checker/replay/importer_kinds.hpp"
#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

namespace {

/// Both kinds are declared, or were seen for certain. Which is behind a copy, only a declaration or a copy tells.
std::uint8_t assumptions_of_pair(const DeviceState& a, const DeviceState& b) {
  const auto is_known = [](const DeviceState& d) {
    return d.bounced || d.coherence == Coherence::kYes || d.coherence == Coherence::kNo;
  };
  return is_known(a) && is_known(b) ? std::uint8_t{0} : bit_of(Assumption::kDeviceNotCoherent);
}

MixedFacts facts_of(const Importer& one, const DeviceState& device, const Importer& other, const DeviceState& beside,
                    bool cached) {
  MixedFacts f;
  f.together = one.is_mapped() && other.is_mapped();
  f.differ = reach_of(device, cached) != reach_of(beside, cached);
  f.writes = may_write(one, device) || may_write(other, beside);
  return f;
}

}  // namespace

bool ToldOnce::tell(std::uint32_t one, std::uint32_t other) {
  const std::pair<std::uint32_t, std::uint32_t> key{one, other};
  auto& told = told_.made();
  if (told.size() >= kMost || std::find(told.begin(), told.end(), key) != told.end()) return false;
  told.push_back(key);
  return true;
}

void ToldOnce::append_to(std::string& out) const {
  if (empty()) return;
  auto told = *told_.get();
  std::sort(told.begin(), told.end());
  for (const auto& [one, other] : told)
    out.append(std::to_string(one)).append(",").append(std::to_string(other)).append(";");
}

bool ToldOnce::names(std::uint32_t one) const {
  if (empty()) return false;
  const auto& told = *told_.get();
  return std::any_of(told.begin(), told.end(), [one](const auto& t) { return t.first == one || t.second == one; });
}

Excused excused_of(Rooms& rooms, BufferState& b, std::size_t importer) {
  Excused out;
  const std::size_t own = b.custody.importer(importer).is_mapped() ? 1 : 0;
  if (b.custody.custody().attachments.tally().mapped == own) return out;
  const Reach reach = reach_of(rooms.devices->of(b.custody.importer(importer).device()));
  for (const std::size_t i : told_apart(b.custody, *rooms.devices)) {
    const Importer other = b.custody.importer(i);
    if (i == importer || !other.is_mapped()) continue;
    const DeviceState device = rooms.devices->of(other.device());
    const Reach beside = reach_of(device);
    if (beside == reach) continue;
    const bool copied = beside == Reach::kCopy || reach == Reach::kCopy;
    out.copies = out.copies || (copied && may_write(other, device));
    out.stale = out.stale || (beside == Reach::kMemory && may_write(other, device));
    out.dirty = out.dirty || (beside == Reach::kCache && device.allocates && may_write(other, device));
  }
  return out;
}

namespace {

void judge_pair(Rooms& rooms, BufferState& b, const traces::Event& e, const OpenCall* call, std::size_t i,
                std::size_t j) {
  const Importer one = b.custody.importer(i), other = b.custody.importer(j);
  if (!one.is_mapped() || !other.is_mapped()) return;
  // Both were met: none moves.
  const DeviceState &device = rooms.devices->of(one.device()), &beside = rooms.devices->of(other.device());
  if (!m11(facts_of(one, device, other, beside, b.evidence.cache == CacheKind::kCached))) return;
  Accounts::give_schedule_up(b.account, NotComputed::kNoSchedule);
  const auto [first, second] = std::minmax({one.device(), other.device()});
  if (!b.told.mixed.tell(first, second)) return;
  Suspicion s;
  s.rules.add(spec::RuleId::kM11);
  s.device = other.device();
  s.beside = one.device();
  s.line = call != nullptr ? call->entry.line : e.at.line;
  s.bytes = b.belief.size();
  s.assumes = assumptions_of_pair(device, beside);
  report_audible(rooms, b, e, call, s);
}

}  // namespace

void judge_mixed(Rooms& rooms, BufferState& b, const traces::Event& e, const OpenCall* call, std::size_t newest) {
  if (b.custody.custody().attachments.tally().mapped < 2) return;
  const Places places = told_apart(b.custody, *rooms.devices);
  bool has_newest = newest == model::kNobody;
  for (auto i = places.begin(); i != places.end(); ++i) {
    has_newest = has_newest || *i == newest;
    if (!b.custody.importer(*i).is_mapped()) continue;
    for (auto j = i; ++j != places.end();) judge_pair(rooms, b, e, call, *i, *j);
  }
  if (has_newest) return;
  for (const std::size_t i : places) judge_pair(rooms, b, e, call, std::min(i, newest), std::max(i, newest));
}

}  // namespace custody::checker::replay
