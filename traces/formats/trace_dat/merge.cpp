// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/merge.hpp"

#include <algorithm>
#include <utility>

namespace custody::traces::formats::trace_dat {

Merge::Merge(std::vector<Stream> streams) : streams_(std::move(streams)) {
  for (std::uint32_t i = 0; i < streams_.size(); ++i)
    if (streams_[i].records.next()) heap_.push_back({streams_[i].records.record().ts, i});
  std::make_heap(heap_.begin(), heap_.end(), [](const Head& a, const Head& b) { return is_before(b, a); });
}

}  // namespace custody::traces::formats::trace_dat
