// SPDX-License-Identifier: BSD-2-Clause
// Custody: who has a buffer now, as one plain value. `step` is the only thing that changes it, and the Boost.MSM
// machines are what steps it: they take the transition or the refusal, and their own resulting states are what counts.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/lifetime.hpp"
#include "model/ordered.hpp"

namespace custody::model {

/// No attachment, task, call or device.
inline constexpr std::uint32_t kNobody = 0xffffffffU;

/// Bytes of a buffer; without length: all of it.
struct Extent {
  std::uint64_t offset = 0, length = 0;
  bool operator==(const Extent&) const = default;
};

struct Attachment;
/// Sums over the attachments of a buffer. `snooping` and `plain`: by their devices.
struct AttachmentTally {
  std::uint32_t mapped = 0, pins = 0, snooping = 0, plain_mapped = 0, plain_writers = 0, snooping_readers = 0;
  void count(const Attachment& a, int sign);
};

/// An attachment that exists: the machine's state Attached is that it is here.
struct Attachment {
  using Tally = AttachmentTally;
  std::uint32_t id = kNobody, device = kNobody;
  std::array<std::uint16_t, 3> maps{};  ///< live maps by Direction, a multiset
  std::uint16_t pins = 0;
  bool invalidated = false;  ///< the storage moved since its last map
  bool snoops = false;       ///< its device snoops, as far as the caller knew at the attach
  bool operator==(const Attachment&) const = default;
  [[nodiscard]] bool is_mapped() const { return maps[0] != 0 || maps[1] != 0 || maps[2] != 0; }
  [[nodiscard]] bool may_write() const { return maps[0] != 0 || maps[2] != 0; }
  [[nodiscard]] bool may_read() const { return maps[0] != 0 || maps[1] != 0; }

  static constexpr unsigned kById = 0, kByDevice = 1, kByUse = 2, kUnmoved = 3, kKeys = 4;
  [[nodiscard]] static Key by_id(std::uint32_t id) { return {kById, id}; }
  [[nodiscard]] static Key by_device(std::uint32_t device) { return {kByDevice, device}; }
  [[nodiscard]] Key key(unsigned number) const {
    if (number == kById) return by_id(id);
    if (number == kByDevice) return by_device(device);
    const bool has = number == kByUse ? is_mapped() || pins != 0 || invalidated : !invalidated;
    return has ? Key{number} : Key{};
  }
};

inline void AttachmentTally::count(const Attachment& a, int sign) {
  const auto add = [sign](std::uint32_t& sum, std::uint32_t n) { sum = sign > 0 ? sum + n : sum - n; };
  add(pins, a.pins);
  add(snooping, a.snoops ? 1 : 0);
  if (!a.is_mapped()) return;
  add(mapped, 1);
  add(plain_mapped, a.snoops ? 0 : 1);
  add(plain_writers, !a.snoops && a.may_write() ? 1 : 0);
  add(snooping_readers, a.snoops && a.may_read() ? 1 : 0);
}

/// A CPU access window that is open: the machine's state Open is that it is here.
struct Window {
  using Tally = NoTally;
  std::uint32_t task = kNobody;
  Direction dir = Direction::kNone;
  Extent extent;
  bool idle = false;                     ///< its begin had no effect: the buffer did not change hands
  bool closing = false;                  ///< between the entry and the return of the end that closes it
  std::uint32_t closing_call = kNobody;  ///< that end
  std::uint32_t closing_task = kNobody;  ///< who calls it
  bool operator==(const Window&) const = default;

