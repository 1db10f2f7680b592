// SPDX-License-Identifier: BSD-2-Clause
// The names that the objects of a recorded trace get in a litmus file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "traces/directory.hpp"
#include "traces/event.hpp"
#include "traces/formats/litmus/layout.hpp"

namespace custody::traces::formats::litmus {

/// Names by id. Each is read back as its object at every event that names it: names that collide get a suffix, except
/// where a new `export`, or a task after the exit of the other, takes the name over.
struct Spelling {
  std::vector<std::string> devices;
  std::vector<std::string> buffers;
  /// Names of `buffers` that the events use without an `export` before.
  std::vector<std::string> older;
  std::vector<std::string> tasks;
  /// Of attachments that a plain device name would not be read back as; empty for the others.
  std::vector<std::string> aliases;
};

[[nodiscard]] Spelling spell(const Directory& directory, std::span<const Event> events, const Layout& layout);

}  // namespace custody::traces::formats::litmus
