// SPDX-License-Identifier: BSD-2-Clause
// What people want to do with a buffer, and the shortest way to it: found by search, never written down.
#include <algorithm>
#include <deque>
#include <iterator>
#include <unordered_set>

#include "spec/document/document.hpp"

namespace custody::spec::document {

using model::at;
using model::Custody;
using model::Direction;
using model::kEvents;
using model::kStates;

namespace {

/// A moment that a way must come through.
using Moment = bool (*)(const Custody&);
struct Task {
  std::string_view name, says;
  Moment moments[3];           ///< in this order; null: none further
  bool keeps_storage = false;  ///< between the first moment and the last the data stays
  Moment never = nullptr;      ///< on the way
};

const model::Attachment* mapped(const Custody& c, std::uint32_t device) {
  const model::Attachment* const a = c.find_attachment(device);
  return a != nullptr && a->is_mapped() ? a : nullptr;
}
bool is_used_by(const Custody& c, std::uint32_t device) {
  return mapped(c, device) != nullptr && model::who_may_access(c).devices;
}
bool writes(const Custody& c, std::uint32_t device) { return is_used_by(c, device) && mapped(c, device)->may_write(); }
bool reads(const Custody& c, std::uint32_t device) { return is_used_by(c, device) && mapped(c, device)->may_read(); }
bool is_cpu_alone(const Custody& c) { return !model::who_may_access(c).devices; }

constexpr auto kIsFreed = [](const Custody& c) { return c.is_freed(); };
constexpr auto kFirstWrites = [](const Custody& c) { return writes(c, 0); };
constexpr auto kSecondReads = [](const Custody& c) { return reads(c, 1) && !is_used_by(c, 0); };
constexpr auto kBothUse = [](const Custody& c) { return writes(c, 0) && reads(c, 1); };
constexpr auto kBothAreIn = [](const Custody& c) { return is_used_by(c, 0) && is_used_by(c, 1); };
constexpr auto kCpuReads = [](const Custody& c) { return is_cpu_alone(c) && model::who_may_access(c).cpu_reads; };
constexpr auto kCpuWrites = [](const Custody& c) { return is_cpu_alone(c) && model::who_may_access(c).cpu_writes; };
constexpr auto kFirstReads = [](const Custody& c) { return reads(c, 0) && !model::who_may_access(c).cpu_writes; };
constexpr auto kKernelMaps = [](const Custody& c) { return kCpuWrites(c) && c.kernel.users != 0; };
constexpr auto kUserMaps = [](const Custody& c) { return kCpuReads(c) && c.user_mappings != 0; };
constexpr auto kIsPinned = [](const Custody& c) { return writes(c, 0) && mapped(c, 0)->pins != 0; };
constexpr auto kMoved = [](const Custody& c) {
  return c.find_attachment(0) != nullptr && c.find_attachment(0)->invalidated;
};
constexpr auto kMapsAgain = [](const Custody& c) { return writes(c, 0) && !mapped(c, 0)->invalidated; };

// clang-format off
constexpr Task kTasks[] = {
  {"Import a buffer", "A device uses the buffer, and gives it back.", {kFirstWrites, kIsFreed, nullptr}},
  {"Let the CPU read a frame", "A device writes a frame; the CPU reads it.", {kFirstWrites, kCpuReads, kIsFreed}, true},
  {"Let the CPU write a frame", "The CPU writes a frame; a device reads it.", {kCpuWrites, kFirstReads, kIsFreed}, true},
  {"Hand a frame on", "One device writes a frame, then another one reads it.", {kFirstWrites, kSecondReads, kIsFreed}, true, kBothAreIn},
  {"Share it between two devices", "Two devices use the buffer at the same time.", {kBothUse, kIsFreed, nullptr}},
  {"Write through a kernel mapping", "The kernel writes through a mapping of its own.", {kKernelMaps, kIsFreed, nullptr}},
  {"Read through a user mapping", "A process reads what a device wrote.", {kFirstWrites, kUserMaps, kIsFreed}, true},
  {"Pin the storage", "An importer keeps the storage where it is while its device uses it.", {kIsPinned, kIsFreed, nullptr}},
  {"Follow storage that moves", "The storage moves while a device has it mapped; the importer maps it again.", {kFirstWrites, kMoved, kMapsAgain}},
};
// clang-format on

/// A place on the way, and where one came from.
struct Place {
  Situation situation;
  std::size_t passed = 0;  ///< moments
  std::size_t from = 0;    ///< index of a place
  model::Call by;
};

std::size_t moments_of(const Task& task) {
  return static_cast<std::size_t>(std::find(std::begin(task.moments), std::end(task.moments), nullptr) -
                                  std::begin(task.moments));
}

/// What the task must not come through.
bool is_spoiled(const Task& task, const Place& place) {
  const Custody& custody = place.situation.custody;
  const bool between = place.passed > 0 && place.passed + 1 < moments_of(task);
  const bool has_lost_data = task.keeps_storage && between && custody.state == at(kStates, "NonOwnedNonBacked");
  return has_lost_data || (task.never != nullptr && task.never(custody));
}

Step step_of(const World& world, const Situation& before, const Place& after) {
  const ContractAnswer answer = world.foresee(before, after.by);
  Step step{
      after.by, answer.step.owner, answer.step.was, answer.step.is, model::who_may_access(after.situation.custody), {}};
  for (const Clause* const clause : answer.clauses)
    step.clauses.push_back(static_cast<std::size_t>(clause - world.contract().clauses.data()));
  return step;
}

std::vector<Step> way_to(const World& world, const std::deque<Place>& places, std::size_t last) {
  std::vector<Step> steps;
  for (std::size_t i = last; i != 0; i = places[i].from)
    steps.push_back(step_of(world, places[places[i].from].situation, places[i]));
  std::reverse(steps.begin(), steps.end());
  return steps;
}

/// Of ways that are equally short the one is taken that does early what stands early here: a CPU maps before its
/// window, and what was opened last is closed first.
std::vector<model::Call> in_order(const World& world) {
  constexpr std::string_view kOrder[] = {"export",           "attach",         "pin",    "map",    "vmap",  "mmap",
                                         "begin_cpu_access", "end_cpu_access", "munmap", "vunmap", "unmap", "unpin",
                                         "detach",           "release"};
  const auto rank = [&](const model::Call& call) {
    return std::find(std::begin(kOrder), std::end(kOrder), kEvents[call.event].name) - std::begin(kOrder);
  };
  std::vector<model::Call> calls = world.calls();
  std::stable_sort(calls.begin(), calls.end(),
                   [&](const model::Call& a, const model::Call& b) { return rank(a) < rank(b); });
  return calls;
}

/// Breadth first over situations and moments passed, so that no way is shorter.
std::vector<Step> shortest_way(const World& world, const Task& task) {
  constexpr std::size_t kMostOpen = 4;
  const std::vector<model::Call> calls = in_order(world);
  std::deque<Place> places(1);
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (const model::Call& call : calls) {
      if (misnames_direction(places[i].situation, call)) continue;
      if (!is_legal(world.foresee(places[i].situation, call))) continue;
      Place next{world.after(places[i].situation, call), places[i].passed, i, call};
      if (task.moments[next.passed](next.situation.custody)) ++next.passed;
      if (next.situation.open_records() > kMostOpen || is_spoiled(task, next)) continue;
      if (!seen.insert(next.situation.key() + static_cast<char>(next.passed)).second) continue;
      places.push_back(std::move(next));
      if (places.back().passed == moments_of(task)) return way_to(world, places, places.size() - 1);
    }
  }
  return {};
}

}  // namespace

std::vector<Procedure> procedures(const Contract& contract) {
  const World world(contract, {Direction::kFromDevice, Direction::kToDevice}, 2);
  std::vector<Procedure> out;
  for (const Task& task : kTasks) out.push_back({task.name, task.says, shortest_way(world, task)});
  return out;
}

}  // namespace custody::spec::document
