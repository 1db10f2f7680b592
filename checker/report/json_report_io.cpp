// SPDX-License-Identifier: BSD-2-Clause
// Written by hand and not through a document tree: a trace can have millions of findings, and none is kept.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>
#include <string_view>
#include <utility>

#include "checker/report/json_report.hpp"
#include "checker/report/json_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

using Out = std::back_insert_iterator<std::string>;

void append_history(std::string& out, const PastEvents& history, const traces::Directory& d) {
  std::string words;
  out += ",\"history\":[";
  Comma comma;
  for (const ReportedEvent e : history) {
    words.clear();
    append_event(words, e, d);
    out += comma();
    append_member(out, "{\"line\":", e.at.line);
    append_member(out, ",\"event\":", words);
    out += '}';
  }
  out += ']';
}

void append_also(std::string& out, const RuleSet& also) {
  out += ",\"also\":[";
  Comma comma;
  for (const spec::RuleId id : spec::kPrecedence) {
    if (!also.has(id)) continue;
    append_member(out, comma(), spec::rule(id).id);
  }
  out += ']';
}

void append_assumes(std::string& out, std::uint8_t bits) {
  out += ",\"assumes\":[";
  Comma comma;
  for (unsigned a = 0; a < kAssumptions; ++a) {
    if (((bits >> a) & 1U) == 0) continue;
    append_member(out, comma(), name(static_cast<Assumption>(a)));
  }
  out += ']';
}

void append_buffer(std::string& out, const Finding& f, const traces::Directory& d) {
  if (f.buffer >= d.buffers.size()) return;
  const traces::BufferInfo& b = d.buffers[f.buffer];
  append_member(out, ",\"buffer\":{\"id\":", b.name);
  append_member(out, ",\"exporter\":", b.exporter);
  append_member(out, ",\"size\":", b.size);
  if (b.ino != 0) append_member(out, ",\"ino\":", b.ino);
  out += '}';
}

/// `null` where it is no number.
std::string figure(std::uint64_t n, std::uint8_t why_not) { return why_not == 0 ? std::to_string(n) : "null"; }

void append_not_computed(std::string& out, const MaintenanceTotals& m) {
  out += ",\"not_computed\":{";
  Comma figures;
  for (const auto& [figure_name, bits] : {std::pair{"optimum", m.no_optimum}, std::pair{"subset", m.no_subset}}) {
    if (bits == 0) continue;
    fmt::format_to(Out(out), "{}\"{}\":[", figures(), figure_name);
    Comma comma;
    for (unsigned n = 0; n < kNotComputedReasons; ++n) {
      if (((bits >> n) & 1U) == 0) continue;
      fmt::format_to(Out(out), "{}\"{}\"", comma(), name(static_cast<NotComputed>(n)));
    }
    out += ']';
  }
  out += '}';
}

void append_verdicts(std::string& out, const Summary& s) {
  fmt::format_to(Out(out), "\"judged\":{},\"partly_judged\":{},\"not_judged\":{},\"why_not\":{{",
                 s.coverage.of(Judged::kWhole), s.coverage.of(Judged::kPartly), s.coverage.of(Judged::kNot));
  Comma comma;
  for (unsigned r = 0; r < kJudgedReasons; ++r) {
    if (s.coverage.why_not[r] == 0) continue;
    fmt::format_to(Out(out), "{}\"{}\":{}", comma(), name(static_cast<JudgedReason>(r)), s.coverage.why_not[r]);
  }
  out += "},\"settling\":[";
  for (std::size_t i = 0; i < s.coverage.settling.size(); ++i)
    fmt::format_to(Out(out), "{}{}", i == 0 ? "" : ",", quoted(s.coverage.settling[i]));
  out += "],";
}

