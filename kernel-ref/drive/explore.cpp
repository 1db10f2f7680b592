// SPDX-License-Identifier: GPL-2.0-only
// Every sequence of calls up to a depth: states that are equal in all of the driver's memory are explored once.
#include "kernel-ref/drive/explore.hpp"

#include <algorithm>
#include <unordered_map>

#include "kernel-ref/drive/notes.hpp"

namespace custody::kernel_ref::drive {

using Kind = Call::Kind;

namespace {

constexpr std::size_t kMostStates = 400'000;
constexpr unsigned kMostLoops = 6;
constexpr std::uint8_t kMostRequests = 40;

struct DigestHash {
  std::size_t operator()(const Digest& d) const { return d.first; }
};

class Explorer {
 public:
  Explorer(Stage& stage, FindingBook& book, const Progress& progress)
      : stage_(stage), book_(book), progress_(progress), calls_(all_calls(stage.configuration().devices.size())),
        notes_(stage, book) {}

  Graph run() {
    const Configuration& c = stage_.configuration();
    graph_.configuration = c.name;
    graph_.client = name(c.limits.conduct);
    for (const auto& d : c.devices) graph_.devices.push_back(d.name);
    graph_.depth = c.depth;
    export_buffer();
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].depth >= c.depth) break;
      if (i % 64 == 0) progress_.part(nodes_[i].depth, i, nodes_.size());
      if (nodes_.size() > kMostStates || loops_seen() > first_loop_ + kMostLoops) {
        graph_.complete = false;
        break;
      }
      expand(i);
    }
    graph_.levels.resize(graph_.leaves.size(), 0);
    notes_.write_litmus();
    if (c.pair_depth != 0) pairs();
    return std::move(graph_);
  }

 private:
  struct Node {
    std::uint32_t parent = 0;
    Call by;
    unsigned depth = 0;
    Situation situation;
  };

  std::vector<Call> path_to(std::uint32_t node) const {
    std::vector<Call> path;
    for (; node != 0; node = nodes_[node].parent) path.push_back(nodes_[node].by);
    std::reverse(path.begin(), path.end());
    return path;
  }

  std::uint32_t seen(const std::string& text) {
    const auto [it, is_new] = seen_.emplace(text, static_cast<std::uint32_t>(graph_.seen.size()));
    if (is_new) graph_.seen.push_back(text);
    return it->second;
  }

  void say_where(const std::vector<Call>& path, const Call* call) {
    std::string text = "export";
    for (const Call& c : path) text += ", " + text_of(c, stage_.configuration().devices);
    if (call != nullptr) text += ", " + text_of(*call, stage_.configuration().devices);
    progress_.at(text);
  }

  void export_buffer() {
    unsigned requests = 0;
    {
      Run run(stage_, book_);
      const Observation o = run.export_buffer();
      ++graph_.calls;
      requests = o.requests;
      notes_.take(o, {}, {Kind::kExport, 0, model::Direction::kNone, 0});
      if (o.ret != 0) notes_.add_failed_export(o.ret);
      if (o.stop || o.ret != 0) return;
      nodes_.push_back({0, {}, 0, run.situation()});
      places_.emplace(run.digest(), 0);
      finish(run, 0, {});
    }
    if (stage_.configuration().failing_depth == 0) return;
    for (std::uint8_t k = 1; k <= std::min<unsigned>(requests, kMostRequests); ++k) fail_export(k);
  }

  /// The export with one of its requests failing.
  void fail_export(std::uint8_t k) {
    const Call call{Kind::kExport, 0, model::Direction::kNone, k};
    say_where({}, &call);
    Run run(stage_, book_);
    Observation o = run.export_buffer(k);
    ++graph_.calls;
    if (!o.stop && o.ret == 0) return;
    notes_.take_failing_export(o, call);
    graph_.edges.push_back({0, call.code(), seen(o.text()), Edge::kNowhere});
  }

  /// The client of this state closes and releases everything; the run is over then.
  void finish(Run& run, std::uint32_t node, const std::vector<Call>& path) {
    Observation o = run.finish();
    ++graph_.calls;
    notes_.take_end(o, path);
    o.operations.clear();
    std::erase_if(o.told, [](const Told& t) { return !t.at_release; });
    graph_.leaves.resize(std::max<std::size_t>(graph_.leaves.size(), node + std::size_t{1}), 0);
    graph_.leaves[node] = seen(o.text());
  }

  void expand(std::uint32_t from) {
    const std::vector<Call> path = path_to(from);
    const Configuration& c = stage_.configuration();
    if (loops_seen() > first_loop_ + kMostLoops) return;
    const bool fails = nodes_[from].depth < c.failing_depth && nodes_[from].situation.failed == 0;
    graph_.levels.resize(from, 0);
    graph_.levels.push_back(fails ? 2 : 1);
    for (const Call& call : calls_) {
      if (!nodes_[from].situation.may(call, c.limits, c.devices) || loops_seen() > first_loop_ + kMostLoops) continue;
      const unsigned requests = step(from, path, call);
      if (!fails) continue;
      Call failing = call;
      for (failing.fails = 1; failing.fails <= std::min<unsigned>(requests, kMostRequests); ++failing.fails)
        step(from, path, failing);
      if (call.kind != Kind::kBegin) continue;
      failing.fails = Call::kInterrupted;
      step(from, path, failing);
    }
  }

  /// Makes the call in this state. Returns how many of its requests could fail.
  unsigned step(std::uint32_t from, const std::vector<Call>& path, const Call& call) {
    say_where(path, &call);
    Run run(stage_, book_);
    if (!replay(run, path)) return 0;
    const Observation o = run.make(call);
    ++graph_.calls;
    notes_.take(o, path, call);
    Edge edge{from, call.code(), seen(o.text()), Edge::kNowhere};
    if (!o.stop) {
      const auto [it, is_new] = places_.emplace(run.digest(), static_cast<std::uint32_t>(nodes_.size()));
      edge.to = it->second;
      if (is_new) {
        nodes_.push_back({from, call, nodes_[from].depth + 1, run.situation()});
        std::vector<Call> longer = path;
        longer.push_back(call);
        finish(run, edge.to, longer);
      }
    }
    graph_.edges.push_back(edge);
    return o.requests;
  }

  bool replay(Run& run, const std::vector<Call>& path) {
    if (run.export_buffer().stop) return false;
    for (const Call& c : path)
      if (run.make(c).stop) return false;
    graph_.calls += path.size() + 1;
    return true;
  }

  void pairs() {
    Pairs pairs(stage_, book_, graph_, progress_);
    const unsigned depth = stage_.configuration().pair_depth - 1;
    for (std::uint32_t i = 0; i < nodes_.size() && nodes_[i].depth <= depth; ++i) {
      if (nodes_[i].situation.failed != 0) continue;
      if (loops_seen() > first_loop_ + kMostLoops) {
        graph_.complete = false;
        return;
      }
      progress_.part(nodes_[i].depth, i, nodes_.size());
      const std::vector<Call> path = path_to(i);
      say_where(path, nullptr);
      pairs.explore(path, nodes_[i].situation);
    }
  }

  Stage& stage_;
  FindingBook& book_;
  const Progress& progress_;
  std::vector<Call> calls_;
  Notes notes_;
  unsigned first_loop_ = loops_seen();
  Graph graph_;
  std::vector<Node> nodes_;
  std::unordered_map<Digest, std::uint32_t, DigestHash> places_;
  std::unordered_map<std::string, std::uint32_t> seen_;
};

}  // namespace

