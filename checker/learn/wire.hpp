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

/// `plain,snoops; attach 0; map 0 TO_DEVICE; begin FROM_DEVICE interrupted`, without the end of the line.
[[nodiscard]] std::string request_of(const World& world, std::span<const Step> program);

/// Reads `ok 0; 0 map:0:TO_DEVICE:-:function`: for each call its result and its operations. Throws
/// SubjectError with the program where the line says `bug` or `bad`, or is none of these.
[[nodiscard]] std::vector<Answer> parse_answers(std::string_view line, const World& world,
                                                std::span<const Step> program);

}  // namespace custody::checker::learn
