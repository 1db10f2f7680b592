// SPDX-License-Identifier: BSD-2-Clause
// Times are microseconds; of a trace without time each event is one later than the one before it.
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

/// The numbers of tracks inside a buffer's process: what there can be many of begins at these, and ids follow.
constexpr std::uint64_t kOwnerTrack = 1, kOperationTrack = 2, kFindingTrack = 3, kDeviceTracks = 16,
                        kTaskTracks = std::uint64_t{1} << 24U, kWindowTracks = std::uint64_t{1} << 25U;

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
    append_member(out, ",\"pid\":", first_ + row);
    append_member(out, ",\"tid\":", track);
    return out + ",\"ts\":" + micros(time(place));
  }
  /// From the event at one place to that at another; open: to the end.
  [[nodiscard]] std::string slice(std::string_view name, std::uint32_t row, std::uint64_t track, std::uint32_t from,
                                  std::uint32_t to) const {
    const std::int64_t end = to == Slice::kOpen ? time(last_) + (timed_ ? 0 : 1000) : time(to);
    return record('X', name, row, track, from) + ",\"dur\":" + micros(end - time(from));
  }
  [[nodiscard]] std::string meta(std::string_view what, std::uint32_t row, std::uint64_t track,
                                 std::string_view name) const {
    std::string out;
    append_member(out, ",\n{\"ph\":\"M\",\"name\":", what);
    append_member(out, ",\"pid\":", first_ + row);
    append_member(out, ",\"tid\":", track);
    append_member(out, ",\"args\":{\"name\":", std::string_view(escape_text(name)));
    return out + "}}";
  }

 private:
  [[nodiscard]] std::int64_t time(std::uint32_t place) const {
    const std::int64_t ts = t_.events()[std::min(place, last_)].ts;
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
      "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":0,\"tid\":0,"
      "\"args\":{\"name\":\"custody\"}}");
}

void PerfettoReport::write_track(const Writer& w, std::uint32_t row, std::uint64_t number, const std::string& name) {
  if (named_.emplace(row, number).second) write_(w.meta("thread_name", row, number, name));
}

void PerfettoReport::write_slices(const Writer& w) {
  const Timeline& t = timeline_;
  for (const Slice& s : t.owners()) {
    write_track(w, s.row, kOwnerTrack, "owner");
    const std::string_view owner = s.who == kNotKnown ? "not known" : model::kStates[s.who].name;
    write_(w.slice(owner, s.row, kOwnerTrack, s.from, s.to) + "}");
  }
  for (const Slice& s : t.maps()) {
    write_track(w, s.row, kDeviceTracks + s.who, "mapped for " + name_in(t.devices(), s.who));
    write_(w.slice("mapped", s.row, kDeviceTracks + s.who, s.from, s.to) + "}");
  }
  for (const Slice& s : t.windows()) {
    write_track(w, s.row, kWindowTracks + s.who, "CPU windows of " + name_in(t.tasks(), s.who));
    write_(w.slice("CPU window", s.row, kWindowTracks + s.who, s.from, s.to) + "}");
  }
}

/// A call is a slice from its entry to its return; what has one record only, and a sync, is an instant.
void PerfettoReport::write_events(const Writer& w) {
  const Timeline& t = timeline_;
  std::map<std::uint32_t, std::uint32_t> entered;  // places by call
  for (std::uint32_t place = 0; place < t.events().size(); ++place) {
    const TimelineEvent& e = t.events()[place];
    if (e.row == kNoId) continue;
    const bool syncs = is_sync(e.kind);
    if (!syncs && e.phase == Phase::kEnter && e.call != kNoId) {
      entered[e.call] = place;
      continue;
    }
    const std::uint64_t track =
        syncs ? kOperationTrack : kTaskTracks + (e.task == kNoId ? 0 : e.task + std::uint64_t{1});
    write_track(w, e.row, track,
                syncs             ? "syncs and cache operations"
                : e.task == kNoId ? "calls"
                                  : "calls of " + name_in(t.tasks(), e.task));
    const auto from = entered.find(e.call);
    if (!syncs && e.phase == Phase::kReturn && from != entered.end()) {
      write_(w.slice(words_of(e, t), e.row, track, from->second, place) + line_of(e));
      entered.erase(from);
    } else {
      write_(w.record('i', words_of(e, t), e.row, track, place) + ",\"s\":\"t\"" + line_of(e));
    }
  }
}

void PerfettoReport::write_marks(const Writer& w) {
  for (const Mark& m : marks_) {
    const spec::Rule& rule = spec::rule(m.rule);
    write_track(w, m.row, kFindingTrack, "findings");
    std::string out = w.record('i', fmt::format("{} {}", rule.id, m.says), m.row, kFindingTrack, m.place);
    append_member(out, ",\"s\":\"p\",\"args\":{\"line\":", m.line);
    append_member(out, ",\"severity\":", spec::name(m.severity));
    append_member(out, ",\"rule\":", rule.says);
    write_(out + "}}");
  }
}

void PerfettoReport::write_trace() {
  const Timeline& t = timeline_;
  const Writer w(t, first_process_);
  named_.clear();
  for (std::uint32_t row = 0; row < t.rows().size(); ++row) {
    const TimelineRow& b = t.rows()[row];
    write_(w.meta("process_name", row, 0, path_ + ": " + b.name + (b.exporter.empty() ? "" : " of " + b.exporter)));
  }
  write_slices(w);
  write_events(w);
  write_marks(w);
  first_process_ += t.rows().size();
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
