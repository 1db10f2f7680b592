// SPDX-License-Identifier: BSD-2-Clause
// Who is active when, by the calls alone; what each of them then does is tried.
#include "tests/property/program_oracle.hpp"

#include <algorithm>
#include <array>

#include "tests/property/cpu_windows.hpp"
#include "tests/property/device_fences.hpp"

namespace custody::property {

namespace {

/// A live DMA mapping.
struct Mapping {
  unsigned device = 0;
  Way way = Way::kBidi;
  unsigned attachment = 0;  ///< of which it is; 0: of none that is there
  unsigned slot = kSlots;   ///< of a bounced device
  bool used = false;        ///< a map gave it to the device
};

/// A device at the buffer.
struct Importer {
  unsigned attachment = 0;  ///< 0: not attached
  std::array<unsigned, 3> maps{};
  bool table_was_mapped = false;  ///< by a DMA call, since it attached
  bool attach_seen = false;       ///< else it may have attached before the program
  DeviceFences fences{};
  [[nodiscard]] unsigned mapped() const { return maps[0] + maps[1] + maps[2]; }
  [[nodiscard]] bool reads() const { return maps[0] + maps[1] != 0; }
  [[nodiscard]] bool writes() const { return maps[0] + maps[2] != 0; }
};

constexpr unsigned kNobody = ~0U;

bool is_within(Way way, Way mapped) { return mapped == Way::kBidi || way == mapped; }

class Follower {
 public:
  Follower(const Program& program, const Reading& reading, HardwareSets& sets)
      : program_(program), reading_(reading), sets_(sets), importers_(program.devices.size()) {
    const bool fresh = program.origin == Origin::kHeap || program.origin == Origin::kOutliving;
    set_ = fresh ? sets.dirty_start() : reading.worst ? sets.any_start() : sets.clean_start();
    out_.operates.resize(program.lines.size());
    out_.no_effect.resize(program.lines.size());
  }

  Outcome run() {
    for (std::size_t i = 0; i < program_.lines.size(); ++i) step(i);
    finish();
    return out_;
  }
  void finish() {
    leave_unbraced();
    if (waiting_) stop_waiting();
  }
  void step(std::size_t i) {
    const ProgramLine& line = program_.lines[i];
    if (!line.inside || (!calls_.empty() && program_.lines[calls_.back().at].task != line.task)) leave_unbraced();
    // Who comes back under its name is somebody else.
    if (line.verb == Verb::kExit && waiting_ && waiting_->task == line.task) waiting_->task = kNobody;
    if (line.verb == Verb::kExit && !windows_.has(line.task)) return;  // nothing that concerns the buffer
    if (waiting_ && !is_own_sync(line)) stop_waiting();
    advance(i);
    if (is_dma(line.verb)) dma_call(i, line);
    else if (line.verb == Verb::kReturn) leave(program_.call_of(i));
    else if (line.verb == Verb::kFence || line.verb == Verb::kSignal) fence(i, line);
    else enter(i, line);
  }
  void leave_unbraced() {
    if (calls_.empty() || program_.lines[calls_.back().at].braced) return;
    const std::size_t at = calls_.back().at;
    advance(at);
    leave(at);
  }
  void leave(std::size_t at) {
    const auto it = std::find_if(calls_.begin(), calls_.end(), [at](const OpenCall& c) { return c.at == at; });
    if (it == calls_.end()) return;
    const OpenCall call = *it;
    calls_.erase(it);
    if (leave(call, program_.lines[at])) look(at);
  }
  /// Somebody operates on the cache here.
  void operate(std::size_t at, Move move) {
    if (move == Move::kInvalidate) {
      const bool judged = !freed_ || program_.origin == Origin::kOutliving;
      const bool zeroes = hands_to_device(program_.lines[at].verb) && !written_;
      if (judged) ask(at, zeroes ? Harm::kLostZeroes : Harm::kLostWrite, {Ask::kLosesDirty, 0});
    }
    set_ = sets_.closure(sets_.after(set_, {move, 0}), {});
  }