  /// The first five are of windows that nothing is closing.
  static constexpr unsigned kOwnExtent = 0, kOwn = 1, kByDirection = 2, kByTask = 3, kByUse = 4, kByEnd = 5,
                            kOfTask = 6, kIdle = 7, kWhole = 8, kLeft = 9, kKeys = 10;
  [[nodiscard]] Key key(unsigned number) const;
  /// The key of each number that a window with these would have.
  [[nodiscard]] static Key own(std::uint32_t task, Direction dir) { return {kOwn, task, at_dir(dir)}; }
  [[nodiscard]] static Key in_direction(Direction dir) { return {kByDirection, 0, at_dir(dir)}; }
  [[nodiscard]] static Key of_use(bool idle, Direction dir) { return {kByUse, idle ? 1U : 0U, at_dir(dir)}; }
  [[nodiscard]] static Key of_task(std::uint32_t task) { return {kOfTask, task}; }
  /// Of those that an exit of the task ends: what another task's end is closing is that end's.
  [[nodiscard]] static Key left_by(std::uint32_t task) { return {kLeft, task}; }
  [[nodiscard]] static Key closed_by(std::uint32_t call, std::uint32_t task) {
    return {kByEnd, call == kNobody ? task : kNobody, call};
  }

 private:
  [[nodiscard]] static std::uint64_t at_dir(Direction dir) { return static_cast<std::uint64_t>(dir); }
};

inline Key Window::key(unsigned number) const {
  if (number == kOfTask) return of_task(task);
  if (number == kIdle) return idle ? Key{kIdle} : Key{};
  if (number == kLeft) return !closing || closing_task == task ? left_by(task) : Key{};
  if (number == kByEnd) return closing ? closed_by(closing_call, closing_task) : Key{};
  if (closing) return {};
  switch (number) {
    case kOwnExtent: return {kOwnExtent + (static_cast<std::uint32_t>(dir) << 8U), task, extent.offset, extent.length};
    case kOwn: return own(task, dir);
    case kByDirection: return in_direction(dir);
    case kByTask: return {kByTask, task};
    case kWhole: return extent == Extent{} ? Key{kWhole, idle ? 1U : 0U, at_dir(dir)} : Key{};
    default: return of_use(idle, dir);
  }
}

/// The kernel mapping: the machine's state MappedForCpu is that it has users.
struct KernelMapping {
  std::uint16_t users = 0;
  bool bracketed = false;  ///< a window was open in its life
  bool operator==(const KernelMapping&) const = default;
};

/// A call between its entry and its return.
struct UnderWay {
  using Tally = NoTally;
  std::uint32_t call = kNobody, task = kNobody;
  Id event = 0;
  bool operator==(const UnderWay&) const = default;

  static constexpr unsigned kByCall = 0, kByTask = 1, kByEvent = 2, kKeys = 3;
  [[nodiscard]] Key key(unsigned number) const {
    if (number == kByEvent) return {kByEvent, event};
    return {number, event, number == kByCall ? call : task};
  }
};

/// Comparable; copied freely, though a copy allocates where there are attachments or windows.
struct Custody {
  Id state = at(kStates, "Unborn");  ///< the owner's machine
  Ordered<Attachment> attachments;
  Ordered<Window> windows;  ///< oldest first
  Ordered<UnderWay> calls;
  KernelMapping kernel;
  std::uint16_t user_mappings = 0;
  bool operator==(const Custody&) const = default;

