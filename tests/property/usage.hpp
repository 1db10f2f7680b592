// SPDX-License-Identifier: BSD-2-Clause
// Random legal usage of one buffer with the syncs of a driver, as a litmus file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace custody::property {

/// What a line of a usage does. Those with an operation are nested in the call before them.
enum class UsageStep { kOther, kMap, kUnmap, kBegin, kEnd, kDmaMap, kDmaUnmap, kSyncForCpu, kSyncForDevice };

[[nodiscard]] constexpr bool has_operation(UsageStep step) { return step >= UsageStep::kDmaMap; }

/// One line of the usage.
struct UsageLine {
  UsageStep step = UsageStep::kOther;
  int device = 0;
  std::string direction;  ///< TO, FROM or BIDI
  std::string text;
  bool snoops = false;   ///< the device does
  bool skipped = false;  ///< a map or unmap that runs no operation
};

/// Who is behind the calls. By default the system heap since 5.11: a sync at each map and unmap, and in each window for
/// each mapped device; both devices do not snoop.
struct UsageDriver {
  bool careless = false;  ///< leaves syncs out and makes others twice, as it comes
  bool snooping = false;  ///< the second device snoops
};

/// What the random client does: two devices that attach once, map and unmap; one task that opens and closes windows.
/// A window is closed as it was opened, and nothing is mapped or unmapped inside one.
class Usage {
 public:
  /// Draws `steps` steps from RapidCheck's generators; to be called inside a property.
  static Usage random(int steps, const UsageDriver& driver = {});
  [[nodiscard]] const std::vector<UsageLine>& lines() const { return lines_; }
  /// The litmus file. The operation on line `gone` is taken out: a sync with its line, that of a map or unmap by skip.
  [[nodiscard]] std::string text(std::size_t gone = static_cast<std::size_t>(-1)) const;
  /// The line of the litmus file on which line `index` stands, from 1.
  [[nodiscard]] static std::uint64_t file_line(std::size_t index) { return index + 5; }

 private:
  explicit Usage(const UsageDriver& driver);
  void say(UsageStep step, int device, const std::string& direction, const std::string& text);
  void step();
  void map(int device, const std::string& direction);
  void unmap(int device);
  void window(const std::string& direction);
  void finish();
  [[nodiscard]] bool forgets() const;
  void sync(UsageStep step, int device, const std::string& direction);

  UsageDriver driver_;
  std::vector<UsageLine> lines_;
  std::string mapped_[2];  ///< direction, or empty
};

/// The ground truth, by brute force over hardware states: can an access that the usage permits go wrong, or a write be
/// lost, when the operation on line `gone` does not happen? The operations are those of arm64 in Linux 6.1.
[[nodiscard]] bool can_go_wrong(const Usage& usage, std::size_t gone = static_cast<std::size_t>(-1));

/// What can go wrong, as pairs of a line (an index) and an action of an agent there, or a write that is lost.
using Hazards = std::vector<std::pair<std::size_t, int>>;
[[nodiscard]] Hazards hazards_of(const Usage& usage, std::size_t gone = static_cast<std::size_t>(-1));

/// A device that snoops and one that does not are mapped together somewhere outside windows, and one of them may write.
[[nodiscard]] bool mixes(const Usage& usage);

/// True for a line whose operation is not none, on arm64 in Linux 6.1.
[[nodiscard]] bool runs_operation(const UsageLine& line);

/// The fewest passes with which nothing can go wrong, by trying all; exponential in the number of calls. A clean and
/// invalidate costs `both`.
[[nodiscard]] unsigned cheapest(const Usage& usage, unsigned both = 1);

/// The fewest of the usage's own operations with which nothing can go wrong, by trying all subsets.
[[nodiscard]] unsigned cheapest_subset(const Usage& usage);

}  // namespace custody::property
