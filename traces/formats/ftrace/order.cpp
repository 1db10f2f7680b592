// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/order.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "traces/formats/ftrace/layouts.hpp"
#include "traces/formats/ftrace/window.hpp"
#include "traces/input/carriage_returns.hpp"

namespace custody::traces::formats::ftrace {

namespace {

/// Takes the first line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return input::without_carriage_returns(line);
}

/// Does a time come more than a window later than it should?
class Steps {
 public:
  /// False where `ts` is before times that came a window ago.
  bool take(std::int64_t ts) {
    const bool late = count_ >= Window::kLines && ts < latest_then_[count_ % Window::kLines];
    latest_ = std::max(latest_, ts);
    latest_then_[count_++ % Window::kLines] = latest_;
    return !late;
  }
  [[nodiscard]] std::int64_t latest() const { return latest_; }

 private:
  std::int64_t latest_ = -1;
  std::size_t count_ = 0;
  std::array<std::int64_t, Window::kLines> latest_then_ = {};
};

bool parse_any(std::string_view line, Layouts& layouts, Head& head) {
  return (parse_head(line, head) || layouts.read(line, head) == LineIs::kRecord) && head.ts >= 0;
}

/// The time of the first record in `text`; -1: there is none.
std::int64_t first_time(std::string_view text, Layouts& layouts) {
  Head head;
  while (!text.empty())
    if (parse_any(take_line(text), layouts, head)) return head.ts;
  return -1;
}

bool every_record_in_order(std::string_view text, Layouts& layouts) {
  Steps steps;
  Head head;
  while (!text.empty())
    if (parse_any(take_line(text), layouts, head) && !steps.take(head.ts)) return false;
  return true;
}

}  // namespace

bool is_in_order(std::string_view text, const Excerpt& excerpt, bool in_ticks) {
  constexpr std::size_t kSmall = std::size_t{4} << 20U, kEnd = std::size_t{1} << 18U, kSamples = 1024;
  // More than a window of lines, so that the times of two samples are in order wherever those of a window are.
  constexpr std::size_t kLeastStride = std::size_t{1} << 15U, kSample = std::size_t{1} << 12U;
  Layouts layouts(in_ticks);
  if (text.size() <= kSmall) return every_record_in_order(text, layouts);
  if (!every_record_in_order(text.substr(0, kEnd), layouts)) return false;
  const std::size_t last = text.size() - kEnd;
  const std::size_t stride = std::max(kLeastStride, text.size() / kSamples);
  std::int64_t latest = -1;
  const auto piece = [&](std::size_t at, std::size_t size) {
    return excerpt ? excerpt(at, size) : text.substr(at, size);
  };
  for (std::size_t at = 0; at < last; at += stride) {
    std::string_view sample = piece(at, kSample);
    if (at != 0) take_line(sample);
    const std::int64_t ts = first_time(sample, layouts);
    if (ts >= 0 && ts < latest) return false;
    latest = std::max(latest, ts);
  }
  std::string_view end = piece(last, kEnd);
  take_line(end);
  const std::int64_t ts = first_time(end, layouts);
  return (ts < 0 || ts >= latest) && every_record_in_order(end, layouts);
}

/// Goes through a text once, and closes a section where another trace begins.
class OrderBuilder {
 public:
  /// An index that is not whole is none.
  struct Stopped {};
  OrderBuilder(Order& order, bool in_ticks, const std::atomic<bool>* stop)
      : order_(order), stop_(stop), layouts_(in_ticks) {}
  void line(std::string_view whole_line, std::uint64_t offset, std::uint32_t number);
  void close();

 private:
  struct Processor {
    Steps steps;
    std::uint32_t id = 0;
  };
  struct Entry {
    Stretch stretch;
    std::uint32_t cpu = 0;
  };
  Processor& processor(std::uint32_t id);
  void record(const Head& head, Stretch stretch);
  void append(std::string_view line, std::uint64_t offset);
  Stretch note(const std::string& text);
  void look_whether_stopped() const {
    if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) throw Stopped();
  }

  Order& order_;
  const std::atomic<bool>* stop_;
  Layouts layouts_;
  std::vector<Processor> processors_;
  std::vector<Entry> entries_;
  std::vector<Stretch> before_next_;  ///< losses: of the processor whose record comes next
  std::uint64_t overwritten_ = 0;     ///< as headers of this section count them
  bool starts_late_ = false;          ///< the header before the next record counts some
};

