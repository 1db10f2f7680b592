// SPDX-License-Identifier: BSD-2-Clause
// The custody room: who has a buffer now, told by the lifetime machine, and what the machine refuses.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/replay/calls.hpp"
#include "checker/replay/custody_machine.hpp"
#include "checker/replay/windows.hpp"
#include "traces/directory.hpp"

namespace custody::checker {

/// An attachment, and what its live maps let its device do.
struct Importer {
  std::uint32_t id = traces::kNoId;
  std::uint32_t device = traces::kNoId;
  std::array<std::uint16_t, 3> maps{};  ///< live maps by direction
  bool complete = true;                 ///< its whole history is in the trace
  bool mapped_by_core = false;          ///< the core mapped it inside attach, BIDIRECTIONAL by habit
  bool write_fence = false;             ///< an unsignalled write fence of its device
  [[nodiscard]] bool is_mapped() const { return maps[0] + maps[1] + maps[2] > 0; }
  [[nodiscard]] bool may_write() const { return maps[0] + maps[2] > 0; }
  [[nodiscard]] bool may_read() const { return maps[0] + maps[1] > 0; }

 private:
  friend class CustodyAccount;
  model::Attachment lifetime_;
};

/// What the cache operations inside one call did so far: the checks at its return ask.
struct OperationsInside {
  bool issued = false;                                   ///< a DMA call that should have done something ran
  bool cleaned = false, invalidated = false;             ///< over all that the call is about
  bool useful_clean = false, useful_invalidate = false;  ///< ... and it had an effect
  bool partly_cleaned = false, partly_invalidated = false;
  bool invalidated_early = false;  ///< while a write fence was not signalled
};

/// What a call said when it was entered.
struct CallEntry {
  traces::EventKind kind = traces::EventKind::kLost;
  model::Direction dir = model::Direction::kNone;
  std::uint32_t call = traces::kNoId;
  std::uint32_t task = traces::kNoId;
  std::uint32_t attachment = traces::kNoId;
  std::uint64_t line = 0;
  ByteRange range;
};

/// A core call between its entry and its return.
struct OpenCall {
  CallEntry entry;
  std::uint32_t overlapped_by = traces::kNoId;  ///< another task whose call ran meanwhile
  bool refused_direction = false;               ///< it is an unmap in a direction that no live map has
  OperationsInside done;
};

/// Who becomes active by a step.
enum class HandedTo : std::uint8_t { kNobody, kImporter, kAllImporters, kCpu };

/// What an entry or a return came to. `importer` is valid until the buffer's next event.
struct CallStep {
  OpenCall call;                         ///< the call that was entered or that returned
  const model::Row* refusal = nullptr;   ///< what the tables say against it; null: nothing
  std::uint32_t device = traces::kNoId;  ///< of the attachment that it concerns
  /// False: the trace does not show the whole history of what it concerns, so that a refusal is no finding.
  bool judgeable = true;
  bool other_direction = false;  ///< an unmap of what is mapped, in another direction only
  bool released = false;         ///< the buffer went with it
  HandedTo to = HandedTo::kNobody;
  const Importer* importer = nullptr;  ///< for kImporter
};

/// Mappings of the buffer into the CPU's address spaces.
struct CpuMappings {
  bool kernel = false;  ///< one is alive
  bool user = false;    ///< one may be: munmap is never seen
  [[nodiscard]] bool any() const { return kernel || user; }
};

/// How a buffer went.
struct Release {
  bool done = false;
  bool returned = false;  ///< the release itself returned
  std::uint64_t line = 0;
  std::uint32_t task = traces::kNoId;
};

/// The account of one buffer: the machine's state, its attachments with their live maps, the open windows and the calls
/// under way. `enter` and `leave` are the only ways in which a call changes it; a refused call is applied as the kernel
/// applied it. Nothing outside this room sees the machine. References are valid until the next call that is not const.
class CustodyAccount {
 public:
  /// A new buffer. `export_seen`: false: it is older than the trace.
  void begin(const CustodyTerms& terms, bool export_seen);
  /// Events were lost: attachments stay, what they had mapped is not known, nor are windows and calls.
  void lose(const CustodyTerms& terms);