 private:
  /// A call that was entered, and the window that it closes.
  struct OpenCall {
    std::size_t at = 0;
    std::optional<unsigned> closing{};
  };
  /// A record of a device that its importer synced right behind its map: it waits for that.
  struct Waiting {
    std::size_t map = 0;
    unsigned device = 0, task = 0;
  };

  [[nodiscard]] Kind kind(unsigned device) const { return program_.devices[device]; }
  [[nodiscard]] bool is_handed_to_cpu() const {
    return !windows_.empty() || std::any_of(calls_.begin(), calls_.end(), [&](const OpenCall& c) {
      return program_.lines[c.at].verb == Verb::kBegin;
    });
  }
  [[nodiscard]] bool is_active(unsigned device) const {
    return !freed_ && !is_handed_to_cpu() && importers_[device].mapped() != 0 &&
           !(waiting_ && waiting_->device == device);
  }
  [[nodiscard]] unsigned slots_of(unsigned device) const {
    unsigned slots = 0;
    for (const Mapping& m : mappings_)
      if (m.device == device && m.used && m.slot < kSlots) slots |= 1U << m.slot;
    return slots;
  }

  /// Its job runs on: it writes though the CPU has the buffer.
  [[nodiscard]] bool runs_on(unsigned device) const {
    return !freed_ && is_handed_to_cpu() && importers_[device].mapped() != 0 && importers_[device].fences.has_write();
  }
  void fence(std::size_t i, const ProgramLine& line) {
    Importer& importer = importers_[line.device];
    if (importer.attachment == 0) return;
    if (line.verb == Verb::kSignal) return importer.fences.signal();
    const bool ran = runs_on(line.device);
    importer.fences.add(device_writes(line.way));
    if (!ran) join(i, line.device);
  }
  /// A job begins while the CPU has the buffer: whatever either may write from here on, the other may miss or lose.
  void join(std::size_t at, unsigned device) {
    if (!runs_on(device) || !importers_[device].writes()) return;
    set_ = sets_.closure(set_, moves());
    if (reading_.worst) return;
    look_beside(at, device);
    for (const CpuWindow& w : windows_.all()) {
      if (w.closing) continue;
      if (device_writes(w.way)) read_beside_ |= ask(at, Harm::kCpuReadsOld, {Ask::kBufferOld, 0});
      if (!was_told_of_job(w)) beside_jobs_.push_back(w.id);
    }
  }
  void look_beside(std::size_t at, unsigned device) {
    if (!reading_.worst && kind(device) == Kind::kPlain)
      written_beside_ |= ask(at, Harm::kWrittenOver, {Ask::kDirty, 0}, device);
  }

  // Who may do what now.
  [[nodiscard]] std::vector<Step> moves() const {
    std::vector<Step> may;
    const auto cpu_stores = [&] {
      may.push_back({Move::kCpuStore, 0});
      if (reading_.worst) may.push_back({Move::kCpuStorePart, 0});
    };
    for (const CpuWindow& w : windows_.all())
      if (!w.closing && device_reads(w.way)) cpu_stores();
    if (reading_.worst && (user_mapped_ || kernel_mapped_ != 0 || abandoned_)) cpu_stores();
    for (unsigned d = 0; d < importers_.size(); ++d) {
      if ((!is_active(d) && !runs_on(d)) || !importers_[d].writes()) continue;
      switch (kind(d)) {
        case Kind::kPlain: may.push_back({Move::kDevicePut, 0}); break;
        case Kind::kBounced: may.push_back({Move::kSlotPut, slots_of(d)}); break;
        case Kind::kAllocating:
        case Kind::kCoherent:
          may.push_back({Move::kSnoopingPut, 0});
          if (reading_.worst || kind(d) == Kind::kAllocating) may.push_back({Move::kSnoopingPutInCache, 0});
          break;
      }
    }
    return may;
  }

