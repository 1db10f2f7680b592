// SPDX-License-Identifier: GPL-2.0-only
// Makes findings of what is seen along a sequence of calls.
#pragma once

#include <string>
#include <vector>

#include "kernel-ref/drive/run.hpp"

namespace custody::kernel_ref::drive {

/// Whether what was told while the client undid everything is told of its end: the rest comes with the calls
/// themselves.
[[nodiscard]] bool is_told_at_end(const Told& told, const Observation& end);

class Notes {
 public:
  Notes(Stage& stage, FindingBook& book) : stage_(stage), book_(book) {}
  /// What was seen of `call`, after the calls of `path`.
  void take(const Observation& o, const std::vector<Call>& path, const Call& call);
  /// What was seen when the client undid everything after `path`.
  void take_end(Observation o, const std::vector<Call>& path);
  /// Something is left after `path` and `call`.
  void add_leak(const std::vector<Call>& path, const Call& call, const std::string& leak);
  /// What was seen of an export, `call`, that came to nothing as a request failed: gets what it left.
  void take_failing_export(Observation& o, const Call& call);
  /// Nothing can be explored.
  void add_failed_export(int ret);
  /// The litmus files of what was found: their calls are made again, so that no run may be under way.
  void write_litmus();

 private:
  void add(Finding f, std::vector<Call> path, const Call& call);
  /// A call returns an error for which there is no reason.
  void add_refusal(int ret, const std::vector<Call>& path, const Call& call);
  struct Waiting {
    std::string key;
    std::vector<Call> path;
  };
  Stage& stage_;
  FindingBook& book_;
  std::vector<Waiting> waiting_;
};

}  // namespace custody::kernel_ref::drive
