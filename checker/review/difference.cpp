// SPDX-License-Identifier: BSD-2-Clause
#include "checker/review/difference.hpp"

#include <algorithm>
#include <map>

namespace custody::checker {

namespace {

using model::Row;

template <class Table>
std::string names_of(const model::Ids& ids, const Table& table) {
  std::string out;
  for (const model::Id id : ids) out.append(out.empty() ? "" : ", ").append(table[id].name);
  return out;
}

std::vector<std::pair<std::string, std::string>> columns_of(const Row& row) {
  return {{"kind", row.is_refusal() ? "refusal" : "transition"},  {"from", std::string(model::kStates[row.from].name)},
          {"event", std::string(model::kEvents[row.event].name)}, {"guards", names_of(row.guards, model::kGuards)},
          {"actions", names_of(row.actions, model::kActions)},    {"to", std::string(model::kStates[row.to].name)},
          {"syncs", names_of(row.syncs, model::kSyncs)},          {"rule", std::string(row.rule)}};
}

/// Of a row that only one contract has, the other side is empty.
std::vector<ColumnDifference> column_differences(const Row* first, const Row* second) {
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

RowDifference difference_of(const Row* first, const Row* second) {
  using Kind = RowDifference::Kind;
  const Row& shown = second != nullptr ? *second : *first;
  const Kind kind = second == nullptr ? Kind::kOnlyFirst : first == nullptr ? Kind::kOnlySecond : Kind::kChanged;
  std::string cell =
      std::string(model::kStates[shown.from].name) + " x " + std::string(model::kEvents[shown.event].name);
  return {kind, std::string(shown.id), std::move(cell), column_differences(first, second), std::string(shown.why)};
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
  for (const Row* const row : ours) {
    RowDifference d = difference_of(row, find(theirs, row->id));
    if (!d.columns.empty()) out.push_back(std::move(d));
  }
  for (const Row* const row : theirs)
    if (find(ours, row->id) == nullptr) out.push_back(difference_of(nullptr, row));
  return out;
}

Difference compare_calls(const System& first, const System& second) { return Product(first, second).compare(); }

}  // namespace custody::checker