  [[nodiscard]] bool is_memory_there() const { return !freed_ || program_.origin == Origin::kOutliving; }
  /// True where it is so.
  bool ask(std::size_t at, Harm harm, Question question, unsigned device = 0) {
    if (reading_.worst || (harm == Harm::kCopyLost && !is_memory_there()) || !sets_.any(set_, question)) return false;
    out_.hazards.push_back({at, harm, device});
    if (reading_.mends) mend(question);
    return true;
  }
  void mend(Question question) {
    set_ = sets_.without(set_, question);
    // The sync that was missing leaves no dirty line, also none that is old under what a job wrote, and memory as new.
    if (question.ask == Ask::kMemoryOld || question.ask == Ask::kDirty)
      set_ = sets_.without(sets_.without(set_, {Ask::kDirty, 0}), {Ask::kMemoryOld, 0});
  }

  /// What has to be true of whoever is active.
  void look(std::size_t at) {
    note_mixed(at);
    note_copies(at);
    if (reading_.worst) return;
    for (const CpuWindow& w : windows_.all())
      if (!w.closing && device_writes(w.way) && !was_told_of_job(w))
        read_beside_ |= ask(at, Harm::kCpuReadsOld, {Ask::kBufferOld, 0});
    note_jobs();
    for (unsigned d = 0; d < importers_.size(); ++d)
      if (is_active(d)) look_at_device(at, d);
  }
  void look_at_device(std::size_t at, unsigned d) {
    const Importer& importer = importers_[d];
    const Question read = kind(d) == Kind::kPlain     ? Question{Ask::kMemoryOld, 0}
                          : kind(d) == Kind::kBounced ? Question{Ask::kSlotOld, slots_of(d)}
                                                      : Question{Ask::kBufferOld, 0};
    if (importer.reads()) ask(at, Harm::kDeviceReadsOld, read, d);
    if (importer.writes() && kind(d) == Kind::kPlain) ask(at, Harm::kWrittenOver, {Ask::kDirty, 0}, d);
  }
  /// A window that its begin opened beside a job is told of there, and not again for what the job writes on.
  [[nodiscard]] bool was_told_of_job(const CpuWindow& w) const {
    return std::find(beside_jobs_.begin(), beside_jobs_.end(), w.id) != beside_jobs_.end();
  }
  void note_jobs() {
    for (unsigned d = 0; d < importers_.size(); ++d)
      for (const CpuWindow& w : windows_.all())
        if (runs_on(d) && !was_told_of_job(w)) beside_jobs_.push_back(w.id);
  }
  void note_copies(std::size_t at) {
    for (unsigned d = 0; d < importers_.size(); ++d)
      for (const Mapping& m : mappings_)
        if (!out_.apart && kind(d) == Kind::kBounced && is_active(d) && importers_[d].writes() && m.device != d &&
            m.slot < kSlots)
          out_.apart = at;
  }
  void note_mixed(std::size_t at) {
    const auto reach = [&](unsigned d) { return kind(d) == Kind::kAllocating ? Kind::kCoherent : kind(d); };
    for (unsigned a = 0; a < importers_.size(); ++a)
      for (unsigned b = a + 1; b < importers_.size(); ++b)
        if (!out_.mixed && is_active(a) && is_active(b) && reach(a) != reach(b) &&
            (importers_[a].writes() || importers_[b].writes()))
          out_.mixed = at;
  }
  void advance(std::size_t at) {
    look(at);  // runs in which an agent does harm at once do not go on
    set_ = sets_.closure(set_, moves());
    mend_beside();
    written_ = written_ || may_write_cache();
    look(at);
  }
  /// What a job and the CPU do to each other was told, and goes on.
  void mend_beside() {
    bool any = false;
    for (unsigned d = 0; d < importers_.size(); ++d) any = any || (runs_on(d) && importers_[d].writes());
    read_beside_ = read_beside_ && any;
    written_beside_ = written_beside_ && any;
    if (reading_.mends && read_beside_) mend({Ask::kBufferOld, 0});
    if (reading_.mends && written_beside_) mend({Ask::kDirty, 0});
  }
  /// Somebody may have written through the cache since the buffer's start.
  [[nodiscard]] bool may_write_cache() const {
    for (const Step& step : moves())
      if (step.move == Move::kCpuStore || step.move == Move::kSnoopingPutInCache) return true;
    return false;
  }

