// SPDX-License-Identifier: BSD-2-Clause
// A buffer's life as a contract moves it, and what its calls did, counted apart from the tables.
#pragma once

#include <array>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/step.hpp"
#include "spec/contract.hpp"

namespace custody::checker::test {

/// What calls did, counted apart from the tables.
struct Ghost {
  std::array<std::uint8_t, 2> attached{}, maps{}, pins{};
  std::array<std::array<std::uint8_t, 4>, 2> by_direction{};  ///< maps
  std::array<std::uint8_t, 4> by_window{};                    ///< windows by direction
  std::uint8_t windows = 0, kernel = 0, user = 0;
  bool exported = false, released = false, bracketed = false;
  /// Since the last clean the CPU may have written; since the last invalidate a device that does not snoop may have;
  /// a device may have owned the buffer. Of the exporter's notes.
  bool dirty = false, stale = false, lent = false;
  std::array<bool, 2> invalidated{};
  std::array<std::uint8_t, 2> mapped_last{};  ///< direction of the last map since the attach
  auto operator<=>(const Ghost&) const = default;

  void take(model::Id event, std::size_t d, unsigned given) {
    const auto is = [event](std::string_view name) { return model::kEvents[event].name == name; };
    const auto less = [](std::uint8_t& n) { n = n == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(n - 1); };
    if (is("export")) exported = true, dirty = true;  // the allocator wrote it
    if (is("release")) released = true;
    if (is("attach")) attached[d] = 1;
    if (is("detach")) attached[d] = 0;
    if (is("map")) ++maps[d], ++by_direction[d][given], invalidated[d] = false;
    if (is("move_notify"))
      for (const std::size_t i : {0U, 1U}) invalidated[i] = invalidated[i] || attached[i] != 0;
    if (is("unmap")) less(maps[d]), less(by_direction[d][given]);
    if (is("pin")) ++pins[d];
    if (is("unpin")) less(pins[d]);
    if (is("begin_cpu_access")) ++windows, ++by_window[given], bracketed = true;
    if (is("end_cpu_access")) less(windows), less(by_window[given]);
    if (is("vmap") && ++kernel == 1) bracketed = windows > 0;
    if (is("vunmap")) less(kernel);
    if (is("mmap")) ++user;
    if (is("munmap")) less(user);
  }
  /// Beside `take`, of contracts that keep tables: elsewhere it would tell lives apart that are one.
  void keep(model::Id event, std::size_t d, unsigned given) {
    if (event == model::at(model::kEvents, "map")) mapped_last[d] = static_cast<std::uint8_t>(given);
    if (event == model::at(model::kEvents, "detach")) mapped_last[d] = 0;
  }
  void operate(std::string_view sync) {
    const bool both = sync == "buffer:clean_invalidate";
    if (both || sync == "buffer:clean") dirty = false;
    if (both || sync == "buffer:invalidate") stale = lent = false;
  }
  /// After a call, which left the devices the owner, or not.
  void touch(bool devices_own) {
    dirty = dirty || by_window[1] + by_window[3] > 0;
    stale = stale || (devices_own && by_direction[0][2] + by_direction[0][3] > 0);
    lent = lent || (devices_own && mapped() > 0);
  }
  [[nodiscard]] unsigned mapped() const { return (maps[0] > 0 ? 1U : 0U) + (maps[1] > 0 ? 1U : 0U); }
};

/// A buffer with two attachments as all events of the lifetime move it, those too that the search's client leaves out.
struct Life {
  model::Id state = 0;
  model::Cells cells;  ///< with the first attachment's fields; the other's wait in `other`
  std::array<model::Attachment, 2> attachments;
  Ghost ghost;
  auto key() const {
    return std::tuple(state, cells.v, attachments[0].state, attachments[0].v, attachments[1].state, attachments[1].v,
                      ghost);
  }
  bool operator<(const Life& o) const { return key() < o.key(); }
  bool operator==(const Life& o) const { return key() == o.key(); }
};

/// The rows of a contract by cell.
class Cells {
 public:
  explicit Cells(const spec::Contract& c) : start_(c.start) {
    for (const auto* const table : {&c.rows, &c.refusals})
      for (const model::Row& row : *table) {
        rows_[row.from][row.event].push_back(&row);
        for (const model::Id g : row.guards) {
          const model::Id field = model::kGuards[g].field;
          looks_ = looks_ || field == model::at(model::kFields, "from_device");
          compares_ = compares_ || field == model::at(model::kFields, "kept_matches");
        }
        for (const model::Id a : row.actions) changed_.insert(model::kFields[model::kActions[a].field].name);
      }
  }
  [[nodiscard]] const model::Row* answer(model::Id state, model::Id event, const model::Cells& cells) const {
    for (const model::Row* const row : rows_[state][event])
      if (row->guards_hold(cells)) return row;
    return nullptr;
  }
  [[nodiscard]] bool changes(std::string_view field) const { return changed_.contains(field); }
  /// A row asks for the direction of a call.
  [[nodiscard]] bool looks_at_directions() const { return looks_; }
  /// A row compares the direction of a map with that of a table that is kept.
  [[nodiscard]] bool compares_directions() const { return compares_; }
  [[nodiscard]] const model::World& start() const { return start_; }

 private:
  std::array<std::array<std::vector<const model::Row*>, model::kEventCount>, std::size(model::kStates)> rows_;
  std::set<std::string_view> changed_;
  const model::World& start_;
  bool looks_ = false, compares_ = false;
};

/// Who owns it, and the fields, say what happened: the meaning of the states, and of the fields of the vocabulary.
bool is_right(const Cells& contract, const Life& life);
/// A side that owned the buffer, and still maps it, lost it by no other call than the one that hands it over. Of
/// contracts in which who maps owns.
bool owner_stays(const Life& before, model::Id event, const Life& after);

}  // namespace custody::checker::test
