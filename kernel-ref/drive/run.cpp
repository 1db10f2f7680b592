// SPDX-License-Identifier: GPL-2.0-only
// One run of a driver: a client's calls from the export on, on a machine that was put back to its start.
#include "kernel-ref/drive/run.hpp"

#include <utility>

#include "checker/replay/knowledge.hpp"
#include "checker/report/wording.hpp"
#include "kernel-ref/drive/tasks.hpp"
#include "kernel-ref/drive/watched.hpp"
#include "traces/formats/litmus/writer.hpp"

namespace custody::kernel_ref::drive {

using machine::DmaCall;

namespace {

constexpr std::uint64_t kSkipSync = 1U << 5U;

std::string text_of(const DmaCall& call, const std::vector<machine::Device>& devices) {
  constexpr std::string_view kDmaNames[] = {"dma_map", "dma_unmap", "sync_for_cpu", "sync_for_device"};
  constexpr std::string_view kDirectionNames[] = {"BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE", "NONE"};
  std::string text(kDmaNames[static_cast<std::size_t>(call.kind)]);
  text.append(" ")
      .append(devices[call.device].name)
      .append(" ")
      .append(kDirectionNames[static_cast<std::size_t>(call.dir) & 3U]);
  if ((call.attrs & kSkipSync) != 0) text += " skip";
  if ((call.attrs & ~kSkipSync) != 0) text += " attrs " + std::to_string(call.attrs & ~kSkipSync);
  return text + " of " + std::to_string(call.nents);
}

std::string counted(unsigned long n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

}  // namespace

Stage::Stage(Kernel& kernel, const Kernel::Saved& fresh, Configuration configuration, std::string driver,
             const std::string& profile, std::size_t pages)
    : kernel_(kernel), configuration_(std::move(configuration)), driver_(std::move(driver)) {
  kernel_.restore(fresh);
  boot_ = guarded([&] {
    machine_ = std::make_unique<machine::Machine>(machine::MachineOptions{model::find_arch(configuration_.arch),
                                                                          configuration_.devices, pages, 64,
                                                                          configuration_.name.rfind("plain", 0) == 0});
  });
  if (boot_) return;
  if (driver_.empty()) driver_ = kernel_.first_exporter();
  kernel_.arena().settle();
  booted_ = kernel_.save();
  if (profile.empty()) find_profile();
  else options_.exporters.override_with(profile);
}

/// Of an exporter that nobody described this is known: here only the CPU can have touched its pages before their
/// export.
void Stage::find_profile() {
  std::string exporter;
  static_cast<void>(guarded([&] {
    shim_buffer buffer{};
    if (shim_export(driver_.c_str(), kBytes, &buffer) == 0 && buffer.exporter != nullptr) exporter = buffer.exporter;
  }));
  restore();
  if (!exporter.empty() && &options_.exporters.find(exporter) == &spec::ExporterCatalogue::unknown())
    options_.exporters.override_with(exporter + ":memory=cached,export_is_allocation=true,zeroed_by=cpu");
}

void Stage::restore() {
  kernel_.restore(booted_);
  machine_->forget();
}

std::string Observation::text() const {
  // What does not come back returns nothing.
  std::string out = stop ? "stops" : ret == 0 ? "ok" : "returns " + std::to_string(ret);
  for (const std::string& o : operations) out += "; " + o;
  for (const Told& t : told)
    if (!t.redundant) out += (t.severity == "error" && !t.of_client ? "; !" : "; ") + t.key;
  for (const std::string& w : warnings) out += "; WARN_ON(" + w + ")";
  if (stop) out += "; !" + stop.what;
  return leak.empty() ? out : out + "; !leaves " + leak;
}

/// Passes events on to the engine, and to a trace that is kept.
class Run::Sink final : public traces::EventSink {
 public:
  Sink(traces::EventSink& engine, traces::EventSink* trace) : engine_(engine), trace_(trace) {}
  void on_header(const traces::Header& h, const traces::Directory& d) override {
    engine_.on_header(h, d);
    if (trace_ != nullptr) trace_->on_header(h, d);
  }
  void on_event(const traces::Event& e, const traces::Directory& d) override {
    engine_.on_event(e, d);
    if (trace_ != nullptr) trace_->on_event(e, d);
  }
  void on_end(const traces::Directory& d) override { engine_.on_end(d); }

