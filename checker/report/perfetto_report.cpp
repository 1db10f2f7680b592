// SPDX-License-Identifier: BSD-2-Clause
// Times are microseconds; of a trace without time each event is one later than the one before it.
//
// What Perfetto's importer of JSON does decides the form. It rounds a time down to nanoseconds from a double, so that a
// slice with a duration can end behind the begin of the next, and is dropped: what follows without a gap is written as
// begin and end. It looks a thread up by its number alone when it names it, and takes the thread with its process's
// number for the main one: no two tracks or processes share a number. It has read `displayTimeUnit` as the unit of
// `ts`.
#include "checker/report/perfetto_report.hpp"

#include <algorithm>
#include <map>

#include "checker/report/json_text.hpp"
#include "checker/report/wording.hpp"
#include "spec/document/wording.hpp"

namespace custody::checker::report {

using traces::kNoId;
using traces::Phase;

namespace {

/// The tracks of a buffer: of what there can be many begins at these, and ids follow. The numbers of the first three
/// follow that of its process.
constexpr std::uint64_t kOwnerTrack = 1, kOperationTrack = 2, kFindingTrack = 3, kDeviceTracks = 16,
                        kTaskTracks = std::uint64_t{1} << 24U, kWindowTracks = std::uint64_t{1} << 25U;
constexpr std::uint64_t kNumbersOfBuffer = 4;

}  // namespace

/// Makes the records of one trace.
class PerfettoReport::Writer {
 public:
  Writer(const Timeline& t, std::uint64_t first_process) : t_(t), first_(first_process) {
    const auto& events = t_.events();
    timed_ = !events.empty() && events.front().ts >= 0;
    last_ = events.empty() ? 0 : static_cast<std::uint32_t>(events.size() - 1);
  }

  [[nodiscard]] std::string record(char phase, std::string_view name, std::uint32_t row, std::uint64_t track,
                                   std::uint32_t place) const {
    std::string out = ",\n{\"ph\":\"";
    out += phase;
    append_member(out, "\",\"name\":", std::string_view(escape_text(name)));
    append_member(out, ",\"pid\":", process(row));
    append_member(out, ",\"tid\":", track);
    return out + ",\"ts\":" + micros(time(place));
  }
  [[nodiscard]] std::uint64_t process(std::uint32_t row) const { return first_ + row * kNumbersOfBuffer; }
  /// Of a track whose slices follow one another. Open: to the end.
  [[nodiscard]] std::string phase(std::string_view name, std::uint64_t track, const Slice& s) const {
    const std::uint32_t to = s.to != Slice::kOpen ? s.to : timed_ ? last_ : last_ + 1;
    return record('B', name, s.row, track, s.from) + "}" + record('E', name, s.row, track, to) + "}";
  }
  [[nodiscard]] std::string meta(std::string_view what, std::uint32_t row, std::uint64_t track,
                                 std::string_view name) const {
    std::string out;
    append_member(out, ",\n{\"ph\":\"M\",\"name\":", what);
    append_member(out, ",\"pid\":", process(row));
    append_member(out, ",\"tid\":", track);
    append_member(out, ",\"args\":{\"name\":", std::string_view(escape_text(name)));
    return out + "}}";
  }

 private:
  [[nodiscard]] std::int64_t time(std::uint32_t place) const {
    const std::int64_t ts = timed_ ? t_.events()[std::min(place, last_)].ts : 0;
    return timed_ ? std::max<std::int64_t>(ts, 0) : std::int64_t{place} * 1000;
  }
  [[nodiscard]] static std::string micros(std::int64_t ns) {
    return fmt::format("{}.{:03}", std::max<std::int64_t>(ns, 0) / 1000, std::max<std::int64_t>(ns, 0) % 1000);
  }

