// SPDX-License-Identifier: GPL-2.0-only
// How two drivers differ: the same calls made of both, as long as they answer alike.
#include "kernel-ref/drive/compare.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <sstream>

namespace custody::kernel_ref::drive {

namespace {

constexpr std::size_t kMostPairs = 2'000'000;

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find("; ", at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return parts;
}

/// What is in `one` and not in `other`, with as many as there are.
std::vector<std::string> without(std::vector<std::string> one, const std::vector<std::string>& other) {
  for (const std::string& o : other)
    if (const auto it = std::find(one.begin(), one.end(), o); it != one.end()) one.erase(it);
  return one;
}

/// The edges of a graph, by state and call.
class Edges {
 public:
  explicit Edges(const Graph& graph) : graph_(graph), first_(graph.leaves.size() + 1, 0) {
    order_.reserve(graph.edges.size());
    for (std::size_t i = 0; i < graph.edges.size(); ++i) order_.push_back(i);
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return graph.edges[a].from < graph.edges[b].from; });
    std::size_t at = 0;
    for (std::uint32_t s = 0; s < graph.leaves.size(); ++s) {
      while (at < order_.size() && graph.edges[order_[at]].from < s) ++at;
      first_[s] = at;
    }
    first_.back() = order_.size();
  }
  /// By call, those without failure; and the answers to those with one. `with_export`: to an export that fails too.
  void of(std::uint32_t state, bool with_export, std::map<std::uint32_t, const Edge*>& plain,
          std::map<std::uint32_t, std::set<std::string>>& failing) const {
    for (std::size_t i = first_[state]; i < order_.size(); ++i) {
      const Edge& e = graph_.edges[order_[i]];
      if (e.from != state) break;
      const Call call = call_of(e.call);
      if (call.kind == Call::Kind::kExport && !with_export) continue;
      if (call.fails == 0) {
        plain[e.call] = &e;
        continue;
      }
      Call without_failure = call;
      if (call.fails != Call::kInterrupted) without_failure.fails = 0;
      std::string text = seen(e);
      if (e.to != Edge::kNowhere && leaves(e.to) != "ok") text += "; then " + leaves(e.to);
      failing[without_failure.code()].insert(text);
    }
  }
  [[nodiscard]] const std::string& seen(const Edge& e) const { return graph_.seen[e.seen]; }
  [[nodiscard]] const std::string& leaves(std::uint32_t state) const { return graph_.seen[graph_.leaves[state]]; }

 private:
  const Graph& graph_;
  std::vector<std::size_t> order_, first_;
};

/// Walks both graphs side by side.
class Walk {
 public:
  Walk(const Graph& a, const Graph& b, Comparison& out, std::map<std::string, std::size_t>& groups)
      : graph_(a), other_graph_(b), a_(a), b_(b), empty_(a.leaves.empty() || b.leaves.empty()), out_(out),
        groups_(groups) {
    for (const std::string& d : a.devices) devices_.push_back({d});
  }

