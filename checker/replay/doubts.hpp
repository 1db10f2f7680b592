// SPDX-License-Identifier: BSD-2-Clause
// Part of the verdict room: what of one buffer is not judged, and whether what was before the trace still matters.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "checker/replay/mappings.hpp"
#include "checker/verdict.hpp"
#include "model/coherence.hpp"
#include "model/on_demand.hpp"

namespace custody::checker::replay {

/// Of a buffer older than the trace a second belief is kept: whatever may have been before, with devices that are
/// mapped and not known. Its history is proved to be without effect where that belief is the contract belief again,
/// nobody may access the buffer, and a mapping that was made before was seen to end. From then on it is judged: where
/// nobody got it since, nothing of it was. What was destroyed before the trace is no fault of the trace: states in
/// which nobody has the newest data are left out.
class Doubts {
 public:
  /// Who has the buffer, as far as the trace shows it.
  enum class Now : std::uint8_t {
    kQuiet,    ///< nobody: no device is mapped, and no window is open
    kWithCpu,  ///< a window is open, or is being opened: devices wait
    kWithDevices,
  };
  void begin(bool export_seen);
  void note(JudgedReason r) { reasons_ |= bit_of(r); }
  /// Before the event is walked; `known` are the mappings of which the trace shows the map. True where its device maps
  /// the buffer for the first time.
  bool note(const traces::Event& e, const Mappings& known);
  /// These accesses were possible.
  void advance(model::AccessSet may, model::Belief contract, Now now);
  /// The access certainly happened; `whole`: to all of the buffer.
  void perform(model::Access access, bool whole);
  /// An operation over the whole buffer ran, and left this contract belief.
  void operate(model::Operation op, model::Belief contract);
  /// Events were lost, or could not be read.
  void lose(JudgedReason why);

  /// Bits of JudgedReason.
  [[nodiscard]] std::uint32_t reasons() const;
  /// The whole history is in the trace: nothing has to be followed.
  [[nodiscard]] bool is_history_seen() const { return history_ == History::kSeen; }
  /// The trace can bear out nothing of it.
  [[nodiscard]] bool is_history_open() const {
    return history_ == History::kOpen || (history_ == History::kProved && !judged_since_);
  }
  /// The devices that mapped it.
  [[nodiscard]] std::span<const std::uint32_t> devices() const {
    return many_.exists() ? std::span<const std::uint32_t>(many_.get()->all) : std::span(few_.data(), few_count_);
  }
  [[nodiscard]] bool has_device(std::uint32_t device) const;

 private:
  enum class History : std::uint8_t { kSeen, kOpen, kProved };

  static constexpr std::size_t kFewDevices = 2, kSearched = 16, kMostOlders = 4, kFirstDevices = 64;

  void add_device(std::uint32_t device);
  /// A mapping from before the trace; `ends`: it does here.
  void meet_older(std::uint32_t device, bool ends);
  void settle_history(model::Belief contract);

  History history_ = History::kSeen;
  bool mattered_ = false;  ///< an access could have met what was before the trace
  bool saw_end_ = false;   ///< of a mapping from before the trace
  bool cpu_wrote_ = false;
  bool judged_since_ = false;  ///< somebody got the buffer after its history was proved
  bool quiet_ = true;
  model::Belief unknown_;
  std::uint32_t reasons_ = 0;
  std::uint8_t olders_ = 0;  ///< one more than fit: too many to tell
  /// Devices with a mapping from before the trace.
  model::OnDemand<std::array<std::uint32_t, kMostOlders>> older_;
  std::uint64_t first_ = 0;  ///< a bit for each of the trace's first devices that mapped it: asked for each DMA call
  std::uint8_t few_count_ = 0;
  std::array<std::uint32_t, kFewDevices> few_{};  ///< the devices, while they are few
  struct ManyDevices {
    std::vector<std::uint32_t> all;
    std::unordered_set<std::uint32_t> known;  ///< the same, where a search of all would take long
  };
  model::OnDemand<ManyDevices> many_;
};

}  // namespace custody::checker::replay