 private:
  traces::EventSink& engine_;
  traces::EventSink* trace_;
};

Run::Run(Stage& stage, const FindingBook& book, bool keeps_trace)
    : stage_(stage), book_(book),
      engine_(stage.options(), [this](const checker::Finding& f, const traces::Directory& d) { note(f, d); }) {
  stage_.restore();
  if (keeps_trace) trace_ = std::make_unique<traces::RecordedTrace>();
  sink_ = std::make_unique<Sink>(engine_, trace_.get());
  client_ =
      std::make_unique<client::Client>(stage_.machine(), *sink_, client::ClientOptions{stage_.driver(), 0, false});
  situation_.importers.resize(stage_.configuration().devices.size());
  listen();
}

Run::~Run() {
  on_warning() = nullptr;
  stage_.machine().on_request = nullptr;
  stage_.machine().before_dma = nullptr;
}

void Run::listen() {
  machine::Machine& m = stage_.machine();
  m.on_request = [this](int) {
    end_loops();
    return counts_ && ++seen_.requests == fails_;
  };
  m.before_dma = [] {
    end_loops();
    if (the_tasks() != nullptr) the_tasks()->point("calls the DMA API");
  };
  m.on_dma = [this, next = std::move(m.on_dma)](const DmaCall& call) {
    seen_.operations.push_back(text_of(call, stage_.machine().devices()));
    const std::size_t told_before = seen_.told.size();
    next(call);
    judge_mapping(call, told_before);
  };
  on_warning() = [this](const std::string& what, const std::string& file, int) {
    if (file.substr(file.rfind('/') + 1) == watched_file()) seen_.warnings.push_back(what);
  };
  m.on_alias = [this, next = std::move(m.on_alias)](bool flush, bool live, std::uint64_t bytes) {
    seen_.operations.emplace_back(flush ? "flush_kernel_vmap_range" : "invalidate_kernel_vmap_range");
    if (!live)
      seen_.told.push_back({"M7 dead", "M7", "error", "the exporter",
                            "maintains a kernel mapping that is gone, at an address that no longer is the buffer",
                            false, false});
    next(flush, live, bytes);
  };
}

/// Of tables that the exporter maps for itself a trace may have missed the map; here none is missed.
void Run::judge_mapping(const DmaCall& call, std::size_t told_before) {
  if (call.live) return;
  const bool unmaps = call.kind == DmaCall::Kind::kUnmap;
  const std::string rule = unmaps ? "L5" : "L1";
  for (std::size_t i = told_before; i < seen_.told.size(); ++i)
    if (seen_.told[i].rule == rule) return;
  const std::string& device = stage_.machine().devices()[call.device].name;
  Told told;
  told.rule = rule;
  told.key = rule + (call_.empty() ? "" : " in " + std::string(call_)) + (unmaps ? " at dma_unmap" : " at sync");
  told.severity = "error";
  told.owes = "the exporter";
  told.says = std::string(call_) + (call_.empty() ? "" : ": ") + (unmaps ? "unmaps" : "syncs") +
              " a table that is not mapped for " + device;
  told.at_release = call_ == name(Call::Kind::kFinish);
  seen_.told.push_back(std::move(told));
}

void Run::note(const checker::Finding& f, const traces::Directory& d) {
  if ((f.severity == spec::Severity::kNote && the_tasks() == nullptr) || f.effect == checker::Effect::kUnobserved)
    return;
  const spec::Rule& rule = spec::rule(f.rule);
  Told told;
  told.rule = rule.id;
  told.key.append(rule.id).append(" in ").append(traces::name(f.place.call));
  if (f.place.trigger.kind != f.place.call) told.key.append(" at ").append(traces::name(f.place.trigger.kind));
  told.redundant = rule.cls == spec::RuleClass::kRedundant;
  told.of_client = f.owes == spec::Owes::kClient || f.owes == spec::Owes::kImporter;
  told.severity = spec::name(f.severity);
  told.at_release = rule.cls == spec::RuleClass::kIllegal && f.place.call == traces::EventKind::kRelease;
  if (told.of_client) told.key += ", of the client";
  told.owes = checker::report::responsible(f, d);
  told.says = checker::report::message(f, d);
  seen_.told.push_back(std::move(told));
}

void Run::begin_observation(std::uint8_t fails) {
  seen_ = {};
  call_ = {};
  fails_ = fails;
  counts_ = true;
  stage_.kernel().arena().settle();
}

Observation Run::end_observation() {
  counts_ = false;
  return std::move(seen_);
}

Observation Run::export_buffer(std::uint8_t fails) {
  begin_observation(fails);
  call_ = name(Call::Kind::kExport);
  seen_.stop = guarded([&] { seen_.ret = client_->export_buffer(Stage::kBytes, situation_.buffer); });
  return end_observation();
}

Observation Run::make(const Call& call) {
  begin_observation(call.fails == Call::kInterrupted ? std::uint8_t{0} : call.fails);
  seen_.in_window = !situation_.windows.empty();
  if (call.fails != 0) ++situation_.failed;
  call_ = name(call.kind);
  seen_.stop = guarded([&] { seen_.ret = drive::make(*client_, situation_, call); });
  return end_observation();
}

Observation Run::finish() {
  begin_observation();
  seen_.stop = guarded([&] {
    for (const Call& call : closing_calls(situation_)) {
      seen_.closing.push_back(call);
      call_ = name(call.kind);
      static_cast<void>(drive::make(*client_, situation_, call));
    }
  });
  if (!seen_.stop) {
    client_->finish();
    std::string& left = seen_.leak;
    const auto add = [&left](unsigned long n, const char* one, const char* many) {
      if (n != 0) left += (left.empty() ? "" : ", ") + counted(n, one, many);
    };
    add(shim_live_allocations(), "allocation", "allocations");
    add(shim_live_pages(), "page", "pages");
    add(stage_.machine().live_mappings(), "DMA mapping", "DMA mappings");
  }
  return end_observation();
}

Digest Run::digest() {
  stage_.kernel().arena().settle();
  Digest digest;
  stage_.kernel().add_to(digest);
  std::string rest = situation_.bytes();
  checker::replay::append_knowledge(engine_.rooms().buffers.of(situation_.buffer), rest);
  digest.add(rest.data(), rest.size());
  digest.add(stage_.machine().live_mappings());
  return digest;
}

std::string Run::litmus(const std::string& title) const {
  std::string text = traces::formats::litmus::write_litmus(*trace_);
  const std::size_t end = text.find('\n');
  text.replace(0, end, "custody litmus: " + title);
  return text;
}

}  // namespace custody::kernel_ref::drive
