// SPDX-License-Identifier: BSD-2-Clause
// Which call a litmus line is inside: indentation, braces and tasks.
#include <algorithm>
#include <utility>

#include "traces/formats/litmus/events.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::litmus {
namespace {

std::string at_line(std::uint64_t line) { return "line " + std::to_string(line); }

}  // namespace

EventParser::EventParser(const ParsedHeader& header, const std::string& path)
    : path_(path), names_(header.devices, header.older) {}

std::vector<EventParser::Brace>& EventParser::braces(std::uint32_t task) {
  if (braces_.size() <= task) braces_.resize(task + std::size_t{1});
  return braces_[task];
}

void EventParser::pop(const Words& words) {
  const Frame frame = std::move(chain_.back());
  chain_.pop_back();
  if (frame.kind == Frame::Kind::kDma) end_dma(frame);
  if (frame.kind != Frame::Kind::kCall) return;
  const std::vector<Brace>& open = braces(frame.task);
  if (open.size() > frame.braces)
    words.fail("the call on " + at_line(frame.line) + " ends here, but the `{` on " + at_line(open.back().line) +
               " inside it is still open");
  end_call(frame.event, frame.line, frame.ret);
}

EventParser::Place EventParser::place(const Line& line, const Words& words) {
  while (!chain_.empty() && chain_.back().indent >= line.indent) pop(words);
  Place out;
  if (line.task) {
    out.task = names_.task(*line.task);
    // Where a call has no braces, another task's line ends it.
    while (!chain_.empty() && chain_.back().kind != Frame::Kind::kBraced && chain_.back().task != out.task) pop(words);
  } else {
    out.task = chain_.empty() ? names_.task(kMainTask) : chain_.back().task;
  }
  if (!chain_.empty() && chain_.back().kind != Frame::Kind::kBraced) {
    const Frame& above = chain_.back();
    if (above.kind == Frame::Kind::kPlain)
      words.fail("the line is indented under " + at_line(above.line) + ", which is no call that others can be inside");
    out.parent = above.event;
    out.in_dma = above.kind == Frame::Kind::kDma;
    out.indented = true;
    return out;
  }
  const std::vector<Brace>& open = braces(out.task);
  if (!open.empty()) out.parent = open.back().event;
  if (open.empty() && chain_.empty() && line.indent > 0)
    words.fail(
        "the line is indented, but there is no call of its task above it; a call that other tasks' lines "
        "come between needs `{` and `}`");
  return out;
}

void EventParser::close_brace(const Line& line, Words& words) {
  words.take("}");
  const Place where = place(line, words);
  if (where.indented) words.fail("`}` is indented under a call without `{`, expected it where that call is");
  std::vector<Brace>& open = braces(where.task);
  if (open.empty())
    words.fail("`}` closes nothing: task " + shown(names_.directory().tasks[where.task].name) +
               " has no open `{`, expected `[TASK] }` of one that has");
  const Brace brace = open.back();
  const auto ret = parse_result(words);
  if (ret && !brace.fails) words.fail("the call on " + at_line(brace.line) + " has no result");
  if (ret && brace.has_ret) words.fail("the result of the call is given twice, first on " + at_line(brace.line));
  words.expect_end("`}`");
  const auto opened = std::find_if(chain_.begin(), chain_.end(), [&](const Frame& frame) {
    return frame.kind == Frame::Kind::kBraced && frame.event == brace.event;
  });
  for (auto left = chain_.end() - opened; left > 0; --left) pop(words);
  open.pop_back();
  end_call(brace.event, line.number, ret.value_or(brace.ret));
}

void EventParser::exit_task(const Statement& s, const Place& where, const Line& line, const Words& words) {
  if (where.indented) words.fail("a task cannot exit inside a call without `{`");
  if (line.task && *line.task != s.task)
    words.fail("task " + shown(*line.task) + " exits " + shown(s.task) + ", expected `exit TASK` of itself");
  Event event;
  event.kind = EventKind::kTaskExit;
  event.task = names_.task(s.task);
  event.at.line = line.number;
  events_.push_back(event);
  // What it was inside never returns.
  braces(event.task).clear();
  chain_.erase(std::remove_if(chain_.begin(), chain_.end(), [&](const Frame& f) { return f.task == event.task; }),
               chain_.end());
  names_.exit_task(s.task);
}

void EventParser::finish() {
  for (const std::vector<Brace>& open : braces_)
    if (!open.empty())
      throw InputError(path_, open.back().line, "the `{` on this line is never closed, expected a `}` of its task");
  const Words end({}, path_, 0);
  while (!chain_.empty()) pop(end);
}

}  // namespace custody::traces::formats::litmus
