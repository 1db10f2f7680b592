// SPDX-License-Identifier: BSD-2-Clause
// The transition system of a contract: its exporter, the most general client up to a bound, and one cache line whose
// hardware makes its own moves.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "model/architecture.hpp"
#include "model/coherence.hpp"
#include "model/line_model.hpp"
#include "model/sync.hpp"
#include "spec/contract.hpp"

namespace custody::checker {

using model::BlockMask;
using model::LineModel;
using model::LineSet;
using model::LineShape;

/// Whom the contract serves. All but the first leave rules of the contract aside that drivers have been seen to leave
/// aside; their accesses are in time with those of the devices all the same, by fences or by plain order.
enum class Client : std::uint8_t {
  kLegal,          ///< brackets its accesses by windows, pairs them, and shares the buffer with readers only
  kOverlapping,    ///< tasks that know nothing of each other: they map, unmap and open windows across write windows
  kUnpaired,       ///< opens a window and may leave it open: devices go on, the CPU accesses while none is mapped
  kNeverBrackets,  ///< opens no window: the CPU accesses through mmap while no device is mapped
  kVmap,           ///< opens no window: a driver in the kernel that accesses between vmap and vunmap
};
inline constexpr Client kClients[] = {Client::kLegal, Client::kOverlapping, Client::kUnpaired, Client::kNeverBrackets,
                                      Client::kVmap};
/// `legal`, `overlapping`, `unpaired`, `never-brackets`, `vmap`.
[[nodiscard]] std::string_view name_of(Client client);

/// What is explored.
struct Configuration {
  unsigned devices = 2;   ///< at most kMaxDevices
  unsigned coherent = 0;  ///< so many of them snoop: the last ones
  unsigned bounced = 0;   ///< so many reach the buffer through copies only: those before the coherent ones
  /// Of a contract whose syncs cover ranges: bytes of a line of the CPU cache and of the devices, 64 or 128. The buffer
  /// that is followed has 128 bytes, and windows over the first 64, the second 64 and all of them.
  unsigned cpu_line = 64, device_line = 64;
  unsigned windows = 1;        ///< open at a time, at most 2
  bool failing_begins = true;  ///< begin_cpu_access may fail after the exporter's syncs
  Client client = Client::kLegal;
  const model::ArchProfile* arch = model::find_arch(model::kDefaultArch);

  [[nodiscard]] bool snoops(unsigned device) const { return arch->all_coherent || device >= devices - coherent; }
  [[nodiscard]] bool bounces(unsigned device) const {
    const unsigned end = devices - coherent;
    return device < end && device >= end - bounced;
  }
};
inline constexpr unsigned kMaxDevices = 6;

/// A state in 64 bits; the layout is the system's.
using Packed = std::uint64_t;

/// What must never happen.
enum class Property : std::uint8_t { kM1, kM2, kM3, kM10, kL1, kBackingLost, kM6, kM9 };
inline constexpr unsigned kProperties = 8;
/// The id of its rule, or a name of its own; and what it says.
[[nodiscard]] std::string_view id_of(Property p);
[[nodiscard]] std::string_view says(Property p);

/// One transition: a call of the client, a move of the hardware, an access.
struct Deed {
  enum class Kind : std::uint8_t {
    kExport,
    kAttach,
    kDetach,
    kMap,
    kUnmap,
    kBegin,
    kBeginFails,
    kEnd,
    kMmap,
    kMunmap,
    kVmap,
    kVunmap,
    kRelease,
    kHardware,
    kCpuRead,
    kCpuWrite,
    kDeviceRead,
    kDeviceWrite,
  } kind = Kind::kExport;
  std::uint8_t device = 0;
  model::Direction dir = model::Direction::kNone;
  BlockMask blocks = 0;  ///< of a window, where it has a range; of an access
  bool operator==(const Deed&) const = default;
};

inline constexpr unsigned kDeedKinds = 18;
/// A call at which custody changes hands, so that a contract may have to maintain caches.
[[nodiscard]] constexpr bool is_handover(Deed::Kind k) {
  return k == Deed::Kind::kMap || k == Deed::Kind::kUnmap || k == Deed::Kind::kBegin || k == Deed::Kind::kEnd;
}

/// What no client sees: a move of the hardware, an access.
[[nodiscard]] constexpr bool is_hidden(Deed::Kind k) { return k >= Deed::Kind::kHardware; }

/// A call that leaves the client with less to give back before the buffer can be released.
[[nodiscard]] constexpr bool gives_back(Deed::Kind k) {
  return k == Deed::Kind::kEnd || k == Deed::Kind::kUnmap || k == Deed::Kind::kDetach || k == Deed::Kind::kMunmap ||
         k == Deed::Kind::kVunmap || k == Deed::Kind::kRelease;
}

/// A cache operation that a call ran, for the counterexample.
struct RunSync {
  const model::Row* row;  ///< of the system
  const model::Sync* sync;
  int device;  ///< -1: the exporter's own, or the buffer
  model::Direction dir;
  model::Operation operation;
  bool strays;  ///< its table is not mapped: it works on nobody's memory
};

struct Successor {
  Deed deed;
  Packed next = 0;
  bool violates = false;
  Property property{};          ///< where it violates
  std::uint8_t operations = 0;  ///< cache operations that it ran
};

/// The line that a search of this contract follows: of blocks of 64 bytes where the contract syncs ranges, else the
/// whole buffer is one. Throws std::invalid_argument where a line has neither 64 nor 128 bytes.
[[nodiscard]] LineShape line_shape(const spec::Contract& contract, const Configuration& configuration);

/// Compiled from a contract; immutable afterwards, and safe to use from several threads.
class System {
 public:
  System(const spec::Contract& contract, const Configuration& configuration);

