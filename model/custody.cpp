// SPDX-License-Identifier: BSD-2-Clause
// How calls move Custody: facts for the guards, the machines, and what their resulting states mean for its records.
#include "model/custody.hpp"

#include <algorithm>
#include <limits>

namespace custody::model {

namespace {

constexpr Id kBegin = at(kEvents, "begin_cpu_access"), kEnd = at(kEvents, "end_cpu_access"),
             kAttach = at(kEvents, "attach"), kMove = at(kEvents, "move_notify");
constexpr Id kCpuOwned = at(kStates, "CpuOwned"), kDeviceOwned = at(kStates, "DeviceOwned"),
             kDetached = at(kStates, "Detached"), kAttached = at(kStates, "Attached"), kClosed = at(kStates, "Closed"),
             kOpen = at(kStates, "Open"), kUnmapped = at(kStates, "Unmapped"),
             kMappedForCpu = at(kStates, "MappedForCpu");

void count_up(std::uint16_t& n) {
  n = n == std::numeric_limits<std::uint16_t>::max() ? n : static_cast<std::uint16_t>(n + 1);
}
void count_down(std::uint16_t& n) { n = n == 0 ? n : static_cast<std::uint16_t>(n - 1); }

/// The window that an end closes: its task's of its direction and extent, of its direction, else the oldest of its
/// direction (another thread may close what one opened), else the latest of its task; `kNpos` where there is none.
constexpr std::size_t kNpos = Ordered<Window>::kNowhere;
std::size_t window_closed_by(const Custody& custody, const Call& call) {
  const auto& windows = custody.windows;
  if (windows.empty()) return kNpos;
  Window same;
  same.task = call.task;
  same.dir = call.dir;
  same.extent = call.extent;
  std::size_t found = windows.first(same.key(Window::kOwnExtent), Window::kOwnExtent);
  if (found == kNpos) found = windows.first(same.key(Window::kOwn), Window::kOwn);
  if (found == kNpos) found = windows.first(same.key(Window::kByDirection), Window::kByDirection);
  return found == kNpos ? last(windows, same.key(Window::kByTask), Window::kByTask) : found;
}

/// The entry of the call, which returns now; `kNpos`: it was not seen.
std::size_t entry_of(const Custody& custody, const Call& call) {
  if (custody.calls.empty()) return kNpos;
  return call.call != kNobody ? custody.calls.first({UnderWay::kByCall, call.event, call.call}, UnderWay::kByCall)
                              : custody.calls.first({UnderWay::kByTask, call.event, call.task}, UnderWay::kByTask);
}

/// At the return of an end: the window that its entry chose, or none; of an entry that was not seen, what it would
/// choose now.
std::size_t window_of_end(const Custody& custody, const Call& call) {
  if (call.end != CallEnd::kReturn || entry_of(custody, call) == kNpos) return window_closed_by(custody, call);
  return custody.windows.first(Window::closed_by(call.call, call.task), Window::kByEnd);
}

/// The small machine that the event concerns beside the owner's, and its state before.
struct Part {
  MachineId machine = MachineId::kOwner;
  Id state = 0;
  [[nodiscard]] bool exists() const { return machine != MachineId::kOwner; }
};
bool record_exists(const Custody& custody, const Call& call, MachineId machine) {
  switch (machine) {
    case MachineId::kAttachment: return custody.find_attachment(call.attachment) != nullptr;
    case MachineId::kWindow: return call.event == kEnd && window_of_end(custody, call) != kNpos;
    case MachineId::kKernelMapping: return custody.kernel.users != 0;
    case MachineId::kUserMapping: return custody.user_mappings != 0;
    case MachineId::kOwner:
    case MachineId::kMappingOwner: break;
  }
  return false;
}
Part part_of(const Custody& custody, const Call& call) {
  const std::optional<PartStates> states = model::part_of(call.event);
  if (!states) return {};
  return {states->machine, record_exists(custody, call, states->machine) ? states->exists : states->is_gone};
}

Fired run(const Lifetime& lifetime, MachineId machine, Id state, Id event, const Facts& facts, Subject* subject) {
  return lifetime.machines.fire(lifetime.machines.context, machine, state, event, facts, subject);
}

/// The machine says whether the mapping exists; its actions count further users.
void settle_users(std::uint16_t& users, Id to) {
  if (to == kUnmapped) users = 0;
  else if (users == 0) users = 1;
}

void reopen(Custody& custody, std::size_t place) {
  custody.windows.change(place, [](Window& window) {
    window.closing = false;
    window.closing_call = window.closing_task = kNobody;
  });
}

void settle_window(Custody& custody, const Call& call, Id to, bool idle) {
  if (call.event == kBegin) {
    if (to == kOpen) custody.windows.push_back({call.task, call.dir, call.extent, idle, false, kNobody, kNobody});
    return;
  }
  const std::size_t closed = window_of_end(custody, call);
  if (closed == kNpos) return;
  if (to == kClosed) custody.windows.erase(closed);
  else reopen(custody, closed);
}

std::size_t place_of(const Custody& custody, std::uint32_t id) {
  return custody.attachments.first(Attachment::by_id(id), Attachment::kById);
}

/// The machine of the attachment at `place`, or of `fresh` where it is Detached.
Fired move_attachment(Custody& custody, const Lifetime& lifetime, const Call& call, const Part& part,
                      const Facts& facts) {
  Attachment fresh;
  fresh.id = call.attachment;
  fresh.device = call.device;
  fresh.snoops = call.snoops;
  Fired fired;
  const auto move = [&](Attachment& record) {
    Subject subject;
    subject.dir = call.dir;
    subject.attachment = &record;
    fired = run(lifetime, part.machine, part.state, call.event, facts, &subject);
  };
  const std::size_t known = place_of(custody, call.attachment);
  if (part.state == kAttached && known != kNpos) custody.attachments.change(known, move);
  else move(fresh);
  if (known == kNpos && fired.to == kAttached) custody.attachments.push_back(fresh);
  else if (known != kNpos && fired.to == kDetached) custody.attachments.erase(known);
  return fired;
}

/// What a small machine's answer does to the records: its actions ran on them, its state says which of them exist.
Fired move_part(Custody& custody, const Lifetime& lifetime, const Call& call, const Part& part, const Facts& facts,
                bool idle) {
  Subject subject;
  subject.dir = call.dir;
  switch (part.machine) {
    case MachineId::kAttachment: return move_attachment(custody, lifetime, call, part, facts);
    case MachineId::kWindow: {
      const Fired fired = run(lifetime, part.machine, part.state, call.event, facts, &subject);
      settle_window(custody, call, fired.to, idle);
      return fired;
    }
    case MachineId::kKernelMapping: {
      subject.kernel = &custody.kernel;
      subject.users = &custody.kernel.users;
      const Fired fired = run(lifetime, part.machine, part.state, call.event, facts, &subject);
      settle_users(custody.kernel.users, fired.to);
      if (fired.to == kUnmapped) custody.kernel = {};
      return fired;
    }
    case MachineId::kUserMapping: {
      subject.users = &custody.user_mappings;
      const Fired fired = run(lifetime, part.machine, part.state, call.event, facts, &subject);
      settle_users(custody.user_mappings, fired.to);
      return fired;
    }
    case MachineId::kOwner:
    case MachineId::kMappingOwner: break;
  }
  return {};
}

/// Machines that hear of a call beside its own: a begin brackets the kernel mapping, a move invalidates every map.
void tell_others(Custody& custody, const Lifetime& lifetime, const Call& call, const Facts& facts) {
  Subject subject;
  if (call.event == kBegin) {
    subject.kernel = &custody.kernel;
    const Id state = custody.kernel.users != 0 ? kMappedForCpu : kUnmapped;
    static_cast<void>(run(lifetime, MachineId::kKernelMapping, state, call.event, facts, &subject));
  }
  if (call.event != kMove) return;
  const auto move = [&](std::size_t place) {
    custody.attachments.change(place, [&](Attachment& attachment) {
      subject.attachment = &attachment;
      static_cast<void>(run(lifetime, MachineId::kAttachment, kAttached, call.event, facts, &subject));
    });
  };
  // Of many only those that no move has invalidated yet: for the others it is as before.
  std::vector<std::size_t> places;
  if (custody.attachments.are_many())
    each(custody.attachments, {Attachment::kUnmoved}, Attachment::kUnmoved,
         [&](std::size_t place) { places.push_back(place); });
  for (const std::size_t place : places) move(place);
  if (!custody.attachments.are_many())
    for (std::size_t place = 0; place < custody.attachments.places(); ++place) move(place);
}

/// The entry of a call that acts at its return, and the end of a call under way.
void note_under_way(Custody& custody, const Call& call) {
  if (call.end == CallEnd::kEntry) {
    custody.calls.push_back({call.call, call.task, call.event});
    if (call.event != kEnd) return;
    const std::size_t closed = window_closed_by(custody, call);
    if (closed == kNpos) return;
    return custody.windows.change(closed, [&](Window& window) {
      window.closing = true;
      window.closing_call = call.call;
      window.closing_task = call.task;
    });
  }
  if (const std::size_t entered = entry_of(custody, call); entered != kNpos) custody.calls.erase(entered);
}

bool is_begin_under_way(const Custody& custody) {
  return has(custody.calls, {UnderWay::kByEvent, kBegin}, UnderWay::kByEvent);
}

/// A failed call is refused only where the buffer is gone or there is no window to end.
bool is_refused_though_failed(const Custody& custody, const Step& step, const Call& call) {
  return custody.is_freed() || (call.event == kEnd && step.owner != nullptr && step.owner->is_refusal());
}

}  // namespace

namespace {

/// Windows, calls and the CPU's mappings. Their memory stays for what comes next.
void forget_cpu(Custody& custody) {
  custody.windows.clear();
  custody.calls.clear();
  custody.kernel = {};
  custody.user_mappings = 0;
}

}  // namespace

void assume_older(Custody& custody) {
  custody.state = at(kStates, "NonOwnedBacked");
  change_each(custody.attachments, {Attachment::kByUse}, Attachment::kByUse, [](Attachment& attachment) {
    attachment.maps = {};
    attachment.pins = 0;
    attachment.invalidated = false;
  });
  forget_cpu(custody);
  custody.kernel.bracketed = true;
}

void start_over(Custody& custody) {
  custody.state = at(kStates, "Unborn");
  custody.attachments.clear();
  forget_cpu(custody);
}

void assume_attached(Custody& custody, std::uint32_t id, std::uint32_t device, bool snoops) {
  Attachment attachment;
  attachment.id = id;
  attachment.device = device;
  attachment.snoops = snoops;
  custody.attachments.push_back(attachment);
}

void Subject::run(Id action) const {
  const auto way = static_cast<std::size_t>(dir);
  switch (action) {
    case at(kActions, "add_map"):
      if (attachment != nullptr && way < attachment->maps.size()) count_up(attachment->maps[way]);
      return;
    case at(kActions, "drop_map"):
      if (attachment == nullptr) return;
      if (way < attachment->maps.size() && attachment->maps[way] != 0) return count_down(attachment->maps[way]);
      for (std::uint16_t& maps : attachment->maps)
        if (maps != 0) return count_down(maps);
      return;
    case at(kActions, "add_pin"):
      if (attachment != nullptr) count_up(attachment->pins);
      return;
    case at(kActions, "drop_pin"):
      if (attachment != nullptr) count_down(attachment->pins);
      return;
    case at(kActions, "mark_invalidated"):
    case at(kActions, "clear_invalidated"):
      if (attachment != nullptr) attachment->invalidated = action == at(kActions, "mark_invalidated");
      return;
    case at(kActions, "add_user"):
      if (users != nullptr) count_up(*users);
      return;
    case at(kActions, "drop_user"):
      if (users != nullptr) count_down(*users);
      return;
    case at(kActions, "mark_bracketed"):
      if (kernel != nullptr) kernel->bracketed = true;
      return;
    default: return;
  }
}

Facts facts_of(const Custody& custody, const Policies& policies, const Call& call) {
  Facts facts;
  const AttachmentTally sums = custody.attachments.tally();
  const Attachment* const own =
      call.event != kAttach && call.attachment != kNobody ? custody.find_attachment(call.attachment) : nullptr;
  const std::size_t attached = custody.attachments.size();
  const std::size_t cpu_mappings = std::size_t{custody.kernel.users} + custody.user_mappings;
  facts.set(at(kFacts, "attached"), attached);
  facts.set(at(kFacts, "mapped"), sums.mapped);
  facts.set(at(kFacts, "windows"), custody.windows.size());
  facts.set(at(kFacts, "kernel_mappings"), custody.kernel.users);
  facts.set(at(kFacts, "user_mappings"), custody.user_mappings);
  facts.set(at(kFacts, "cpu_mappings"), cpu_mappings);
  facts.set(at(kFacts, "bracketed"), custody.kernel.bracketed ? 1 : 0);
  facts.set(at(kFacts, "pins"), sums.pins);
  facts.set(at(kFacts, "plain_attached"), attached - sums.snooping);
  facts.set(at(kFacts, "snooping_attached"), sums.snooping);
  facts.set(at(kFacts, "plain_mapped"), sums.plain_mapped);
  facts.set(at(kFacts, "plain_writers"), sums.plain_writers);
  facts.set(at(kFacts, "snooping_readers"), sums.snooping_readers);
  facts.set(at(kFacts, "own_attached"), own != nullptr ? 1 : 0);
  facts.set(at(kFacts, "others_attached"), attached - (own != nullptr ? 1 : 0));
  facts.set(at(kFacts, "others_mapped"), sums.mapped - (own != nullptr && own->is_mapped() ? 1 : 0));
  if (own != nullptr) {
    facts.set(at(kFacts, "own_maps"), std::size_t{own->maps[0]} + own->maps[1] + own->maps[2]);
    facts.set(at(kFacts, "own_pins"), own->pins);
  }
  constexpr std::size_t kNoDevice = 2;
  const bool snoops = own != nullptr ? own->snoops : call.snoops;
  facts.set(at(kFacts, "own_snoops"), names_attachment(call.event) ? std::size_t{snoops} : kNoDevice);
  if (call.event == kEnd) {
    const std::size_t closed = window_of_end(custody, call);
    facts.set(at(kFacts, "window"), closed == kNpos ? 0 : custody.windows[closed].dir == call.dir ? 2 : 1);
  }
  facts.set(at(kFacts, "to_device"), device_may_read(call.dir) ? 1 : 0);
  facts.set(at(kFacts, "from_device"), device_may_write(call.dir) ? 1 : 0);
  facts.set(policies);
  return facts;
}

namespace {

/// What the owner's machine answers; the facts say afterwards who owns.
Step ask_owner(const Custody& custody, const Lifetime& lifetime, const Call& call) {
  Step out;
  out.facts = facts_of(custody, lifetime.policies, call);
  out.was = custody.state;
  const Fired fired = run(lifetime, owner_machine(lifetime.policies), custody.state, call.event, out.facts, nullptr);
  out.owner = fired.row;
  out.is = fired.to;
  out.facts.set(at(kFacts, "owner"), owner_code(out.was));
  out.facts.set(at(kFacts, "next_owner"), owner_code(out.is));
  return out;
}

}  // namespace

Step foresee(const Custody& custody, const Lifetime& lifetime, const Call& call) {
  Call whole = call;
  whole.end = CallEnd::kWhole;
  Step out = ask_owner(custody, lifetime, whole);
  const Part part = part_of(custody, whole);
  if (part.exists()) out.part = run(lifetime, part.machine, part.state, call.event, out.facts, nullptr).row;
  return out;
}

namespace {

/// The end of a call at which it takes effect, or fails.
Step act(Custody& custody, const Lifetime& lifetime, const Call& call) {
  Step out = ask_owner(custody, lifetime, call);
  const Part part = part_of(custody, call);
  if (call.failed) {
    if (part.exists()) out.part = run(lifetime, part.machine, part.state, call.event, out.facts, nullptr).row;
    if (!is_refused_though_failed(custody, out, call)) out.owner = out.part = nullptr;
    out.is = out.was;
    if (call.event == kEnd) {
      const std::size_t closed = window_of_end(custody, call);
      if (closed != kNpos) reopen(custody, closed);
    }
  } else {
    const bool idle = out.owner != nullptr && out.owner->without_effect;
    if (part.exists() && !custody.is_freed()) out.part = move_part(custody, lifetime, call, part, out.facts, idle).row;
    tell_others(custody, lifetime, call, out.facts);
    custody.state = out.is;
    if (custody.is_freed()) {
      custody.attachments.clear();
      custody.windows.clear();
    }
  }
  return out;
}

}  // namespace

Step step(Custody& custody, const Lifetime& lifetime, const Call& call) {
  const bool acts = call.end == CallEnd::kWhole || (call.end == CallEnd::kReturn) == acts_on_return(call.event);
  if (call.end == CallEnd::kEntry) note_under_way(custody, call);
  Step out;
  out.was = out.is = custody.state;
  if (acts) out = act(custody, lifetime, call);
  if (call.end == CallEnd::kReturn) note_under_way(custody, call);
  return out;
}

bool abandon(Custody& custody, const Lifetime& lifetime, std::uint32_t task) {
  bool any = false;
  for (;;) {
    const std::size_t left = custody.windows.first(Window::left_by(task), Window::kLeft);
    if (left == kNpos) return any;
    any = true;
    reopen(custody, left);
    Call call;
    call.event = kEnd;
    call.dir = custody.windows[left].dir;
    call.task = task;
    call.extent = custody.windows[left].extent;
    custody.state = ask_owner(custody, lifetime, call).is;
    custody.windows.erase(left);
  }
}

bool is_handed_to_cpu(const Custody& custody) { return !custody.windows.empty() || is_begin_under_way(custody); }

bool is_active(const Custody& custody, const Window& window) {
  return !window.closing && (window.idle || custody.state == kCpuOwned);
}

bool is_cpu_active(const Custody& custody) {
  return active_window(custody, true, false) != nullptr || active_window(custody, false, false) != nullptr;
}

const Window* active_window(const Custody& custody, bool reads, bool whole) {
  const auto& windows = custody.windows;
  if (windows.empty()) return nullptr;
  const auto allows = [&](Direction dir) { return reads ? device_may_write(dir) : device_may_read(dir); };
  if (!windows.are_many()) {
    for (const Window& w : windows)
      if (allows(w.dir) && is_active(custody, w) && (!whole || w.extent == Extent{})) return &w;
    return nullptr;
  }
  const unsigned number = whole ? Window::kWhole : Window::kByUse;
  std::size_t first = kNpos;
  for (const Direction dir : {Direction::kBidirectional, Direction::kToDevice, Direction::kFromDevice})
    for (const bool idle : {false, true}) {
      if (!allows(dir) || !(idle || custody.state == kCpuOwned)) continue;
      Key key = Window::of_use(idle, dir);
      key.which = number;
      first = std::min(first, windows.first(key, number));
    }
  return first == kNpos ? nullptr : &windows[first];
}

Agents who_may_access(const Custody& custody) {
  Agents agents;
  // A begin takes the buffer from the devices at its entry; a window without effect keeps them waiting all the same.
  const auto waits = [&custody] {
    return is_begin_under_way(custody) || has(custody.windows, {Window::kIdle}, Window::kIdle);
  };
  agents.devices = custody.state == kDeviceOwned && !waits();
  if (custody.windows.empty()) {
    // Only the state graph of 2019 has an owner without a window: by its mapping.
    agents.cpu_reads = agents.cpu_writes = custody.state == kCpuOwned;
    return agents;
  }
  if (custody.windows.are_many()) {
    agents.cpu_reads = active_window(custody, true, false) != nullptr;
    agents.cpu_writes = active_window(custody, false, false) != nullptr;
  } else {
    for (const Window& window : custody.windows.few()) {
      if (!is_active(custody, window)) continue;
      agents.cpu_reads = agents.cpu_reads || device_may_write(window.dir);
      agents.cpu_writes = agents.cpu_writes || device_may_read(window.dir);
    }
  }
  return agents;
}

Firing compiled_machines() {
  return {[](const void* /*context*/, MachineId machine, Id state, Id event, const Facts& facts, Subject* subject) {
    return fire(machine, state, event, facts, subject);
  }};
}

}  // namespace custody::model
