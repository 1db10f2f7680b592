// SPDX-License-Identifier: BSD-2-Clause
// Findings of one cause: what a report says once, with the number of its instances.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/finding.hpp"

namespace custody::checker::report {

/// What a finding says.
struct Said {
  std::uint64_t also = 0;
  std::uint8_t rule = 0, effect = 0, severity = 0, owes = 0, assumes = 0;
  bool proved = false, beside_job = false, concurrent = false;
  auto operator<=>(const Said&) const = default;
};

/// Which code it says it of.
struct Spot {
  const model::Row* refusal = nullptr;
  std::uint32_t exporter = 0, device = 0, beside = 0;
  std::uint8_t call = 0, dir = 0, trigger = 0, operation = 0, owner = 0;
  bool returns = false;
  auto operator<=>(const Spot&) const = default;
};

/// Two findings of one trace have the same cause where the same is said of the same code. Of redundant operations the
/// device and the direction make no difference: a loop over the attachments is one cause.
struct Cause {
  Said said;
  Spot spot;
  auto operator<=>(const Cause&) const = default;
};

/// What was found of one cause.
struct Instances {
  std::size_t number = 0;     ///< of the cause: so many were found before it
  std::string before, after;  ///< what the report says of the first, and where it says how many there are
  std::uint64_t count = 0, bytes = 0;
  std::uint64_t first_line = 0, last_line = 0;
  std::vector<std::string> devices;  ///< the first kMostDevices, in the order of their findings
  bool more_devices = false;
  std::uint64_t noted = 0;  ///< a bit for each of the trace's first devices that was noted, by its id
};
inline constexpr std::size_t kMostDevices = 4;

/// The causes of one trace. Memory grows with them, up to kMostCauses.
class CauseBook {
 public:
  static constexpr std::size_t kMostCauses = 10000;

  /// The cause of the finding, of which this instance is counted; null where there are too many causes: then it is
  /// counted as left out.
  Instances* note(const Finding& f, const traces::Directory& d);
  /// By their first line, and as they were found.
  [[nodiscard]] std::vector<const Instances*> by_line() const;
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
  void clear();

 private:
  static constexpr std::size_t kNowhere = ~std::size_t{0};
  /// A cause that was found lately: most findings are of a few.
  struct Recent {
    Cause cause;
    std::size_t place = kNowhere;
  };
  [[nodiscard]] std::uint32_t number_of(std::string_view exporter);
  [[nodiscard]] Cause cause_of(const Finding& f, const traces::Directory& d);
  /// Where it is in `all_`; kNowhere: there are too many.
  [[nodiscard]] std::size_t place_of(const Cause& cause);

  std::map<std::string, std::uint32_t, std::less<>> exporters_;
  std::pair<std::string, std::uint32_t> last_exporter_{{}, kMostCauses};  ///< asked for last; empty: none was
  std::map<Cause, std::size_t> places_;
  std::array<Recent, 64> recent_;
  std::vector<Instances> all_;
  std::uint64_t left_out_ = 0;
};

/// `12 times, 12 MiB, for disp.0, gpu.0 and cam.0, up to line 91`; empty for one instance. Not escaped.
[[nodiscard]] std::string count_text(const Instances& i);

}  // namespace custody::checker::report
