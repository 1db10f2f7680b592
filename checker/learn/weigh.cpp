// SPDX-License-Identifier: BSD-2-Clause
// What the explored calls say for and against a contract.
#include <algorithm>
#include <map>
#include <memory>

#include "checker/learn/learn.hpp"

namespace custody::checker::learn {

namespace {

class Weighing {
 public:
  Weighing(const Samples& samples, Learned& learned) : samples_(samples), learned_(learned) {
    for (const spec::Clause& clause : learned.contract.clauses) learned.evidence.push_back({clause.name, 0, {}, {}});
    for (const ExploredCall& call : samples.calls())
      if (call.parent != kNoCall) after_[call.parent];
    for (const World& world : samples.worlds()) starts_.emplace_back(learned.contract, world);
  }

  void run() {
    for (std::uint32_t i = 0; i < samples_.calls().size(); ++i) visit(i);
    for (const Unstable& u : samples_.unstable()) {
      Unsaid& unsaid = unsaid_of("unstable " + std::to_string(u.call), u.call);
      unsaid.unstable = true;
      unsaid.predicted = text_of(samples_.calls()[u.call].answer);
      unsaid.found = text_of(u.other);
    }
    for (auto& [key, unsaid] : unsaid_) learned_.unsaid.push_back(std::move(unsaid));
    std::stable_sort(learned_.unsaid.begin(), learned_.unsaid.end(), [](const Unsaid& a, const Unsaid& b) {
      return std::pair(a.program.size(), a.program) < std::pair(b.program.size(), b.program);
    });
  }

 private:
  void visit(std::uint32_t i) {
    const ExploredCall& call = samples_.calls()[i];
    Beside* const before = call.parent == kNoCall ? &starts_[call.world] : after_[call.parent].get();
    const Predicted predicted = before->predict(call.step);
    ++learned_.calls;
    if (predicted.allows(call.answer, call.step.interrupted)) {
      ++learned_.agreed;
      credit(i, call, predicted);
    } else {
      const std::string said = text_of(predicted.as_answer()), found = text_of(call.answer);
      Unsaid& unsaid = unsaid_of(text_of(call.step) + "|" + said + "|" + found, i);
      unsaid.kind = kind_of(call.step, predicted.as_answer(), call.answer);
      unsaid.predicted = said;
      unsaid.found = found;
    }
    const auto next = after_.find(i);
    if (next == after_.end()) return;
    next->second = std::make_unique<Beside>(*before);
    next->second->move(call.step, call.answer.ret != 0);
  }

  Unsaid& unsaid_of(const std::string& key, std::uint32_t call) {
    const auto [place, is_new] = unsaid_.try_emplace(key);
    Unsaid& unsaid = place->second;
    ++unsaid.calls;
    if (!is_new && samples_.calls()[call].depth >= unsaid.program.size()) return unsaid;
    unsaid.program = samples_.program_to(call);
    unsaid.world = samples_.worlds()[samples_.calls()[call].world];
    return unsaid;
  }

  void credit(std::uint32_t i, const ExploredCall& call, const Predicted& predicted) {
    for (const spec::Clause* const clause : predicted.all_clauses) {
      ClauseEvidence& e = evidence_of(clause);
      ++e.calls;
      if (e.first.empty() || call.depth < e.first.size()) e.first = samples_.program_to(i);
    }
    std::size_t made = 0;
    for (std::size_t g = 0; g < predicted.groups.size(); ++g)
      for (std::size_t n = predicted.groups[g].size(); n > 0; --n, ++made)
        if (const std::string& f = call.answer.made[made].function; !f.empty())
          evidence_of(predicted.clauses[g]).functions.insert(f);
  }
  ClauseEvidence& evidence_of(const spec::Clause* clause) {
    return learned_.evidence[static_cast<std::size_t>(clause - learned_.contract.clauses.data())];
  }

  const Samples& samples_;
  Learned& learned_;
  std::vector<Beside> starts_;
  std::map<std::uint32_t, std::unique_ptr<Beside>> after_;
  std::map<std::string, Unsaid> unsaid_;
};

std::string because_of(const ClauseEvidence& e) {
  if (e.calls == 0) return "No explored call ran it alone: what later calls do shows it.";
  std::string text = std::to_string(e.calls) + " explored calls, the first after: " + text_of(e.first) + ".";
  if (e.functions.empty()) return text;
  std::string names;
  for (const std::string& f : e.functions) names.append(names.empty() ? "" : ", ").append(f).append("()");
  return "Made by " + names + ": " + text;
}

}  // namespace

void weigh(const Samples& samples, Learned& learned) {
  learned.evidence.clear();
  learned.unsaid.clear();
  learned.calls = learned.agreed = 0;
  Weighing(samples, learned).run();
  for (std::size_t i = 0; i < learned.evidence.size(); ++i)
    learned.contract.clauses[i].because = because_of(learned.evidence[i]);
}

}  // namespace custody::checker::learn
