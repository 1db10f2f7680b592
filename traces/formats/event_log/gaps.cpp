// SPDX-License-Identifier: BSD-2-Clause
// What of a log cannot be read, and what is not in it.
#include <optional>
#include <utility>

#include "traces/formats/event_log/session.hpp"
#include "traces/formats/event_log/words.hpp"
#include "traces/quoting.hpp"

namespace custody::traces::formats::event_log {
namespace {

constexpr std::size_t kMaxUnknownKeys = 1000;

std::optional<EventKind> find_any_kind(std::string_view word) {
  for (unsigned i = 0; i < kEventKinds; ++i)
    if (name(static_cast<EventKind>(i)) == word) return static_cast<EventKind>(i);
  return std::nullopt;
}

}  // namespace

void Session::warn(std::uint64_t line, std::string message) { statistics_.warn(line, std::move(message)); }

void Session::malformed(std::uint64_t line, const std::string& what) {
  ++statistics_.malformed;
  warn(line, what);
  // What waits was before it, and may have made the buffer that it concerns.
  queue_.close_all();
  sink_.on_gap({}, ids_.directory());
}

void Session::cut_off(std::uint64_t line, const std::string& what) {
  ++statistics_.malformed;
  warn(line, what + "; the last line is not complete");
}

void Session::unknown_key(std::uint64_t line, const std::string& name) {
  if (unknown_keys_.size() >= kMaxUnknownKeys || !unknown_keys_.insert(name).second) return;
  warn(line, "unknown key " + shown(name) + " is ignored, here and in other lines");
}

void Session::take_gap(const Record& record, std::uint64_t line) {
  const auto kind = find_word(kGaps, record.has(Key::kGap) ? record.text(Key::kGap) : std::string());
  const auto of = record.has(Key::kOf) ? find_any_kind(record.text(Key::kOf)) : std::optional(EventKind::kLost);
  if (!kind || !of) return malformed(line, "a `gap` of no known kind, expected one of " + list_words(kGaps));
  Gap gap;
  gap.kind = static_cast<Gap::Kind>(*kind);
  gap.event = *of;
  queue_.close_all();
  if (record.has(Key::kBuffer)) {
    Event about;
    about.buffer = gap.buffer = ids_.buffer(record.text(Key::kBuffer));
    if (const auto learned = learn(ids_, knowledge_, about, record)) knowledge_.deliver(*learned);
  }
  gap.task = ids_.task(task_of(record));
  sink_.on_gap(gap, ids_.directory());
}

void Session::free_name(const std::string& call) {
  const Call* const open = calls_.find(call);
  if (open == nullptr) return;
  last_calls_.take_name(open->enter.task, open->id);
  calls_.erase(call);
}

void Session::close(const LastCalls::Call& call, const Event& at) {
  if (!call.lost_its_name) {
    const Call* const open = calls_.find(call.name);
    if (open == nullptr || !call.is(open->id)) return;
    calls_.erase(call.name);
  }
  Event event = call.entry;
  event.phase = Phase::kReturn;
  event.at = at.at;
  warn(at.at.line, "a call of '" + std::string(name(event.kind)) + "' has no return; taken as returned here");
  queue_.close_all();
  sink_.on_gap({Gap::Kind::kOpenCall, event.kind, event.buffer, kNoId}, ids_.directory());
  queue_.add(event, nullptr);
}

void Session::miss(const Event& event) {
  queue_.close_all();
  // What an export begins had no record before it; which buffer the missing one was about is not known then.
  const std::uint32_t about = event.kind == EventKind::kExport ? kNoId : event.buffer;
  sink_.on_gap({Gap::Kind::kMissingRecord, event.kind, about, event.task}, ids_.directory());
}

}  // namespace custody::traces::formats::event_log
