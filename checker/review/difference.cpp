// SPDX-License-Identifier: BSD-2-Clause
// Compares clause by clause, and walks the calls that both contracts accept.
#include "checker/review/difference.hpp"

#include <algorithm>
#include <map>

namespace custody::checker::review {

namespace {

using spec::Clause;

template <class Each>
std::string joined(std::size_t count, const Each& each) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.append(out.empty() ? "" : ", ").append(each(i));
  return out;
}

std::string calls_of(const Clause& clause) {
  std::string out;
  for (model::Id event = 0; event < model::kEventCount; ++event)
    if (clause.concerns(event)) out.append(out.empty() ? "" : ", ").append(model::kEvents[event].brief);
  return out;
}

std::vector<std::pair<std::string, std::string>> columns_of(const Clause& c) {
  return {{"on", calls_of(c)},
          {"if", joined(c.guards.size(), [&](std::size_t i) { return model::kGuards[c.guards[i]].name; })},
          {"do", joined(c.syncs.size(), [&](std::size_t i) { return model::name_of(c.syncs[i]); })},
          {"then", joined(c.notes.size(), [&](std::size_t i) { return model::kNoteActions[c.notes[i]].name; })},
          {"refuse", c.refuse}};
}

/// Of a clause that only one contract has, the other side is empty.
std::vector<ColumnDifference> column_differences(const Clause* first, const Clause* second) {
  const auto columns = columns_of(first != nullptr ? *first : *second);
  const auto others = first != nullptr && second != nullptr ? columns_of(*second) : decltype(columns){};
  std::vector<ColumnDifference> out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ColumnDifference d{columns[i].first, columns[i].second, others.empty() ? std::string() : others[i].second};
    if (first == nullptr) std::swap(d.first, d.second);
    if (d.first != d.second) out.push_back(std::move(d));
  }
  return out;
}

ClauseDifference difference_of(const Clause* first, const Clause* second) {
  using Kind = ClauseDifference::Kind;
  const Clause& shown = second != nullptr ? *second : *first;
  const Kind kind = second == nullptr ? Kind::kOnlyFirst : first == nullptr ? Kind::kOnlySecond : Kind::kChanged;
  return {kind, shown.name, calls_of(shown), column_differences(first, second), shown.because};
}

bool is_call(const explore::Label& label) {
  return label.kind < explore::Label::Kind::kHardware && label.kind != explore::Label::Kind::kBeginFails;
}
bool same_label(const explore::Label& a, const explore::Label& b) {
  return a.kind == b.kind && a.device == b.device && a.dir == b.dir && a.blocks == b.blocks;
}

std::vector<std::string> syncs_in(const explore::System& system, explore::Packed state, const explore::Label& label) {
  std::vector<std::string> out;
  for (const explore::RunSync& sync : system.syncs_of(state, label)) {
    std::string text = model::name_of(sync.sync);
    if (sync.device >= 0) text.append(" D").append(std::to_string(sync.device));
    out.push_back(text.append(" ").append(model::name(sync.dir)));
  }
  return out;
}

/// The states that both reach by the same calls.
class Product {
 public:
  Product(const explore::System& first, const explore::System& second) : first_(first), second_(second) {}

  Difference compare() {
    add({explore::System::initial(), explore::System::initial()}, kNone, {});
    for (std::size_t at = 0; at < nodes_.size() && !(out_.only_first && out_.only_second && out_.syncs); ++at)
      visit(at);
    out_.pairs = nodes_.size();
    if (out_.only_first && out_.only_second) out_.relation = Relation::kIncomparable;
    else if (out_.only_first) out_.relation = Relation::kExtends;
    else if (out_.only_second) out_.relation = Relation::kRefines;
    return std::move(out_);
  }

 private:
  using Pair = std::pair<explore::Packed, explore::Packed>;
  static constexpr std::size_t kNone = ~std::size_t{0};
  struct Node {
    Pair states;
    std::size_t from;
    explore::Label label;
  };

