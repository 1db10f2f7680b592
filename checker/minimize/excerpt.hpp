// SPDX-License-Identifier: BSD-2-Clause
// One buffer's part of a trace as a litmus file tells it, and what of it can be left out.
#pragma once

#include <string>
#include <vector>

#include "checker/minimize/target.hpp"
#include "traces/formats/litmus/layout.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::checker::minimize {

/// Something that can be left out: an event, or what an event's lines say of the cache. Index into a `Kept`.
using Atom = std::uint32_t;
using Kept = std::vector<bool>;

/// The events between which a smaller trace is looked for. They are those that a litmus file gives when it is read, so
/// that a part of them is judged in memory as the file of that part would be.
class Excerpt {
 public:
  explicit Excerpt(const traces::RecordedTrace& trace);

  [[nodiscard]] const std::vector<traces::Event>& events() const { return events_; }
  [[nodiscard]] const traces::formats::litmus::Layout& layout() const { return layout_; }
  /// The cache lines under DMA event `i`, all of them.
  [[nodiscard]] Atom maintenance(std::size_t i) const { return static_cast<Atom>(events_.size() + i); }
  /// Of those, the line that only says that an architecture helper ran.
  [[nodiscard]] Atom helper(std::size_t i) const { return static_cast<Atom>(2 * events_.size() + i); }
  /// Everything.
  [[nodiscard]] Kept whole() const;
  [[nodiscard]] std::uint64_t count(const Kept& kept) const;

  /// Delivers the part `kept` as the reader of its litmus file would.
  void deliver(const Kept& kept, traces::EventSink& sink);
  /// The litmus file of the part `kept`.
  [[nodiscard]] std::string text(const Kept& kept, const std::string& title,
                                 const std::vector<traces::Expectation>& expectations);

 private:
  void forget_what_is_left_out(const Kept& kept);
  [[nodiscard]] bool has_cache_lines(const Kept& kept) const;

  traces::Header header_;
  const traces::Directory told_;  ///< what the whole excerpt says of its objects
  traces::Directory directory_;   ///< what the part that is delivered says
  std::vector<traces::Event> events_;
  traces::formats::litmus::Layout layout_;
};

}  // namespace custody::checker::minimize