  const Timeline& t_;
  std::uint64_t first_;
  std::uint32_t last_ = 0;
  bool timed_ = false;
};

namespace {

const std::string& name_in(const std::vector<std::string>& names, std::uint32_t id) {
  static const std::string kUnknown = "?";
  return id < names.size() && !names[id].empty() ? names[id] : kUnknown;
}

std::string words_of(const TimelineEvent& e, const Timeline& t) {
  std::string out(traces::name(e.kind));
  if (e.device != kNoId) out += " " + name_in(t.devices(), e.device);
  if (e.dir != model::Direction::kNone) out.append(" ").append(model::name(e.dir));
  if (e.skips_sync) out += " skip";
  if (e.operation != model::Operation::kNone) out.append(" (").append(name(e.operation)).append(")");
  return e.ret < 0 ? out + " = " + std::to_string(e.ret) : out;
}

std::string line_of(const TimelineEvent& e) {
  std::string out;
  append_member(out, ",\"args\":{\"line\":", e.line);
  if (e.bytes != 0) append_member(out, ",\"bytes\":", e.bytes);
  return out + "}}";
}

bool is_sync(traces::EventKind kind) {
  return traces::is_dma_call(kind) || kind == traces::EventKind::kCacheOperation ||
         kind == traces::EventKind::kBounceIn || kind == traces::EventKind::kBounceOut;
}

bool is_entry(const TimelineEvent& e) { return !is_sync(e.kind) && e.phase == Phase::kEnter && e.call != kNoId; }

/// Of the entry of a call the place of its return, and the other way round; kNoId: it has none.
std::vector<std::uint32_t> others_of_calls(const std::vector<TimelineEvent>& events) {
  std::vector<std::uint32_t> out(events.size(), kNoId);
  std::map<std::uint32_t, std::uint32_t> entered;  // places by call
  for (std::uint32_t place = 0; place < events.size(); ++place) {
    const TimelineEvent& e = events[place];
    if (e.row == kNoId) continue;
    if (is_entry(e)) {
      entered[e.call] = place;
    } else if (!is_sync(e.kind) && e.phase == Phase::kReturn) {
      const auto from = entered.find(e.call);
      if (from == entered.end()) continue;
      out[place] = from->second;
      out[from->second] = place;
      entered.erase(from);
    }
  }
  return out;
}

}  // namespace

void PerfettoReport::begin_trace(const std::string& path) {
  path_ = path;
  timeline_.clear();
  marks_.clear();
}

void PerfettoReport::finding(const Finding& f, const traces::Directory& d) {
  const std::uint32_t row = timeline_.row_of(f, d), place = timeline_.place_of(f);
  if (row == kNoId || place == kNoId || marks_.size() == kMostMarks) {
    ++left_out_;
    return;
  }
  marks_.push_back({row, place, f.line, f.rule, f.severity, message(f, d)});
}

void PerfettoReport::event(const traces::Event& e, const StandingOf& standing, const traces::Directory& d) {
  timeline_.note(e, standing, d);
}

void PerfettoReport::write_head() {
  if (std::exchange(begun_, true)) return;
  write_(
      "{\"traceEvents\":[\n{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":0,\"tid\":0,"
      "\"args\":{\"name\":\"custody\"}}");
}

/// Its number; the first time it is asked for it is named.
std::uint64_t PerfettoReport::track(const Writer& w, std::uint32_t row, std::uint64_t which, const std::string& name) {
  const auto [known, is_new] =
      tracks_.try_emplace({row, which}, which <= kFindingTrack ? w.process(row) + which : next_);
  if (is_new && known->second == next_) ++next_;
  if (is_new) write_(w.meta("thread_name", row, known->second, name));
  return known->second;
}

void PerfettoReport::write_slices(const Writer& w) {
  const Timeline& t = timeline_;
  for (const Slice& s : t.owners()) {
    const std::string_view owner = s.who == kNotKnown ? "not known" : model::kStates[s.who].name;
    write_(w.phase(owner, track(w, s.row, kOwnerTrack, "owner"), s));
  }
  for (const Slice& s : t.maps())
    write_(w.phase("mapped", track(w, s.row, kDeviceTracks + s.who, "mapped for " + name_in(t.devices(), s.who)), s));
  for (const Slice& s : t.windows())
    write_(w.phase("CPU window", track(w, s.row, kWindowTracks + s.who, "CPU windows of " + name_in(t.tasks(), s.who)),
                   s));
}

/// A call is a slice from its entry to its return; what has one record only, and a sync, is an instant.
void PerfettoReport::write_events(const Writer& w) {
  const Timeline& t = timeline_;
  const std::vector<std::uint32_t> others = others_of_calls(t.events());
  for (std::uint32_t place = 0; place < t.events().size(); ++place) {
    const bool is_whole_call = others[place] != kNoId, begins = is_whole_call && others[place] > place;
    const TimelineEvent& e = t.events()[begins ? others[place] : place];
    if (e.row == kNoId || (!is_whole_call && is_entry(e))) continue;
    const bool syncs = is_sync(e.kind);
    const std::uint64_t which =
        syncs ? kOperationTrack : kTaskTracks + (e.task == kNoId ? 0 : e.task + std::uint64_t{1});
    const std::uint64_t number = track(w, e.row, which,
                                       syncs             ? "syncs and cache operations"
                                       : e.task == kNoId ? "calls"
                                                         : "calls of " + name_in(t.tasks(), e.task));
    const std::string record = w.record(!is_whole_call ? 'i'
                                        : begins       ? 'B'
                                                       : 'E',
                                        words_of(e, t), e.row, number, place);
    write_(record + (is_whole_call ? "" : ",\"s\":\"t\"") + line_of(e));
  }
}

void PerfettoReport::write_marks(const Writer& w) {
  for (const Mark& m : marks_) {
    const spec::Rule& rule = spec::rule(m.rule);
    std::string out = w.record('i', fmt::format("{} {}", rule.id, m.says), m.row,
                               track(w, m.row, kFindingTrack, "findings"), m.place);
    append_member(out, ",\"s\":\"t\",\"args\":{\"line\":", m.line);
    append_member(out, ",\"severity\":", spec::name(m.severity));
    append_member(out, ",\"rule\":", rule.says);
    write_(out + "}}");
  }
}

void PerfettoReport::write_trace() {
  const Timeline& t = timeline_;
  const Writer w(t, next_);
  next_ += t.rows().size() * kNumbersOfBuffer;
  tracks_.clear();
  for (std::uint32_t row = 0; row < t.rows().size(); ++row) {
    const TimelineRow& b = t.rows()[row];
    write_(w.meta("process_name", row, w.process(row),
                  path_ + ": " + b.name + (b.exporter.empty() ? "" : " of " + b.exporter)));
  }
  write_slices(w);
  write_events(w);
  write_marks(w);
}

void PerfettoReport::end_trace(const traces::Header& /*header*/, const traces::ReadStatistics& /*statistics*/,
                               const Summary& /*summary*/, std::span<const JudgedExpectation> /*expectations*/,
                               const std::string& /*error*/) {
  write_head();
  write_trace();
  read_ += (read_.empty() ? "" : ", ") + escape_text(path_);
  left_out_ += timeline_.left_out();
}

void PerfettoReport::end(const Summary& /*total*/) {
  write_head();
  std::string out = "\n],\"otherData\":{\"made by\":";
  append_quoted(out, escape_text(spec::document::made_by(origin_, read_.empty() ? "no trace" : read_)));
  if (left_out_ != 0) append_member(out, ",\"left out\":", left_out_);
  write_(out + "}}\n");
}

}  // namespace custody::checker::report