  void add(const Pair& states, std::size_t from, const explore::Label& label) {
    if (nodes_.size() == kMostPairs) return static_cast<void>(out_.complete = false);
    if (known_.emplace(states, nodes_.size()).second) nodes_.push_back({states, from, label});
  }
  static std::vector<explore::Successor> calls_of(const explore::System& system, explore::Packed state) {
    std::vector<explore::Successor> out;
    system.successors(state, out);
    std::erase_if(out, [](const explore::Successor& s) { return !is_call(s.label); });
    return out;
  }
  static const explore::Successor* find(const std::vector<explore::Successor>& calls, const explore::Label& label) {
    for (const explore::Successor& s : calls)
      if (same_label(s.label, label)) return &s;
    return nullptr;
  }
  [[nodiscard]] Distinction distinction(std::size_t at, const explore::Label& last, bool first, bool second) const {
    Distinction out;
    const Pair states = nodes_[at].states;
    if (first) out.first_syncs = syncs_in(first_, states.first, last);
    if (second) out.second_syncs = syncs_in(second_, states.second, last);
    out.labels.push_back(last);
    for (; nodes_[at].from != kNone; at = nodes_[at].from) out.labels.push_back(nodes_[at].label);
    std::reverse(out.labels.begin(), out.labels.end());
    return out;
  }
  void visit(std::size_t at) {
    const Pair states = nodes_[at].states;
    const std::vector<explore::Successor> ours = calls_of(first_, states.first),
                                          theirs = calls_of(second_, states.second);
    for (const explore::Successor& call : ours) {
      const explore::Successor* const other = find(theirs, call.label);
      if (other == nullptr) {
        if (!out_.only_first) out_.only_first = distinction(at, call.label, true, false);
        continue;
      }
      if (!out_.syncs && syncs_in(first_, states.first, call.label) != syncs_in(second_, states.second, call.label))
        out_.syncs = distinction(at, call.label, true, true);
      if (call.is_mixed() || other->is_mixed()) continue;  // neither is explored beyond
      add({call.next, other->next}, at, call.label);
    }
    for (const explore::Successor& call : theirs)
      if (!out_.only_second && find(ours, call.label) == nullptr)
        out_.only_second = distinction(at, call.label, false, true);
  }

  const explore::System &first_, &second_;
  Difference out_;
  std::vector<Node> nodes_;
  std::map<Pair, std::size_t> known_;
};

}  // namespace

std::string_view name_of(Relation r) {
  constexpr std::string_view kNames[] = {"equal", "refines", "extends", "incomparable"};
  return kNames[static_cast<std::size_t>(r)];
}

std::vector<PolicyDifference> compare_policies(const spec::Contract& first, const spec::Contract& second) {
  std::vector<PolicyDifference> out;
  if (first.memory != second.memory) out.push_back({"memory", first.memory, second.memory});
  const model::Policies &ours = first.lifetime.policies, &theirs = second.lifetime.policies;
  for (std::size_t p = 0; p < model::kPolicyCount; ++p) {
    const model::Policy& policy = model::kPolicies[p];
    if (ours.v[p] == theirs.v[p]) continue;
    out.push_back({std::string(policy.name), std::string(policy.values[ours.v[p]].name),
                   std::string(policy.values[theirs.v[p]].name)});
  }
  return out;
}

std::vector<ClauseDifference> compare_clauses(const spec::Contract& first, const spec::Contract& second) {
  std::vector<ClauseDifference> out;
  for (const Clause& clause : first.clauses) {
    ClauseDifference d = difference_of(&clause, second.find_clause(clause.name));
    if (!d.columns.empty()) out.push_back(std::move(d));
  }
  for (const Clause& clause : second.clauses)
    if (first.find_clause(clause.name) == nullptr) out.push_back(difference_of(nullptr, &clause));
  return out;
}

Difference compare_calls(const explore::System& first, const explore::System& second) {
  return Product(first, second).compare();
}

}  // namespace custody::checker::review
