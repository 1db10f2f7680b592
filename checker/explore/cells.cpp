// SPDX-License-Identifier: BSD-2-Clause
// The numbers of residues, shared by the threads of a search.
#include "checker/explore/cells.hpp"

namespace custody::checker::explore {

std::uint32_t Residues::number_of(std::uint32_t residue) {
  const std::lock_guard one(one_);
  const auto [at, is_new] = numbers_.try_emplace(residue, static_cast<std::uint32_t>(residues_.size()));
  if (is_new) residues_.push_back(residue);
  return at->second;
}

void Residues::learn(std::vector<std::uint32_t>& known) const {
  const std::lock_guard one(one_);
  known.insert(known.end(), residues_.begin() + static_cast<std::ptrdiff_t>(known.size()), residues_.end());
}

Place Places::of(Packed state) {
  const auto residue = static_cast<std::uint32_t>(state & ~of_devices_);
  const auto [at, is_new] = numbers_.try_emplace(residue, 0);
  if (is_new) at->second = residues_.number_of(residue);
  return {{state & of_devices_, at->second / kCellStates}, at->second % kCellStates};
}

}  // namespace custody::checker::explore
