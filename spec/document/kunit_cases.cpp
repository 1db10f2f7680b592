// SPDX-License-Identifier: BSD-2-Clause
// The cases of a test suite, found by search: of every pair the nearest situation in which there is something to see.
#include "spec/document/kunit_cases.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <tuple>

#include "spec/document/wording.hpp"

namespace custody::spec::document {

using model::at;
using model::Id;
using model::kEvents;
using model::kStates;
using model::Row;

namespace {

/// With two devices that map in a window every row has been seen, and every clause for several devices.
constexpr std::size_t kMostInCase = 5;
constexpr std::size_t kLongestName = 100;
constexpr Id kExport = at(kEvents, "export"), kAttach = at(kEvents, "attach"), kMap = at(kEvents, "map"),
             kUnmap = at(kEvents, "unmap"), kMunmap = at(kEvents, "munmap"), kMove = at(kEvents, "move_notify"),
             kRelease = at(kEvents, "release"), kBegin = at(kEvents, "begin_cpu_access"),
             kEnd = at(kEvents, "end_cpu_access");
/// The core follows the pointer that these are given: dma_buf_end_cpu_access() warns and goes on.
constexpr model::EventSet kFollowsNull =
    model::events(at(kEvents, "pin"), at(kEvents, "unpin"), kMove, at(kEvents, "end_cpu_access"));

/// An importer that maps what it has mapped breaks L9.
bool maps_twice(const Situation& situation, const model::Call& call) {
  const model::Attachment* const a = situation.custody.find_attachment(call.attachment);
  return call.event == kMap && a != nullptr && a->is_mapped();
}

/// A value of a policy is what refuses the call.
bool is_refused_by_policy(const Row& row) {
  return std::any_of(row.guards.begin(), row.guards.end(), [](Id id) {
    const model::Guard& guard = model::kGuards[id];
    return guard.any.size() == 1 && guard.any.begin()->size() == 1 &&
           model::is_policy(guard.any.begin()->begin()->fact);
  });
}

/// The buffer or the attachment of the call, or what it would undo, is not there: a caller has no pointer to it.
bool lacks_object(const Situation& situation, const model::Call& call) {
  const model::Custody& custody = situation.custody;
  if (custody.state == at(kStates, "Unborn") || custody.is_freed()) return true;
  if (!model::names_attachment(call.event) || call.event == kAttach) return false;
  const model::Attachment* const a = custody.find_attachment(call.attachment);
  return a == nullptr || (call.event == kUnmap && !a->is_mapped());
}

/// What comes of a call that the machines refuse.
Outcome outcome_of(const Situation& situation, const model::Call& call, const Row& refusal) {
  const bool follows_null = ((kFollowsNull >> call.event) & 1U) != 0;
  const bool is_no_call = call.event == kMunmap;
  const bool cannot_fail = call.event == kMove || call.event == kRelease;
  if (is_no_call) return Outcome::kUndefined;
  if (call.event == kExport) return situation.custody.is_freed() ? Outcome::kUndefined : Outcome::kAnother;
  if (lacks_object(situation, call)) return follows_null ? Outcome::kUndefined : Outcome::kNoObject;
  if (call.event == kAttach) return Outcome::kAnother;
  if (!cannot_fail && (is_refused_by_policy(refusal) || refusal.rule == "L8")) return Outcome::kFails;
  return Outcome::kUndefined;
}

std::string identifier_of(std::string_view text) {
  std::string out(text.substr(0, kLongestName));
  for (char& c : out)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return out;
}

class Cases {
 public:
  explicit Cases(const Contract& contract) : contract_(contract), world_(contract) {}

  std::vector<KunitCase> find() {
    explore_ways(
        world_, kMostInCase, [](const Situation& at, const model::Call& call) { return !maps_twice(at, call); },
        [this](const Situation& at, const model::Call& call, const ContractAnswer& answer, const WayHere& way) {
          if (!maps_twice(at, call)) see(at, call, answer, way);
        });
    std::vector<KunitCase> out;
    for (auto& [key, found] : pairs_) out.push_back(std::move(found));
    for (auto& [key, found] : clauses_) out.push_back(std::move(found));
    std::set<std::string> names;
    for (KunitCase& one : out) {
      const std::string name = one.name;
      for (unsigned n = 2; !names.insert(one.name).second; ++n) one.name = name + "_" + std::to_string(n);
    }
    return out;
  }

 private:
  /// State and call, legal first, rows in the order in which they are met, and the clause that refuses.
  using Key = std::tuple<Id, Id, bool, std::string_view, std::string_view, std::string_view>;

  void see(const Situation& at, const model::Call& call, const ContractAnswer& answer, const WayHere& way) {
    const Row* const part = is_legal(answer) ? answer.step.part : nullptr;
    const Clause* const refusing = answer.refusing();
    const Key key{answer.step.was,
                  call.event,
                  !is_legal(answer),
                  answer.row()->id,
                  part != nullptr ? part->id : std::string_view(),
                  refusing != nullptr ? refusing->name : std::string_view()};
    const std::vector<ExpectedSync> due = due_in(at, call, answer);
    if (const auto known = pairs_.find(key); known == pairs_.end() || (known->second.due.empty() && !due.empty()))
      pairs_[key] = pair(at, call, answer, way(), due);
    if (!is_legal(answer)) return;
    for (const Clause& clause : contract_.clauses)
      if (clause.concerns(call.event) && !clause.syncs.empty()) see_clause(clause, at, call, answer, due, way);
  }

