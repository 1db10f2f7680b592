// SPDX-License-Identifier: BSD-2-Clause
// The findings of one trace as a page has them: what is said once of each cause, and where its instances are.
#pragma once

#include <string>
#include <vector>

#include "checker/report/cause.hpp"
#include "checker/report/timeline.hpp"

namespace custody::checker::report {

/// Where one finding is. Numbers are those of the time line; kNoId: it is not in it.
struct Instance {
  std::uint32_t cause = 0, row = 0, place = 0, device = 0, task = 0;
  std::uint64_t line = 0;
};

/// Memory grows with the causes, and with the findings up to `kMostInstances`.
class PageFindings {
 public:
  static constexpr std::size_t kMostInstances = 200'000;

  void note(const Finding& f, Timeline& timeline, const traces::Directory& d);
  void clear() { *this = {}; }
  [[nodiscard]] const std::vector<Instance>& instances() const { return instances_; }
  /// Of causes beyond those that are told apart, and of instances beyond those that are kept.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_ + causes_.left_out(); }
  /// `[{"rule":...},...]` in the order of their numbers.
  [[nodiscard]] std::string causes() const;

 private:
  CauseBook causes_;
  std::vector<Instance> instances_;
  std::uint64_t left_out_ = 0;
};

}  // namespace custody::checker::report
