// SPDX-License-Identifier: BSD-2-Clause
#include "checker/review/difference.hpp"

#include <algorithm>
#include <map>

namespace custody::checker {

namespace {

using model::Row;

std::vector<std::string> changed_columns(const Row& a, const Row& b) {
  std::vector<std::string> out;
  const auto note = [&out](bool same, const char* column) {
    if (!same) out.emplace_back(column);
  };
  const auto same = [](const model::Ids& x, const model::Ids& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end());
  };
  note(a.is_refusal() == b.is_refusal(), "kind");
  note(a.from == b.from, "from");
  note(a.event == b.event, "event");
  note(same(a.guards, b.guards), "guards");
  note(same(a.actions, b.actions), "actions");
  note(a.to == b.to, "to");
  note(same(a.syncs, b.syncs), "syncs");
  note(a.rule == b.rule, "rule");
  return out;
}

std::vector<const Row*> rows_of(const spec::Contract& c) {
  std::vector<const Row*> out;
  for (const auto* const table : {&c.rows, &c.refusals})
    for (const Row& row : *table) out.push_back(&row);
  return out;
}

const Row* find(const std::vector<const Row*>& rows, std::string_view id) {
  const auto found = std::find_if(rows.begin(), rows.end(), [id](const Row* row) { return row->id == id; });
  return found == rows.end() ? nullptr : *found;
}

bool is_call(const Deed& deed) { return deed.kind < Deed::Kind::kHardware && deed.kind != Deed::Kind::kBeginFails; }
bool same_deed(const Deed& a, const Deed& b) {
  return a.kind == b.kind && a.device == b.device && a.dir == b.dir && a.blocks == b.blocks;
}

std::vector<std::string> syncs_in(const System& system, Packed state, const Deed& deed) {
  std::vector<std::string> out;
  for (const RunSync& sync : system.syncs_of(state, deed)) {
    std::string text(sync.sync->name);
    if (sync.device >= 0) text.append(" D").append(std::to_string(sync.device));
    out.push_back(text.append(" ").append(model::name(sync.dir)));
  }
  return out;
}

/// The states that both reach by the same calls.
class Product {
 public:
  Product(const System& first, const System& second) : first_(first), second_(second) {}

  Difference compare() {
    add({first_.initial(), second_.initial()}, kNone, {});
    for (std::size_t at = 0; at < nodes_.size() && !(out_.only_first && out_.only_second && out_.syncs); ++at)
      visit(at);
    out_.pairs = nodes_.size();
    if (out_.only_first && out_.only_second) out_.relation = Relation::kIncomparable;
    else if (out_.only_first) out_.relation = Relation::kExtends;
    else if (out_.only_second) out_.relation = Relation::kRefines;
    return std::move(out_);
  }

 private:
  using Pair = std::pair<Packed, Packed>;
  static constexpr std::size_t kNone = ~std::size_t{0};
  struct Node {
    Pair states;
    std::size_t from;
    Deed deed;
  };

  void add(const Pair& states, std::size_t from, const Deed& deed) {
    if (nodes_.size() == kMostPairs) return static_cast<void>(out_.complete = false);
    if (known_.emplace(states, nodes_.size()).second) nodes_.push_back({states, from, deed});
  }
  static std::vector<Successor> calls_of(const System& system, Packed state) {
    std::vector<Successor> out;
    system.successors(state, out);
    std::erase_if(out, [](const Successor& s) { return !is_call(s.deed); });
    return out;
  }
  static const Successor* find(const std::vector<Successor>& calls, const Deed& deed) {
    for (const Successor& s : calls)
      if (same_deed(s.deed, deed)) return &s;
    return nullptr;
  }
  [[nodiscard]] Distinction distinction(std::size_t at, const Deed& last, bool first, bool second) const {
    Distinction out;
    const Pair states = nodes_[at].states;
    if (first) out.first_syncs = syncs_in(first_, states.first, last);
    if (second) out.second_syncs = syncs_in(second_, states.second, last);
    out.deeds.push_back(last);
    for (; nodes_[at].from != kNone; at = nodes_[at].from) out.deeds.push_back(nodes_[at].deed);
    std::reverse(out.deeds.begin(), out.deeds.end());
    return out;
  }
  void visit(std::size_t at) {
    const Pair states = nodes_[at].states;
    const std::vector<Successor> ours = calls_of(first_, states.first), theirs = calls_of(second_, states.second);
    for (const Successor& call : ours) {
      const Successor* const other = find(theirs, call.deed);
      if (other == nullptr) {
        if (!out_.only_first) out_.only_first = distinction(at, call.deed, true, false);
        continue;
      }
      if (!out_.syncs && syncs_in(first_, states.first, call.deed) != syncs_in(second_, states.second, call.deed))
        out_.syncs = distinction(at, call.deed, true, true);
      add({call.next, other->next}, at, call.deed);
    }
    for (const Successor& call : theirs)
      if (!out_.only_second && find(ours, call.deed) == nullptr)
        out_.only_second = distinction(at, call.deed, false, true);
  }

  const System &first_, &second_;
  Difference out_;
  std::vector<Node> nodes_;
  std::map<Pair, std::size_t> known_;
};

}  // namespace

std::string_view name_of(Relation r) {
  constexpr std::string_view kNames[] = {"equal", "refines", "extends", "incomparable"};
  return kNames[static_cast<std::size_t>(r)];
}

std::vector<RowDifference> compare_rows(const spec::Contract& first, const spec::Contract& second) {
  std::vector<RowDifference> out;
  const std::vector<const Row*> ours = rows_of(first), theirs = rows_of(second);
  using Kind = RowDifference::Kind;
  for (const Row* const row : ours) {
    const Row* const other = find(theirs, row->id);
    if (other == nullptr) {
      out.push_back({Kind::kOnlyFirst, std::string(row->id), {}, std::string(row->why)});
      continue;
    }
    std::vector<std::string> columns = changed_columns(*row, *other);
    if (!columns.empty())
      out.push_back({Kind::kChanged, std::string(row->id), std::move(columns), std::string(other->why)});
  }
  for (const Row* const row : theirs)
    if (find(ours, row->id) == nullptr)
      out.push_back({Kind::kOnlySecond, std::string(row->id), {}, std::string(row->why)});
  return out;
}

Difference compare_calls(const System& first, const System& second) { return Product(first, second).compare(); }

}  // namespace custody::checker