void append_inventory(std::string& out, const Summary& s) {
  const Inventory& seen = s.coverage.inventory;
  out += "\"inventory\":{\"events\":{";
  Comma comma;
  for (unsigned k = 0; k < traces::kEventKinds; ++k) {
    const auto kind = static_cast<traces::EventKind>(k);
    if (seen.of(kind) == 0) continue;
    fmt::format_to(Out(out), "{}\"{}\":{}", comma(), traces::name(kind), seen.of(kind));
  }
  out += "},\"missing_probes\":[";
  comma = {};
  for (unsigned i = 0; i < kMissingProbeCount; ++i) {
    if (((seen.missing >> i) & 1U) == 0) continue;
    fmt::format_to(Out(out), "{}{{\"event\":\"{}\",\"because\":\"{}\"}}", comma(), kMissingProbes[i].name,
                   kMissingProbes[i].because);
  }
  out += "],\"sources\":[";
  comma = {};
  for (unsigned i = 0; i < traces::kRecordSources; ++i) {
    const SourceWords& source = words(static_cast<traces::RecordSource>(i));
    if (seen.sources[i] == 0) continue;
    fmt::format_to(Out(out), "{}{{\"source\":\"{}\",\"records\":{},\"cannot_show\":\"{}\"}}", comma(), source.name,
                   seen.sources[i], source.cannot_show);
  }
  out += "],\"silent_rules\":[";
  comma = {};
  const RuleSet silent = silent_rules(s);
  for (const spec::Rule& r : spec::kRules)
    if (silent.has(spec::id_of(r))) fmt::format_to(Out(out), "{}\"{}\"", comma(), r.id);
  out += "]},";
}

void append_maintenance(std::string& out, const Summary& s) {
  const MaintenanceTotals& m = s.maintenance;
  fmt::format_to(
      Out(out),
      "\"maintenance\":{{\"operations\":{},\"bytes\":{},\"no_effect_bytes\":{},\"proved_no_effect_bytes\":{},"
      "\"unobserved_bytes\":{},\"undetermined_bytes\":{},\"copy_bytes\":{},\"free_syncs\":{},"
      "\"optimum_operations\":{},\"optimum_bytes\":{},\"no_effect_operations\":{},"
      "\"proved_no_effect_operations\":{},\"unobserved_operations\":{},\"undetermined_operations\":{},"
      "\"subset_operations\":{},\"unschedulable_buffers\":{}",
      m.operations, m.bytes, m.no_effect.bytes, m.proved_no_effect.bytes, m.unobserved.bytes, m.undetermined.bytes,
      m.copy_bytes, m.free_syncs, figure(m.optimum.operations, m.no_optimum), figure(m.optimum.bytes, m.no_optimum),
      m.no_effect.operations, m.proved_no_effect.operations, m.unobserved.operations, m.undetermined.operations,
      figure(m.subset_operations, m.no_subset), m.unschedulable_buffers);
  append_not_computed(out, m);
  fmt::format_to(Out(out),
                 ",\"computed\":{{\"buffers\":{},\"operations\":{},\"bytes\":{},\"optimum_operations\":{},"
                 "\"optimum_bytes\":{}}}}}",
                 m.computed.buffers, m.computed.done.operations, m.computed.done.bytes, m.computed.optimum.operations,
                 m.computed.optimum.bytes);
}

void append_costs(std::string& out, const std::vector<hindsight::CostEntry>& costs) {
  constexpr std::string_view kFateNames[hindsight::kFates] = {"needed", "no_effect", "unobserved", "undetermined"};
  out += ",\n\"costs\":[";
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const hindsight::CostEntry& c = costs[i];
    fmt::format_to(Out(out), "{}{{\"payer\":\"{}\",\"name\":{},\"operations\":{},\"bytes\":{}", i == 0 ? "\n" : ",\n",
                   hindsight::name(c.payer), quoted(c.name), c.sums.total_operations(), c.sums.total_bytes());
    for (std::size_t f = 0; f < hindsight::kFates; ++f)
      fmt::format_to(Out(out), ",\"{0}_operations\":{1},\"{0}_bytes\":{2}", kFateNames[f], c.sums.operations[f],
                     c.sums.bytes[f]);
    out += '}';
  }
  out += ']';
}

}  // namespace

