// SPDX-License-Identifier: BSD-2-Clause
// Reads a litmus file: a scenario that a person writes, mails and reviews.
#pragma once

#include <string>
#include <string_view>

#include "traces/reader.hpp"

namespace custody::traces::formats::litmus {

/// A litmus file is read whole; what is longer is none.
inline constexpr std::size_t kMaxLitmusBytes = std::size_t{16} << 20U;

/// Reads the litmus file `text` and delivers it to `sink`; `path` is for messages.
///
/// It is a language for people, so anything that is not understood is an InputError with its line, what was found
/// and what is expected. Nothing is delivered before the whole text is understood. Which rules, policies, profiles and
/// contracts exist is not judged here. The words are in traces/formats/litmus/words.hpp.
///
/// Events
/// - A call of the dma-buf core (`attach` to `release`, `vmap`, `mmap`, `pin`, ...) is a kEnter and a kReturn with the
///   same `call`, also where nothing is nested in it. Both have the line of the call; with braces the kReturn has the
///   line of its `}`. `ret` is on the kReturn. `= -ERRNO` stands on the line of the call or behind its `}`.
/// - Everything else is kWhole. DMA calls too: `cache_*` lines under one are its `maintenance`. `cache_none [helper]`
///   under one says that it touched no cache (`helper`: an architecture helper ran, so the device is not coherent).
/// - A `cache_*` line anywhere else is a kCacheOperation. `header.observes_cache_ops` is true where a `cache_*` line
///   is in the file; DMA calls without one stay unknown (`Maintenance::known`), for the profile to say.
/// - `lost` has no task and is in no call.
///
/// Nesting
/// - The indentation of a line is its leading blanks and those behind `[TASK]` beyond the first.
/// - A line is inside the nearest line above with less indentation, which must be a call of the same task; it has
///   that line's task if it names none, and that line's buffer if it may leave it out. A call without braces ends
///   before the first line that is not inside it.
/// - From `{` to the `}` of the same task, the task's lines are inside that call however they are indented, and lines
///   of other tasks between them are not. A task that exits leaves its calls without return.
///
/// Expectations
/// - `expect [once] [error|warning|note] WHAT [at PLACE] [owes PARTY] [proved|unproved]`: there is such a finding; with
///   `once` there is one and no more. WHAT is a rule, a class of rules, or `unobserved`: an operation at whose effect
///   nobody looked. PARTY is client, importer, exporter, core or architecture.
/// - `expect no WHAT [at PLACE]`: there is none.
/// - PLACE is a line's number, or `"TEXT" [#N]`: the first (the Nth) event line that begins with the text.
/// - `expect legal`: no finding is an error. Where a file expects anything, each error must be expected.
/// - `expect judged B`, `expect partly judged B [REASON]`, `expect not judged B [REASON]`: how far the trace of buffer
/// B
///   bears out an all-clear. `expect unschedulable B`: no schedule of operations makes it free of hazards. B is a name
///   that one buffer has.
/// - `expect maintenance N ops`, `expect optimum N ops`, `expect subset N ops`; of the last two also `not computed`.
///
/// Names
/// - The title, the reason of `# pending` and the names of tasks are UTF-8 of which nothing acts on who reads it
///   (`model::is_plain_line`); other comments hold anything.
/// - A device is `device NAME` of the header, not coherent unless said (`coherent`, `coherence_unknown`).
///   It writes byte by byte unless said (`line BYTES`), and what a coherent one writes is in memory afterwards unless
///   said (`coherent allocates`: it may stay in the cache, dirty).
/// - `by_probes`: what never occurs may be a probe that was not set; a converted capture says so.
/// - A line of the CPU cache is that of the profile unless said (`cpu_line BYTES`).
/// - A buffer has an `export` line above, or is one from before the trace: `older NAME` of the header. An attachment
///   without an `attach` line is older than the trace.
/// - A name means the same object after `release` and `detach`; a second `export` of it makes a new one.
/// - A device stands for an attachment as `litmus::AttachmentScope` says; `NONE` is a direction, though no legal one.
/// - `export` without EXPORTER is one of `system`. The exporter `unknown` is an empty name, one that nobody knows: the
///   buffer's history, its zeroing and its memory are unknown. The size 0 is unknown.
ReadStatistics read_litmus(std::string_view text, const std::string& path, EventSink& sink);

}  // namespace custody::traces::formats::litmus
