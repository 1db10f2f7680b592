// SPDX-License-Identifier: BSD-2-Clause
// Columns: a hundred thousand events are a few megabytes, and a browser reads them in one go.
#include "checker/report/page_data.hpp"

#include <algorithm>

#include "checker/hindsight/ledger.hpp"
#include "checker/report/json_text.hpp"
#include "checker/report/verdict_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

void append_signed(std::string& out, std::int64_t n) {
  const fmt::format_int digits(n);
  out.append(digits.data(), digits.size());
}

std::string_view line_in_words(model::Line line) {
  switch (line) {
    case model::Line::kAbsent: return "absent";
    case model::Line::kCleanCurrent: return "clean";
    case model::Line::kCleanOld: return "clean but stale";
    case model::Line::kDirtyCurrent: return "dirty";
    case model::Line::kDirtyOld: break;
  }
  return "dirty and stale";
}

/// No id is -1.
std::int64_t id(std::uint32_t n) { return n == traces::kNoId ? -1 : static_cast<std::int64_t>(n); }

void append_column(std::string& out, std::string_view key, const auto& items, const auto& value) {
  ((out += ",\"") += key) += "\":[";
  Comma comma;
  for (const auto& item : items) {
    out += comma();
    append_signed(out, static_cast<std::int64_t>(value(item)));
  }
  out += ']';
}

/// Each as what it is more than the one before.
void append_rising(std::string& out, std::string_view key, const auto& items, const auto& value) {
  std::int64_t before = 0;
  append_column(out, key, items, [&](const auto& item) {
    const auto now = static_cast<std::int64_t>(value(item));
    return now - std::exchange(before, now);
  });
}

void append_names(std::string& out, std::string_view key, const std::vector<std::string>& names) {
  ((out += ",\"") += key) += "\":[";
  Comma comma;
  for (const std::string& name : names) append_shown(out, comma(), name);
  out += ']';
}

void append_page_events(std::string& out, const std::vector<TimelineEvent>& events) {
  using E = TimelineEvent;
  append_member(out, ",\"events\":{\"count\":", events.size());
  append_rising(out, "line", events, [](const E& e) { return e.line; });
  const bool timed = !events.empty() && events.front().ts >= 0;
  out += timed ? ",\"timed\":true" : ",\"timed\":false";
  append_signed(out += ",\"start\":", timed ? events.front().ts : 0);
  std::int64_t before = timed ? events.front().ts : 0;
  if (timed)
    append_column(out, "ts", events, [&](const E& e) {
      const std::int64_t now = e.ts < 0 ? before : e.ts;
      return now - std::exchange(before, now);
    });
  append_column(out, "kind", events, [](const E& e) { return e.kind; });
  append_column(out, "phase", events, [](const E& e) { return e.phase; });
  append_column(out, "dir", events, [](const E& e) { return e.dir; });
  append_column(out, "op", events, [](const E& e) { return e.operation; });
  append_column(out, "skip", events, [](const E& e) { return e.skips_sync ? 1 : 0; });
  append_column(out, "ret", events, [](const E& e) { return e.ret; });
  append_column(out, "belief", events, [](const E& e) { return e.belief.bits; });
  append_column(out, "bytes", events, [](const E& e) { return e.bytes; });
  append_column(out, "row", events, [](const E& e) { return id(e.row); });
  append_column(out, "device", events, [](const E& e) { return id(e.device); });
  append_column(out, "task", events, [](const E& e) { return id(e.task); });
  out += '}';
}

void append_slices(std::string& out, std::string_view key, const std::vector<Slice>& slices) {
  ((out += ",\"") += key) += "\":{\"count\":";
  append_number(out, slices.size());
  append_column(out, "row", slices, [](const Slice& s) { return id(s.row); });
  append_rising(out, "from", slices, [](const Slice& s) { return id(s.from); });
  append_column(out, "to", slices, [](const Slice& s) { return id(s.to); });
  append_column(out, "who", slices, [](const Slice& s) { return id(s.who); });
  out += '}';
}

