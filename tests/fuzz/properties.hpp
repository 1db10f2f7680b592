// SPDX-License-Identifier: BSD-2-Clause
// What the targets hold the product to, whatever the bytes are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "spec/contract.hpp"
#include "traces/input/lines.hpp"
#include "traces/reader.hpp"

namespace custody::fuzz {

/// Where `holds` is false, says `what` and `detail` and ends the process, so that the engine keeps the input.
void require(bool holds, std::string_view what, std::string_view detail = {});

/// The same where two texts differ, with the first line that does.
void require_same(std::string_view text, std::string_view again, std::string_view what);

/// `text` is one JSON document, and valid UTF-8.
void require_json(std::string_view text);

/// `text` is valid UTF-8, and of control characters has line ends and tabs only.
void require_plain_text(std::string_view text);

/// Delivers a trace to a sink, as the readers of formats do, any number of times the same.
using Reader = std::function<void(traces::EventSink& sink, traces::ReadStatistics& statistics)>;

/// A reader of `bytes` by a function of a format that takes lines: from memory, or as a stream that comes in small
/// pieces. `bytes` outlives it.
using ReadLines = void (*)(traces::input::Lines& lines, traces::EventSink& sink, traces::ReadStatistics& statistics);
[[nodiscard]] Reader reader_of(std::string_view bytes, ReadLines read);
[[nodiscard]] Reader reader_of_stream(std::string_view bytes, ReadLines read);

/// The event log that `custody convert` makes of a trace; empty where that cannot be read, for which an InputError is
/// the one way to say so.
[[nodiscard]] std::string event_log_of(const Reader& read);

/// JSON has no other bytes than UTF-8: of names with others, a log keeps the rest. This one keeps all.
[[nodiscard]] bool is_whole(std::string_view log);

/// A trace that can be read gives an event log and, where a litmus file can say it, a litmus file. The one is JSON by
/// the line, the other plain text, and reading them gives the events that were written.
void require_conversions(const Reader& read);

/// A contract that is written reads as the same contract, and is written the same again.
void require_written_contract(const spec::Contract& contract);

}  // namespace custody::fuzz