  [[nodiscard]] Packed initial() const { return initial_; }
  /// All transitions from `state`, in a fixed order, into `out`: those that are no device's, then device by device.
  void successors(Packed state, std::vector<Successor>& out) const;
  /// Adds those that are no device's: of CPU windows and mappings, of the caches, the export and the release.
  void shared_successors(Packed state, std::vector<Successor>& out) const;
  /// Adds those of one device. They change its block and the buffer's part of the state, no other block.
  void device_successors(Packed state, unsigned device, std::vector<Successor>& out) const;
  /// What a transition can see of the blocks of all devices: how many are mapped and do not snoop; is one attached and
  /// not mapped. With the buffer's part of the state, and a device's own block, it decides a transition.
  [[nodiscard]] unsigned digest(Packed state) const {
    const Packed pairs = state | (state >> 1U);
    // One bit a block: the product adds them up in the sixth block.
    const Packed marks = (pairs & plain_dirs_) >> (devices_at_ + kDirOffset);
    const auto mapped = static_cast<unsigned>((marks * one_a_block_) >> (5U * device_bits_)) & kMostMapped;
    return mapped * 2U + ((((pairs & attachments_) >> kAttState) & ~((pairs & dirs_) >> kDirOffset)) != 0 ? 1U : 0U);
  }
  /// The same state up to the order of devices that are alike.
  [[nodiscard]] Packed canonical(Packed state) const;
  /// Nobody holds the buffer any more.
  [[nodiscard]] bool is_freed(Packed state) const { return get(state, state_) == kFreed; }
  [[nodiscard]] unsigned open_windows(Packed state) const;
  /// The line's part of a state.
  [[nodiscard]] unsigned line_of(Packed state) const { return get(state, line_); }
  /// A device's larger line takes the neighbour along, which the CPU may be writing.
  [[nodiscard]] bool spills_into_window(Packed state, const Deed& deed) const;
  /// The automaton of its lines.
  [[nodiscard]] const LineModel& lines() const { return lines_; }
  /// The blocks that a sync of a call covers: all, or of a window those that it is over; a map or an unmap works on the
  /// whole table.
  [[nodiscard]] BlockMask synced_blocks(const Deed& deed, const model::Sync& sync) const;
  /// The lines that an operation on these blocks leaves of `lines`, with the hardware's moves after it.
  [[nodiscard]] LineSet lines_after(model::Operation operation, BlockMask blocks, const LineSet& lines) const;
  /// The cache operations of a call, in order.
  [[nodiscard]] std::vector<RunSync> syncs_of(Packed state, const Deed& deed) const;
  [[nodiscard]] const Configuration& configuration() const { return configuration_; }
  [[nodiscard]] bool snoops(unsigned device) const { return configuration_.snoops(device); }
  [[nodiscard]] bool bounces(unsigned device) const { return configuration_.bounces(device); }
  /// A device's transitions change no other device's block, so that `digest` is all they see of those.
  [[nodiscard]] bool is_separable() const {
    const Client c = configuration_.client;
    return configuration_.bounced == 0 && (c == Client::kLegal || c == Client::kOverlapping);
  }
  /// The end of ownership releases the backing.
  [[nodiscard]] bool drops_backing() const { return drops_backing_; }
  /// Maps and unmaps carry no sync, whatever their rows say.
  [[nodiscard]] bool skips_implicit() const { return skips_implicit_; }
  /// Windows and syncs cover ranges, not the buffer.
  [[nodiscard]] bool has_ranges() const { return granularity_ != 0; }
  /// A state is the buffer's part, at most 32 bits from the lowest on, and a block for each device above it.
  [[nodiscard]] unsigned buffer_bits() const { return devices_at_; }
  [[nodiscard]] unsigned block_bits() const { return device_bits_; }