void append_rows(std::string& out, const std::vector<TimelineRow>& rows) {
  out += ",\"rows\":[";
  Comma comma;
  for (const TimelineRow& row : rows) {
    append_shown(out += comma(), "{\"name\":", row.name);
    append_shown(out, ",\"exporter\":", row.exporter);
    append_member(out, ",\"size\":", row.size);
    append_member(out, ",\"ino\":", row.ino);
    out += '}';
  }
  out += ']';
}

void append_page_findings(std::string& out, const PageFindings& findings) {
  using I = Instance;
  const std::vector<Instance>& all = findings.instances();
  (out += ",\"causes\":") += findings.causes();
  append_member(out, ",\"findings\":{\"count\":", all.size());
  append_member(out, ",\"left_out\":", findings.left_out());
  append_column(out, "cause", all, [](const I& i) { return i.cause; });
  append_column(out, "row", all, [](const I& i) { return id(i.row); });
  append_column(out, "place", all, [](const I& i) { return id(i.place); });
  append_column(out, "device", all, [](const I& i) { return id(i.device); });
  append_column(out, "task", all, [](const I& i) { return id(i.task); });
  append_rising(out, "line", all, [](const I& i) { return i.line; });
  out += '}';
}

void append_page_verdicts(std::string& out, const Summary& s) {
  out += ",\"judged\":[";
  Comma comma;
  for (unsigned j = 0; j < kJudgedKinds; ++j) append_member(out, comma(), s.coverage.of(static_cast<Judged>(j)));
  out += "],\"why_not\":[";
  comma = {};
  for (unsigned r = 0; r < kJudgedReasons; ++r) {
    if (s.coverage.why_not[r] == 0) continue;
    const auto reason = static_cast<JudgedReason>(r);
    append_member(out += comma(), "{\"buffers\":", s.coverage.why_not[r]);
    append_member(out, ",\"why\":", says(reason));
    append_member(out, ",\"settled_by\":", settled_by(reason));
    out += '}';
  }
  out += ']';
  append_names(out, "settling", s.coverage.settling);
  append_shown(out, ",\"inventory\":", inventory_lines(s));
}

void append_page_costs(std::string& out, const std::vector<hindsight::CostEntry>& costs) {
  out += ",\"costs\":[";
  Comma comma;
  for (const hindsight::CostEntry& c : costs) {
    append_member(out += comma(), "{\"payer\":", hindsight::name(c.payer));
    append_shown(out, ",\"name\":", c.name);
    append_member(out, ",\"save\":", c.sums.bytes_to_save());
    for (const auto& [key, sums] : {std::pair{"operations", c.sums.operations}, std::pair{"bytes", c.sums.bytes}}) {
      ((out += ",\"") += key) += "\":[";
      Comma inner;
      for (std::size_t f = 0; f < hindsight::kFates; ++f) append_member(out, inner(), sums[f]);
      out += ']';
    }
    out += '}';
  }
  out += ']';
}

void append_figure(std::string& out, std::string_view key, const PassSums& sums, std::uint8_t why_not) {
  ((out += ",\"") += key) += "\":{";
  if (why_not != 0) append_member(out, "\"not_computed\":", std::string_view(why_not_computed(why_not)));
  else append_member(out, "\"operations\":", sums.operations);
  if (why_not == 0) append_member(out, ",\"bytes\":", sums.bytes);
  out += '}';
}

void append_page_maintenance(std::string& out, const MaintenanceTotals& m) {
  append_member(out, ",\"maintenance\":{\"operations\":", m.operations);
  append_member(out, ",\"bytes\":", m.bytes);
  append_member(out, ",\"free\":", m.free_syncs);
  append_figure(out, "no_effect", m.no_effect, 0);
  append_figure(out, "unobserved", m.unobserved, 0);
  append_figure(out, "undetermined", m.undetermined, 0);
  append_figure(out, "optimum", m.optimum, m.no_optimum);
  append_figure(out, "subset", {m.subset_operations, 0}, m.no_subset);
  out += '}';
}

