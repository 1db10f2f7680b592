// SPDX-License-Identifier: BSD-2-Clause
// Explores a driver: all programs up to a depth.
#include "checker/learn/samples.hpp"

#include <algorithm>

#include "checker/learn/names.hpp"

namespace custody::checker::learn {

Program Samples::program_to(std::uint32_t call) const {
  Program out;
  for (; call != kNoCall; call = calls_[call].parent) out.push_back(calls_[call].step);
  std::reverse(out.begin(), out.end());
  return out;
}

std::uint32_t Samples::add(std::uint32_t world, std::span<const Step> program, const std::vector<Answer>& answers) {
  std::uint32_t parent = kNoCall;
  for (std::size_t i = 0; i < program.size() && i < answers.size(); ++i) {
    const std::uint64_t from = parent == kNoCall ? world : std::uint64_t{kMostDevices} * 16 + parent;
    const auto [at, is_new] = children_.try_emplace({from, program[i]}, static_cast<std::uint32_t>(calls_.size()));
    if (is_new) calls_.push_back({parent, world, static_cast<std::uint32_t>(i + 1), program[i], answers[i]});
    else if (!(calls_[at->second].answer == answers[i])) unstable_.push_back({at->second, answers[i]});
    parent = at->second;
  }
  return parent;
}

namespace {

/// Depth by depth, so that the first call of a kind has the shortest program.
class Explorer {
 public:
  Explorer(const Subject& subject, const ExploreOptions& options, Samples& samples)
      : subject_(subject), options_(options), samples_(samples) {}

  bool run() {
    std::vector<Node> level;
    for (std::uint32_t w = 0; w < samples_.worlds().size(); ++w) {
      Node node{w, {}, {}};
      model::Call exported;
      exported.event = kExport;
      static_cast<void>(model::step(node.custody, lifetime_, exported));
      level.push_back(std::move(node));
    }
    for (unsigned depth = 0; depth < options_.depth && !level.empty(); ++depth) {
      std::vector<Node> next;
      for (const Node& node : level)
        if (!expand(node, depth + 1 < options_.depth ? &next : nullptr)) return false;
      level = std::move(next);
    }
    return true;
  }

 private:
  struct Node {
    std::uint32_t world;
    model::Custody custody;
    Program program;
  };

  bool expand(const Node& node, std::vector<Node>* next) {
    const World& world = samples_.worlds()[node.world];
    for (const Step& step : legal_steps(node.custody, world, options_.usage)) {
      if (samples_.calls().size() >= options_.most || (options_.stop && options_.stop(samples_.calls().size())))
        return false;
      Program program = node.program;
      program.push_back(step);
      const std::vector<Answer> answers = subject_(world, program);
      samples_.add(node.world, program, answers);
      // Where it goes another way than before, what comes next is not known.
      if (next == nullptr || answers.size() < program.size()) continue;
      Node child{node.world, node.custody, std::move(program)};
      const bool failed = answers.back().ret != 0;
      static_cast<void>(model::step(child.custody, lifetime_, call_of(step, node.custody, world, failed)));
      next->push_back(std::move(child));
    }
    return true;
  }

  const Subject& subject_;
  const ExploreOptions& options_;
  Samples& samples_;
  model::Lifetime lifetime_;
};

}  // namespace

bool explore(const Subject& subject, const ExploreOptions& options, Samples& samples) {
  return Explorer(subject, options, samples).run();
}

}  // namespace custody::checker::learn
