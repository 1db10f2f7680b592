// SPDX-License-Identifier: BSD-2-Clause
// What each access and each operation meets in every line that it touches. Nothing else happens to the buffer.
#include "tests/property/exact_oracle.hpp"

#include <array>

#include "tests/property/device_fences.hpp"

namespace custody::property {

namespace {

constexpr unsigned kEveryBlock = (1U << kLineBlocks) - 1U;

/// The blocks of one line that are in the range.
unsigned blocks_in(Blocks range, unsigned line) {
  if (range.is_whole()) return kEveryBlock;
  unsigned blocks = 0;
  for (unsigned b = 0; b < kLineBlocks; ++b)
    if (line * kLineBlocks + b >= range.from && line * kLineBlocks + b < range.to) blocks |= 1U << b;
  return blocks;
}

struct BlockQuestion {
  Harm harm;
  BlockAsk ask;
};

class ExactFollower {
 public:
  ExactFollower(const Program& program, const Reading& reading, BlockSets& sets)
      : program_(program), reading_(reading), sets_(sets), devices_(program.devices.size()) {
    const bool fresh = program.origin == Origin::kHeap || program.origin == Origin::kOutliving;
    lines_.fill(fresh ? sets.dirty_start() : reading.worst ? sets.any_start() : sets.clean_start());
    out_.operates.resize(program.lines.size());
    out_.no_effect.resize(program.lines.size());
  }

  Outcome run() {
    for (std::size_t i = 0; i < program_.lines.size(); ++i) step(i, program_.lines[i]);
    return out_;
  }

 private:
  /// What decides whether a DMA call reaches memory.
  struct Device {
    bool attached = false;
    bool table_was_mapped = false;  ///< since it attached
    bool mapped = false;            ///< once, since it attached: what maps has attached, seen or not
    unsigned mappings = 0;
    DeviceFences fences{};
    [[nodiscard]] bool is_there() const { return attached || mapped; }
  };

  void step(std::size_t i, const ProgramLine& line) {
    Device& device = devices_[line.device];
    switch (line.verb) {
      case Verb::kAttach:
        if (!line.fails && !freed_) device = {true, false, false, device.mappings, {}};
        return;
      case Verb::kDetach: device = {false, false, false, device.mappings, {}}; return;
      case Verb::kRelease:
        freed_ = true;
        for (Device& d : devices_) d = {false, false, false, d.mappings, {}};
        return;
      case Verb::kMap: device.mapped = true; return device.fences.map();
      case Verb::kFence: return device.is_there() ? device.fences.add(device_writes(line.way)) : void();
      case Verb::kSignal: return device.fences.signal();
      case Verb::kMove:
        for (Device& d : devices_)
          if (d.is_there()) d.fences.move();
        return;
      default: break;
    }
    if (is_dma(line.verb)) dma_call(i, line, device);
    else if (is_access(line.verb) && !freed_) access(i, line);
  }

