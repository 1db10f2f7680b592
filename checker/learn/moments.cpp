// SPDX-License-Identifier: BSD-2-Clause
// Numbers the situations and the answers of explored calls.
#include "checker/learn/moments.hpp"

#include <algorithm>

#include "checker/follow/compare.hpp"
#include "checker/learn/names.hpp"

namespace custody::checker::learn {

using model::SyncCall;

namespace {

constexpr int kNotAttached = 16;

int place_of(std::uint32_t device, const model::Custody& custody) {
  int place = 0;
  for (const model::Attachment& a : custody.attachments) {
    if (a.device == device) return place;
    ++place;
  }
  return kNotAttached + static_cast<int>(device);
}

void put(std::string& key, unsigned value) { key.push_back(static_cast<char>(value)); }

std::string key_of(const Scope& scope, std::uint32_t own) {
  std::string key;
  put(key, scope.step.event);
  put(key, static_cast<unsigned>(scope.step.dir));
  put(key, static_cast<unsigned>(scope.step.interrupted) + 2U * scope.effect + 4U * scope.refused);
  put(key, scope.kept);
  for (model::Id f = 0; f < model::kFirstPolicy; ++f) put(key, scope.facts.v[f]);
  for (const model::Attachment& a : scope.custody.attachments) {
    put(key, 64U + (a.snoops ? 1U : 0U) + (a.device == own ? 2U : 0U));
    for (const std::uint16_t maps : a.maps) put(key, maps);
  }
  return key;
}

std::string key_of(const Answer& answer) {
  std::string key = std::to_string(answer.ret);
  for (const Made& m : answer.made) {
    put(key, static_cast<unsigned>(m.device + 8));
    put(key, static_cast<unsigned>(m.call) * 8U + static_cast<unsigned>(m.dir) * 2U + (m.skip ? 1U : 0U));
  }
  return key;
}

/// What is so after a call, for the calls after it.
struct After {
  model::Custody custody;
  SeenNotes notes;
};

class Numbering {
 public:
  Numbering(const Samples& samples, const model::Lifetime& lifetime) : samples_(samples), lifetime_(lifetime) {
    for (const ExploredCall& call : samples.calls())
      if (call.parent != kNoCall) after_[call.parent];
  }

  Moments run() {
    model::Call exported;
    exported.event = kExport;
    static_cast<void>(model::step(start_.custody, lifetime_, exported));
    for (std::uint32_t i = 0; i < samples_.calls().size(); ++i) number(i);
    return std::move(out_);
  }

 private:
  void number(std::uint32_t i) {
    const ExploredCall& explored = samples_.calls()[i];
    const After& before = explored.parent == kNoCall ? start_ : after_[explored.parent];
    const World& world = samples_.worlds()[explored.world];
    const model::Call call = call_of(explored.step, before.custody, world, explored.answer.ret != 0);
    Scope scope = scope_of(before, explored, call, world);
    const auto own = call.attachment;
    const auto [scope_at, new_scope] = scopes_.try_emplace(key_of(scope, own), out_.scopes.size());
    if (new_scope) out_.scopes.push_back(std::move(scope));
    Answer placed = by_place(explored.answer, before.custody);
    const auto [answer_at, new_answer] = answers_.try_emplace(key_of(placed), out_.answers.size());
    if (new_answer) out_.answers.push_back(std::move(placed));
    out_.scope_of.push_back(static_cast<std::uint32_t>(scope_at->second));
    out_.answer_of.push_back(static_cast<std::uint32_t>(answer_at->second));
    const auto next = after_.find(i);
    if (next == after_.end()) return;
    next->second = before;
    static_cast<void>(model::step(next->second.custody, lifetime_, call));
    next->second.notes.follow(explored.step, explored.answer);
  }

  [[nodiscard]] Scope scope_of(const After& before, const ExploredCall& explored, model::Call call,
                               const World& /*world*/) const {
    call.failed = false;
    const model::Step foreseen = model::foresee(before.custody, lifetime_, call);
    Scope scope;
    scope.facts = foreseen.facts;
    scope.custody = before.custody;
    scope.step = explored.step;
    if (model::names_attachment(explored.step.event)) scope.kept = before.notes.kept[explored.step.device];
    scope.facts.v[kOwnMapping] = before.notes.own_mapping ? 1 : 0;
    scope.facts.v[kKept] = scope.kept;
    scope.effect = foreseen.takes_effect();
    scope.refused = foreseen.refusal() != nullptr;
    return scope;
  }

  const Samples& samples_;
  const model::Lifetime& lifetime_;
  After start_;
  Moments out_;
  std::map<std::uint32_t, After> after_;
  std::map<std::string, std::size_t> scopes_, answers_;
};

}  // namespace

void SeenNotes::follow(const Step& step, const Answer& answer) {
  for (const Made& m : answer.made) {
    const bool maps = m.call == SyncCall::kMap;
    if (!model::maps(m.call)) continue;
    if (m.device == kExporter) own_mapping = maps;
    else if (m.device >= 0)
      kept[static_cast<std::size_t>(m.device)] = maps ? static_cast<std::uint8_t>(model::code_of(m.dir)) : 0;
  }
  if (step.event == kDetach) kept[step.device] = 0;
}

std::vector<Made> expand(const model::Sync& sync, const Scope& scope) {
  spec::Clause clause;
  clause.syncs.push_back(sync);
  const spec::Clause* const one = &clause;
  const bool has_own = model::names_attachment(scope.step.event);
  const follow::SyncScope where{scope.custody, has_own ? scope.custody.find_attachment(scope.step.device) : nullptr,
                                scope.step.dir, model::direction_of_code(scope.kept), false};
  std::vector<Made> out;
  for (const follow::ExpectedSync& want : follow::expand({&one, 1}, where)) {
    const bool pass = want.sync.targets == model::Targets::kBuffer;
    const int device = want.device != traces::kNoId ? place_of(want.device, scope.custody) : pass ? kPass : kExporter;
    out.push_back({device, want.sync.call, want.dir, want.skip, {}});
  }
  return out;
}

bool stands_at(const std::vector<Made>& group, const std::vector<Made>& made, std::size_t from) {
  if (from + group.size() > made.size()) return false;
  const auto first = made.begin() + static_cast<std::ptrdiff_t>(from);
  std::vector<Made> there(first, first + static_cast<std::ptrdiff_t>(group.size()));
  return std::all_of(group.begin(), group.end(), [&](const Made& want) {
    const auto found = std::find_if(there.begin(), there.end(), [&](Made m) {
      if (want.dir == model::Direction::kNone) m.dir = want.dir;
      return m == want;
    });
    if (found == there.end()) return false;
    there.erase(found);
    return true;
  });
}

Answer by_place(const Answer& answer, const model::Custody& custody) {
  Answer out = answer;
  for (Made& m : out.made) {
    m.function.clear();
    if (m.device >= 0) m.device = place_of(static_cast<std::uint32_t>(m.device), custody);
  }
  return out;
}

Moments moments_of(const Samples& samples, const model::Lifetime& lifetime) {
  return Numbering(samples, lifetime).run();
}

}  // namespace custody::checker::learn
