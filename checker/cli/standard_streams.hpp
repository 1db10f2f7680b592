// SPDX-License-Identifier: BSD-2-Clause
// The three streams that a process is given: what is written there is written whole, or said to be lost.
#pragma once

#include <string_view>

namespace custody::checker::cli {

/// For the start of the process. A stream that is closed becomes /dev/null, opened so that its own use still fails: no
/// file that is opened later gets its number, and a report that would go nowhere is told of. To write into a pipe that
/// nobody reads, or beyond the size that a file may have, fails and sends no signal.
void prepare_standard_streams();

/// Writes all of `text` to file descriptor `fd`; false where that fails, errno says why.
[[nodiscard]] bool write_all(int fd, std::string_view text);

/// Writes a part of the report to standard output. Where that fails, now or before, it is false, nothing more is
/// written, and the work has no use any more (`end_the_work`); `main` says so and gives the status for it.
[[nodiscard]] bool print(std::string_view text);

/// Whether all that was printed arrived; closes standard output, as a file system may tell only then. 0, or the errno.
[[nodiscard]] int close_output();

}  // namespace custody::checker::cli
