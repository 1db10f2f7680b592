// SPDX-License-Identifier: BSD-2-Clause
// Part of the custody room: the lifetime machines of one buffer and its attachments. Nothing else steps them.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "model/row.hpp"
#include "model/world.hpp"
#include "traces/event.hpp"

namespace custody::checker {

/// The policies in force, the same for every buffer of a trace, and who listens to the tables.
struct CustodyTerms {
  model::World fresh;  ///< a buffer that has not been exported, under these policies
  /// Called with each transition or refusal that answered an event; may be empty.
  std::function<void(const model::Row&)> fired;

  /// Sets a policy that `check_policy` passed; any other name or value changes nothing.
  void set_policy(std::string_view name, std::string_view value);
};

/// What the machine asks of a call beside its own state.
struct StepFacts {
  bool failed = false;         ///< the call returned an error
  bool window_matches = true;  ///< end_cpu_access: the window that it closes has its direction
  bool window_nested = false;  ///< begin_cpu_access: the calling task has a window open
};

/// Attachments are told by their place, in the order in which they came.
class CustodyMachine {
 public:
  /// No attachment of this place: none is named, or one that was detached.
  static constexpr std::size_t kNobody = ~std::size_t{0};
  /// One that is older than the trace.
  static constexpr std::size_t kUnseen = kNobody - 1;

  /// A new buffer. `export_seen`: false: it is older than the trace.
  void begin(const CustodyTerms& terms, bool export_seen);
  /// Events were lost: the buffer and its attachments exist, nothing else is known.
  void lose(const CustodyTerms& terms);
  /// A core call takes effect, also where it is refused. Returns the refusal; null: it is legal.
  const model::Row* step(const CustodyTerms& terms, traces::EventKind kind, const StepFacts& facts, std::size_t place);
  /// One more attachment, at the last place, that no step has been made for.
  void add() { attachments_.emplace_back(); }
  /// One more attachment that was attached before the trace began.
  void add_unseen();
  void remove(std::size_t place) { attachments_.erase(attachments_.begin() + static_cast<std::ptrdiff_t>(place)); }
  void clear() { attachments_.clear(); }
  /// A move took the pages from under its mapping.
  [[nodiscard]] bool is_invalidated(std::size_t place) const;
  [[nodiscard]] bool is_kernel_mapped() const;

 private:
  model::World world_;
  std::vector<model::Attachment> attachments_;
};

}  // namespace custody::checker
