// SPDX-License-Identifier: BSD-2-Clause
// A row of a lifetime table: data that the machine, the documents and every export read.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/guards.hpp"

namespace custody::model {

/// What a row of a small machine does to the record that its state is about. Custody applies them (custody.hpp).
struct Action {
  std::string_view name, says;
};
// clang-format off
inline constexpr Action kActions[] = {
  {"add_map",           "the attachment has one more map, of the call's direction"},
  {"drop_map",          "the attachment has one map fewer, of the call's direction if it has one"},
  {"add_pin",           "the attachment has one more pin"},
  {"drop_pin",          "the attachment has one pin fewer"},
  {"mark_invalidated",  "the mapping of the attachment is invalid"},
  {"clear_invalidated", "the mapping of the attachment is valid"},
  {"add_user",          "the mapping has one more user"},
  {"drop_user",         "the mapping has one user fewer"},
  {"mark_bracketed",    "the kernel mapping's life has seen a window"},
  {"advise_windows",    "the client is advised to open windows"},
};
// clang-format on

/// Ids of a vocabulary, by name.
using Ids = List<Id, 6>;
struct If : Ids {
  consteval explicit If(auto... names) : Ids(at(kGuards, names)...) {}
};
struct Do : Ids {
  consteval explicit Do(auto... names) : Ids(at(kActions, names)...) {}
};
/// States by name, or by the name of a group.
struct From {
  StateSet states = 0;
  consteval explicit From(auto... names) : states(static_cast<StateSet>((0U | ... | named(names)))) {}

 private:
  static consteval StateSet named(std::string_view name) {
    for (const StateGroup& group : kStateGroups)
      if (group.name == name) return group.states;
    return custody::model::states(at(kStates, name));
  }
};
struct On {
  EventSet events = 0;
  consteval explicit On(std::convertible_to<std::string_view> auto... names)
      : events(custody::model::events(at(kEvents, names)...)) {}
  consteval explicit On(std::integral auto set) : events(static_cast<EventSet>(set)) {}
};

/// The row keeps the state.
inline constexpr Id kStay = 0xff;
struct To {
  Id state;
  consteval explicit To(std::string_view name) : state(name == "stays" ? kStay : at(kStates, name)) {}
};

/// The exporter does nothing in the call.
struct WithoutEffect {};

/// What answers a call in one of the states `from` where all guards hold. In a transition `rule` is empty; a refusal
/// names the rule that forbids the call and still says where the kernel goes, so that one fault is one finding.
struct Row {
  std::string_view id;  ///< says what the row is about, unique in all tables, never renumbered
  StateSet from;
  EventSet on;
  Ids guards;
  Ids actions;
  Id to;                             ///< or kStay
  bool without_effect = false;       ///< the exporter does nothing: no clause of a contract runs
  std::string_view rule, why, cite;  ///< `cite`: kernel evidence K-nn, or `seed`

  /// A transition.
  consteval Row(std::string_view id_, From from_, On on_, If if_, To to_, Do do_, std::string_view why_,
                std::string_view cite_)
      : id(id_), from(from_.states), on(on_.events), guards(if_), actions(do_), to(to_.state), why(why_), cite(cite_) {}
  consteval Row(std::string_view id_, From from_, On on_, If if_, To to_, WithoutEffect /*unused*/,
                std::string_view why_, std::string_view cite_)
      : id(id_), from(from_.states), on(on_.events), guards(if_), to(to_.state), without_effect(true), why(why_),
        cite(cite_) {}
  /// A refusal.
  consteval Row(std::string_view id_, From from_, On on_, If if_, To to_, Do do_, std::string_view rule_,
                std::string_view why_, std::string_view cite_)
      : id(id_), from(from_.states), on(on_.events), guards(if_), actions(do_), to(to_.state), rule(rule_), why(why_),
        cite(cite_) {}

  [[nodiscard]] constexpr bool is_refusal() const { return !rule.empty(); }
  [[nodiscard]] constexpr bool concerns(Id state, Id event) const {
    return ((from >> state) & 1U) != 0 && ((on >> event) & 1U) != 0;
  }
  /// `action` is an index of kActions.
  [[nodiscard]] constexpr bool does(Id action) const {
    for (const Id a : actions)
      if (a == action) return true;
    return false;
  }
  [[nodiscard]] constexpr bool guards_hold(const Facts& facts) const {
    for (const Id g : guards)
      if (!kGuards[g].holds(facts)) return false;
    return true;
  }
  [[nodiscard]] constexpr bool answers(Id state, Id event, const Facts& facts) const {
    return concerns(state, event) && guards_hold(facts);
  }
  [[nodiscard]] constexpr Id target(Id state) const { return to == kStay ? state : to; }
  [[nodiscard]] constexpr FactSet facts() const {
    FactSet set = 0;
    for (const Id g : guards) set |= kGuards[g].facts();
    return set;
  }
};

}  // namespace custody::model
