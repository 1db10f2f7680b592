// SPDX-License-Identifier: BSD-2-Clause
// What terminals, browsers, logs and mails put into and before the lines of a trace, and how it is taken away.
#pragma once

#include <string>
#include <string_view>

namespace custody::traces::formats::ftrace {

/// What libtraceevent puts before a record that it could not print: its fields follow.
inline constexpr std::string_view kFailedToParse = "[FAILED TO PARSE]";

/// Does `line` hold anything that `clean` would change?
[[nodiscard]] bool needs_cleaning(std::string_view line);

/// `out` is `line` without escape sequences of terminals (ECMA-48), carriage returns, NULs, a byte order mark and what
/// has no width; with HTML's character references resolved, tabs and no-break spaces as blanks, typographic quotes and
/// dashes as plain ones, and the end `\n\` of a line in a JavaScript string taken off, as old systrace files have it.
void clean(std::string_view line, std::string& out);

/// `text` without blanks and what a tool put before the line: `> ` of a mail, `| ` of a table, the number of `cat -n`,
/// `12:` and `file:12:` of grep, `[ 12.345]` of dmesg, any date and time, and the columns of logcat and syslog. A
/// task's name looks like none of them.
[[nodiscard]] std::string_view without_prefix(std::string_view text);

}  // namespace custody::traces::formats::ftrace
