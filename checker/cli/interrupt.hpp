// SPDX-License-Identifier: BSD-2-Clause
// Interrupts: the first one ends the work with what there is so far.
#pragma once

#include <atomic>
#include <string>

namespace custody::checker::cli {

/// For the start of the process: SIGINT, SIGTERM, SIGQUIT, SIGXCPU and, where it is not ignored, SIGHUP end it with
/// status `kInconclusive` and a message, and take the temporary file with them.
void catch_interrupts();

/// From now on the first such signal sets what is returned; a second one, should the report not end, ends the program.
[[nodiscard]] const std::atomic<bool>& end_with_a_summary();

/// Sets it, as a signal does: what is still to be done has no use.
void end_the_work();

/// A signal came, and the work ends with what there is.
[[nodiscard]] bool was_interrupted();

/// For a command that asked for a summary and has none: says so, as a signal does that ends it, and gives its status.
[[nodiscard]] int end_without_a_summary();

/// `mkostemp`, of a file that a signal which ends the program removes, until it is forgotten. At most one at a time.
[[nodiscard]] int make_temporary_file(std::string& name);
void forget_temporary_file();

}  // namespace custody::checker::cli
