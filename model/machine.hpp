// SPDX-License-Identifier: BSD-2-Clause
// Makes a Boost.MSM machine from an array of rows. Included by the *_machine.cpp files alone: MSM's back end is slow
// to compile. A row type is an index, so types and error messages stay short.
#pragma once

#include <array>
#include <boost/mp11/list.hpp>
#include <boost/mp11/mpl.hpp>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/state_machine_def.hpp>
#include <cstddef>
#include <iterator>
#include <utility>

#include "model/completeness.hpp"
#include "model/custody.hpp"
#include "model/lifetime.hpp"

namespace custody::model::msm {

template <Id State>
struct In : boost::msm::front::state<> {};
/// Events that every row takes or leaves together are one event for MSM: fewer rows, faster to compile.
template <Id First>
struct On {};

/// The first event that no row tells from `event`.
template <class Table>
[[nodiscard]] constexpr Id event_class(Id event) {
  for (Id other = 0; other < event; ++other) {
    bool alike = true;
    for (const Row& row : Table::rows) alike = alike && ((row.on >> other) & 1U) == ((row.on >> event) & 1U);
    if (alike) return other;
  }
  return event;
}

/// One MSM row for each row, state that it comes from, and class of events that it answers.
struct Origin {
  std::uint8_t row = 0;
  Id from = 0, event = 0;
};
template <class Table>
struct Origins {
  static constexpr std::size_t count() {
    std::size_t n = 0;
    for_each([&](Origin) { ++n; });
    return n;
  }
  static constexpr void for_each(auto visit) {
    for (std::size_t r = 0; r < std::size(Table::rows); ++r)
      for (Id s = 0; s < kStateCount; ++s)
        for (Id e = 0; e < kEventCount; ++e)
          if (event_class<Table>(e) == e && Table::rows[r].concerns(s, e))
            visit(Origin{static_cast<std::uint8_t>(r), s, e});
  }
  static constexpr auto kList = [] {
    std::array<Origin, count()> all{};
    std::size_t n = 0;
    for_each([&](Origin origin) { all[n++] = origin; });
    return all;
  }();
};

/// What MSM asks of a row: source, target, event, guard and action.
template <class Table, std::size_t I>
struct MsmRow {
  static constexpr Origin kOrigin = Origins<Table>::kList[I];
  static constexpr const Row& row = Table::rows[kOrigin.row];
  using Source = In<kOrigin.from>;
  using Target = In<row.target(kOrigin.from)>;
  using Evt = On<kOrigin.event>;
  using row_type_tag = boost::msm::row_tag;
  static bool guard_call(auto& machine, auto&, auto&, auto&, auto&) { return row.guards_hold(*machine.facts); }
  static auto action_call(auto& machine, auto&, auto&, auto&, auto&) {
    if (machine.subject != nullptr)
      for (const Id action : row.actions) machine.subject->run(action);
    machine.fired = &row;
    return boost::msm::back::HANDLED_TRUE;
  }
};

template <class Table, std::size_t... I>
auto rows_of(std::index_sequence<I...>) -> boost::mp11::mp_list<MsmRow<Table, I>...>;

/// The front end. No queue and no exception handler: MSM would swallow errors and allocate.
template <class Table>
struct Front : boost::msm::front::state_machine_def<Front<Table>> {
  using no_exception_thrown = int;
  using no_message_queue = int;
  using initial_state = In<Table::initial>;
  using transition_table = decltype(rows_of<Table>(std::make_index_sequence<Origins<Table>::count()>{}));
  const Facts* facts = nullptr;
  Subject* subject = nullptr;
  const Row* fired = nullptr;
  void no_transition(auto&, auto&, int) {}
};

/// Reads or writes the active state through the machine's public `serialize`: MSM has no setter.
struct StateArchive {
  int state;
  bool load;
  StateArchive& operator&(int (&states)[1]) {
    if (load) states[0] = state;
    else state = states[0];
    return *this;
  }
  template <class Other>
  StateArchive& operator&(Other&) {
    return *this;
  }
};

/// One machine, fired from any state. MSM numbers the states itself: `kToMsm` and `kFromMsm` translate.
template <class Table>
class Runner {
  static_assert(is_complete<Table>());

 public:
  static Fired fire(Id state, Id event, const Facts& facts, Subject* subject) {
    if (kToMsm[state] < 0) return {nullptr, state};
    Back machine;
    machine.facts = &facts;
    machine.subject = subject;
    machine.serialize_state(kToMsm[state], true);
    kFire[event](machine);
    return {machine.fired, kFromMsm[static_cast<std::size_t>(machine.serialize_state(0, false))]};
  }

 private:
  struct Back : boost::msm::back::state_machine<Front<Table>> {
    int serialize_state(int state, bool load) {
      StateArchive archive{state, load};
      this->serialize(archive, 0U);
      return archive.state;
    }
  };
  using Stt = typename boost::msm::back::state_machine<Front<Table>>::stt;

  template <Id State>
  static constexpr int number() {
    using States = typename boost::msm::back::generate_state_set<Stt>::type;
    if constexpr (boost::mpl::contains<States, In<State>>::value)
      return boost::msm::back::get_state_id<Stt, In<State>>::value;
    else return -1;
  }
  template <std::size_t... S>
  static constexpr std::array<int, sizeof...(S)> numbers(std::index_sequence<S...>) {
    return {number<static_cast<Id>(S)>()...};
  }
  template <Id Event>
  static void fire_event(Back& machine) {
    machine.process_event(On<event_class<Table>(Event)>{});
  }
  template <std::size_t... E>
  static constexpr auto fire_table(std::index_sequence<E...>) {
    return std::array<void (*)(Back&), sizeof...(E)>{&fire_event<static_cast<Id>(E)>...};
  }
  static constexpr auto kToMsm = numbers(std::make_index_sequence<kStateCount>{});
  static constexpr auto kFromMsm = [] {
    std::array<Id, kStateCount> from{};
    for (std::size_t s = 0; s < kStateCount; ++s)
      if (kToMsm[s] >= 0) from[static_cast<std::size_t>(kToMsm[s])] = static_cast<Id>(s);
    return from;
  }();
  static constexpr auto kFire = fire_table(std::make_index_sequence<kEventCount>{});
};

}  // namespace custody::model::msm
