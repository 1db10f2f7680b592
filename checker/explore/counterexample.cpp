// SPDX-License-Identifier: BSD-2-Clause
// A counterexample as a litmus file, which `custody replay` judges.
#include "checker/explore/counterexample.hpp"

#include <set>

#include "checker/lines/line_map.hpp"
#include "model/escape.hpp"

namespace custody::checker::explore {

namespace {

using model::Direction;

std::string_view word_of(Direction dir) {
  return dir == Direction::kToDevice ? "TO" : dir == Direction::kFromDevice ? "FROM" : "BIDI";
}

constexpr std::uint32_t kBlockBytes = 64;

/// A hand-over at which no clause does anything about the caches: where a sync is missing, it is missing in one.
bool fails_to_act(const System& system, Packed state, const Label& label) {
  using Kind = Label::Kind;
  const bool hands_over = label.kind == Kind::kMap || label.kind == Kind::kUnmap || label.kind == Kind::kBegin ||
                          label.kind == Kind::kBeginFails || label.kind == Kind::kEnd;
  return hands_over && system.syncs_of(state, label).empty();
}

/// Which clause acted.
std::string clause_of(const RunSync& sync) { return "  # clause " + model::escape_text(sync.clause->name); }

class Writer {
 public:
  Writer(const System& system, const spec::Contract& contract, Property property)
      : system_(system), contract_(contract), exact_(property != Property::kM11),
        map_({system.has_ranges() ? system.configuration().cpu_line : kBlockBytes,
              system.configuration().arch->cleans_edges},
             std::uint64_t{2} * kBlockBytes, model::hardware_closure(model::start::kDirty)) {}

  std::string write(const Violation& v) {
    expect(v.property);
    for (std::size_t i = 0; i < v.labels.size(); ++i) {
      label(v.states[i], v.labels[i]);
      if (exact_) recall(v.states[i], v.labels[i]);
      foresee(v.states[i], v.labels[i], v.states[i + 1], i + 1 == v.labels.size());
    }
    std::string head = "custody litmus: " + contract_.name + " breaks " + std::string(id_of(v.property)) +
                       "\n# The shortest counterexample of `custody check " + model::shell_word(contract_.name) +
                       "`.\n";
    head += "arch " + std::string(system_.configuration().arch->name) + "\n";
    if (exact_) head += "accesses exact\n";
    if (system_.has_ranges()) head += "cpu_line " + std::to_string(system_.configuration().cpu_line) + "\n";
    // Accesses without window are what is asked about, not what is accused.
    const Client client = system_.configuration().client;
    if (client == Client::kNeverBrackets || client == Client::kVmap) head += "trust mappings\n";
    const unsigned plain = system_.configuration().devices - system_.configuration().coherent;
    std::string devices;
    for (unsigned d = 0; d < system_.configuration().devices; ++d)
      if (used_[d])
        devices += "device D" + std::to_string(d) +
                   (d >= plain                           ? " coherent"
                    : system_.configuration().bounces(d) ? " bounced"
                                                         : "") +
                   (system_.has_ranges() ? " line " + std::to_string(system_.configuration().device_line) : "") + "\n";
    if (exporter_used_) devices += "device exporter\n";
    for (std::size_t p = 0; p < expected_.size(); ++p)
      if (expected_[p]) devices += "expect " + std::string(id_of(static_cast<Property>(p))) + "\n";
    for (const std::string& rule : unpaired_) devices += "expect " + rule + "\n";
    return head + devices + "\n" + text_;
  }

 private:
  static constexpr int kNobody = -2;
  static std::size_t slot_of(int device) { return device < 0 ? kMaxDevices : static_cast<std::size_t>(device); }
  static std::array<Direction, kMaxDevices + 1> none_live() {
    std::array<Direction, kMaxDevices + 1> out{};
    out.fill(Direction::kNone);
    return out;
  }
  static std::string device(int d) { return d < 0 ? "exporter" : "D" + std::to_string(d); }
  void line(const std::string& text) { text_ += text + "\n"; }

