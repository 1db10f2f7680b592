// SPDX-License-Identifier: BSD-2-Clause
// Puts what several processors recorded into the order of its time.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "traces/formats/perfetto/recording.hpp"

namespace custody::traces::formats::perfetto {

/// The order within a stream is never changed; of equal times the stream that was given first goes first.
class Merge {
 public:
  /// `streams` must outlive the object.
  explicit Merge(const std::vector<Stream>& streams) : streams_(streams), next_(streams.size(), 0) {
    for (std::uint32_t i = 0; i < streams.size(); ++i) push(i);
  }
  /// False at the end.
  [[nodiscard]] bool next(const Stream*& stream, Entry& entry) {
    if (heads_.empty()) return false;
    const std::uint32_t place = heads_.top().stream;
    heads_.pop();
    stream = &streams_[place];
    entry = stream->entries[next_[place]++];
    push(place);
    return true;
  }

 private:
  struct Head {
    std::int64_t key;
    std::uint32_t stream;
    [[nodiscard]] bool operator<(const Head& other) const {
      return key != other.key ? key > other.key : stream > other.stream;
    }
  };
  void push(std::uint32_t place) {
    if (next_[place] < streams_[place].entries.size()) heads_.push({streams_[place].entries[next_[place]].key, place});
  }

  const std::vector<Stream>& streams_;
  std::vector<std::size_t> next_;  ///< by stream
  std::priority_queue<Head> heads_;
};

}  // namespace custody::traces::formats::perfetto