  [[nodiscard]] const Attachment* find_attachment(std::uint32_t id) const {
    const std::size_t place = attachments.first(Attachment::by_id(id), Attachment::kById);
    return place == Ordered<Attachment>::kNowhere ? nullptr : &attachments[place];
  }
  [[nodiscard]] bool is_freed() const { return state == at(kStates, "Freed"); }
};

/// Runs a machine, as `model::fire` does; `context` is the caller's. Tests put an interpreter of other tables here.
struct Firing {
  Fired (*fire)(const void* context, MachineId machine, Id state, Id event, const Facts& facts, Subject* subject);
  const void* context = nullptr;
};
/// The Boost.MSM machines.
[[nodiscard]] Firing compiled_machines();

/// What a buffer's lifetime is made of: the policies, and what runs the machines.
struct Lifetime {
  Policies policies;
  Firing machines = compiled_machines();
};

/// A buffer that is not there yet. Its memory stays, for buffers that come and go.
void start_over(Custody& custody);
/// A buffer that was exported before the trace began, or of which events were lost: it exists, and nobody is known to
/// have it. Its kernel mapping, if it has one, is not accused of what was not seen.
void assume_older(Custody& custody);
/// An attachment from before the trace began is there, not mapped as far as is known.
void assume_attached(Custody& custody, std::uint32_t id, std::uint32_t device, bool snoops);

/// Which end of a call it is. A call of which the trace has one record is whole.
enum class CallEnd : std::uint8_t { kEntry, kReturn, kWhole };

/// A call as the machines see it.
struct Call {
  Id event = 0;  ///< index of kEvents
  CallEnd end = CallEnd::kWhole;
  bool failed = false;       ///< it returned an error (kReturn and kWhole)
  bool interrupted = false;  ///< that is why, and the exporter's part of it is done: a begin that waited for fences
  Direction dir = Direction::kNone;
  bool snoops = false;  ///< its device snoops
  std::uint32_t attachment = kNobody, device = kNobody, task = kNobody;
  std::uint32_t call = kNobody;  ///< what pairs entry and return; kNobody: task and event do
  Extent extent;                 ///< of a window
};

/// What a call led to, or would lead to.
struct Step {
  Facts facts;                 ///< what the guards saw
  const Row* owner = nullptr;  ///< what the owner's machine answered; null where this end of the call decides nothing
  const Row* part = nullptr;   ///< what the small machine of the call answered, if it has one
  Id was = 0, is = 0;          ///< the owner's state before and after

  /// The refusal, the owner's first; null where the call is legal. It names the rule that is broken.
  [[nodiscard]] const Row* refusal() const {
    if (owner != nullptr && owner->is_refusal()) return owner;
    return part != nullptr && part->is_refusal() ? part : nullptr;
  }
  /// The client is worth a word, though the call is legal.
  [[nodiscard]] bool advises_windows() const { return part != nullptr && part->does(at(kActions, "advise_windows")); }
  /// The exporter acts: a contract's clauses run.
  [[nodiscard]] bool takes_effect() const { return owner != nullptr && refusal() == nullptr && !owner->without_effect; }
};

/// Moves custody along one end of a call: both machines, or neither. Calls that can fail act at their return, the
/// others at their entry. A call that failed changes nothing; it is refused where the buffer is freed (L10) or where an
/// end has no window (L7). An attachment that is not known counts as Detached.
Step step(Custody& custody, const Lifetime& lifetime, const Call& call);

/// A task went away: its windows close, as if it had ended each, though no call was made. True where it had any.
bool abandon(Custody& custody, const Lifetime& lifetime, std::uint32_t task);

/// What `step` would answer when the call acts. `custody` is as at its entry.
[[nodiscard]] Step foresee(const Custody& custody, const Lifetime& lifetime, const Call& call);

/// The facts at a call, but for the notes of a contract.
[[nodiscard]] Facts facts_of(const Custody& custody, const Policies& policies, const Call& call);

/// Who may access the buffer: nobody unless told here. The only source of the agents that advance a belief.
struct Agents {
  bool devices = false;                        ///< every mapped device, by the directions of its live maps
  bool cpu_reads = false, cpu_writes = false;  ///< the CPU, through windows or as the owner by its mapping
};
[[nodiscard]] Agents who_may_access(const Custody& custody);
/// The window is one through which the CPU may access.
[[nodiscard]] bool is_active(const Custody& custody, const Window& window);
/// The CPU may access through some window.
[[nodiscard]] bool is_cpu_active(const Custody& custody);
/// The oldest window through which the CPU may read, or write; with `whole`, of the whole buffer. Null: none.
[[nodiscard]] const Window* active_window(const Custody& custody, bool reads, bool whole);
/// Between the entry of a begin and its return, or inside a window: no device may access.
[[nodiscard]] bool is_handed_to_cpu(const Custody& custody);

/// The record that the action of a row changes.
class Subject {
 public:
  Attachment* attachment = nullptr;
  KernelMapping* kernel = nullptr;
  std::uint16_t* users = nullptr;
  Direction dir = Direction::kNone;
  /// Runs an action, an index of kActions. Counters saturate: hostile traces can not wrap them.
  void run(Id action) const;
};

}  // namespace custody::model
