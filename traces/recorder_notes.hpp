// SPDX-License-Identifier: BSD-2-Clause
// Comments that a recorder leaves in ftrace text, and what a reader takes from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace custody::traces {

/// `# custody: KEY VALUE`, a line each. Those of which nothing is said here are for people.
inline constexpr std::string_view kNoteMark = "# custody: ";
inline constexpr std::string_view kNoteArch = "arch";  ///< `PROFILE: how that is known`
inline constexpr std::string_view kNoteCoherent = "coherent", kNoteNotCoherent = "not-coherent";  ///< a device
inline constexpr std::string_view kNoteMissed = "missed";  ///< `EVENT COUNT`: calls that its probe did not see

/// What the recorder knew of the machine before the first record.
struct RecorderNotes {
  std::string arch;  ///< empty: it said none
  struct Device {
    std::string name;
    bool coherent = false;
  };
  std::vector<Device> devices;

  /// Takes a line of the text, if it is such a comment; what was said first stays.
  void read(std::string_view line);
  /// What it said of the device of that name.
  [[nodiscard]] std::optional<bool> coherent(std::string_view device) const;
};

/// How many calls the line says that were missed; 0: it is no such comment.
[[nodiscard]] std::uint64_t missed_calls(std::string_view line);

}  // namespace custody::traces