void append_reading(std::string& out, const TraceAccount& a) {
  append_shown(out, ",\"error\":", a.error);
  out += ",\"warnings\":[";
  Comma comma;
  for (const traces::Warning& w : a.statistics.kept_warnings) {
    append_member(out += comma(), "{\"line\":", w.line);
    append_shown(out, ",\"text\":", w.message);
    out += '}';
  }
  append_member(out, "],\"warnings_in_all\":", a.statistics.warnings);
  out += ",\"expectations\":[";
  comma = {};
  for (const JudgedExpectation& j : a.expectations) {
    append_member(out += comma(), "{\"line\":", j.expectation.line);
    append_shown(out, ",\"text\":", j.expectation.text);
    append_shown(out += j.held ? ",\"held\":true" : ",\"held\":false", ",\"found\":", j.found);
    out += '}';
  }
  out += ']';
}

}  // namespace

std::string page_data(const TraceAccount& a, const Timeline& timeline, const PageFindings& findings) {
  const Summary& s = a.summary;
  std::string out;
  append_shown(out, "{\"path\":", a.path);
  const SummaryForm form{false, a.error.empty(), a.withheld, Paint(false)};
  append_shown(out, ",\"sentence\":", closing_sentence(s, a.found, a.error.empty(), a.withheld.all()));
  out += ",\"summary\":";
  append_quoted(out, summary_text(s, a.found, form));
  append_reading(out, a);
  append_page_verdicts(out, s);
  append_page_maintenance(out, s.maintenance);
  append_page_costs(out, s.costs);
  ((out += ",\"departures\":[") += a.departures) += ']';
  append_names(out, "devices", timeline.devices());
  append_names(out, "tasks", timeline.tasks());
  append_rows(out, timeline.rows());
  append_page_events(out, timeline.events());
  append_member(out, ",\"events_left_out\":", timeline.left_out());
  append_slices(out, "owners", timeline.owners());
  append_slices(out, "maps", timeline.maps());
  append_slices(out, "windows", timeline.windows());
  append_page_findings(out, findings);
  return out + "}";
}

std::string page_words() {
  std::string out = "{\"states\":[";
  Comma comma;
  for (std::size_t i = 0; i < model::kOwnerStates; ++i) {
    append_member(out += comma(), "{\"name\":", model::kStates[i].name);
    append_member(out, ",\"says\":", model::kStates[i].says);
    out += '}';
  }
  append_member(out, "],\"not_known\":", std::uint64_t{kNotKnown});
  out += ",\"kinds\":[";
  comma = {};
  for (unsigned k = 0; k < traces::kEventKinds; ++k)
    append_member(out, comma(), traces::name(static_cast<traces::EventKind>(k)));
  out += "],\"directions\":[";
  comma = {};
  for (unsigned k = 0; k < 4; ++k) append_member(out, comma(), model::name(static_cast<model::Direction>(k)));
  out += "],\"operations\":[";
  comma = {};
  for (unsigned k = 0; k < 4; ++k) append_member(out, comma(), name(static_cast<model::Operation>(k)));
  out += "],\"lines\":[";
  comma = {};
  for (unsigned s = 0; s < model::kLineStates; ++s) {
    append_member(out += comma(), "{\"memory\":", model::memory_of(s) == model::Memory::kOld ? "old" : "current");
    append_member(out, ",\"line\":", line_in_words(model::line_of(s)));
    const model::Belief state = model::only(model::memory_of(s), model::line_of(s));
    const auto old = [&](model::Access reader) { return model::is_hazard(reader, state) ? "true" : "false"; };
    (out += ",\"cpu_reads_old\":") += old(model::Access::kCpuRead);
    ((out += ",\"device_reads_old\":") += old(model::Access::kDeviceRead)) += '}';
  }
  out += "],\"rules\":{";
  comma = {};
  for (const spec::Rule& r : spec::kRules) {
    ((out += comma()) += '"') += r.id;
    append_member(out, "\":{\"class\":", spec::name(r.cls));
    append_member(out, ",\"says\":", r.says);
    append_member(out, ",\"why\":", r.why);
    append_member(out, ",\"fix\":", r.fix);
    append_member(out, ",\"source\":", r.source);
    out += '}';
  }
  return out + "}}";
}

std::string inside_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  // In JSON it stands in strings only.
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t end = std::min(json.find('<', at), json.size());
    out.append(json, at, end - at);
    if (end < json.size()) out += "\\u003c";
    at = end + 1;
  }
  return out;
}

}  // namespace custody::checker::report
