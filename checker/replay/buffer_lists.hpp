// SPDX-License-Identifier: BSD-2-Clause
// Which buffers somebody has something to do with, so that not all have to be asked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace custody::checker::replay {

/// Lists of buffers by the id of a task or a device. A list may name buffers that no longer belong to it: whoever takes
/// it asks each. Memory follows those that do.
class BufferLists {
 public:
  /// `belongs(buffer)`: it still belongs to this list; asked now and then.
  template <class Belongs>
  void add(std::uint32_t whose, std::uint32_t buffer, const Belongs& belongs) {
    if (whose >= lists_.size()) lists_.resize(whose + std::size_t{1});
    List& list = lists_[whose];
    if (!list.buffers.empty() && list.buffers.back() == buffer) return;
    list.buffers.push_back(buffer);
    if (list.buffers.size() <= list.most) return;
    sort(list.buffers);
    std::erase_if(list.buffers, [&](std::uint32_t b) { return !belongs(b); });
    list.most = list.buffers.size() * 2 + kFew;
  }
  /// The buffers, each once, rising; the list is empty from here on.
  [[nodiscard]] std::vector<std::uint32_t> take(std::uint32_t whose) {
    if (whose >= lists_.size()) return {};
    std::vector<std::uint32_t> buffers = std::move(lists_[whose].buffers);
    lists_[whose] = {};
    sort(buffers);
    return buffers;
  }

 private:
  static constexpr std::size_t kFew = 8;

  struct List {
    std::vector<std::uint32_t> buffers;
    std::size_t most = kFew;  ///< from here on it is cleared of what does not belong
  };

  static void sort(std::vector<std::uint32_t>& buffers) {
    std::sort(buffers.begin(), buffers.end());
    buffers.erase(std::unique(buffers.begin(), buffers.end()), buffers.end());
  }

  std::vector<List> lists_;
};

}  // namespace custody::checker::replay
