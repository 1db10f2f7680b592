// SPDX-License-Identifier: BSD-2-Clause
// Leaves out ever smaller chunks, as long as the rest shows the finding.
#include "checker/minimize/minimize.hpp"

#include <algorithm>
#include <filesystem>

#include "checker/minimize/chunks.hpp"
#include "checker/minimize/slice.hpp"
#include "checker/minimize/trial.hpp"
#include "traces/formats/litmus/reader.hpp"
#include "traces/open.hpp"

namespace custody::checker::minimize {

namespace {

/// Takes chunks out of an excerpt as long as the trial goes well.
class Minimizer {
 public:
  Minimizer(const Excerpt& excerpt, const Target& target, Trial& trial, const GoOn& go_on)
      : excerpt_(excerpt), target_(target), trial_(trial), go_on_(go_on), kept_(excerpt.whole()) {}

  Kept run() {
    for (const Grain grain : {Grain::kLifetimes, Grain::kPairs, Grain::kUnits, Grain::kParts}) shrink(grain);
    // What could not go while something else was there may go now.
    for (bool shrunk = true; shrunk;) {
      shrunk = false;
      for (const Grain grain : {Grain::kLifetimes, Grain::kPairs, Grain::kUnits, Grain::kParts})
        shrunk = one_by_one(grain) || shrunk;
    }
    return kept_;
  }
  [[nodiscard]] bool ended_early() const { return ends_; }

 private:
  bool leave_out(const std::vector<Chunk>& all, std::size_t from, std::size_t to) {
    ends_ = ends_ || (go_on_ && !go_on_({trial_.replays(), excerpt_.count(kept_)}));
    if (ends_) return false;
    Kept fewer = kept_;
    for (std::size_t i = from; i < to; ++i)
      for (const Atom atom : all[i]) fewer[atom] = false;
    if (!trial_.shows(fewer)) return false;
    kept_ = std::move(fewer);
    return true;
  }

  /// A call that lacks a sync is shown with all that it did: without it, any call lacks one.
  [[nodiscard]] std::size_t whole_call() const {
    return spec::rule(target_.rule).cls == spec::RuleClass::kMissing ? trial_.call()
                                                                     : traces::formats::litmus::Layout::kNone;
  }

  /// Delta debugging: halves of what is left, then quarters, down to single chunks.
  void shrink(Grain grain) {
    std::vector<Chunk> left = chunks(excerpt_, kept_, grain, whole_call());
    for (std::size_t size = (left.size() + 1) / 2; size >= 1; size = size == 1 ? 0 : (size + 1) / 2) {
      for (std::size_t from = 0; from < left.size();) {
        const std::size_t to = std::min(from + size, left.size());
        if (leave_out(left, from, to))
          left.erase(left.begin() + static_cast<std::ptrdiff_t>(from), left.begin() + static_cast<std::ptrdiff_t>(to));
        else from = to;
      }
    }
  }

  bool one_by_one(Grain grain) {
    const std::vector<Chunk> left = chunks(excerpt_, kept_, grain, whole_call());
    bool shrunk = false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const auto is_kept = [&](Atom atom) { return kept_[atom]; };
      if (std::any_of(left[i].begin(), left[i].end(), is_kept)) shrunk = leave_out(left, i, i + 1) || shrunk;
    }
    return shrunk;
  }

  const Excerpt& excerpt_;
  const Target& target_;
  Trial& trial_;
  const GoOn& go_on_;
  Kept kept_;
  bool ends_ = false;
};

/// A trace that can be read more than once; a stream is kept.
class Source {
 public:
  Source(const std::string& path, const replay::Options& options) : path_(path), read_{nullptr, options.event_names} {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) traces::read_trace(path, kept_.emplace(), read_);
  }
  void deliver(traces::EventSink& sink) const {
    if (!kept_) {
      traces::read_trace(path_, sink, read_);
      return;
    }
    traces::replay(*kept_, sink);
    sink.on_end(kept_->directory());
  }

 private:
  const std::string& path_;
  traces::ReadOptions read_;
  std::optional<traces::RecordedTrace> kept_;
};

/// The target under the name that a litmus file gives its device.
Target target_in(const Target& target, const traces::Directory& before, const traces::Directory& after) {
  Target out = target;
  for (std::size_t i = 0; i < before.devices.size() && i < after.devices.size(); ++i) {
    if (before.devices[i].name != target.device) continue;
    out.device = after.devices[i].name;
    break;
  }
  return out;
}

/// What a litmus file says beside the events, from the least on. Other buffers may be what told of the devices, and
/// what never occurs in the trace may be what the finding rests on: said only where it is needed.
struct Spelling {
  bool coherence, by_probes;
};
constexpr Spelling kSpellings[] = {{false, false}, {true, false}, {false, true}, {true, true}};

std::string no_such_finding(const std::string& path, const Wish& wish, std::uint64_t findings) {
  std::string what = path + ": no finding";
  if (wish.rule) what += " of rule " + std::string(spec::rule(*wish.rule).id);
  if (wish.line != 0) what += " at line " + std::to_string(wish.line);
  return what + " (" + std::to_string(findings) + " findings in all)";
}

}  // namespace

Minimized minimize_trace(const std::string& path, const replay::Options& options, const Wish& wish, const GoOn& go_on) {
  const Source source(path, options);
  Chooser chooser(path, options, wish);
  source.deliver(chooser);
  if (!chooser.chosen()) throw MinimizeError(no_such_finding(path, wish, chooser.findings()));
  const Target& target = *chooser.chosen();
  const std::string id(spec::rule(target.wished).id);
  std::string title = id + " of " + path + ":" + std::to_string(target.line) + ", minimised";
  std::string why;
  for (const bool to_the_end : {false, true}) {
    Slice slice(target, to_the_end);
    source.deliver(slice);
    const bool by_probes = slice.trace().header().by_probes;
    for (const Spelling& spelling : kSpellings) {
      if (spelling.by_probes && !by_probes) continue;
      const std::string whole =
          as_litmus(slice.trace(), options, spelling.coherence ? target.coherence : decltype(target.coherence)(),
                    spelling.by_probes);
      if (why.empty()) why = what_litmus_cannot_say(slice.trace(), options, whole);
      traces::RecordedTrace read;
      traces::formats::litmus::read_litmus(whole, path + " as a litmus file", read);
      const Target spelled = target_in(target, slice.trace().directory(), read.directory());
      Excerpt excerpt(read);
      Trial trial(excerpt, spelled, title);
      if (!trial.is_possible()) continue;
      Minimizer minimizer(excerpt, spelled, trial, go_on);
      const Kept kept = minimizer.run();
      if (minimizer.ended_early()) title += " in part";
      return {trial.text_of(kept), target.wished,           target.line, chooser.events(), excerpt.count(kept),
              trial.replays(),     !minimizer.ended_early()};
    }
  }
  throw MinimizeError(path + ":" + std::to_string(target.line) + ": a litmus file cannot show this " + id +
                      ", which rests on what it cannot say: " + why);
}

}  // namespace custody::checker::minimize