  void label(Packed state, const Label& label) {
    const std::string name = device(label.device), dir(word_of(label.dir)), blocks = range(label.blocks);
    const std::string touched = range(label.blocks, " 0+128");  // in a window over a part no range is that part
    using Kind = Label::Kind;
    if (is_hidden(label.kind) && !exact_) return;
    const bool of_device = label.kind == Kind::kAttach || label.kind == Kind::kDetach || label.kind == Kind::kMap ||
                           label.kind == Kind::kUnmap || label.kind == Kind::kDeviceRead ||
                           label.kind == Kind::kDeviceWrite;
    if (of_device) used_[label.device] = true;
    switch (label.kind) {
      case Kind::kExport: line(std::string("export b ") + (system_.has_ranges() ? "128" : "4K") + memory()); break;
      case Kind::kAttach: line("attach b " + name); break;
      case Kind::kDetach: line("detach b " + name); break;
      case Kind::kMap: line("map b " + name + " " + dir); break;
      case Kind::kUnmap: line("unmap b " + name + " " + dir); break;
      case Kind::kBegin: line(window(label.dir) + "begin b " + dir + blocks); break;
      case Kind::kBeginFails: line(window(label.dir) + "begin b " + dir + blocks + " = -EINTR"); break;
      case Kind::kEnd: line(window(label.dir) + "end b " + dir + blocks); break;
      case Kind::kMmap: line("mmap b"); break;
      case Kind::kMunmap: line("munmap b"); break;
      case Kind::kVmap: line("vmap b"); break;
      case Kind::kVunmap: line("vunmap b"); break;
      case Kind::kRelease: line("release b"); break;
      case Kind::kHardware: return;
      case Kind::kCpuRead: return line("cpu_read b" + touched);
      case Kind::kCpuWrite: return line("cpu_write b" + touched);
      case Kind::kDeviceRead: return line("device_read b " + name + touched);
      case Kind::kDeviceWrite: return line("device_write b " + name + touched);
    }
    if (fails_to_act(system_, state, label)) text_.insert(text_.size() - 1, "  # no clause syncs here");
    of_export_ = label.kind == Kind::kExport;
    const bool of_window = label.kind == Kind::kBegin || label.kind == Kind::kBeginFails || label.kind == Kind::kEnd;
    window_ = of_window ? label.dir : Direction::kNone;
    for (const RunSync& sync : system_.syncs_of(state, label))
      nested(sync, range(system_.synced_blocks(label, sync.sync)));
    const int leaks = label.kind == Kind::kDetach ? label.device : label.kind == Kind::kRelease ? -1 : kNobody;
    if (leaks != kNobody && live_[slot_of(leaks)] != Direction::kNone) unpaired_.insert("L5");
  }
  /// Calls on a table that the contract does not pair, or whose directions do not agree: a replay accuses them too.
  /// Gives the direction of the call: where the row does not say it, that of the mapping.
  Direction pair(const RunSync& sync) {
    // Whether an exporter pairs what it maps for itself a replay cannot tell, but at the release.
    Direction& live = live_[slot_of(sync.device)];
    const Direction dir = sync.dir == Direction::kNone ? live : sync.dir;
    if (sync.sync.call == model::SyncCall::kMap) {
      if (live != Direction::kNone && sync.device >= 0) unpaired_.insert("L9");
      live = dir;
    }
    if (sync.sync.call == model::SyncCall::kUnmap) {
      if (live == Direction::kNone && sync.device >= 0) unpaired_.insert("L5");
      if (live != Direction::kNone && live != dir) unpaired_.insert("L3");
      live = Direction::kNone;
    }
    const bool called = window_ != Direction::kNone && window_ == dir;
    if (!model::maps(sync.sync.call) && live != Direction::kNone && !model::is_within(dir, live) && !called)
      unpaired_.insert("L3");
    return dir;
  }
  /// On its way to this property the path may have broken another.
  void recall(Packed state, const Label& label) {
    std::vector<Successor> all;
    system_.successors(state, all);
    for (const Successor& next : all)
      for (unsigned p = 0; p < kProperties && next.label == label; ++p)
        if (next.breaks(static_cast<Property>(p))) expect(static_cast<Property>(p));
  }
  /// The path is one schedule of the hardware. In another an earlier step may break a property too, and a replay, which
  /// takes all of them for possible, says so.
  void foresee(Packed state, const Label& label, Packed next, bool is_last) {
    if (label.kind == Label::Kind::kRelease || !is_cached()) return;
    if (!exact_) map_.advance(system_.accesses_in(state));
    foresee_slots(state);
    foresee_syncs(state, label);
    if (exact_) foresee_access(state, label);
    else foresee_hand_over(state, label, next, is_last);
  }
  void foresee_syncs(Packed state, const Label& label) {
    using model::Operation;
    for (const RunSync& sync : system_.syncs_of(state, label)) {
      if (sync.device >= 0 && system_.configuration().bounces(static_cast<unsigned>(sync.device))) {
        if (!sync.strays) foresee_copy(sync, newer_[static_cast<std::size_t>(sync.device)]);
        continue;
      }
      const lines::ByteRange bytes = bytes_of(system_.synced_blocks(label, sync.sync));
      const bool loses = map_.can_lose(sync.operation, bytes);
      if (loses) expect(Property::kM10);
      map_.operate(loses ? Operation::kCleanInvalidate : sync.operation, bytes);
    }
  }
  void foresee_copy(const RunSync& sync, bool& newer) {
    const bool in = model::copies_in(sync.sync, sync.dir);
    if (in) access(model::Access::kCpuRead, system_.lines().all(), Property::kM3);
    else if (!model::copies_out(sync.sync, sync.dir, system_.skips_implicit())) return;
    else if (newer) map_.perform(model::AccessSet().add(model::Access::kCpuWrite), {});
    else map_.rewrite();
    newer = false;
  }
  /// The copies that hold something newer than the buffer: where accesses are not known, those that may.
  void foresee_slots(Packed state) {
    for (unsigned d = 0; d < system_.configuration().devices; ++d)
      newer_[d] = exact_ ? system_.has_newer_copy(state, d) : newer_[d] || system_.may_write_copy(state, d);
  }
  /// Who becomes active may access at once. The last call lets those in that the search keeps out.
  void foresee_hand_over(Packed state, const Label& label, Packed next, bool is_last) {
    using model::Access;
    const model::AccessSet before = system_.accesses_in(state);
    model::AccessSet after = system_.accesses_in(next);
    for (unsigned d = 0; d < system_.configuration().devices && is_last; ++d)
      after.add(system_.accesses_of(
          d, label.kind == Label::Kind::kMap && d == label.device ? label.dir : system_.direction_of(state, d)));
    constexpr std::pair<Access, Property> kHazards[] = {
        {Access::kCpuRead, Property::kM3}, {Access::kDeviceRead, Property::kM1}, {Access::kDeviceWrite, Property::kM2}};
    for (const auto& [access, property] : kHazards)
      if (after.has(access) && !before.has(access)) meet(access, {}, property);
    // What another writes behind the cache meanwhile is the pair's fault.
    if (after.has(Access::kCoherentRead) && !before.has(Access::kCoherentRead) && !after.has(Access::kDeviceWrite))
      meet(Access::kCoherentRead, {}, Property::kM3);
  }
  void foresee_access(Packed state, const Label& label) {
    const bool snoops = system_.configuration().snoops(label.device),
               of_copy = system_.configuration().bounces(label.device);
    switch (label.kind) {
      case Label::Kind::kCpuRead: return access(model::Access::kCpuRead, label.blocks, Property::kM3);
      case Label::Kind::kCpuWrite: return access(model::Access::kCpuWrite, label.blocks, Property::kM9);
      case Label::Kind::kDeviceRead:
        if (of_copy) return;
        return access(snoops ? model::Access::kCoherentRead : model::Access::kDeviceRead, label.blocks,
                      snoops ? Property::kM3 : Property::kM1);
      case Label::Kind::kDeviceWrite:
        if (of_copy) return;
        if (system_.spills_into_window(state, label)) expect(Property::kM2);
        return access(snoops ? model::Access::kCoherentWrite : model::Access::kDeviceWrite, label.blocks,
                      Property::kM2);
      default: return;
    }
  }
  void access(model::Access access, BlockMask blocks, Property property) {
    const lines::ByteRange bytes = bytes_of(blocks);
    meet(access, bytes, property);
    map_.perform(model::AccessSet().add(access), bytes);
  }
  void meet(model::Access access, lines::ByteRange bytes, Property property) {
    if (!map_.is_hazard(access, bytes)) return;
    expect(property);
    const bool dirty = property == Property::kM1 || property == Property::kM2;
    map_.settle({dirty, !dirty}, bytes);
  }
  /// No rule of a replay says what a lost backing is.
  void expect(Property property) { expected_[static_cast<std::size_t>(property)] = property != Property::kBackingLost; }
  [[nodiscard]] lines::ByteRange bytes_of(BlockMask blocks) const {
    if (!system_.has_ranges() || blocks == system_.lines().all()) return {};
    return {blocks == 1 ? 0U : kBlockBytes, kBlockBytes};
  }
  /// Bytes of blocks, where the contract syncs ranges. `all`: the words for all of them.
  [[nodiscard]] std::string range(BlockMask blocks, std::string_view all = "") const {
    const std::string_view ranges[] = {"", " 0+64", " 64+64", all};
    return system_.has_ranges() ? std::string(ranges[blocks]) : "";
  }
  [[nodiscard]] bool is_cached() const { return contract_.memory == "cached"; }
  [[nodiscard]] std::string memory() const { return is_cached() ? "" : " wc"; }
  /// Nothing is inside an export, which is told when it is done: a call after it names the buffer.
  [[nodiscard]] std::string inside(const std::string& word) const { return of_export_ ? word + " b" : "  " + word; }
  void nested(const RunSync& sync, const std::string& range) {
    if (sync.sync.targets == model::Targets::kBuffer) {
      constexpr std::string_view kOperations[] = {"", "cache_clean", "cache_invalidate", "cache_clean_invalidate"};
      if (sync.operation != model::Operation::kNone)
        line(inside(std::string(kOperations[static_cast<std::size_t>(sync.operation)])) + range + clause_of(sync));
      return;
    }
    constexpr std::string_view kCalls[] = {"dma_map", "dma_unmap", "sync_for_cpu", "sync_for_device"};
    if (sync.device < 0) exporter_used_ = true;
    else used_[static_cast<std::size_t>(sync.device)] = true;
    line(inside(std::string(kCalls[static_cast<std::size_t>(sync.sync.call)])) + " " + device(sync.device) + " " +
         std::string(word_of(pair(sync))) + (model::skips(sync.sync, system_.skips_implicit()) ? " skip" : "") + range +
         clause_of(sync));
  }
  /// Windows that overlap are those of different tasks.
  std::string window(Direction dir) const {
    return system_.configuration().windows < 2 ? "" : "[w" + std::string(word_of(dir)) + "] ";
  }

  const System& system_;
  const spec::Contract& contract_;
  /// Its accesses are in the file. Where they are known, they are judged and not who might have accessed (M11): there
  /// the file has calls only, and a replay takes all for possible that may access.
  bool exact_;
  std::string text_;
  std::array<bool, kMaxDevices> used_{}, newer_{};
  std::array<bool, kProperties> expected_{};                   ///< by Property
  std::set<std::string> unpaired_;                             ///< rules that the contract's own maps and unmaps break
  std::array<Direction, kMaxDevices + 1> live_ = none_live();  ///< DMA mappings, by `slot_of`
  lines::LineMap map_;                                         ///< what the caches may hold where the path is
  bool exporter_used_ = false, of_export_ = false;
  Direction window_ = Direction::kNone;  ///< of the begin or end that is written
};

}  // namespace

std::string counterexample_litmus(const System& system, const spec::Contract& contract, const Violation& violation) {
  return Writer(system, contract, violation.property).write(violation);
}

}  // namespace custody::checker::explore