Graph explore(Stage& stage, FindingBook& book, const Progress& progress) {
  book.begin(stage.configuration().name, std::string(name(stage.configuration().limits.conduct)));
  return Explorer(stage, book, progress).run();
}

std::string kind_of(const Stop& stop) {
  switch (stop.kind) {
    case Stop::Kind::kLoop: return "loop";
    case Stop::Kind::kMemory: return "memory";
    case Stop::Kind::kDeadlock: return "deadlock";
    default: return "crash";
  }
}

Finding stop_finding(Stage& stage, const Stop& stop, std::string_view in) {
  Finding f;
  f.kind = kind_of(stop);
  f.key = f.kind + " in " + std::string(in) + ": " + stop.what.substr(0, stop.what.find(" at "));
  f.severity = "error";
  f.owes = "the exporter";
  f.says = std::string(in) + ": " + stop.what;
  if (stop.pc != 0) f.says += ", in " + stage.kernel().place(stop.pc);
  return f;
}

std::string litmus_of(Stage& stage, const std::vector<Call>& path, const std::string& title) {
  const FindingBook none;
  Run run(stage, none, true);
  const bool export_fails = !path.empty() && path[0].kind == Kind::kExport;
  if (run.export_buffer(export_fails ? path[0].fails : std::uint8_t{0}).stop || export_fails) return run.litmus(title);
  for (const Call& c : path)
    if (c.kind == Kind::kFinish) static_cast<void>(run.finish());
    else if (c.kind != Kind::kExport && run.make(c).stop) break;
  return run.litmus(title);
}

std::vector<std::string> texts_of(const std::vector<Call>& path, const Stage& stage) {
  std::vector<std::string> out;
  if (path.empty() || path[0].kind != Kind::kExport) out.emplace_back("export");
  for (const Call& c : path)
    out.push_back(c.kind == Kind::kFinish ? "undo everything and release" : text_of(c, stage.configuration().devices));
  return out;
}

}  // namespace custody::kernel_ref::drive
