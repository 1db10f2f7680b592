// SPDX-License-Identifier: GPL-2.0-only
// What driving a driver finds: each cause once, with the shortest sequence of calls that shows it.
#include "kernel-ref/drive/findings.hpp"

#include <utility>

namespace custody::kernel_ref::drive {

Finding* FindingBook::seen(const std::string& key) {
  const auto it = places_.find(where_ + key);
  if (it == places_.end()) return nullptr;
  ++all_[it->second].count;
  return &all_[it->second];
}

Finding* FindingBook::find(const std::string& key) {
  const auto it = places_.find(where_ + key);
  return it == places_.end() ? nullptr : &all_[it->second];
}

Finding& FindingBook::add(Finding finding) {
  places_.emplace(where_ + finding.key, all_.size());
  all_.push_back(std::move(finding));
  return all_.back();
}

}  // namespace custody::kernel_ref::drive
