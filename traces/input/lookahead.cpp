// SPDX-License-Identifier: BSD-2-Clause
// A source whose first bytes can be looked at before they are read.
#include "traces/input/lookahead.hpp"

#include <algorithm>
#include <cstring>

namespace custody::traces::input {

bool Lookahead::look(std::size_t most) {
  if (!damage_.empty() || most == 0) return false;
  const std::size_t before = seen_.size();
  seen_.resize(before + most);
  std::size_t got = 0;
  try {
    got = source_->read(seen_.data() + before, most);
  } catch (const Damage& damage) {
    damage_ = damage.what();
  }
  seen_.resize(before + got);
  return got != 0;
}

std::size_t Lookahead::read(char* into, std::size_t size) {
  if (const std::string_view rest = seen(); !rest.empty()) {
    const std::size_t count = std::min(size, rest.size());
    std::memcpy(into, rest.data(), count);
    at_ += count;
    return count;
  }
  if (!damage_.empty()) throw Damage(damage_);
  return source_->read(into, size);
}

}  // namespace custody::traces::input
