// SPDX-License-Identifier: BSD-2-Clause
// Part of the custody room: the lifetime machines of one buffer and its attachments. Nothing else steps them.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

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

/// The buffer's machine. Those of its attachments are kept with them, so that a step touches one place in memory.
class CustodyMachine {
 public:
  /// A new buffer. `export_seen`: false: it is older than the trace.
  void begin(const CustodyTerms& terms, bool export_seen);
  /// Events were lost: the buffer exists with so many attachments, nothing else is known.
  void lose(const CustodyTerms& terms, std::size_t attachments);
  /// A core call takes effect, also where it is refused. Returns the refusal; null: it is legal. `own`: the attachment
  /// that the call names, or a fresh one.
  const model::Row* step(const CustodyTerms& terms, traces::EventKind kind, const StepFacts& facts,
                         model::Attachment& own);
  /// One more attachment that was attached before the trace began.
  void count_unseen();
  [[nodiscard]] bool is_kernel_mapped() const { return world_.get(model::at(model::kFields, "kernel_mappings")) > 0; }

 private:
  model::World world_;
};

/// An attachment that is older than the trace.
[[nodiscard]] model::Attachment unseen_attachment();
/// The storage moved: each attachment is told.
void move_attachment(const CustodyTerms& terms, model::Attachment& attachment);
/// A move took the pages from under its mapping.
[[nodiscard]] bool is_invalidated(const model::Attachment& attachment);

}  // namespace custody::checker