 private:
  struct Slot {
    std::uint8_t shift = 0, width = 0, most = 0;  ///< `most`: counters stop there
  };
  struct Change {
    Slot slot;
    model::Op op;
    std::uint8_t value;
  };
  /// A sync of a row for one direction of the call, ready to run but for the direction of a kept table.
  struct Plan {
    const model::Sync* sync;
    model::Direction dir;
    model::Operation operation;
  };
  struct Answer {
    const model::Row* row = nullptr;
    bool refusal = false, own = false;
    std::uint8_t to = 0;
    std::vector<Change> changes;
    std::array<std::vector<Plan>, 4> plans;  ///< by model::Direction
  };
  /// What a guard's field is read from: bits of the state, of a device's block, of what the call gives. Without
  /// width: 0.
  struct Source {
    enum class From : std::uint8_t { kBuffer, kBlock, kCall } from = From::kBuffer;
    Slot slot;
    std::uint32_t weight = 1;
  };
  /// The dense table of a (state, event): an answer for each combination of the values that its guards look at.
  struct Cell {
    std::vector<Source> sources;
    std::vector<const Answer*> answers;
  };
  static constexpr unsigned kFreed = model::at(model::kStates, "Freed");
  /// Offsets in a device's block: the direction of its maps, its state; behind them what not every contract and
  /// configuration has, whether it has maps, a table that is kept and the two marks of a copy.
  static constexpr unsigned kDirOffset = 0, kAttState = 2, kRest = 4;
  static constexpr unsigned kMostMapped = 7;
  static_assert(kMaxDevices == 6, "the digest adds up six blocks");

  Slot take(unsigned most);
  /// The largest value that a field can have.
  [[nodiscard]] unsigned most_of(model::Id field) const;
  void lay_out();
  void compile(const spec::Contract& contract);
  Cell compile_cell(const spec::Contract& contract, model::Id state, model::Id event);
  const Answer* prepare(const model::Row& row);
  [[nodiscard]] static unsigned get(Packed s, Slot slot) {
    return static_cast<unsigned>(s >> slot.shift) & ((1U << slot.width) - 1U);
  }
  static void put(Packed& s, Slot slot, unsigned value) {
    const Packed mask = ((Packed{1} << slot.width) - 1U) << slot.shift;
    s = (s & ~mask) | (static_cast<Packed>(value) << slot.shift);
  }
  [[nodiscard]] Slot of_device(unsigned device, unsigned offset, unsigned width) const {
    return {static_cast<std::uint8_t>(devices_at_ + device * device_bits_ + offset), static_cast<std::uint8_t>(width),
            static_cast<std::uint8_t>((1U << width) - 1U)};
  }
  [[nodiscard]] Source source_of(model::Id field) const;
  /// What a call gives to guards, as bits.
  [[nodiscard]] unsigned given_by(Packed s, const Deed& deed) const;
  [[nodiscard]] const Answer* answer(Packed s, model::Id state, model::Id event, const Deed& deed) const;
  void apply(Packed& s, const Answer& answer, const Deed& deed) const;

