// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/foreign_lines.hpp"

#include <algorithm>
#include <cctype>

#include "traces/formats/ftrace/cleaning.hpp"
#include "traces/formats/ftrace/names.hpp"
#include "traces/formats/ftrace/scan.hpp"
#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr std::string_view kNotes[] = {"=>",
                                       "==>",
                                       "<stack trace>",
                                       "<user stack",
                                       "```",
                                       "~~~",
                                       "Script ",
                                       "version = ",
                                       "cpus=",
                                       "PADDING: ",
                                       "TIME EXTEND: ",
                                       "TIME STAMP: ",
                                       "Dumping ftrace",
                                       "--",
                                       "(ftrace buffer",
                                       "TRACE:",
                                       "<pre",
                                       "</pre",
                                       "<code",
                                       "</code",
                                       "capturing trace",
                                       "<!--",
                                       "{{{",
                                       "}}}"};
/// Lines of a mail's header (RFC 5322).
constexpr std::string_view kMailHeader[] = {"From:",       "To:",           "Cc:",         "Subject:",     "Date:",
                                            "Message-ID:", "Message-Id:",   "References:", "In-Reply-To:", "Received:",
                                            "Return-Path", "MIME-Version:", "Content-",    "User-Agent:",  "X-Mailer:"};
/// print_trace_fmt, trace_stack_print and trace_user_stack_print of kernel/trace.
constexpr std::string_view kStacks[] = {": <stack trace>", ": <user stack trace>"};
constexpr std::string_view kOwnFields[] = {" dmabuf=", " attach=", " sgl=", " sgt=", " paddr="};
/// Of the kernel's tracepoints; a driver's message may name one address.
constexpr std::string_view kTracedFields[] = {"dma_addrs=", "phys_addrs=", "exp_name=", "IOMMU: iova="};

template <std::size_t n>
bool has_any(std::string_view line, const std::string_view (&words)[n]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return line.find(word) != std::string_view::npos; });
}

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

/// ` 0)   0.500 us    |  foo();`, maybe with the time before it.
bool is_graph_line(std::string_view text) {
  const std::size_t close = text.find(')');
  if (close == std::string_view::npos || text.find('|') == std::string_view::npos) return false;
  if (text.find("/*") != std::string_view::npos) return false;
  std::size_t begin = close;
  while (begin > 0 && is_digit(text[begin - 1])) --begin;
  const std::string_view before = text.substr(0, begin);
  return begin < close && before.find_first_not_of("0123456789. |") == std::string_view::npos;
}

/// `ffffffc0087f1234 dma_buf_map_attachment+0x0 ([kernel.kallsyms])` of perf script.
bool is_call_chain(std::string_view text) {
  text = trimmed(text);
  std::size_t digits = 0;
  while (digits < text.size() && is_hex(text[digits])) ++digits;
  return digits >= 1 && text.substr(digits, 1) == " " && text.find('(') != std::string_view::npos && text.back() == ')';
}

/// `dma_buf_attach <-dma_buf_dynamic_attach` behind the time, where a record has its event; or that a stack follows.
bool is_function(std::string_view text) {
  for (const std::string_view stack : kStacks)
    if (text.size() > stack.size() && text.substr(text.size() - stack.size()) == stack) return true;
  const std::size_t arrow = text.find(" <-");
  return arrow != std::string_view::npos && arrow + 3 < text.size() && text[arrow + 3] != ' ' &&
         text.substr(0, arrow).find(": ") != std::string_view::npos;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  });
}

/// `p:group/event place args` of `kprobe_events` and `dynamic_events`; between letter and colon may be how many returns
/// are followed at once.
bool defines_probe(std::string_view text) {
  constexpr std::string_view kKinds = "prftew";
  const std::size_t colon = text.find(':'), slash = text.find('/'), blank = text.find(' ');
  if (colon == std::string_view::npos || colon == 0 || kKinds.find(text[0]) == std::string_view::npos) return false;
  if (slash == std::string_view::npos || blank == std::string_view::npos || slash < colon || blank < slash)
    return false;
  return text.substr(1, colon - 1).find_first_not_of("0123456789") == std::string_view::npos &&
         is_word(text.substr(colon + 1, slash - colon - 1)) && is_word(text.substr(slash + 1, blank - slash - 1));
}

/// A line of a file that stands beside the trace in tracefs and names events and fields: lists of probes, formats and
/// histograms of events, and the log of errors with the commands that were refused.
bool is_of_tracefs(std::string_view text) {
  if (defines_probe(text) || starts_with(text, "print fmt: ") || starts_with(text, "Command: ")) return true;
  if (starts_with(text, "field:")) return text.find(";\toffset:") != std::string_view::npos;
  return starts_with(text, "{ ") && text.find(" } hitcount:") != std::string_view::npos;
}

}  // namespace

bool has_own_field(std::string_view line) { return has_any(line, kOwnFields); }

std::string_view comment_in(std::string_view line) {
  const std::string_view text = without_prefix(line);
  if (starts_with(text, "#")) return text;
  for (std::size_t mark = text.find('#'); mark != std::string_view::npos; mark = text.find('#', mark + 1)) {
    const bool begins = std::string_view(" |:>+-").find(text[mark - 1]) != std::string_view::npos;
    const bool is_mark = mark + 1 == text.size() || text[mark + 1] == ' ' || text[mark + 1] == '#';
    if (begins && is_mark) return may_have_been_record(line) ? std::string_view() : text.substr(mark);
  }
  return {};
}

bool is_foreign_line(std::string_view line) {
  const std::string_view text = without_prefix(line);
  if (text.empty() || is_graph_line(text) || is_function(text) || is_of_tracefs(trimmed(text))) return true;
  if (has_own_field(line) || has_any(line, kTracedFields)) return false;
  if (is_call_chain(text)) return true;
  const auto begins = [&](std::string_view with) { return starts_with(text, with); };
  if (std::any_of(std::begin(kNotes), std::end(kNotes), begins)) return true;
  if (std::any_of(std::begin(kMailHeader), std::end(kMailHeader), begins)) return true;
  if (starts_with(text, "CPU ") && text.find(" is empty") != std::string_view::npos) return true;
  if (starts_with(text, "CPU:") && text.find(" [SUBBUFFER START]") != std::string_view::npos) return true;
  // What was taken off has a time, so that the line is another message of that log.
  const std::string_view before = line.substr(0, line.size() - text.size());
  return before.find('.') != std::string_view::npos && before.find(' ') != std::string_view::npos;
}

std::string_view difference_in(std::string_view line) {
  const std::size_t open = line.find("(+");
  if (open == std::string_view::npos) return {};
  std::size_t end = open + 2;
  while (end < line.size() && is_digit(line[end])) ++end;
  const bool is_one = end > open + 2 && line.substr(end, 1) == ")" && line.find(':', end) != std::string_view::npos;
  return is_one ? line.substr(open, end + 1 - open) : std::string_view();
}

bool may_have_been_record(std::string_view line) {
  if (has_own_field(line) || has_any(line, kTracedFields)) return true;
  for (std::size_t at = line.find(':'); at != std::string_view::npos; at = line.find(':', at + 1)) {
    const std::string_view before = line.substr(0, at);
    const std::size_t begin = before.find_last_of(" :");
    const std::string_view name = before.substr(begin == std::string_view::npos ? 0 : begin + 1);
    if (find_tracepoint({}, name).found) return true;
    if (find_probe(name) != nullptr || (name.size() > 8 && find_alias(name) != nullptr)) return true;
  }
  return false;
}

}  // namespace custody::traces::formats::ftrace