  // Calls of the core.
  void enter(std::size_t i, const ProgramLine& line) {
    calls_.push_back({i});
    Importer& importer = importers_[line.device];
    switch (line.verb) {
      case Verb::kMap: meet(importer); break;
      case Verb::kUnmap: drop_map(importer, line.way); break;
      case Verb::kDetach:
        meet(importer);
        if (importer.attachment != 0) importer = {0, {}, false, true};
        break;
      case Verb::kEnd: calls_.back().closing = windows_.enter_end(line); break;
      case Verb::kVunmap: kernel_mapped_ -= kernel_mapped_ != 0 ? 1U : 0U; break;
      case Verb::kRelease:
        freed_ = true;
        windows_.clear();
        for (Importer& gone : importers_) gone = {0, {}, false, true};
        user_mapped_ = abandoned_ = false;
        kernel_mapped_ = 0;
        break;
      case Verb::kExit:
        calls_.pop_back();
        exit(i, line.task);
        break;
      default: break;
    }
  }
  /// It attached before the program: nobody knows what it did since.
  void meet(const Importer& importer) { out_.means_nothing = out_.means_nothing || !importer.attach_seen; }
  void exit(std::size_t i, unsigned task) {
    windows_.drop(task);
    abandoned_ = true;
    look(i);
  }
  /// True where somebody became active.
  bool leave(const OpenCall& call, const ProgramLine& line) {
    Importer& importer = importers_[line.device];
    switch (line.verb) {
      case Verb::kAttach:
        out_.means_nothing = out_.means_nothing || importer.attachment != 0;
        importer.attach_seen = true;
        if (!line.fails && !freed_) importer = {++attachments_, {}, false, true};
        return false;
      case Verb::kDetach:
        for (Mapping& m : mappings_)
          if (m.device == line.device) m.attachment = 0, m.used = false;
        return false;
      case Verb::kMap: return !line.fails && !freed_ && importer.attachment != 0 && mapped(call.at, line);
      case Verb::kBegin:
        if (!line.fails && !freed_) open_window(call.at, line);
        return true;
      case Verb::kEnd:
        if (call.closing) windows_.leave_end(*call.closing, line.fails);
        return call.closing.has_value();
      case Verb::kMmap: user_mapped_ = user_mapped_ || !freed_; return false;
      case Verb::kVmap: kernel_mapped_ += freed_ ? 0U : 1U; return false;
      default: return false;
    }
  }
  /// The core should have waited for jobs that are not done.
  void open_window(std::size_t at, const ProgramLine& line) {
    windows_.open(line.task, line.way);
    for (unsigned d = 0; d < importers_.size(); ++d) {
      if (!runs_on(d) || !importers_[d].writes()) continue;
      set_ = sets_.closure(set_, moves());
      look_beside(at, d);
    }
  }
  bool mapped(std::size_t at, const ProgramLine& line) {
    Importer& importer = importers_[line.device];
    const bool ran = runs_on(line.device) && importer.writes();
    ++importer.maps[static_cast<std::size_t>(line.way)];
    for (Mapping& m : mappings_) m.used = m.used || (m.device == line.device && m.attachment == importer.attachment);
    if (!ran) join(at, line.device);
    // The core gives out a table that it has only for a direction that it was mapped for.
    const bool has_table = std::any_of(mappings_.begin(), mappings_.end(), [&](const Mapping& m) {
      return m.device == line.device && m.attachment == importer.attachment && is_within(line.way, m.way);
    });
    out_.means_nothing = out_.means_nothing || (kind(line.device) == Kind::kBounced && !has_table);
    // Whether its importer syncs for it, its next call tells. In the worst case the device does not wait.
    if (kind(line.device) == Kind::kPlain && !is_handed_to_cpu() && !reading_.worst)
      waiting_ = Waiting{at, line.device, line.task};
    return true;
  }
  static void drop_map(Importer& importer, Way way) {
    if (importer.maps[static_cast<std::size_t>(way)] != 0) {
      --importer.maps[static_cast<std::size_t>(way)];
      return;
    }
    for (unsigned& maps : importer.maps)
      if (maps != 0) return void(--maps);
  }
  // An importer that syncs for itself behind its map.
  [[nodiscard]] bool is_own_sync(const ProgramLine& line) const {
    return line.verb == Verb::kSyncForDevice && !line.inside && line.device == waiting_->device &&
           line.task == waiting_->task;
  }
  void stop_waiting() {
    const std::size_t map = waiting_->map;
    waiting_.reset();
    look(map);
  }