  [[nodiscard]] model::Direction dir_of(Packed s, unsigned device) const;
  /// Its table is mapped, for the device to use or because it is kept: so its copy lives.
  [[nodiscard]] bool has_table(Packed s, unsigned device) const;
  [[nodiscard]] bool keeps_table(Packed s, unsigned device) const {
    return kept_dir(s, device) != model::Direction::kNone;
  }
  /// Of the device's table that is kept.
  [[nodiscard]] model::Direction kept_dir(Packed s, unsigned device) const;
  [[nodiscard]] bool has_write_window(Packed s) const;
  [[nodiscard]] model::Operation operation_of(const model::Sync& sync, model::Direction dir) const {
    return cached_ ? model::operation_of(sync, dir, *configuration_.arch, skips_implicit_) : model::Operation::kNone;
  }
  /// Runs the syncs of a row on the line of `next`.
  void run_plans(Packed s, const std::vector<Plan>& plans, Successor& next) const;
  void operate(model::Operation operation, BlockMask blocks, Successor& next) const;
  /// A sync of a device that is reached through copies.
  void copy(const model::Sync& sync, model::Direction dir, unsigned device, Successor& next) const;
  /// The buffer, or the copy of `writer`, has newer data than every other copy.
  void outdate_copies(Packed& s, int writer) const;
  [[nodiscard]] bool misses_copy_of_another(Packed s, unsigned device) const;
  static void violate(Successor& next, Property property);
  /// The range of a window, as its syncs cover it.
  [[nodiscard]] BlockMask covered(BlockMask blocks) const;
  /// Those lines and what the hardware's moves lead to.
  [[nodiscard]] LineSet closure(const LineSet& lines) const;
  /// Blocks that devices may touch.
  [[nodiscard]] BlockMask free_blocks(Packed s) const;
  [[nodiscard]] bool is_any_mapped(Packed s) const;
  /// The CPU owns without a window, by its mapping.
  [[nodiscard]] bool is_owned_by_mapping(Packed s) const;
  void call(Packed s, const Deed& deed, model::Id event, std::vector<Successor>& out) const;
  void after_call(Packed& s, const Deed& deed) const;
  void windows(Packed s, std::vector<Successor>& out) const;
  void hardware(Packed s, std::vector<Successor>& out) const;
  void cpu_accesses(Packed s, std::vector<Successor>& out) const;
  void device_accesses(Packed s, unsigned device, std::vector<Successor>& out) const;
  void access(Packed s, const Deed& deed, std::vector<Successor>& out) const;
  /// Everything is as after correct operations.
  void correct(Packed& s) const;
  [[nodiscard]] model::Access access_of(const Deed& deed) const;
  [[nodiscard]] bool meets_hazard(Packed s, const Deed& deed, Property& property) const;

  Configuration configuration_;
  bool cached_ = true;
  bool skips_implicit_ = false, drops_backing_ = false, owns_by_mapping_ = false;
  unsigned granularity_ = 0;  ///< the policy
  unsigned device_bits_ = kRest;
  Slot maps_;                               ///< in a block: has it maps
  Slot cached_table_;                       ///< in a block, where tables are kept
  unsigned slot_old_ = 0, slot_newer_ = 0;  ///< offsets in a block, where devices are bounced
  Packed one_a_block_ = 0;                  ///< the lowest bit of each of six blocks, from bit 0 on
  unsigned bits_ = 0, devices_at_ = 0;
  Packed attachments_ = 0, dirs_ = 0, plain_dirs_ = 0;  ///< the lowest bits of these parts of all blocks
  Slot state_, line_, written_;
  std::array<Slot, 2> window_{};  ///< direction; above it the range
  std::array<Slot, model::kWorldFields> field_{};
  Packed initial_ = 0;
  LineModel lines_;
  std::vector<Cell> cells_;
  std::vector<std::unique_ptr<Answer>> answers_;
  std::vector<model::Row> rows_;  ///< of the contract; `texts_` keeps what they point into
  std::shared_ptr<std::deque<std::string>> texts_;
};

}  // namespace custody::checker
