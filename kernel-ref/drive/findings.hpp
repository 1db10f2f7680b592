// SPDX-License-Identifier: GPL-2.0-only
// What driving a driver finds: each cause once, with the shortest sequence of calls that shows it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace custody::kernel_ref::drive {

/// One cause. Everything in it is data that a report can print, and a file can carry.
struct Finding {
  std::string key;       ///< the same of two drivers where the same goes wrong in the same call
  std::string kind;      ///< `rule`, `leak`, `crash`, `loop`, `memory`, `deadlock`, `race`, `refusal`
  std::string rule;      ///< `M3`; empty of the other kinds
  std::string severity;  ///< `error`, `warning`, `note`
  std::string owes;      ///< `the exporter (system)`
  std::string says;      ///< one sentence
  std::string configuration, client;
  std::vector<std::string> calls;     ///< the sequence
  std::vector<std::string> together;  ///< the two calls that run side by side; empty: none do
  std::vector<std::string> schedule;  ///< of these: who runs when
  std::string choices;                ///< the schedule, to be replayed
  std::string litmus;
  std::uint64_t count = 1;  ///< sequences that show it
  /// A driver that has it is wrong, whatever its client does.
  [[nodiscard]] bool is_fault() const { return severity == "error"; }
};

/// Keeps causes in the order in which they were found, those of each configuration and client by themselves.
class FindingBook {
 public:
  /// What is found from now on is found there.
  void begin(const std::string& configuration, const std::string& client) {
    where_ = configuration + "/" + client + "/";
  }
  /// Null where it is new: then `add` comes next. Counts it otherwise.
  [[nodiscard]] Finding* seen(const std::string& key);
  Finding& add(Finding finding);
  /// Null where it is not there; counts nothing.
  [[nodiscard]] Finding* find(const std::string& key);
  [[nodiscard]] std::vector<Finding>& all() { return all_; }
  [[nodiscard]] const std::vector<Finding>& all() const { return all_; }

 private:
  std::string where_;
  std::map<std::string, std::size_t> places_;
  std::vector<Finding> all_;
};

}  // namespace custody::kernel_ref::drive