JsonReport::JsonReport(Write write, bool explain_cost) : write_(std::move(write)), explain_cost_(explain_cost) {
  write_("{\"schema\":\"custody.replay/2\",\n\"findings\":[");
}

void JsonReport::begin_trace(const std::string& path) { path_ = quoted(path); }

void JsonReport::finding(const Finding& f, const traces::Directory& d) {
  const spec::Rule& rule = spec::rule(f.rule);
  std::string& out = line_;
  out.clear();
  append_member(out, std::exchange(first_, false) ? "\n{\"rule\":" : ",\n{\"rule\":", rule.id);
  append_also(out, f.also);
  append_member(out, ",\"class\":", spec::name(rule.cls));
  if (f.effect == Effect::kNone) (out += ",\"effect\":\"none\",\"proved\":") += f.proved ? "true" : "false";
  if (f.effect == Effect::kUnobserved) out += ",\"effect\":\"unobserved\"";
  append_member(out, ",\"severity\":", spec::name(f.severity));
  append_member(out, ",\"owes\":", spec::name(f.owes));
  append_assumes(out, f.assumes);
  (out += ",\"path\":") += path_;
  append_member(out, ",\"line\":", f.line);
  if (f.place.trigger.at.ts >= 0)
    fmt::format_to(Out(out), FMT_COMPILE(",\"ts\":{}.{:09}"), f.place.trigger.at.ts / 1'000'000'000,
                   f.place.trigger.at.ts % 1'000'000'000);
  append_buffer(out, f, d);
  if (f.device < d.devices.size()) append_member(out, ",\"device\":", d.devices[f.device].name);
  append_member(out, ",\"bytes\":", f.bytes);
  if (f.place.concurrent_task < d.tasks.size())
    append_member(out, ",\"concurrent_with\":", d.tasks[f.place.concurrent_task].name);
  if (f.operation != model::Operation::kNone) append_member(out, ",\"operation\":", name(f.operation));
  if (f.place.operation_line != 0) append_member(out, ",\"operation_line\":", f.place.operation_line);
  if (f.place.call_line != 0) append_member(out, ",\"call_line\":", f.place.call_line);
  if (f.refusal.row != nullptr) append_member(out, ",\"refusal\":", f.refusal.row->id);
  append_member(out, ",\"message\":", message(f, d));
  append_history(out, f.place.history, d);
  out += '}';
  write_(out);
}

void JsonReport::departure(const follow::Departure& departure, const traces::Directory& d) {
  std::string& out = departures_;
  fmt::format_to(Out(out),
                 "{}{{\"kind\":\"{}\",\"path\":{},\"line\":{},\"call_line\":{},\"call\":{},\"row\":{},\"expected\":{},"
                 "\"found\":{}",
                 out.empty() ? "\n" : ",\n", follow::name(departure.kind), path_, departure.line,
                 departure.call.at.line, quoted(event_text(ReportedEvent(departure.call), d)),
                 quoted(said_by_text(departure)), quoted(expected_text(departure, d)),
                 quoted(found_text(departure, d)));
  if (departure.call.buffer < d.buffers.size())
    fmt::format_to(Out(out), ",\"buffer\":{}", quoted(d.buffers[departure.call.buffer].name));
  out += '}';
}

void JsonReport::end_trace(const traces::Header& header, const traces::ReadStatistics& st, const Summary& s,
                           std::span<const JudgedExpectation> expectations, const std::string& error) {
  static_cast<void>(header);
  std::string& out = traces_;
  fmt::format_to(Out(out),
                 "{}{{\"path\":{},\"events\":{},\"unknown_events\":{},\"unattributed\":{},\"lost\":{},\"buffers\":{},"
                 "\"live_buffers\":{},\"malformed\":{},\"out_of_order\":{},\"truncated\":{},",
                 out.empty() ? "\n" : ",\n", path_, s.events, st.unknown_events, st.unattributed, st.lost, s.buffers,
                 s.live_buffers, st.malformed, st.out_of_order, st.truncated);
  fmt::format_to(Out(out), "\"foreign\":{},\"unread_fields\":{},\"warnings\":[", st.passed_over.foreign,
                 st.passed_over.fields);
  for (std::size_t i = 0; i < st.kept_warnings.size(); ++i)
    fmt::format_to(Out(out), "{}{{\"line\":{},\"message\":{}}}", i == 0 ? "" : ",", st.kept_warnings[i].line,
                   quoted(st.kept_warnings[i].message));
  out += "],\"expectations\":[";
  for (std::size_t i = 0; i < expectations.size(); ++i)
    fmt::format_to(Out(out), "{}{{\"line\":{},\"text\":{},\"held\":{},\"found\":{}}}", i == 0 ? "" : ",",
                   expectations[i].expectation.line, quoted(expectations[i].expectation.text), expectations[i].held,
                   quoted(expectations[i].found));
  out += "]";
  if (!error.empty()) fmt::format_to(Out(out), ",\"error\":{}", quoted(error));
  out += "}";
}

void JsonReport::skip_trace(const std::string& path, const std::string& why) {
  fmt::format_to(Out(skipped_), "{}{{\"path\":{},\"why\":{}}}", skipped_.empty() ? "" : ",", quoted(path), quoted(why));
}

void JsonReport::end(const Summary& total) {
  const Summary& s = total;
  std::string out = "],\n\"traces\":[" + traces_ + "],\n";
  if (!skipped_.empty()) out += "\"skipped\":[" + skipped_ + "],\n";
  if (withheld_.all() != 0)
    fmt::format_to(Out(out), "\"withheld\":{{\"not_asked_for\":{},\"suppressed\":{},\"in_baseline\":{}}},\n",
                   withheld_.not_asked_for, withheld_.suppressed, withheld_.in_baseline);
  const auto of_class = [&](spec::RuleClass c) { return s.by_class[static_cast<std::size_t>(c)]; };
  fmt::format_to(Out(out), "\"summary\":{{\"buffers\":{},\"events\":{},", s.buffers, s.events);
  append_verdicts(out, s);
  fmt::format_to(Out(out),
                 "\"by_class\":{{\"illegal\":{},\"missing\":{},\"mixed\":{},\"lost_write\":{},"
                 "\"redundant_no_effect\":{},\"redundant_unobserved\":{},\"advice\":{}}},\"by_rule\":{{",
                 of_class(spec::RuleClass::kIllegal), of_class(spec::RuleClass::kMissing),
                 of_class(spec::RuleClass::kMixed), of_class(spec::RuleClass::kLostWrite), s.redundant_no_effect,
                 s.redundant_unobserved, of_class(spec::RuleClass::kAdvice));
  Comma comma;
  for (const spec::Rule& r : spec::kRules) {
    const std::uint64_t n = s.by_rule[static_cast<std::size_t>(spec::id_of(r))];
    if (n == 0) continue;
    fmt::format_to(Out(out), "{}\"{}\":{}", comma(), r.id, n);
  }
  fmt::format_to(Out(out), "}},\"unjudged\":{},\"silent_buffers\":{},", s.unjudged, s.silent_buffers);
  append_inventory(out, s);
  append_maintenance(out, s);
  out += '}';
  if (explain_cost_) append_costs(out, s.costs);
  if (const follow::ContractTotals& c = s.contract; !c.contract.empty())
    fmt::format_to(Out(out),
                   ",\n\"contract\":{{\"name\":{},\"followed\":{},\"departed\":{},\"unjudged\":{},\"buffers\":{},"
                   "\"departed_buffers\":{},\"unjudged_buffers\":{},\"unseen_syncs\":{},\"departures\":[{}]}}",
                   quoted(c.contract), c.followed, c.departed, c.unjudged, c.buffers, c.departed_buffers,
                   c.unjudged_buffers, c.unseen_syncs, departures_);
  out += "}\n";
  write_(out);
}

}  // namespace custody::checker::report