  /// A core call began; it stays open if the event is its entry only. For `Phase::kWhole` call `end` next.
  [[nodiscard]] CallStep enter(const traces::Event& e, const CustodyTerms& terms, const traces::Directory& directory);
  /// A core call returned. Of one whose entry was not seen, the return stands for both.
  [[nodiscard]] CallStep leave(const traces::Event& e, const CustodyTerms& terms);
  /// The same of a call that is no open one: it began with this event too.
  [[nodiscard]] CallStep end(const traces::Event& e, const CustodyTerms& terms, const OpenCall& call);

  /// A task went away: its windows stay open, but nobody is in them. True where it had any.
  bool abandon(std::uint32_t task) { return windows_.abandon(task); }
  /// A fence of the device was added or signalled.
  void fence(std::uint32_t device, bool write_pending);
  /// The core made the mapping of this attachment, not its importer.
  void note_core_mapping(std::uint32_t attachment);

  /// The export was seen, and nothing was lost since.
  [[nodiscard]] bool is_complete() const { return complete_; }
  [[nodiscard]] const Release& release() const { return release_; }
  /// Devices may not access: from the entry of a begin_cpu_access, until the last window is closed.
  [[nodiscard]] bool devices_suspended() const {
    return !windows_.empty() || calls_.has(traces::EventKind::kBeginCpuAccess);
  }
  [[nodiscard]] std::span<const Importer> importers() const { return importers_; }
  [[nodiscard]] std::span<const CpuWindow> windows() const { return windows_.all(); }
  /// A move took the pages from under a mapping of the device.
  [[nodiscard]] bool is_invalidated(std::uint32_t device) const;
  [[nodiscard]] CpuMappings cpu_mappings() const { return {machine_.is_kernel_mapped(), user_mapped_}; }
  /// The device that unmapped last, with no window opened since; kNoId: none.
  [[nodiscard]] std::uint32_t last_unmapped_device() const { return last_unmapped_device_; }

  /// The calls under way on this buffer.
  [[nodiscard]] OpenCalls<OpenCall>& calls() { return calls_; }

 private:
  /// Steps the machine with `out.call`, and fills in what it answers. `who`: null: no attachment.
  void step(CallStep& out, const CustodyTerms& terms, const StepFacts& facts, Importer* who = nullptr);
  /// The same with the attachment that the event names, if there is one.
  void step_named(CallStep& out, const CustodyTerms& terms, const traces::Event& e);
  void finish(CallStep& out, const CustodyTerms& terms, const traces::Event& e);
  void unmap(CallStep& out, const CustodyTerms& terms, const traces::Event& e, const traces::Directory& directory);
  void detach(CallStep& out, const CustodyTerms& terms, const traces::Event& e);
  void mapped(CallStep& out, const CustodyTerms& terms, const traces::Event& e);
  void window_opened(CallStep& out, const CustodyTerms& terms, bool ok);
  void window_closed(CallStep& out, const CustodyTerms& terms, bool ok);

  bool complete_ = true;
  bool user_mapped_ = false;
  std::uint32_t last_unmapped_device_ = traces::kNoId;
  Release release_;
  CustodyMachine machine_;
  std::vector<Importer> importers_;
  CpuWindows windows_;
  OpenCalls<OpenCall> calls_;
};

/// A device that may write has a write fence that is not signalled.
[[nodiscard]] bool has_pending_write(const CustodyAccount& custody);

/// Another task whose call on this buffer overlaps with the event, or with the call around it; kNoId: none.
[[nodiscard]] std::uint32_t overlap_of(CustodyAccount& custody, const traces::Event& e, const OpenCall* call);

}  // namespace custody::checker
