// SPDX-License-Identifier: BSD-2-Clause
// Programs and answers as the lines that a driver's host reads and writes.
#pragma once

#include <stdexcept>

#include "checker/learn/program.hpp"

namespace custody::checker::learn {

/// A host, or a subject, that can not go on.
struct SubjectError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A driver that crashes, deadlocks or does not come back in a call of the program; the subject can go on.
struct SubjectStops : SubjectError {
  using SubjectError::SubjectError;
  std::vector<Answer> answers;  ///< of the calls before it; of all: it stops when everything is undone and released
  std::string what;
};

/// `plain,snoops; attach 0; map 0 TO_DEVICE; begin FROM_DEVICE interrupted`, without the end of the line.
[[nodiscard]] std::string request_of(const World& world, std::span<const Step> program);

/// Reads `ok 0; 0 map:0:TO_DEVICE:-:function`: for each call its result and its operations; `stop` and words in the
/// place of one: there the driver stopped. Throws SubjectStops for this, and SubjectError with the program where the
/// line says `bug` or `bad`, or is none of these.
[[nodiscard]] std::vector<Answer> parse_answers(std::string_view line, const World& world,
                                                std::span<const Step> program);

}  // namespace custody::checker::learn