OrderBuilder::Processor& OrderBuilder::processor(std::uint32_t id) {
  for (Processor& p : processors_)
    if (p.id == id) return p;
  processors_.push_back({{}, id});
  return processors_.back();
}

Stretch OrderBuilder::note(const std::string& text) {
  Stretch s;
  s.offset = order_.notes_.size();
  s.length = static_cast<std::uint32_t>(text.size());
  order_.notes_ += text;
  return s;
}

void OrderBuilder::record(const Head& head, Stretch stretch) {
  if (!processor(head.cpu).steps.take(head.ts)) {
    const auto kept = std::exchange(before_next_, {});
    close();
    before_next_ = kept;
    static_cast<void>(processor(head.cpu).steps.take(head.ts));
  }
  stretch.key = processor(head.cpu).steps.latest();
  if (std::exchange(starts_late_, false)) before_next_.push_back(note("##### CPU buffer started ####"));
  for (Stretch& s : before_next_) {
    s.key = stretch.key;
    entries_.push_back({s, head.cpu});
  }
  before_next_.clear();
  entries_.push_back({stretch, head.cpu});
}

void OrderBuilder::append(std::string_view line, std::uint64_t offset) {
  if (entries_.empty()) return;
  Stretch& last = entries_.back().stretch;
  const std::uint64_t length = offset + line.size() - last.offset;
  if (last.number != 0 && length <= std::numeric_limits<std::uint32_t>::max())
    last.length = static_cast<std::uint32_t>(length);
}

void OrderBuilder::line(std::string_view whole_line, std::uint64_t offset, std::uint32_t number) {
  look_whether_stopped();
  std::string_view rest = whole_line;
  const std::string_view text = take_line(rest);
  const Stretch stretch{
      0, offset,
      static_cast<std::uint32_t>(std::min<std::size_t>(whole_line.size(), std::numeric_limits<std::uint32_t>::max())),
      number};
  Head head;
  if (parse_any(text, layouts_, head)) return record(head, stretch);
  if (const std::uint64_t overwritten = parse_overwritten(text); overwritten != 0) {
    overwritten_ += overwritten;
    starts_late_ = true;
  } else if (text.empty() || text[0] != '#') {
    if (entries_.empty() || !before_next_.empty() || parse_lost(text)) before_next_.push_back(stretch);
    else append(whole_line, offset);
  }
}

void OrderBuilder::close() {
  for (const Stretch& s : before_next_) entries_.push_back({s, 0});
  before_next_.clear();
  std::stable_sort(entries_.begin(), entries_.end(), [this](const Entry& a, const Entry& b) {
    look_whether_stopped();
    return std::pair(a.stretch.key, a.cpu) < std::pair(b.stretch.key, b.cpu);
  });
  if (overwritten_ != 0)
    order_.stretches_.push_back(
        note("# entries-in-buffer/entries-written: 0/" + std::to_string(std::exchange(overwritten_, 0))));
  const std::size_t first = order_.stretches_.size();
  for (const Entry& e : entries_) {
    // The processor whose record is first has no mark of its own: all of the others began before it.
    if (e.stretch.number == 0 && order_.stretches_.size() == first) continue;
    order_.stretches_.push_back(e.stretch);
  }
  entries_.clear();
  processors_.clear();
}

Order::Order(std::string_view text, bool in_ticks, const std::atomic<bool>* stop) : text_(text) {
  OrderBuilder builder(*this, in_ticks, stop);
  std::uint32_t number = 0;
  try {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
      builder.line(text.substr(at, end - at), at, ++number);
      at = end;
    }
    builder.close();
  } catch (const OrderBuilder::Stopped&) {
    stretches_.clear();
  }
  lines_ = number;
}

}  // namespace custody::traces::formats::ftrace
