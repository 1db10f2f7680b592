// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/window.hpp"

#include <algorithm>
#include <utility>

namespace custody::traces::formats::ftrace {

void Window::copy(Slot& slot) {
  std::string_view* const views[] = {&slot.head.comm, &slot.head.group, &slot.head.event, &slot.head.rest};
  std::size_t size = 0;
  for (const std::string_view* view : views) size += view->size();
  // The views may point into the slot's own text, where one record takes another's place.
  std::vector<char> text(std::move(slot.text));
  if (text.capacity() < size || std::any_of(std::begin(views), std::end(views), [&](const std::string_view* view) {
        return view->data() >= text.data() && view->data() < text.data() + text.capacity();
      }))
    text = std::vector<char>();
  text.resize(size);
  char* to = text.data();
  for (std::string_view* view : views) {
    std::copy(view->begin(), view->end(), to);
    *view = std::string_view(to, view->size());
    to += view->size();
  }
  slot.text = std::move(text);
  slot.is_own = true;
}

bool Window::replace(const Head& head, std::uint64_t number) {
  for (std::size_t i = count_; i > 0; --i) {
    Slot& slot = slots_[(first_ + i - 1) % kLines];
    if (slot.number != number) continue;
    slot.head = head;
    copy(slot);
    return true;
  }
  return false;
}

bool Window::note_late(const Slot& slot) {
  if (++statistics_.out_of_order == 1)
    statistics_.warn(slot.number, "an event before events of earlier lines; it and others like it stay where they are");
  // One task's clock can step back a little where it changes the processor. Anything else is a record that other tasks'
  // records are not in order with.
  const bool is_jump = slot.head.ts < last_;
  const bool beyond = slot.head.ts < latest_then_[handed_on_ % kLines];
  return is_jump && (beyond || slot.head.pid != last_pid_);
}

void Window::step_back(std::size_t place) {
  const Slot& late = slot_at(place);
  std::size_t before = place - 1;
  while (before > 0 && !is_like(slot_at(before - 1), late)) --before;
  if (before != 0 && slot_at(before - 1).head.ts > late.head.ts) {
    doubtful_ = {late.number, late.head.pid, slot_at(place - 1).head.ts};
    return;
  }
  slot_at(place - 1).is_misplaced = true;
  if (missing_.size() < kLines) missing_.push_back(slot_at(place - 1).head.ts);
}

void Window::settle_doubtful(bool is_misplaced) {
  const std::uint64_t number = std::exchange(doubtful_.number, 0);
  std::size_t place = count_;
  while (place > 0 && slot_at(place - 1).number != number) --place;
  if (number == 0 || place == 0) return;
  Slot& doubtful = slot_at(place - 1);
  // Where the records behind it are older too, another trace begins.
  if (!is_misplaced) {
    doubtful.is_behind_gap = true;
    return;
  }
  for (std::size_t i = 0; i + 1 < place && !doubtful.is_misplaced; ++i)
    if (is_like(slot_at(i), doubtful) && slot_at(i).head.ts > doubtful.head.ts)
      slot_at(i).is_behind_gap = doubtful.is_misplaced = true;
  doubtful.is_misplaced = true;
}

void Window::change_processor(std::size_t place) {
  Slot& late = slot_at(place);
  const Head& head = late.head;
  for (std::size_t i = 0; i < place; ++i) {
    const Slot& other = slot_at(i);
    if (other.head.ts == head.ts && is_like(other, late) && other.head.event == head.event &&
        other.head.rest == head.rest)
      late.is_misplaced = true;
  }
  const Slot& before = slot_at(place - 1);
  if (!late.is_misplaced && ahead_.number == 0)
    ahead_ = {before.number, before.head.pid, before.head.ts, before.head.cpu};
}

void Window::settle_ahead(bool is_misplaced) {
  const std::uint64_t number = std::exchange(ahead_.number, 0);
  std::size_t place = count_;
  while (place > 0 && slot_at(place - 1).number != number) --place;
  // What was handed on is no longer to be told from a clock's step; `note_late` sees what is so far behind it.
  if (!is_misplaced || place == 0) return;
  slot_at(place - 1).is_misplaced = true;
  if (missing_.size() < kLines) missing_.push_back(slot_at(place - 1).head.ts);
}

void Window::pass_over(const Slot& slot) {
  ++statistics_.malformed;
  statistics_.warn(slot.number, "a record that does not stand where its time is; not read");
  session_.unread();
}

void Window::pop() {
  const Slot& slot = slots_[first_];
  if (slot.is_behind_gap) session_.unread();
  if (!missing_.empty() && std::erase_if(missing_, [&](std::int64_t ts) { return ts < slot.head.ts; }) != 0)
    session_.unread();
  first_ = (first_ + 1) % kLines;
  --count_;
  if (slot.is_misplaced) return pass_over(slot);
  bool is_gap = false;
  if (slot.head.ts >= latest_) latest_ = slot.head.ts;
  else if (slot.head.ts >= 0) is_gap = note_late(slot);
  if (is_gap) session_.unread();
  last_ = slot.head.ts;
  last_pid_ = slot.head.pid;
  latest_then_[handed_on_++ % kLines] = latest_;
  session_.record(slot.head, slot.number);
  // Nor is what it makes known from its beginning, unless the records behind it are older too: another trace begins.
  if (is_gap && (count_ == 0 || slot_at(count_ - 1).head.ts >= latest_)) session_.unread();
}

}  // namespace custody::traces::formats::ftrace
