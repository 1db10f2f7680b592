// SPDX-License-Identifier: BSD-2-Clause
// What a log calls the objects of one kind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace custody::traces::formats::event_log {

/// The names of the objects of one kind: the name that the directory knows, with a suffix where another has it.
class LogNames {
 public:
  struct Named {
    std::string name;    ///< in the log
    std::string told;    ///< as readers know it
    unsigned facts = 0;  ///< what the log has said of it, bits of its writer
    bool used = false;
    std::uint32_t generation = 0;
  };
  /// Valid until the next call.
  Named& name(std::uint32_t id, std::uint32_t generation, const std::string& wish, std::string_view otherwise) {
    if (entries_.size() <= id) entries_.resize(id + std::size_t{1});
    Named& entry = entries_[id];
    if (entry.used && entry.generation == generation) return entry;
    if (entry.used) holders_.erase(entry.name);
    const std::string base = wish.empty() ? std::string(otherwise) : wish;
    std::string candidate = base;
    for (unsigned n = 2; !holders_.emplace(candidate, id).second; ++n) candidate = base + "~" + std::to_string(n);
    entry = {candidate, candidate, 0, true, generation};
    return entry;
  }

 private:
  std::vector<Named> entries_;
  std::unordered_map<std::string, std::uint32_t> holders_;
};

}  // namespace custody::traces::formats::event_log
