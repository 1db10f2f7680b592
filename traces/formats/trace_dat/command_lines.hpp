// SPDX-License-Identifier: BSD-2-Clause
// The names of tasks, as trace-cmd saved them.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string_view>

namespace custody::traces::formats::trace_dat {

class CommandLines {
 public:
  /// `lines` are `PID NAME`, and must outlive the object.
  explicit CommandLines(std::string_view lines);
  /// As the kernel prints a task whose name it does not know, where it is not known.
  [[nodiscard]] std::string_view name(std::int64_t pid) {
    Recent& recent = recent_[static_cast<std::uint64_t>(pid) % recent_.size()];
    if (recent.pid != pid) recent = {pid, find(pid)};
    return recent.name;
  }

 private:
  [[nodiscard]] std::string_view find(std::int64_t pid) const;

  boost::unordered_flat_map<std::int64_t, std::string_view> names_;
  struct Recent {
    std::int64_t pid = 0;
    std::string_view name = "<idle>";
  };
  std::array<Recent, 256> recent_;  ///< asked for last, by pid
};

}  // namespace custody::traces::formats::trace_dat
