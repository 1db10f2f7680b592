// SPDX-License-Identifier: BSD-2-Clause
// One buffer's part of a trace as a litmus file tells it, and what of it can be left out.
#include "checker/minimize/excerpt.hpp"

#include "traces/formats/litmus/writer.hpp"

namespace custody::checker::minimize {

using traces::Event;
using traces::EventKind;
using traces::kNoId;

namespace {

/// Records what it is given; devices are declared when they are first used, so that the rest is not.
class UsedObjects final : public traces::EventSink {
 public:
  void on_header(const traces::Header& header, const traces::Directory&) override { trace_.on_header(header, {}); }
  void on_event(const Event& event, const traces::Directory& directory) override { trace_.on_event(event, directory); }
  [[nodiscard]] const traces::RecordedTrace& trace() const { return trace_; }

 private:
  traces::RecordedTrace trace_;
};

bool is_cache_operation(const Event& e) { return e.kind == EventKind::kCacheOperation; }

}  // namespace

Excerpt::Excerpt(const traces::RecordedTrace& trace)
    : header_(trace.header()), told_(trace.directory()), directory_(trace.directory()),
      events_(trace.events().begin(), trace.events().end()), layout_(events_) {}

Kept Excerpt::whole() const {
  Kept kept(3 * events_.size(), true);
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const traces::Maintenance& did = events_[i].maintenance;
    kept[maintenance(i)] = did.known && !is_cache_operation(events_[i]);
    kept[helper(i)] = kept[maintenance(i)] && did.helper_ran && did.kind != model::Operation::kNone;
  }
  return kept;
}

std::uint64_t Excerpt::count(const Kept& kept) const {
  std::uint64_t n = 0;
  for (std::size_t i = 0; i < events_.size(); ++i)
    if (kept[i] && layout_.entry(i) == traces::formats::litmus::Layout::kNone) ++n;
  return n;
}

void Excerpt::forget_what_is_left_out(const Kept& kept) {
  for (traces::AttachmentInfo& a : directory_.attachments) a.attach_seen = false;
  for (traces::BufferInfo& b : directory_.buffers) b.export_seen = false;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (!kept[i]) continue;
    const Event& e = events_[i];
    if (e.kind == EventKind::kAttach && e.attachment != kNoId) directory_.attachments[e.attachment].attach_seen = true;
    if (e.kind == EventKind::kExport && e.buffer != kNoId) directory_.buffers[e.buffer].export_seen = true;
  }
  // Of a buffer that is older than the trace a litmus file says nothing but its name.
  for (std::size_t i = 0; i < directory_.buffers.size(); ++i) {
    traces::BufferInfo& b = directory_.buffers[i];
    const traces::BufferInfo& told = told_.buffers[i];
    b.exporter = b.export_seen ? told.exporter : std::string();
    b.size = b.export_seen ? told.size : 0;
    b.memory = b.export_seen ? told.memory : traces::MemoryKind::kUnsaid;
  }
}

bool Excerpt::has_cache_lines(const Kept& kept) const {
  for (std::size_t i = 0; i < events_.size(); ++i)
    if (kept[i] && (is_cache_operation(events_[i]) || kept[maintenance(i)])) return true;
  return false;
}

void Excerpt::deliver(const Kept& kept, traces::EventSink& sink) {
  forget_what_is_left_out(kept);
  header_.observes_cache_ops = has_cache_lines(kept);
  sink.on_header(header_, directory_);
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (!kept[i]) continue;
    const bool silent = events_[i].maintenance.known && !kept[maintenance(i)] && !is_cache_operation(events_[i]);
    const bool no_helper =
        events_[i].maintenance.helper_ran && events_[i].maintenance.kind != model::Operation::kNone && !kept[helper(i)];
    if (!silent && !no_helper) {
      sink.on_event(events_[i], directory_);
      continue;
    }
    Event e = events_[i];
    e.maintenance.helper_ran = false;
    if (silent) e.maintenance = {};
    sink.on_event(e, directory_);
  }
  sink.on_end(directory_);
}

std::string Excerpt::text(const Kept& kept, const std::string& title,
                          const std::vector<traces::Expectation>& expectations) {
  UsedObjects used;
  deliver(kept, used);
  traces::Header header = used.trace().header();
  header.title = title;
  header.expectations = expectations;
  traces::Directory directory = used.trace().directory();
  // The task of a line that names none: the file of one task names it nowhere.
  if (directory.tasks.size() == 1) directory.tasks[0].name = "main";
  return traces::formats::litmus::write_litmus(header, directory, used.trace().events());
}

}  // namespace custody::checker::minimize
