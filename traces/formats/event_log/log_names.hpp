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
  /// `is_new` is set where the object was not named before.
  const std::string& name(std::uint32_t id, std::uint32_t generation, const std::string& wish,
                          std::string_view otherwise, bool& is_new) {
    if (entries_.size() <= id) entries_.resize(id + std::size_t{1});
    Entry& entry = entries_[id];
    is_new = !entry.used || entry.generation != generation;
    if (!is_new) return entry.name;
    if (entry.used) holders_.erase(entry.name);
    const std::string base = wish.empty() ? std::string(otherwise) : wish;
    std::string candidate = base;
    for (unsigned n = 2; !holders_.emplace(candidate, id).second; ++n) candidate = base + "~" + std::to_string(n);
    entry = {true, generation, std::move(candidate)};
    return entry.name;
  }

 private:
  struct Entry {
    bool used = false;
    std::uint32_t generation = 0;
    std::string name;
  };
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::uint32_t> holders_;
};

}  // namespace custody::traces::formats::event_log
