// SPDX-License-Identifier: BSD-2-Clause
// custody-learn, or custody-drive of a source, as a child process: a driver that answers programs. They are programs of
// their own, under the kernel's licence.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "checker/learn/program.hpp"

namespace custody::checker::cli {

/// The child and the pipes to it; it ends with this.
class DriverProcess {
 public:
  /// `words`: the program and its arguments. Throws learn::SubjectError where it cannot be started or does not know the
  /// driver.
  explicit DriverProcess(std::vector<std::string> words);
  ~DriverProcess();
  DriverProcess(const DriverProcess&) = delete;
  DriverProcess& operator=(const DriverProcess&) = delete;

  /// What it says of itself: `custody-learn 1 linux 6.1.192`.
  [[nodiscard]] const std::string& greeting() const { return greeting_; }
  /// Runs a program. Throws learn::SubjectError, with the program, where the driver crashes, hangs or answers nonsense.
  [[nodiscard]] std::vector<learn::Answer> run(const learn::World& world, std::span<const learn::Step> program);

 private:
  /// The next line; `doing` says what it answers. `patience`: milliseconds without a word.
  [[nodiscard]] std::string read_line(const std::string& doing, int patience);
  /// How the child ended, if it does within a second.
  [[nodiscard]] std::optional<int> end_of_child();
  /// Throws learn::SubjectError; std::bad_alloc where the child says that its memory ran out.
  [[noreturn]] void fail(const std::string& what, const std::string& doing);
  void close();

  pid_t child_ = -1;
  int to_ = -1, from_ = -1;
  std::string pending_, greeting_;
};

}  // namespace custody::checker::cli
