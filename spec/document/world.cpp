// SPDX-License-Identifier: BSD-2-Clause
// Situations, calls, and the way through them.
#include "spec/document/world.hpp"

#include <algorithm>
#include <deque>
#include <unordered_set>

namespace custody::spec::document {

using model::at;
using model::Direction;
using model::Id;
using model::kEvents;
using model::kFacts;

namespace {

constexpr Id kAttachCall = at(kEvents, "attach"), kDetachCall = at(kEvents, "detach");

/// Some clause looks at one of the facts.
bool looks_at_any(const Contract& contract, std::initializer_list<Id> facts) {
  return std::any_of(facts.begin(), facts.end(), [&](Id fact) { return contract.looks_at(fact); });
}

bool tells_snooping_apart(const Contract& contract) {
  return looks_at_any(contract,
                      {at(kFacts, "own_snoops"), at(kFacts, "plain_attached"), at(kFacts, "snooping_attached"),
                       at(kFacts, "plain_mapped"), at(kFacts, "plain_writers"), at(kFacts, "snooping_readers")});
}
bool tells_directions_apart(const Contract& contract) {
  return looks_at_any(contract, {at(kFacts, "to_device"), at(kFacts, "from_device"), at(kFacts, "plain_writers"),
                                 at(kFacts, "snooping_readers"), at(kFacts, "kept")});
}

const std::vector<Direction>& every_direction() {
  static const std::vector<Direction> kAll = {Direction::kToDevice, Direction::kFromDevice, Direction::kBidirectional};
  return kAll;
}

void append(std::string& key, std::size_t value) { key += static_cast<char>(value < 0x7f ? value : 0x7f); }

/// What is kept of one device.
std::string key_of(const model::Attachment* attachment, std::uint8_t kept) {
  std::string key;
  append(key, attachment != nullptr ? std::size_t{1} : std::size_t{0});
  append(key, kept);
  if (attachment == nullptr) return key;
  for (const std::uint16_t maps : attachment->maps) append(key, maps);
  append(key, attachment->pins);
  append(key, attachment->invalidated ? 1 : 0);
  return key;
}

}  // namespace

std::string Situation::key() const {
  std::string key, windows;
  append(key, custody.state);
  for (std::uint32_t d = 0; d < kDevices; ++d) key += key_of(custody.find_attachment(d), kept[d]);
  for (const model::Window& w : custody.windows) append(windows, static_cast<std::size_t>(w.dir) + (w.idle ? 8U : 0U));
  std::sort(windows.begin(), windows.end());
  append(key, windows.size());
  key += windows;
  append(key, custody.kernel.users);
  append(key, custody.kernel.bracketed ? 1 : 0);
  append(key, custody.user_mappings);
  for (const std::uint8_t note : notes.v) append(key, note);
  return key;
}

std::size_t Situation::open_records() const {
  std::size_t n = custody.windows.size() + custody.kernel.users + custody.user_mappings;
  for (const model::Attachment& a : custody.attachments)
    n += std::size_t{1} + a.maps[0] + a.maps[1] + a.maps[2] + a.pins;
  return n;
}

World::World(const Contract& contract) : contract_(contract), devices_{0, 1} {
  if (tells_snooping_apart(contract)) devices_.push_back(kSnoopingDevice);
  if (tells_directions_apart(contract)) add_calls(every_direction(), every_direction());
  else add_calls({Direction::kFromDevice}, {Direction::kToDevice, Direction::kFromDevice});
}

World::World(const Contract& contract, const std::vector<Direction>& directions, std::uint32_t devices)
    : contract_(contract) {
  for (std::uint32_t d = 0; d < devices && d < kSnoopingDevice; ++d) devices_.push_back(d);
  add_calls(directions, directions);
}

void World::add(std::string_view event, std::uint32_t device, Direction dir) {
  model::Call call;
  call.event = *model::find_word(kEvents, event);
  call.device = call.attachment = device;
  call.snoops = device == kSnoopingDevice;
  call.dir = dir;
  call.task = 0;
  calls_.push_back(call);
}

void World::add_calls(const std::vector<Direction>& mapped, const std::vector<Direction>& opened) {
  for (Id e = 0; e < model::kEventCount; ++e) {
    const std::vector<Direction>& directions = model::names_attachment(e) ? mapped : opened;
    for (const Direction dir : model::has_direction(e) ? directions : std::vector{Direction::kNone})
      for (const std::uint32_t device : model::names_attachment(e) ? devices_ : std::vector{model::kNobody})
        add(kEvents[e].name, device, dir);
  }
}

ContractAnswer World::foresee(const Situation& situation, const model::Call& call) const {
  const bool names = model::names_attachment(call.event) && call.event != kAttachCall;
  return ContractRun(contract_).foresee(situation.custody, situation.notes,
                                        names ? situation.kept[call.device % kDevices] : std::uint8_t{0}, call);
}

Situation World::after(const Situation& situation, const model::Call& call) const {
  Situation next = situation;
  std::uint8_t none = 0;
  std::uint8_t& kept = model::names_attachment(call.event) ? next.kept[call.device % kDevices] : none;
  ContractRun(contract_).move(next.custody, next.notes, kept, call);
  if (call.event == kDetachCall) kept = 0;
  return next;
}

bool misnames_direction(const Situation& situation, const model::Call& call) {
  if (call.event != at(kEvents, "unmap")) return false;
  const model::Attachment* const a = situation.custody.find_attachment(call.attachment);
  return a != nullptr && a->is_mapped() && a->maps[static_cast<std::size_t>(call.dir)] == 0;
}

void explore_ways(const World& world, std::size_t most_records, MayGo may_go, const VisitOnWay& visit) {
  struct Place {
    Situation situation;
    std::size_t from = 0;
    model::Call by;
  };
  std::unordered_set<std::string> seen = {Situation().key()};
  std::deque<Place> places(1);
  std::size_t here = 0;
  const WayHere way = [&] {
    std::vector<model::Call> calls;
    for (std::size_t i = here; i != 0; i = places[i].from) calls.push_back(places[i].by);
    std::reverse(calls.begin(), calls.end());
    return calls;
  };
  for (; here < places.size(); ++here)
    for (const model::Call& call : world.calls()) {
      const Situation& at_now = places[here].situation;
      if (misnames_direction(at_now, call)) continue;
      const ContractAnswer answer = world.foresee(at_now, call);
      visit(at_now, call, answer, way);
      if (!is_legal(answer) || !may_go(at_now, call)) continue;
      Situation next = world.after(at_now, call);
      // No guard looks at it.
      change_each(next.custody.attachments, {model::Attachment::kByUse}, model::Attachment::kByUse,
                  [](model::Attachment& attachment) { attachment.invalidated = false; });
      if (next.open_records() <= most_records && seen.insert(next.key()).second)
        places.push_back({std::move(next), here, call});
    }
}

void explore(const World& world, std::size_t most_records, const Visit& visit) {
  explore_ways(
      world, most_records, [](const Situation&, const model::Call&) { return true; },
      [&](const Situation& at, const model::Call& call, const ContractAnswer& answer, const WayHere&) {
        visit(at, call, answer);
      });
}

}  // namespace custody::spec::document
