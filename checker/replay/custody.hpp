// SPDX-License-Identifier: BSD-2-Clause
// The custody room: feeds each call of the core to model::step, and says what came of it.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/lines/byte_range.hpp"
#include "checker/replay/attachment_records.hpp"
#include "checker/replay/calls.hpp"
#include "model/custody.hpp"
#include "model/on_demand.hpp"
#include "traces/directory.hpp"

namespace custody::checker::replay {

/// An attachment in custody, and the evidence of it. Valid until the buffer's next event.
struct Importer {
  const model::Attachment& attachment;
  const AttachmentEvidence& evidence;
  [[nodiscard]] std::uint32_t id() const { return evidence.id; }
  [[nodiscard]] std::uint32_t device() const { return attachment.device; }
  [[nodiscard]] bool is_mapped() const { return attachment.is_mapped(); }
  [[nodiscard]] bool may_write() const { return attachment.may_write(); }
  [[nodiscard]] bool may_read() const { return attachment.may_read(); }
  /// It may write, whoever has the buffer, until its write fences have signalled.
  [[nodiscard]] bool has_job() const { return may_write() && evidence.fences.has_write(); }
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
  lines::ByteRange range;
};

/// A core call between its entry and its return.
struct OpenCall {
  CallEntry entry;
  std::uint32_t overlapped_by = traces::kNoId;  ///< another task whose call ran meanwhile
  bool refused_direction = false;               ///< it is an unmap in a direction that no live map has
  bool refused = false;                         ///< the machines refuse it, and it was told
  OperationsInside done;
  void overlap(std::uint32_t task) { overlapped_by = task; }
};

/// Who becomes active by a step.
enum class HandedTo : std::uint8_t { kNobody, kImporter, kAllImporters, kCpu };

/// What an entry or a return came to. The refusal is valid as long as the machines.
struct CallStep {
  OpenCall call;                         ///< the call that was entered or that returned
  const model::Row* refusal = nullptr;   ///< what the machines say against it; null: nothing
  model::Id owner = 0;                   ///< the state of the owner's machine before it
  std::uint32_t device = traces::kNoId;  ///< of the attachment that it concerns
  /// False: the trace does not show the whole history of what it concerns, so that a refusal is no finding.
  bool judgeable = true;
  bool other_direction = false;  ///< an unmap of what is mapped, in another direction only
  bool advises = false;          ///< a kernel mapping went that lived without a window
  bool released = false;         ///< the buffer went with it
  HandedTo to = HandedTo::kNobody;
  std::size_t importer = 0;  ///< for kImporter: its place among the importers
};

/// How a buffer went.
struct Release {
  bool done = false;
  bool returned = false;  ///< the release itself returned
  std::uint32_t task = traces::kNoId;
  std::uint64_t line = 0;
};

/// The places of importers that stand for all of many.
struct StandIns {
  std::vector<std::size_t> places;  ///< rising
  std::uint64_t records = 0;        ///< the changes of the records that they are of
  std::uint64_t devices = 0;        ///< the changes of devices that they are of
};

/// One buffer's Custody along a trace. `enter` and `leave` are the only ways in which a call changes it, by
/// model::step; a refused call is applied as the kernel applied it.
class CustodyAccount {
 public:
  /// A new buffer. `export_seen`: false: it is older than the trace.
  void begin(bool export_seen);
  /// Events were lost: attachments stay, what they had mapped is not known, nor are windows and calls.
  void lose();

  /// A core call began; it stays open if the event is its entry only. For `Phase::kWhole` call `end` next.
  [[nodiscard]] CallStep enter(const traces::Event& e, const model::Lifetime& lifetime,
                               const traces::Directory& directory);
  /// A core call returned. Of one whose entry was not seen, the return stands for both.
  [[nodiscard]] CallStep leave(const traces::Event& e, const model::Lifetime& lifetime);
  /// The other end of a call of which there is one record, as `enter` gave it.
  [[nodiscard]] CallStep end(const traces::Event& e, const model::Lifetime& lifetime, const OpenCall& call);

  /// A task went away, and its windows with it. True where it had any.
  bool abandon(std::uint32_t task, const model::Lifetime& lifetime);

