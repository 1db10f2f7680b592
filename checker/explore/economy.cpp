// SPDX-License-Identifier: BSD-2-Clause
// How much of a contract's maintenance can be without effect: measured, neither passed nor failed.
#include "checker/explore/economy.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace custody::checker::explore {

namespace {

/// States that one history of calls can have led to.
using Belief = std::vector<Packed>;

using CallKey = std::tuple<Label::Kind, std::uint8_t, model::Direction, BlockMask>;
CallKey key_of(const Label& d) { return {d.kind, d.device, d.dir, d.blocks}; }

class Walk {
 public:
  explicit Walk(const System& system) : system_(system), symmetric_(system.configuration().bounced == 0) {
    meet({system.initial()});
  }
  Economy run(std::uint64_t max_beliefs, const std::atomic<bool>* stop) {
    while (!todo_.empty() && seen_.size() <= max_beliefs && (stop == nullptr || !*stop)) expand();
    Economy out;
    out.complete = todo_.empty();
    out.beliefs = seen_.size();
    for (const auto& [key, sync] : syncs_) {
      out.syncs.push_back(sync);
      out.operations += sync.reached;
      out.without_effect += sync.without_effect;
    }
    return out;
  }

 private:
  /// Whatever led to a belief, it is the same once hidden moves have gone on.
  void close(Belief& belief) {
    std::set<Packed> known(belief.begin(), belief.end());
    for (std::size_t i = 0; i < belief.size(); ++i) {
      system_.successors(belief[i], successors_);
      for (const Successor& next : successors_)
        if (is_hidden(next.label.kind) && known.insert(next.next).second) belief.push_back(next.next);
    }
  }
  void meet(Belief belief) {
    close(belief);
    // With copies, blocks of devices differ within a belief, and states alone do not say how to order them.
    if (symmetric_)
      for (Packed& s : belief) s = system_.canonical(s);
    std::sort(belief.begin(), belief.end());
    belief.erase(std::unique(belief.begin(), belief.end()), belief.end());
    const auto [at, is_new] = seen_.insert(std::move(belief));
    if (is_new) todo_.push_back(&*at);
  }
  void expand() {
    const Belief& belief = *todo_.back();
    todo_.pop_back();
    std::map<CallKey, std::pair<Label, Belief>> calls;
    for (const Packed s : belief) {
      system_.successors(s, successors_);
      for (const Successor& next : successors_) {
        // Whether devices would be mixed, calls alone decide: the whole belief leads there, or none of it.
        if (is_hidden(next.label.kind) || next.is_mixed()) continue;
        auto& call = calls[key_of(next.label)];
        call.first = next.label;
        call.second.push_back(next.next);
      }
    }
    for (auto& [key, call] : calls) {
      if (call.first.kind != Label::Kind::kBeginFails) count(belief, call.first);
      std::sort(call.second.begin(), call.second.end());
      call.second.erase(std::unique(call.second.begin(), call.second.end()), call.second.end());
      meet(std::move(call.second));
    }
  }
  /// `belief` is closed.
  void count(const Belief& belief, const Label& label) {
    LineSet lines;
    for (const Packed s : belief) lines.set(system_.line_of(s));
    for (const RunSync& run : system_.syncs_of(belief.front(), label)) {
      if (run.operation == model::Operation::kNone) continue;
      const LineSet after = lines_after(system_.lines(), run.operation, system_.synced_blocks(label, run.sync), lines);
      const std::string name = model::name_of(run.sync);
      SyncEconomy& sync = syncs_[{run.clause->name, name, run.operation}];
      sync.clause = run.clause->name;
      sync.sync = name;
      sync.operation = run.operation;
      ++sync.reached;
      if (after == lines) ++sync.without_effect;
      lines = after;
    }
  }

  const System& system_;
  bool symmetric_;
  std::set<Belief> seen_;
  std::vector<const Belief*> todo_;
  std::vector<Successor> successors_;
  std::map<std::tuple<std::string, std::string, model::Operation>, SyncEconomy> syncs_;
};

}  // namespace

Economy economy_of(const System& system, std::uint64_t max_beliefs, const std::atomic<bool>* stop) {
  return Walk(system).run(max_beliefs, stop);
}

}  // namespace custody::checker::explore