  void run() {
    if (empty_) return;
    visit(0, 0, kNone, 0);
    for (std::size_t i = 0; i < pairs_.size() && pairs_.size() < kMostPairs; ++i) expand(i);
    out_.states += pairs_.size();
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Pair {
    std::uint32_t a, b;
    std::size_t parent;
    std::uint32_t call;
  };

  void visit(std::uint32_t a, std::uint32_t b, std::size_t parent, std::uint32_t call) {
    if (!known_.emplace(a, b).second) return;
    pairs_.push_back({a, b, parent, call});
    if (a_.leaves(a) != b_.leaves(b)) {
      const bool root = parent == kNone;
      note(parent, root ? Call{Call::Kind::kExport, 0, model::Direction::kNone, 0} : call_of(call), a_.leaves(a),
           b_.leaves(b), "release after ");
    }
  }

  void expand(std::size_t i) {
    std::map<std::uint32_t, const Edge*> one, other;
    std::map<std::uint32_t, std::set<std::string>> one_failing, other_failing;
    a_.of(pairs_[i].a, i == 0, one, one_failing);
    b_.of(pairs_[i].b, i == 0, other, other_failing);
    for (const auto& [code, e] : one) {
      const auto it = other.find(code);
      if (it == other.end()) continue;
      const std::string &before = a_.seen(*e), &after = b_.seen(*it->second);
      if (before != after) note(i, call_of(code), before, after, "");
      if (e->to != Edge::kNowhere && it->second->to != Edge::kNowhere &&
          before.substr(0, before.find(';')) == after.substr(0, after.find(';')))
        visit(e->to, it->second->to, i, code);
    }
    if (graph_.levels[pairs_[i].a] != 2 || other_graph_.levels[pairs_[i].b] != 2) return;
    for (const auto& [code, answers] : one_failing) note_failing(i, code, answers, other_failing[code]);
    for (const auto& [code, answers] : other_failing)
      if (one_failing.count(code) == 0) note_failing(i, code, {}, answers);
  }

  void note_failing(std::size_t i, std::uint32_t code, const std::set<std::string>& before,
                    const std::set<std::string>& after) {
    const auto rest = [](const std::set<std::string>& of, const std::set<std::string>& without) {
      std::string text;
      for (const std::string& answer : of)
        if (without.count(answer) == 0) text += (text.empty() ? "" : "; ") + answer;
      return text;
    };
    const std::string gone = rest(before, after), added = rest(after, before);
    if (gone.empty() && added.empty()) return;
    note(i, call_of(code), gone, added, call_of(code).fails == Call::kInterrupted ? "interrupted " : "failing ");
  }

  /// Without the names of devices and directions: many sequences differ in the same way.
  std::string nameless(std::string text) const {
    for (const auto& d : devices_)
      for (std::size_t at = 0; (at = text.find(" " + d.name + " ", at)) != std::string::npos;)
        text.replace(at + 1, d.name.size(), "*");
    for (const char* way : {"BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE"})
      for (std::size_t at = 0; (at = text.find(way, at)) != std::string::npos;)
        text.replace(at, std::string(way).size(), "*");
    return text;
  }

  void note(std::size_t parent, const Call& call, const std::string& before, const std::string& after,
            const std::string& prefix) {
    Difference d;
    d.call = prefix + std::string(name(call.kind));
    const std::vector<std::string> was = parts_of(before), is = parts_of(after);
    d.gone = without(was, is);
    d.added = without(is, was);
    if (d.gone.empty() && d.added.empty()) d.added = {"the same in another order: " + after};
    std::string key = d.call;
    std::set<std::string> lines;
    for (const std::string& p : d.gone) lines.insert("\n-" + nameless(p));
    for (const std::string& p : d.added) lines.insert("\n+" + nameless(p));
    for (const std::string& line : lines) key += line;
    const auto [it, is_new] = groups_.emplace(key, out_.differences.size());
    if (!is_new) {
      ++out_.differences[it->second].count;
      return;
    }
    d.is_regression = std::any_of(d.added.begin(), d.added.end(), [](const std::string& p) {
      return p.find('!') == 0 || p.find("; !") != std::string::npos || p.find("then !") != std::string::npos;
    });
    std::vector<Call> path;
    for (std::size_t at = parent; at != kNone && pairs_[at].parent != kNone; at = pairs_[at].parent)
      path.push_back(call_of(pairs_[at].call));
    std::reverse(path.begin(), path.end());
    if (call.kind != Call::Kind::kExport) path.push_back(call);
    d.calls.emplace_back("export");
    for (const Call& c : path) d.calls.push_back(text_of(c, devices_));
    d.configuration = graph_.configuration;
    d.client = graph_.client;
    out_.differences.push_back(std::move(d));
  }

  const Graph &graph_, &other_graph_;
  Edges a_, b_;
  bool empty_;
  Comparison& out_;
  std::map<std::string, std::size_t>& groups_;
  std::vector<machine::Device> devices_;
  std::vector<Pair> pairs_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> known_;
};

/// Clients that were named are told of by themselves, the others together.
std::string tells_of(const std::string& client) {
  const std::optional<Conduct> conduct = conduct_of(client);
  return conduct && *conduct >= Conduct::kOverlapping ? client : std::string();
}

/// Faults of `one` that `other` does not have in the same configuration and client; one of each key.
std::vector<Finding> only_in(const Outcome& one, const Outcome& other) {
  std::set<std::string> known;
  const auto place = [](const Finding& f) { return f.configuration + "/" + f.client + "/" + f.key; };
  const auto is_redundant = [](const Finding& f) { return !f.rule.empty() && f.rule[0] == 'R'; };
  for (const Finding& f : other.findings) known.insert(place(f));
  std::vector<Finding> out;
  for (const Finding& f : one.findings) {
    if (known.count(place(f)) != 0 || is_redundant(f)) continue;
    const auto it = std::find_if(out.begin(), out.end(), [&](const Finding& o) {
      return o.key == f.key && tells_of(o.client) == tells_of(f.client);
    });
    if (it != out.end()) ++it->count;
    else out.push_back(f), out.back().count = 1;
  }
  return out;
}

}  // namespace

bool Comparison::is_regression() const {
  return std::any_of(fresh.begin(), fresh.end(), [](const Finding& f) { return f.is_fault(); }) ||
         std::any_of(differences.begin(), differences.end(), [](const Difference& d) { return d.is_regression; });
}

Comparison compare(const Outcome& before, const Outcome& after) {
  Comparison out;
  std::map<std::string, std::size_t> groups;
  for (std::size_t i = 0; i < before.graphs.size() && i < after.graphs.size(); ++i)
    Walk(before.graphs[i], after.graphs[i], out, groups).run();
  out.fresh = only_in(after, before);
  // What was not explored to its end, or stops where the other went on, mends nothing.
  const bool stops = std::any_of(out.fresh.begin(), out.fresh.end(), [](const Finding& f) {
    return f.rule.empty() && f.kind != "leak" && f.kind != "race" && f.is_fault() && f.together.empty();
  });
  if (!stops && after.died.empty() && after.graphs.size() == before.graphs.size() &&
      std::all_of(after.graphs.begin(), after.graphs.end(), [](const Graph& g) { return g.complete; }))
    out.mended = only_in(before, after);
  out.before = before.costs;
  out.after = after.costs;
  for (std::size_t i = 0; i < out.before.size() && i < out.after.size(); ++i)
    out.cost_differs = out.cost_differs || out.before[i].operations != out.after[i].operations ||
                       out.before[i].bytes != out.after[i].bytes || out.before[i].failed != out.after[i].failed;
  return out;
}

}  // namespace custody::kernel_ref::drive