  [[nodiscard]] const model::Custody& custody() const { return custody_; }
  /// The export was seen, and nothing was lost since.
  [[nodiscard]] bool is_complete() const { return complete_; }
  [[nodiscard]] const Release& release() const { return release_; }
  /// No place of an importer is as large. Of many importers some places are of none.
  [[nodiscard]] std::size_t importers() const { return custody_.attachments.places(); }
  [[nodiscard]] Importer importer(std::size_t place) const { return {custody_.attachments[place], records_[place]}; }
  /// Its place among the importers, by its id or else by its device; `importers()`: there is none.
  [[nodiscard]] std::size_t place_of(const traces::Event& e) const;
  /// A CPU mapping may be alive: a user mapping is never seen to go.
  [[nodiscard]] bool may_be_cpu_mapped() const { return custody_.kernel.users != 0 || user_mapped_; }
  /// A task went away inside a window: who shares its mapping may not know.
  [[nodiscard]] bool was_abandoned() const { return abandoned_; }
  /// The device that unmapped last, with no window opened since; kNoId: none.
  [[nodiscard]] std::uint32_t last_unmapped_device() const { return last_unmapped_device_; }

  /// How often the storage moved.
  [[nodiscard]] std::uint32_t moves() const { return moves_; }

  /// The calls under way on this buffer.
  [[nodiscard]] OpenCalls<OpenCall>& calls() { return calls_; }
  /// The evidence of the importers, for what other rooms learn of it.
  [[nodiscard]] AttachmentRecords& records() { return records_; }
  [[nodiscard]] const AttachmentRecords& records() const { return records_; }
  /// Which importers stand for all, as of the latest change (importer_kinds.hpp).
  [[nodiscard]] StandIns& stand_ins() { return stand_ins_.made(); }

 private:
  /// Steps custody with one end of the call under way, and fills in what the machines answer.
  void step(CallStep& out, const traces::Event& e, model::CallEnd end, const model::Lifetime& lifetime);
  /// Before a call of an importer: of an attachment that is older than the trace, or that was detached.
  /// Its place.
  [[nodiscard]] std::size_t meet(const traces::Event& e, bool attach_seen);
  void note_unmap(CallStep& out);
  void finish(CallStep& out, const traces::Event& e, model::CallEnd end, const model::Lifetime& lifetime);
  void hand_over(CallStep& out, const traces::Event& e, const model::Step& step) const;

  bool complete_ = true;
  bool user_mapped_ = false;
  bool abandoned_ = false;
  bool known_ = true;  ///< the attachment of the event is among the importers, or was seen to be detached
  std::uint32_t last_unmapped_device_ = traces::kNoId;
  std::uint32_t next_id_ = 0;  ///< of an attachment in custody
  std::uint32_t moves_ = 0;
  Release release_;
  model::Custody custody_;
  AttachmentRecords records_;
  model::OnDemand<StandIns> stand_ins_;
  OpenCalls<OpenCall> calls_;
};

/// A fence of the device's job on the buffer, which writes or reads; one that signals.
void add_fence(CustodyAccount& custody, std::uint32_t device, bool writes);
void signal_fence(CustodyAccount& custody, std::uint32_t device);

/// A device that may write has a write fence that is not signalled.
[[nodiscard]] bool has_pending_write(const CustodyAccount& custody);
/// The same of this device.
[[nodiscard]] bool has_job(const CustodyAccount& custody, std::uint32_t device);

/// A move took the pages from under a mapping of the device, and its fences from before are signalled.
[[nodiscard]] bool is_invalidated(const CustodyAccount& custody, std::uint32_t device);

/// The DMA call is on the table of an attachment that no dma_map ever gave addresses: it reaches no memory.
[[nodiscard]] bool has_no_addresses(const CustodyAccount& custody, const traces::Event& e);

/// The task opened a window that is open still.
[[nodiscard]] bool has_window_of(const CustodyAccount& custody, std::uint32_t task);

/// Another task whose call on this buffer overlaps with the event, or with the call around it; kNoId: none.
[[nodiscard]] std::uint32_t overlap_of(CustodyAccount& custody, const traces::Event& e, const OpenCall* call);

}  // namespace custody::checker::replay
