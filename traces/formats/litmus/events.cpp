// SPDX-License-Identifier: BSD-2-Clause
// The events that litmus lines become.
#include "traces/formats/litmus/events.hpp"

#include <utility>

#include "traces/extents.hpp"

namespace custody::traces::formats::litmus {
namespace {

/// Clean and invalidate under one call are one pass that does both.
model::Operation merged(model::Operation a, model::Operation b) {
  if (a == model::Operation::kNone || a == b) return b;
  return b == model::Operation::kNone ? a : model::Operation::kCleanInvalidate;
}

}  // namespace

void EventParser::add(std::string_view text, std::uint64_t number) {
  const Line line = split_line(text, number, path_);
  Words words(line.text, path_, number);
  if (words.peek() == "}") return close_brace(line, words);
  const Statement s = parse_statement(words);
  const Place where = place(line, words);
  if (where.in_dma && s.verb->role != Role::kCache && s.verb->shape != Shape::kBounce)
    words.fail("found " + shown(s.verb->word) + " inside a DMA call, expected cache_* or bounce_*");
  if (s.verb->kind == EventKind::kTaskExit) return exit_task(s, where, line, words);
  Frame frame;
  frame.indent = line.indent;
  frame.task = where.task;
  frame.line = number;
  if (s.verb->role == Role::kCache) {
    add_cache(s, where, words);
  } else {
    const Event event = make_event(s, where, words);
    if (s.verb->role == Role::kCall) return add_call(event, s, line);
    if (s.verb->role == Role::kDma) frame.kind = Frame::Kind::kDma;
    frame.event = events_.size();
    events_.push_back(event);
    if (event.kind == EventKind::kLost) return;  // it is of no task, so it says nothing of the next lines
  }
  chain_.push_back(std::move(frame));
}

void EventParser::add_call(Event event, const Statement& s, const Line& line) {
  Frame frame;
  frame.kind = s.opens ? Frame::Kind::kBraced : Frame::Kind::kCall;
  frame.indent = line.indent;
  frame.task = event.task;
  frame.line = line.number;
  frame.event = events_.size();
  frame.braces = braces(event.task).size();
  frame.ret = s.ret.value_or(0);
  if (s.opens) {
    Brace brace;
    brace.event = frame.event;
    brace.line = line.number;
    brace.fails = s.verb->fails;
    brace.has_ret = s.ret.has_value();
    brace.ret = frame.ret;
    braces(event.task).push_back(brace);
  }
  event.phase = Phase::kEnter;
  event.call = calls_++;
  events_.push_back(event);
  chain_.push_back(std::move(frame));
}

Event EventParser::make_event(const Statement& s, const Place& where, const Words& words) {
  Event event;
  event.kind = s.verb->kind;
  event.at.line = words.line();
  event.task = where.task;
  event.dir = s.dir;
  event.dma.attrs = s.attrs;
  event.dma.nents = s.entries.nents;
  event.dma.orig_nents = s.entries.orig_nents;
  if (s.range) event.range = *s.range;
  if (s.verb->role != Role::kCall) event.ret = s.ret.value_or(0);
  if (event.kind == EventKind::kFence) event.ret = s.writes ? 1 : 0;
  if (event.kind == EventKind::kFd) event.range.length = s.number;
  if (event.kind == EventKind::kLost) {
    event.range.length = s.number;
    event.task = kNoId;
    return event;
  }
  if (where.parent != kNone) {
    const Event& parent = events_[where.parent];
    event.in = where.in_dma ? parent.in : parent.call;
  }
  resolve(event, s, where, words);
  return event;
}

void EventParser::resolve(Event& event, const Statement& s, const Place& where, const Words& words) {
  const Event* const parent = where.parent == kNone ? nullptr : &events_[where.parent];
  if (s.verb->shape == Shape::kExport) {
    event.buffer = names_.export_buffer(words, s);
  } else if (!s.buffer.empty()) {
    event.buffer = names_.buffer(words, s.buffer);
  } else if (parent != nullptr && parent->buffer != kNoId) {
    event.buffer = parent->buffer;
    event.by = where.in_dma ? parent->by : AttributedBy::kNesting;
  } else {
    words.fail(shown(s.verb->word) + " names no buffer and is inside no call, expected " + shown(s.verb->usage));
  }
  if (s.device.empty()) return;
  Importer importer;
  if (event.kind == EventKind::kAttach) {
    importer = names_.attach(words, s, event.buffer);
  } else if (is_attachment_call(event.kind)) {
    importer = names_.of_call(words, s.device, event.buffer);
  } else {
    Importer enclosing;
    if (parent != nullptr && parent->buffer == event.buffer) enclosing = {parent->device, parent->attachment};
    importer = names_.of_dma(words, event.kind, s.device, event.buffer, enclosing);
  }
  event.device = importer.device;
  event.attachment = importer.attachment;
}

void EventParser::add_cache(const Statement& s, const Place& where, const Words& words) {
  has_cache_lines_ = true;
  if (!where.in_dma) {
    if (s.verb->shape == Shape::kCacheNone)
      words.fail("`cache_none` is inside no DMA call, expected it indented under one");
    Event event = make_event(s, where, words);
    const std::uint64_t bytes = s.range ? s.range->length : names_.directory().buffers[event.buffer].size;
    event.maintenance = {true, s.verb->operation, false, false, false, bytes, event.at.line, event.range.offset};
    events_.push_back(event);
    return;
  }
  Event& call = events_[where.parent];
  if (!s.buffer.empty() && names_.buffer(words, s.buffer) != call.buffer)
    words.fail("the DMA call above is one on buffer " + shown(names_.directory().buffers[call.buffer].name) +
               ", found " + shown(s.buffer));
  Frame& frame = chain_.back();
  call.maintenance.known = true;
  call.maintenance.kind = merged(call.maintenance.kind, s.verb->operation);
  call.maintenance.helper_ran = call.maintenance.helper_ran || s.helper;
  if (s.verb->shape == Shape::kCacheNone) {
    call.maintenance.stated_none = true;
    return;
  }
  if (call.maintenance.line == 0) call.maintenance.line = words.line();
  if (s.range) frame.ranges.push_back(*s.range);
  else frame.whole = true;
}

void EventParser::end_dma(const Frame& frame) {
  Event& call = events_[frame.event];
  if (!call.maintenance.known) return;
  std::vector<Extent> extents;
  for (const Range& range : frame.ranges) extents.push_back({range.offset, range.length});
  const std::uint64_t length =
      call.range.length != 0 ? call.range.length : names_.directory().buffers[call.buffer].size;
  if (frame.whole) extents.push_back({call.range.offset, length});
  cover(call.maintenance, std::move(extents));
}

void EventParser::end_call(std::size_t entry, std::uint64_t line, std::int32_t ret) {
  Event event = events_[entry];
  event.phase = Phase::kReturn;
  event.ret = ret;
  event.at.line = line;
  events_.push_back(event);
  if (event.kind == EventKind::kDetach || (event.kind == EventKind::kAttach && ret < 0))
    names_.end_attachment(event.attachment);
}

}  // namespace custody::traces::formats::litmus
