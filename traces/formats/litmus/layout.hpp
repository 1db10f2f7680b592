// SPDX-License-Identifier: BSD-2-Clause
// How the calls of a recorded trace nest, and which of them a litmus file has to write with braces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "traces/event.hpp"

namespace custody::traces::formats::litmus {

/// What is known of each call before the first line is written.
class Layout {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  explicit Layout(std::span<const Event> events);

  /// Index of the call's entry that event `i` is inside, in the same task; kNone at top level.
  [[nodiscard]] std::size_t parent(std::size_t i) const { return parents_[i]; }
  /// Index of the entry of the call that event `i` returns from; kNone for an entry that was not recorded.
  [[nodiscard]] std::size_t entry(std::size_t i) const { return entries_[i]; }
  /// Index of the return of the call that event `i` enters; kNone where it never returns.
  [[nodiscard]] std::size_t return_of(std::size_t i) const { return returns_[i]; }
  /// Something that is not inside the call that event `i` enters happens before it returns.
  [[nodiscard]] bool has_braces(std::size_t i) const { return braces_[i]; }
  /// The number of calls around event `i`.
  [[nodiscard]] std::size_t depth(std::size_t i) const;

 private:
  [[nodiscard]] bool is_inside(std::size_t i, std::size_t call) const;
  /// Something happens inside of `inside_of`: open calls that are not around it need braces.
  void note(std::size_t inside_of);

  std::vector<std::size_t> parents_, entries_, returns_;
  std::vector<bool> braces_;
  std::vector<std::size_t> open_;  ///< entries that have neither returned nor been found to need braces
};

}  // namespace custody::traces::formats::litmus