  /// What a case of a clause shows.
  enum class Aspect : std::uint8_t {
    kRuns,
    kForEach,  ///< for more than one device
    kSpares,   ///< an attached device that it does not mean
    kLeftOut   ///< its guards do not hold, where its syncs could be seen
  };
  void see_clause(const Clause& clause, const Situation& at, const model::Call& call, const ContractAnswer& answer,
                  const std::vector<ExpectedSync>& due, const WayHere& way) {
    const auto keep = [&](Aspect aspect) {
      const auto slot = std::pair(&clause, aspect);
      if (!clauses_.contains(slot)) clauses_[slot] = of_clause(clause, aspect, call, way(), due);
    };
    if (std::find(answer.clauses.begin(), answer.clauses.end(), &clause) == answer.clauses.end()) {
      if (!would_be(at, call, clause).empty()) keep(Aspect::kLeftOut);
      return;
    }
    std::set<std::uint32_t> devices;
    for (const ExpectedSync& sync : due)
      if (sync.clause == &clause) devices.insert(sync.device);
    if (devices.empty()) return;
    keep(Aspect::kRuns);
    if (devices.size() > 1) keep(Aspect::kForEach);
    const bool chooses = std::any_of(clause.syncs.begin(), clause.syncs.end(), [](const model::Sync& sync) {
      return sync.targets == model::Targets::kMapped || sync.targets == model::Targets::kOthers ||
             sync.targets == model::Targets::kFirst;
    });
    if (chooses && at.custody.attachments.size() > devices.size()) keep(Aspect::kSpares);
  }

  [[nodiscard]] SyncScope scope(const Situation& at, const model::Call& call) const {
    const bool names = model::names_attachment(call.event) && call.event != kAttach;
    return {at.custody, names ? at.custody.find_attachment(call.attachment) : nullptr, call.dir,
            model::direction_of_code(names ? at.kept[call.device % kDevices] : 0U), contract_.skips_implicit()};
  }
  [[nodiscard]] std::vector<ExpectedSync> due_in(const Situation& at, const model::Call& call,
                                                 const ContractAnswer& answer) const {
    return is_legal(answer) ? expand(answer.clauses, scope(at, call)) : std::vector<ExpectedSync>();
  }
  [[nodiscard]] std::vector<ExpectedSync> would_be(const Situation& at, const model::Call& call,
                                                   const Clause& clause) const {
    const Clause* const one[] = {&clause};
    return expand(one, scope(at, call));
  }

  [[nodiscard]] KunitCase pair(const Situation& at, const model::Call& call, const ContractAnswer& answer,
                               std::vector<model::Call> way, std::vector<ExpectedSync> due) const {
    const Row& row = *answer.row();
    KunitCase out;
    out.name.append(kStates[answer.step.was].name)
        .append("_")
        .append(kEvents[call.event].brief)
        .append("_")
        .append(identifier_of(row.id));
    out.ids = {std::string(row.id)};
    out.why = row.why;
    out.way = std::move(way);
    out.call = call;
    out.due = std::move(due);
    if (const Clause* const refusing = answer.refusing()) {
      out.outcome = Outcome::kReturns;
      out.error = refusing->refuse;
      out.name += "_refused_by_" + identifier_of(refusing->name);
      out.ids.push_back(clause_id(contract_, static_cast<std::size_t>(refusing - contract_.clauses.data())));
      out.why = refusing->because;
    } else if (!is_legal(answer)) {
      out.outcome = outcome_of(at, call, row);
      if (out.outcome == Outcome::kUndefined && call.event == kEnd && row.target(answer.step.was) == answer.step.was)
        probe(out, at);
      out.ids.emplace_back(row.rule);
    } else {
      if (answer.step.part != nullptr) {
        out.name += "_" + identifier_of(answer.step.part->id);
        out.ids.emplace_back(answer.step.part->id);
      }
      for (const Clause* const clause : answer.clauses)
        out.ids.push_back(clause_id(contract_, static_cast<std::size_t>(clause - contract_.clauses.data())));
    }
    return out;
  }

  /// The kernel accepts an end too many (L7): a begin behind it is answered as if it had not been. Without a begin that
  /// is legal the case stays as it is.
  void probe(KunitCase& to, const Situation& at) const {
    for (const model::Call& call : world_.calls()) {
      if (call.event != kBegin || call.dir != to.call.dir) continue;
      const ContractAnswer answer = world_.foresee(at, call);
      if (!is_legal(answer)) return;
      to.outcome = Outcome::kStays;
      to.probe = call;
      to.due = due_in(at, call, answer);
      return;
    }
  }

  [[nodiscard]] KunitCase of_clause(const Clause& clause, Aspect aspect, const model::Call& call,
                                    std::vector<model::Call> way, std::vector<ExpectedSync> due) const {
    constexpr std::string_view kNames[] = {"", "_for_each_device", "_spares_others", "_left_out"};
    constexpr std::string_view kSays[] = {"", "More than one device: ", "Another device is attached: ",
                                          "What it asks for does not hold, and its syncs are not made: "};
    KunitCase out;
    out.name.append("clause_").append(identifier_of(clause.name)).append(kNames[static_cast<std::size_t>(aspect)]);
    out.ids = {clause_id(contract_, static_cast<std::size_t>(&clause - contract_.clauses.data()))};
    out.why.append(kSays[static_cast<std::size_t>(aspect)]).append(clause.because);
    out.way = std::move(way);
    out.call = call;
    out.due = std::move(due);
    return out;
  }

  const Contract& contract_;
  World world_;
  std::map<Key, KunitCase> pairs_;
  std::map<std::pair<const Clause*, Aspect>, KunitCase> clauses_;
};

}  // namespace

std::vector<KunitCase> kunit_cases(const Contract& contract) { return Cases(contract).find(); }

}  // namespace custody::spec::document
