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

#include "model/machines.hpp"

namespace custody::model::msm {

template <Id State>
struct In : boost::msm::front::state<> {};
template <Id Event>
struct On {};

/// What MSM asks of a row: source, target, event, guard and action. It reads them from `Table::rows[I]`.
template <class Table, std::size_t I>
struct MsmRow {
  static constexpr const Row& row = Table::rows[I];
  using Source = In<row.from>;
  using Target = In<row.to>;
  using Evt = On<row.event>;
  using row_type_tag = boost::msm::row_tag;
  static bool guard_call(auto& machine, auto&, auto&, auto&, auto&) { return row.guards_hold(*machine.cells); }
  static auto action_call(auto& machine, auto&, auto&, auto&, auto&) {
    row.run_actions(*machine.cells);
    machine.fired = I;
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
  using transition_table = decltype(rows_of<Table>(std::make_index_sequence<std::size(Table::rows)>{}));
  Cells* cells = nullptr;
  std::size_t fired = kNoRow;
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

/// One machine, fired from any state. MSM numbers the states itself: `to_msm` and `from_msm` translate.
template <class Table>
class Machine {
 public:
  static std::size_t fire(Id& state, Cells& cells, Id event) {
    static constexpr std::size_t kStateCount = std::size(kStates);
    static constexpr auto to_msm = numbers(std::make_index_sequence<kStateCount>{});
    if (to_msm[state] < 0) return kNoRow;
    Back machine;
    machine.cells = &cells;
    machine.serialize_state(to_msm[state], true);
    kFire[event](machine);
    if (machine.fired == kNoRow) return kNoRow;
    state = Table::rows[machine.fired].to;
    return machine.fired;
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
    machine.process_event(On<Event>{});
  }
  template <std::size_t... E>
  static constexpr auto fire_table(std::index_sequence<E...>) {
    return std::array<void (*)(Back&), sizeof...(E)>{&fire_event<static_cast<Id>(E)>...};
  }
  static constexpr auto kFire = fire_table(std::make_index_sequence<kEventCount>{});
};

}  // namespace custody::model::msm