  // Accesses.
  void access(std::size_t i, const ProgramLine& line) {
    const bool by_device = line.verb == Verb::kDeviceRead || line.verb == Verb::kDeviceWrite;
    const Device& device = devices_[line.device];
    if (by_device && device.is_there() && device.fences.has_lost_storage()) out_.moved_away.push_back(i);
    const Kind kind = program_.devices[line.device];
    const bool plain = kind == Kind::kPlain;
    switch (line.verb) {
      case Verb::kCpuRead: return ask_all(i, line, {Harm::kCpuReadsOld, BlockAsk::kBufferOld});
      case Verb::kCpuWrite:
        ask_all(i, line, {Harm::kCpuReadsOld, BlockAsk::kBesideOld});
        written_ = true;
        return move_all(line, BlockMove::kStore);
      case Verb::kDeviceRead:
        return ask_all(i, line, {Harm::kDeviceReadsOld, plain ? BlockAsk::kMemoryOld : BlockAsk::kBufferOld});
      default: break;
    }
    if (plain) {
      ask_all(i, line, {Harm::kWrittenOver, BlockAsk::kDirty});
      return move_all(line, BlockMove::kDevicePut);
    }
    const bool stays = reading_.worst || kind == Kind::kAllocating;
    written_ = written_ || kind == Kind::kAllocating;
    const auto before = lines_;
    move_all(line, BlockMove::kSnoopingPut);
    const auto thrown_out = lines_;
    lines_ = before;
    if (stays) move_all(line, BlockMove::kStore);
    for (unsigned l = 0; l < kExactLines; ++l) lines_[l] = stays ? sets_.both(lines_[l], thrown_out[l]) : thrown_out[l];
  }
  void move_all(const ProgramLine& line, BlockMove move) {
    for (unsigned l = 0; l < kExactLines; ++l)
      if (const unsigned blocks = blocks_in(line.blocks, l); blocks != 0)
        lines_[l] = sets_.after(lines_[l], move, blocks);
  }
  void ask_all(std::size_t i, const ProgramLine& line, BlockQuestion question) {
    bool wrong = false;
    for (unsigned l = 0; l < kExactLines; ++l) wrong = wrong || is_wrong(l, blocks_in(line.blocks, l), question.ask);
    if (!wrong) return;
    out_.hazards.push_back({i, question.harm, line.device});
    for (unsigned l = 0; l < kExactLines; ++l)
      if (reading_.mends && blocks_in(line.blocks, l) != 0) lines_[l] = mended(lines_[l], question.ask);
  }
  [[nodiscard]] bool is_wrong(unsigned l, unsigned blocks, BlockAsk question) const {
    return !reading_.worst && blocks != 0 && sets_.any(lines_[l], question, blocks);
  }
  /// A sync is of whole lines: had it been made, no block of them would be old.
  [[nodiscard]] BlockSetId mended(BlockSetId set, BlockAsk question) {
    if (question == BlockAsk::kDirty || question == BlockAsk::kMemoryOld) return sets_.as_if_cleaned(set);
    return sets_.without(set, question == BlockAsk::kBesideOld ? BlockAsk::kBufferOld : question, kEveryBlock);
  }

  // Operations.
  void dma_call(std::size_t i, const ProgramLine& line, Device& device) {
    if (line.verb == Verb::kDmaMap && freed_) return;
    if (line.verb == Verb::kDmaMap) {
      ++device.mappings;
      device.table_was_mapped = true;
    }
    const bool reaches = device.mappings != 0 || !device.attached || device.table_was_mapped;
    if (line.verb == Verb::kDmaUnmap && device.mappings != 0) --device.mappings;
    const std::optional<Move> move = operation_of(program_.arch, line.verb, line.way);
    if (!reaches || !move || line.skip || program_.devices[line.device] != Kind::kPlain) return;
    out_.operates[i] = true;
    out_.no_effect[i] = true;
    bool loses = false;
    for (unsigned l = 0; l < kExactLines; ++l)
      if (const unsigned blocks = blocks_in(line.blocks, l); blocks != 0) loses = operate(i, l, blocks, *move) || loses;
    if (!loses) return;
    const bool zeroes = *move == Move::kInvalidate && !written_ && hands_to_device(line.verb);
    out_.hazards.push_back({i, zeroes ? Harm::kLostZeroes : Harm::kLostWrite, 0});
  }
  /// True where it loses data.
  bool operate(std::size_t i, unsigned l, unsigned blocks, Move move) {
    const bool writes_edges_back = program_.arch != Arch::kRiscv && blocks != kEveryBlock;
    const BlockMove done = move == Move::kClean ? BlockMove::kClean
                           : writes_edges_back  ? BlockMove::kCleanInvalidate
                                                : BlockMove::kInvalidate;
    out_.no_effect[i] = out_.no_effect[i] && sets_.after(lines_[l], done, blocks) == lines_[l];
    if (reading_.gone == i) return false;
    const bool judged = !freed_ || program_.origin == Origin::kOutliving;
    const BlockAsk question = done == BlockMove::kInvalidate ? BlockAsk::kLosesDirty : BlockAsk::kLosesNewer;
    const bool loses = judged && is_wrong(l, blocks, question);
    if (loses && reading_.mends) lines_[l] = mended(lines_[l], question);
    lines_[l] = sets_.after(lines_[l], done, blocks);
    return loses;
  }

  const Program& program_;
  Reading reading_;
  BlockSets& sets_;
  std::array<BlockSetId, kExactLines> lines_{};
  Outcome out_;
  std::vector<Device> devices_;
  bool freed_ = false, written_ = false;
};

}  // namespace

Outcome follow_exactly(const Program& program, const Reading& reading, BlockSets& sets) {
  return ExactFollower(program, reading, sets).run();
}

}  // namespace custody::property