  // DMA calls.
  [[nodiscard]] Mapping* mapping_of(const ProgramLine& line) {
    const unsigned attachment = importers_[line.device].attachment;
    const auto first = [&](const auto& fits) -> Mapping* {
      const auto it = std::find_if(mappings_.begin(), mappings_.end(),
                                   [&](const Mapping& m) { return m.device == line.device && fits(m); });
      return it != mappings_.end() ? &*it : nullptr;
    };
    const auto fits = [&](const Mapping& m) {
      return line.verb == Verb::kDmaUnmap ? m.way == line.way : is_within(line.way, m.way);
    };
    const auto own = [&](const Mapping& m) { return attachment != 0 && m.attachment == attachment; };
    if (Mapping* m = first([&](const Mapping& x) { return own(x) && fits(x); })) return m;
    if (Mapping* m = first(own)) return m;
    if (Mapping* m = first(fits)) return m;
    return first([](const Mapping&) { return true; });
  }
  void dma_call(std::size_t i, const ProgramLine& line) {
    if (line.verb == Verb::kDmaMap && freed_) return;
    Importer& importer = importers_[line.device];
    judge_mappings(i, line);
    Mapping* m = nullptr;
    if (line.verb == Verb::kDmaMap) {
      m = &mappings_.emplace_back(Mapping{line.device, line.way, importer.attachment, kSlots, false});
      importer.table_was_mapped = true;
      if (kind(line.device) == Kind::kBounced) make_slot(*m);
    } else {
      m = mapping_of(line);
      if (m != nullptr && line.verb == Verb::kDmaUnmap && m->way != line.way) out_.other_way.push_back(i);
    }
    if (out_.means_nothing) return;
    const bool never_mapped = m == nullptr && importer.attachment != 0 && !importer.table_was_mapped;
    if (kind(line.device) == Kind::kBounced) {
      if (m != nullptr && m->slot < kSlots) copy(i, line, *m);
    } else if (kind(line.device) == Kind::kPlain && !line.skip && !never_mapped) {
      operate(i, line);
    }
    if (m == nullptr || line.verb != Verb::kDmaUnmap) return;
    mappings_.erase(mappings_.begin() + (m - mappings_.data()));
    // Where a device reads that goes through a copy and has none, nobody knows.
    const bool is_lost = kind(line.device) == Kind::kBounced && importer.mapped() != 0 && slots_of(line.device) == 0;
    out_.means_nothing = out_.means_nothing || is_lost;
  }
  /// Of an attachment whose whole history is in the program.
  void judge_mappings(std::size_t i, const ProgramLine& line) {
    const unsigned attachment = importers_[line.device].attachment;
    if (freed_ || attachment == 0) return;
    const bool syncs = line.verb == Verb::kSyncForCpu || line.verb == Verb::kSyncForDevice;
    if (syncs && program_.origin != Origin::kOlder && mapping_of(line) == nullptr) out_.unmapped.push_back(i);
    const auto is_own = [&](const Mapping& m) { return m.device == line.device && m.attachment == attachment; };
    if (line.verb == Verb::kDmaMap && std::any_of(mappings_.begin(), mappings_.end(), is_own)) out_.twice.push_back(i);
  }
  void make_slot(Mapping& made) {
    unsigned used = 0;
    for (const Mapping& m : mappings_) {
      if (m.slot < kSlots) used |= 1U << m.slot;
      // Of a device that has two slots nobody knows which one it uses.
      out_.means_nothing = out_.means_nothing || (m.device == made.device && m.slot < kSlots);
    }
    made.slot = 0;
    while (made.slot < kSlots && ((used >> made.slot) & 1U) != 0) ++made.slot;
    out_.means_nothing = out_.means_nothing || made.slot == kSlots;
  }
  void copy(std::size_t i, const ProgramLine& line, const Mapping& m) {
    const unsigned slot = 1U << m.slot;
    const bool unmaps = line.verb == Verb::kDmaUnmap;
    const bool in = line.verb == Verb::kDmaMap || (line.verb == Verb::kSyncForDevice && device_reads(line.way));
    const bool out = (line.verb == Verb::kSyncForCpu || (unmaps && !line.skip)) && device_writes(line.way);
    if (in) {
      if (line.verb != Verb::kDmaMap) ask(i, Harm::kCopyLost, {Ask::kOnlySlot, slot});
      ask(i, Harm::kCopiesOld, {Ask::kStaleLine, 0});
      note_copied_apart(i, m);
      set_ = sets_.closure(sets_.after(set_, {line.verb == Verb::kDmaMap ? Move::kNewSlot : Move::kCopyIn, slot}), {});
    }
    if (out) {
      // What is old in the slot is old by the sync that was missing; what comes after is judged as if it had been
      // there.
      const bool old = !reading_.worst && sets_.any(set_, {Ask::kSlotOld, slot});
      if (old) out_.hazards.push_back({i, Harm::kCopiesOld, 0});
      const Move move = old && reading_.mends ? Move::kCopyOutMended : Move::kCopyOut;
      set_ = sets_.closure(sets_.after(set_, {move, slot}), {});
      written_ = true;
    }
    if (!unmaps) return;
    ask(i, Harm::kCopyLost, {Ask::kOnlySlot, slot});
    set_ = sets_.closure(sets_.after(set_, {Move::kDropSlot, slot}), {});
  }
  /// What another slot has is not in the buffer yet: this one gets what the buffer has, and is as old as that.
  void note_copied_apart(std::size_t i, const Mapping& copied) {
    for (const Mapping& m : mappings_)
      if (!out_.apart && m.slot < kSlots && m.slot != copied.slot && sets_.any(set_, {Ask::kOnlySlot, 1U << m.slot}))
        out_.apart = i;
  }
  void operate(std::size_t i, const ProgramLine& line) {
    const std::optional<Move> move = operation_of(program_.arch, line.verb, line.way);
    if (!move) return;
    out_.operates[i] = true;
    out_.no_effect[i] = sets_.closure(sets_.after(set_, {*move, 0}), {}) == set_;
    if (reading_.gone != i) operate(i, *move);
  }

  const Program& program_;
  Reading reading_;
  HardwareSets& sets_;
  SetId set_ = 0;
  Outcome out_;
  std::vector<Importer> importers_;
  std::vector<Mapping> mappings_;  ///< oldest first
  CpuWindows windows_;
  std::vector<OpenCall> calls_;  ///< oldest first
  std::optional<Waiting> waiting_;
  std::vector<unsigned> beside_jobs_;  ///< windows
  unsigned attachments_ = 0, kernel_mapped_ = 0;
  bool freed_ = false, user_mapped_ = false, abandoned_ = false, written_ = false;
  bool read_beside_ = false, written_beside_ = false;  ///< told of a job that runs on
};

}  // namespace

std::optional<Move> operation_of(Arch arch, Verb verb, Way way) {
  if (!hands_to_device(verb)) return way == Way::kTo ? std::nullopt : std::optional(Move::kInvalidate);
  const bool first = arch == Arch::kArm64Old || arch == Arch::kArmv7;
  return first && way == Way::kFrom ? Move::kInvalidate : Move::kClean;
}

Outcome follow(const Program& program, const Reading& reading, HardwareSets& sets) {
  return Follower(program, reading, sets).run();
}

}  // namespace custody::property
