// SPDX-License-Identifier: BSD-2-Clause
// Learns the contract of a driver: custody-learn has those of kernel-ref, custody-drive builds any other.
#include "checker/cli/driver_study.hpp"

#include <fmt/format.h>

#include "checker/cli/child_program.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/driver_process.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/progress.hpp"
#include "checker/learn/wire.hpp"
#include "model/driver_names.hpp"

namespace custody::checker::cli {

namespace {

constexpr ChildProgram kLearn = {"custody-learn", "CUSTODY_LEARN", "linux-source-6.1 libelf-dev"};

std::vector<std::string> words_for(const DriverArgument& driver, const std::string& program) {
  if (!is_built(driver)) return {program, driver.driver};
  std::vector<std::string> words{program, "learn", driver.driver};
  if (!driver.patch.empty()) words.insert(words.end(), {"--patch", driver.patch});
  add_words(words, driver.range);
  return words;
}

/// What its contract is called: the driver's own name, with its policies; or the last part of the file's.
std::string name_of(const DriverArgument& driver) {
  const std::string& word = driver.driver;
  const std::size_t policies = std::min(word.find('-'), word.size());
  if (const model::DriverName* const known = model::find_driver_name(word.substr(0, policies));
      known != nullptr && !is_built(driver))
    return std::string(known->name) + word.substr(policies);
  const std::string last = word.substr(word.rfind('/') + 1);
  return last.ends_with(".c") ? last.substr(0, last.size() - 2) : last;
}

}  // namespace

bool is_built(const DriverArgument& driver) {
  return !driver.patch.empty() || !driver.range.range.empty() || driver.driver.ends_with(".c") ||
         driver.driver.find('/') != std::string::npos || model::find_called_driver_name(driver.driver) != nullptr;
}

std::optional<learn::Study> study_driver(const std::string& command, const DriverArgument& driver,
                                         learn::StudyOptions options) {
  const ChildProgram& needed = is_built(driver) ? kDrive : kLearn;
  const std::string program = find_child(needed);
  if (program.empty()) return complain(command, how_to_get(needed)), std::nullopt;
  Progress progress(!driver.quiet);
  try {
    DriverProcess process(words_for(driver, program));
    options.name = name_of(driver);
    options.source = "learned by running it: " + process.greeting();
    options.stop = [&progress](std::string_view doing, std::uint64_t done) {
      if (progress.is_due()) progress.show(fmt::format("{}: {}", doing, done));
      return end_with_a_summary().load();
    };
    const auto subject = [&process](const learn::World& world, std::span<const learn::Step> steps) {
      return process.run(world, steps);
    };
    return learn::study(subject, options);
  } catch (const learn::SubjectError& e) {
    progress.clear();
    return complain(command, e.what()), std::nullopt;
  }
}

}  // namespace custody::checker::cli
