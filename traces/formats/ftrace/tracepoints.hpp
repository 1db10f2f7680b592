// SPDX-License-Identifier: BSD-2-Clause
// The part of a session that takes the kernel's own tracepoints, beside probes or alone.
#pragma once

#include <cstdint>
#include <string>

#include "traces/formats/ftrace/correlation.hpp"
#include "traces/formats/ftrace/fields.hpp"
#include "traces/formats/ftrace/record.hpp"
#include "traces/formats/ftrace/task.hpp"
#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

class Session;

/// A DMA tracepoint inside a call of the core is of that call's buffer; beside a probe of the same DMA call it adds
/// what it knows, and the call counts once. Otherwise its addresses say which buffer it is of; in a trace that shows no
/// call of the core, memory is a buffer (`BufferInfo::by_address`). Map and sync are traced after what they do, so that
/// the architecture's operations come before them; an unmap is traced before.
class Tracepoints {
 public:
  /// In place of the scatterlist of a map that has none.
  static constexpr std::uint64_t kNoTable = 0;
  Tracepoints(Session& session, Identities& ids, Directory& directory)
      : session_(session), directory_(directory), correlation_(ids, directory) {}

  /// Reads a record if it is text of one of the tracepoints; else false.
  [[nodiscard]] bool read(const Head& head, std::uint64_t line);
  void take(const Head& head, const Tracepoint& t, std::uint64_t line);
  /// There are probes: of the DMA API, or of the core.
  void note_probe(bool is_dma) { (is_dma ? probed_ : core_) = true; }
  void adopt(const Event& map) { correlation_.adopt(map); }
  /// Something was not seen.
  void forget() { correlation_.forget(); }

  /// The DMA call is inside its task's innermost call of the core, if there is one.
  void nest(Event& e, const Task& task, bool in_interrupt);
  /// An operation of the architecture, outside any DMA call that has begun: true where it waits
  /// for the tracepoint of the call that it may belong to.
  [[nodiscard]] bool holds(const Event& operation, const Fields& f, Task& task);
  /// No such tracepoint followed, but of the last `but`.
  void deliver_held(Task& task, std::size_t but = 0);

 private:
  void take_dma(const Head& head, const Tracepoint& t, std::uint64_t line);
  void take_buffer(const Head& head, const Tracepoint& t, std::uint64_t line);
  /// True where the map of what it names is not in the trace.
  [[nodiscard]] bool correlate(Event& e, const Tracepoint& t, bool may_create);
  [[nodiscard]] bool completes(Task& task, const Event& e, const Tracepoint& t);
  void begin(Task& task, Event e, const Tracepoint& t, bool in_interrupt);
  void take_operations(Task& task, Event& e, const Tracepoint& t);

  Session& session_;
  Directory& directory_;
  Correlation correlation_;
  Tracepoint record_;                                    ///< filled again and again
  std::string odd_text_;                                 ///< what views of an odd record point into
  bool core_ = false, probed_ = false, traced_ = false;  ///< what was seen: probes of the core, of DMA; tracepoints
  /// What an IOMMU was last told to map, and by which task, since that task's last DMA call.
  struct {
    std::uint32_t task = kNoId;
    std::uint64_t begin = 0, end = 0;
  } iommu_;
};

}  // namespace custody::traces::formats::ftrace
