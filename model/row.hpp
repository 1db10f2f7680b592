// SPDX-License-Identifier: BSD-2-Clause
// A row of a lifetime table: data that the machine, the documents and every export read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/vocabulary.hpp"

namespace custody::model {

/// The values of all fields, as guards see them and actions change them.
struct Cells {
  std::array<std::uint16_t, kFieldCount> v{};
  bool operator==(const Cells&) const = default;
};

[[nodiscard]] constexpr bool holds(const Guard& g, const Cells& cells) {
  const std::uint16_t x = cells.v[g.field];
  return g.rel == Rel::eq ? x == g.value : g.rel == Rel::gt ? x > g.value : x < g.value;
}

/// Counters saturate at both ends: hostile traces cannot wrap them.
constexpr void run(const Action& a, Cells& cells) {
  std::uint16_t& x = cells.v[a.field];
  switch (a.op) {
    case Op::set: x = a.value; break;
    case Op::add: x = x == 0xffff ? x : static_cast<std::uint16_t>(x + a.value); break;
    case Op::sub: x = x < a.value ? std::uint16_t{0} : static_cast<std::uint16_t>(x - a.value); break;
    case Op::dir:
      x = static_cast<std::uint16_t>(cells.v[at(kFields, "to_device")] + 2 * cells.v[at(kFields, "from_device")]);
      break;
  }
}

/// A short list of vocabulary ids.
struct Ids {
  std::array<Id, 8> id{};
  Id n = 0;
  [[nodiscard]] constexpr const Id* begin() const { return id.data(); }
  [[nodiscard]] constexpr const Id* end() const { return id.data() + n; }
};
struct If : Ids {
  consteval explicit If(auto... names) : Ids{{at(kGuards, names)...}, static_cast<Id>(sizeof...(names))} {}
};
struct Do : Ids {
  consteval explicit Do(auto... names) : Ids{{at(kActions, names)...}, static_cast<Id>(sizeof...(names))} {}
};
struct Syncs : Ids {
  consteval explicit Syncs(auto... names) : Ids{{at(kSyncs, names)...}, static_cast<Id>(sizeof...(names))} {}
};

/// What answers a (state, event) pair where the guards hold. In a table of transitions `rule` is empty; a refusal
/// names the rule that forbids the event and still says where the kernel goes, so that one fault is one finding.
struct Row {
  std::string_view id;
  Id from;
  Id event;
  Ids guards;
  Ids actions;
  Id to;
  Ids syncs;
  std::string_view why;
  std::string_view cite;  ///< kernel evidence K-nn, or `seed`
  std::string_view rule;

  /// A transition.
  consteval Row(std::string_view id_, std::string_view from_, std::string_view event_, If if_, Do do_,
                std::string_view to_, Syncs syncs_, std::string_view why_, std::string_view cite_)
      : id(id_), from(at(kStates, from_)), event(at(kEvents, event_)), guards(if_), actions(do_), to(at(kStates, to_)),
        syncs(syncs_), why(why_), cite(cite_) {}
  /// A refusal.
  consteval Row(std::string_view id_, std::string_view from_, std::string_view event_, If if_, Do do_,
                std::string_view to_, std::string_view rule_, std::string_view why_, std::string_view cite_)
      : id(id_), from(at(kStates, from_)), event(at(kEvents, event_)), guards(if_), actions(do_), to(at(kStates, to_)),
        why(why_), cite(cite_), rule(rule_) {}

  /// A row that is read at run time; `rule_` empty: a transition. The texts must outlive it.
  constexpr Row(std::string_view id_, Id from_, Id event_, const Ids& guards_, const Ids& actions_, Id to_,
                const Ids& syncs_, std::string_view why_, std::string_view cite_, std::string_view rule_)
      : id(id_), from(from_), event(event_), guards(guards_), actions(actions_), to(to_), syncs(syncs_), why(why_),
        cite(cite_), rule(rule_) {}

  [[nodiscard]] constexpr bool is_refusal() const { return !rule.empty(); }
  [[nodiscard]] constexpr bool guards_hold(const Cells& cells) const {
    for (const Id g : guards)
      if (!holds(kGuards[g], cells)) return false;
    return true;
  }
  [[nodiscard]] constexpr bool answers(Id state, Id ev, const Cells& cells) const {
    return from == state && event == ev && guards_hold(cells);
  }
  constexpr void run_actions(Cells& cells) const {
    for (const Id a : actions) run(kActions[a], cells);
  }
};

/// No world meets the guards of both rows, as those of one field exclude each other.
[[nodiscard]] constexpr bool exclude_each_other(const Row& a, const Row& b) {
  const auto allows = [](const Row& row, Id field, const Cells& cells) {
    for (const Id g : row.guards)
      if (kGuards[g].field == field && !holds(kGuards[g], cells)) return false;
    return true;
  };
  for (const Id g : a.guards) {
    const Id field = kGuards[g].field;
    Cells cells;
    bool possible = false;
    for (std::uint16_t x = 0; x <= kFields[field].max && !possible; ++x) {
      cells.v[field] = x;
      possible = allows(a, field, cells) && allows(b, field, cells);
    }
    if (!possible) return true;
  }
  return false;
}

}  // namespace custody::model
