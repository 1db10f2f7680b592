// SPDX-License-Identifier: BSD-2-Clause
// Part of the custody room: importers that are alike, so that of many only some have to be looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/replay/custody.hpp"
#include "checker/replay/device_table.hpp"

namespace custody::checker::replay {

/// Places of importers, rising.
class Places {
 public:
  class Iterator {
   public:
    Iterator(const std::size_t* listed, std::size_t at) : listed_(listed), at_(at) {}
    std::size_t operator*() const { return listed_ != nullptr ? listed_[at_] : at_; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const std::size_t* listed_;
    std::size_t at_;
  };

  /// One after the other, from `first` to before `end`.
  Places(std::size_t first, std::size_t end) : first_(first), end_(end) {}
  /// Those listed, which have to outlive it.
  explicit Places(const std::vector<std::size_t>& listed) : listed_(listed.data()), end_(listed.size()) {}
  static Places only(std::size_t place) { return {place, place + 1}; }

  [[nodiscard]] Iterator begin() const { return {listed_, first_}; }
  [[nodiscard]] Iterator end() const { return {listed_, end_}; }

 private:
  const std::size_t* listed_ = nullptr;
  std::size_t first_ = 0, end_ = 0;
};

/// What the rules tell importers apart by: their live maps, their device, their fences. 0: it may access nothing.
[[nodiscard]] std::uint16_t kind_of(const Importer& importer, const DeviceState& device);

/// The importers that have to be looked at where all are meant: of few each one, of many the first two of each kind
/// that may access the buffer, so that of each kind there is one beside any other. Valid until custody, its records or
/// a device changes.
[[nodiscard]] inline Places told_apart(CustodyAccount& custody, DeviceTable& devices);
/// The same of many.
[[nodiscard]] Places told_apart_of_many(CustodyAccount& custody, DeviceTable& devices);

// -------------------------------------------------------------------------------------------------------------------

inline Places told_apart(CustodyAccount& custody, DeviceTable& devices) {
  if (!custody.records().all().are_many()) return {0, custody.importers()};
  return told_apart_of_many(custody, devices);
}

}  // namespace custody::checker::replay
