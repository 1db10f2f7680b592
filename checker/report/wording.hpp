// SPDX-License-Identifier: BSD-2-Clause
// The words of a finding. Detection knows ids and numbers; what people read is made here.
#pragma once

#include <string>
#include <string_view>

#include "checker/finding.hpp"
#include "model/escape.hpp"

namespace custody::checker::report {

// What is made here is not escaped; each output does that for its language.
using model::append_json;
using model::escape_text;

/// An event in the words of a litmus file: `map b1 gpu.0 BIDIRECTIONAL`. Not escaped.
[[nodiscard]] std::string event_text(const ReportedEvent& e, const traces::Directory& d);
/// Appends that.
void append_event(std::string& out, const ReportedEvent& e, const traces::Directory& d);

/// One sentence: what happened, to whom, in the kernel's words. Not escaped.
[[nodiscard]] std::string message(const Finding& f, const traces::Directory& d);

/// `gpu.0`; `a device` where there is none. Not escaped.
[[nodiscard]] std::string device_name(std::uint32_t id, const traces::Directory& d);

/// Who has to mend it: `the exporter (system)`, `the client (task app)`. Not escaped.
[[nodiscard]] std::string responsible(const Finding& f, const traces::Directory& d);

/// What the finding takes for granted: `its memory is cached and its device does not snoop`; empty for nothing.
[[nodiscard]] std::string assumed(const Finding& f);

/// What a right client, exporter or core would have done instead.
[[nodiscard]] std::string_view remedy(const Finding& f);

/// What of the contract is left at a departure, `clause map` or the id of a row of the lifetime, and why that says so.
/// Not escaped.
[[nodiscard]] std::string said_by_text(const follow::Departure& departure);
[[nodiscard]] std::string because_text(const follow::Departure& departure);

/// What the contract expects at a departure, and what the trace has there. Not escaped.
[[nodiscard]] std::string expected_text(const follow::Departure& departure, const traces::Directory& d);
[[nodiscard]] std::string found_text(const follow::Departure& departure, const traces::Directory& d);

/// `clean`, `invalidate`, `clean and invalidate`; empty for none.
[[nodiscard]] std::string_view name(model::Operation op);

/// A message that begins with a place in a file, in the form of all errors: `PATH:LINE:COLUMN: error: WHAT`. `path`:
/// the file, where it is known; else the place is what stands before the first numbers between colons. Without a place,
/// `SPEAKER: error: WHAT`. Not escaped.
[[nodiscard]] std::string error_text(std::string_view message, std::string_view path, std::string_view speaker);

/// `1.0 MiB`, `64 KiB`, `12 bytes`.
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);

}  // namespace custody::checker::report
