// SPDX-License-Identifier: BSD-2-Clause
// custody::replay: the engine of `custody replay`, fed from memory.
#include "checker/replay/replay.hpp"
#include "checker/embed/event_feed.hpp"
#include "checker/replay/engine.hpp"
#include "checker/report/summary_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::embed {

namespace {

std::string name_of_buffer(std::uint32_t id, const traces::Directory& d) {
  return id < d.buffers.size() ? d.buffers[id].name : std::string();
}

custody::Finding finding_of(const checker::Finding& f, const traces::Directory& d) {
  custody::Finding out;
  out.rule = spec::rule(f.rule).id;
  out.severity = static_cast<Severity>(f.severity);
  out.event = static_cast<std::size_t>(f.line == 0 ? 0 : f.line - 1);
  out.says = report::message(f, d);
  out.fix = report::remedy(f);
  out.responsible = report::responsible(f, d);
  out.buffer = name_of_buffer(f.buffer, d);
  if (f.device < d.devices.size()) out.device = d.devices[f.device].name;
  out.bytes = f.bytes;
  out.assumed = f.assumes != 0;
  return out;
}

/// What is wrong with options is the embedder's to mend, as with events.
replay::Options checked(const Options& options) {
  replay::Options out;
  out.arch = options.arch;
  out.policies = options.policies;
  if (const std::string wrong = replay::check_options(out); !wrong.empty()) throw Error(wrong);
  return out;
}

Report report_of(const std::vector<Event>& events, const Options& options) {
  Report out;
  report::FoundCounts found;
  const replay::Options how = checked(options);
  replay::Engine engine(how, [&](const checker::Finding& f, const traces::Directory& d) {
    found.note(f);
    out.findings.push_back(finding_of(f, d));
  });
  EventFeed feed(options, engine);
  for (const Event& event : events) feed.deliver(event);
  feed.end();
  const Summary& s = engine.finish();
  out.buffers = s.buffers;
  out.judged = s.coverage.of(Judged::kWhole);
  out.partly_judged = s.coverage.of(Judged::kPartly);
  out.not_judged = s.coverage.of(Judged::kNot);
  out.operations = s.maintenance.operations;
  out.sentence = report::closing_sentence(s, found, true);
  return out;
}

}  // namespace

}  // namespace custody::checker::embed

custody::Report custody::replay(const std::vector<Event>& events, const Options& options) {
  return checker::embed::report_of(events, options);
}
