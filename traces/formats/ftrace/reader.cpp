// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/reader.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "traces/formats/ftrace/names.hpp"
#include "traces/formats/ftrace/observation.hpp"
#include "traces/formats/ftrace/order.hpp"
#include "traces/formats/ftrace/session.hpp"
#include "traces/formats/ftrace/text_form.hpp"
#include "traces/formats/ftrace/text_reader.hpp"
#include "traces/input/carriage_returns.hpp"
#include "traces/input/json_strings.hpp"
#include "traces/input/markup.hpp"
#include "traces/input/quoted_printable.hpp"

namespace custody::traces::formats::ftrace {

namespace {

using Clock = std::chrono::steady_clock;

/// Has nobody written to the stream for so long? A program that copies a file is faster.
bool is_idle(const Lines& lines, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kLook{5};
  for (const Clock::time_point end = Clock::now() + patience; lines.would_wait();) {
    if (Clock::now() >= end) return true;
    std::this_thread::sleep_for(kLook);
  }
  return false;
}

/// A stream's first lines, kept until the stream ends, is long, or until somebody would notice that nothing is said.
class FirstLines {
 public:
  /// False where the stream has ended: `text` is all of it then.
  [[nodiscard]] bool read(Lines& lines) {
    constexpr std::chrono::milliseconds kIdle{250};
    constexpr std::chrono::seconds kLongest{2};
    const Clock::time_point end = Clock::now() + kLongest;
    // Blank ones that were passed over count.
    text_.assign(std::min<std::uint64_t>(lines.number(), Observation::kEnough), '\n');
    for (std::string_view line; text_.size() < Observation::kEnough;) {
      if (lines.would_wait() && (is_idle(lines, kIdle) || Clock::now() >= end)) return true;
      if (!lines.next(line)) return false;
      text_ += line;
      if (!lines.truncated()) text_ += '\n';
    }
    return true;
  }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string text_;
};

void read_stream(Lines& lines, TextReader& reader) {
  constexpr std::chrono::milliseconds kPatience{100};
  const auto rest = [&] {
    if (reader.has_waiting() && lines.would_wait() && is_idle(lines, kPatience)) reader.pause();
  };
  rest();
  for (std::string_view line; lines.next(line); rest()) reader.feed(line, lines.number(), lines.truncated());
}

void observe(std::string_view text, const std::vector<EventName>& own, bool in_ticks, Session& session) {
  Observation beginning(own, in_ticks);
  Lines lines = Lines::of_text(text);
  RecorderNotes notes;
  for (std::string_view line; !beginning.is_settled() && lines.next(line);) {
    notes.read(line);
    beginning.note(line);
  }
  session.observe(beginning.seen().dma_api, beginning.seen().cache_ops, &notes);
}

/// Each line that the text's own order puts where it is.
void read_in_order(std::string_view text, const TextForm& form, const Lines& whole, const std::atomic<bool>* stop,
                   TextReader& reader, ReadStatistics& statistics) {
  const Order order(text, form.in_ticks, stop);
  std::string copy;
  for (const Stretch& s : order.stretches()) {
    std::string_view stretch = order.text_of(s);
    // A file may be cut now: what is in memory is looked at, or it is not.
    if (whole.mapped() != nullptr) {
      reader.keep();
      stretch = copy.assign(stretch);
    }
    if (whole.stopped() || (whole.mapped() != nullptr && !whole.mapped()->was_there(stretch))) break;
    Lines lines = Lines::of_text(stretch);
    const std::uint64_t before = s.number == 0 ? 0 : s.number - 1;
    const bool ends_text = s.number != 0 && s.offset + s.length == text.size();
    for (std::string_view line; lines.next(line);)
      reader.feed(line, before + (s.number == 0 ? 0 : lines.number()), ends_text && lines.truncated());
    if (statistics.bytes_total != 0 && s.number != 0) statistics.bytes += s.length;
    statistics.malformed += lines.cut();
  }
  reader.keep();
  statistics.lines = order.lines();
}

void read_as_it_is(Lines& lines, TextReader& reader, ReadStatistics& statistics) {
  std::uint64_t renewals = lines.renewals();
  for (std::string_view line; lines.next(line);) {
    if (std::exchange(renewals, lines.renewals()) != lines.renewals()) reader.keep();
    if (statistics.bytes_total != 0) statistics.bytes = lines.offset();
    reader.feed(line, lines.number(), lines.truncated());
  }
}

/// What a text begins with, and what its lines then still have.
class Rest final : public input::ByteSource {
 public:
  Rest(std::string_view begin, Lines* lines) : begin_(begin), lines_(lines) {}
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override {
    if (begin_.empty()) return lines_ != nullptr ? lines_->read_bytes(into, size) : 0;
    const std::size_t count = begin_.copy(into, size);
    begin_.remove_prefix(count);
    return count;
  }
  [[nodiscard]] bool would_wait() const override { return begin_.empty() && lines_ != nullptr && lines_->would_wait(); }

 private:
  std::string_view begin_;
  Lines* lines_;  ///< null: there are none
};

/// The text that `written` is another form of.
std::unique_ptr<input::ByteSource> decoded(const TextForm& form, std::unique_ptr<input::ByteSource> written) {
  if (form.ends_in_returns) return std::make_unique<input::CarriageReturns>(std::move(written));
  if (form.is_json) return std::make_unique<input::JsonStrings>(std::move(written));
  if (form.is_quoted_printable) return std::make_unique<input::QuotedPrintable>(std::move(written));
  return std::make_unique<input::Markup>(std::move(written));
}

/// `forms`: how many, one inside the other, are taken off at most.
void read_text(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
               const std::vector<EventName>& own, const std::atomic<bool>* stop, int forms) {
  FirstLines first;
  const bool goes_on = !lines.is_whole() && first.read(lines);
  const std::string_view text = lines.is_whole() ? lines.whole() : first.text();
  const TextForm form = form_of(text);
  const bool is_other = form.ends_in_returns || form.is_json || form.is_quoted_printable || form.is_markup;
  if (is_other && forms > 0) {
    Lines plain(decoded(form, std::make_unique<Rest>(text, goes_on ? &lines : nullptr)));
    return read_text(plain, path, sink, statistics, own, stop, forms - 1);
  }
  const Names names(own);
  KnownRecords records(names, statistics);
  Session session(sink, statistics, records);
  statistics.bytes_total = lines.whole().size();
  observe(text, own, form.in_ticks, session);
  TextReader reader(path, names, records, session, statistics, !goes_on, form.in_ticks);
  std::string ahead;
  const auto excerpt = [&](std::size_t at, std::size_t size) {
    return lines.is_whole() ? lines.excerpt(at, size, ahead) : text.substr(at, size);
  };
  Lines from_first = Lines::of_text(text);
  if (goes_on) {
    read_as_it_is(from_first, reader, statistics);
    read_stream(lines, reader);
  } else if (is_in_order(text, excerpt, form.in_ticks)) {
    read_as_it_is(lines.is_whole() ? lines : from_first, reader, statistics);
  } else {
    read_in_order(text, form, lines, stop, reader, statistics);
  }
  statistics.malformed += lines.cut();
  reader.finish();
}

}  // namespace

void read_ftrace(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                 const std::vector<EventName>& own, const std::atomic<bool>* stop) {
  constexpr int kMostForms = 2;
  read_text(lines, path, sink, statistics, own, stop, kMostForms);
}

}  // namespace custody::traces::formats::ftrace
