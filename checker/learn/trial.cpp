// SPDX-License-Identifier: BSD-2-Clause
// Runs a driver beside its learned contract.
#include "checker/learn/trial.hpp"

#include <algorithm>
#include <deque>
#include <random>
#include <set>

#include "checker/learn/names.hpp"

namespace custody::checker::learn {

namespace {

Disagreement disagreement_at(std::uint32_t world, const Program& program, std::size_t at, const Predicted& predicted,
                             const Answer& found) {
  const auto end = program.begin() + static_cast<std::ptrdiff_t>(at + 1);
  return {world, Program(program.begin(), end), text_of(predicted.as_answer()), text_of(found),
          kind_of(program[at], predicted.as_answer(), found)};
}

/// The client may make these calls, as far as the contract is right.
bool is_legal(const spec::Contract& contract, const World& world, const Program& program, const Usage& usage) {
  Beside beside(contract, world);
  for (const Step& step : program) {
    const std::vector<Step> legal = legal_steps(beside.custody(), world, usage);
    if (std::find(legal.begin(), legal.end(), step) == legal.end()) return false;
    beside.move(step, beside.predict(step).refused || step.interrupted);
  }
  return true;
}

/// The first call of a program that the driver does otherwise.
std::optional<Disagreement> first_in(const spec::Contract& contract, const World& world, std::uint32_t number,
                                     const Program& program, const std::vector<Answer>& answers, Trial* trial) {
  Beside beside(contract, world);
  for (std::size_t i = 0; i < program.size() && i < answers.size(); ++i) {
    const Predicted predicted = beside.predict(program[i]);
    if (trial != nullptr) ++trial->calls;
    if (!predicted.allows(answers[i], program[i].interrupted))
      return disagreement_at(number, program, i, predicted, answers[i]);
    if (trial != nullptr) ++trial->agreed;
    beside.move(program[i], answers[i].ret != 0);
  }
  return std::nullopt;
}

struct State {
  std::uint32_t world;
  Beside beside;
  Program program;
};

}  // namespace

Trial try_every_state(const Subject& subject, const spec::Contract& contract, const Usage& usage,
                      const std::function<bool(std::uint64_t)>& stop, Samples& samples) {
  Trial out;
  std::set<std::string> known;
  std::deque<State> todo;
  for (std::uint32_t w = 0; w < samples.worlds().size(); ++w) todo.push_back({w, {contract, samples.worlds()[w]}, {}});
  for (; !todo.empty(); todo.pop_front()) {
    const State& state = todo.front();
    const World& world = samples.worlds()[state.world];
    for (const Step& step : legal_steps(state.beside.custody(), world, usage)) {
      if (known.size() >= kMostStates || (stop && stop(out.programs))) return out.complete = false, out;
      Program program = state.program;
      program.push_back(step);
      const std::vector<Answer> answers = subject(world, program);
      samples.add(state.world, program, answers);
      ++out.programs;
      if (answers.size() < program.size()) continue;  // it went another way than before
      ++out.calls;
      const Predicted predicted = state.beside.predict(step);
      if (!predicted.allows(answers.back(), step.interrupted)) {
        out.disagreements.push_back(
            disagreement_at(state.world, program, program.size() - 1, predicted, answers.back()));
        continue;
      }
      ++out.agreed;
      Beside next = state.beside;
      next.move(step, answers.back().ret != 0);
      std::string key = std::to_string(state.world) + ":" + next.key();
      if (known.insert(std::move(key)).second) todo.push_back({state.world, std::move(next), std::move(program)});
    }
  }
  return out;
}

Trial try_at_random(const Subject& subject, const spec::Contract& contract, const std::vector<World>& worlds,
                    const RandomOptions& options, Samples* keep) {
  Trial out;
  std::mt19937_64 random(options.seed);
  for (; out.programs < options.programs; ++out.programs) {
    if (options.stop && options.stop(out.programs)) return out.complete = false, out;
    const auto w = static_cast<std::uint32_t>(random() % worlds.size());
    // A program is drawn along the contract: where the driver goes another way the rest of it means nothing.
    Program program;
    Beside drawn(contract, worlds[w]);
    for (std::size_t n = 1 + random() % options.longest; n > 0; --n) {
      const std::vector<Step> legal = legal_steps(drawn.custody(), worlds[w], options.usage);
      if (legal.empty()) break;
      const Step step = legal[random() % legal.size()];
      // A release ends the program, and is legal in most states from which nothing else was drawn yet.
      if (step.event == kRelease && n > 1 && random() % 8 != 0) continue;
      const bool failed = drawn.predict(step).refused || step.interrupted;
      drawn.move(step, failed);
      program.push_back(step);
    }
    const std::vector<Answer> answers = subject(worlds[w], program);
    if (keep != nullptr) keep->add(w, program, answers);
    const std::optional<Disagreement> found = first_in(contract, worlds[w], w, program, answers, &out);
    if (found && out.disagreements.empty())
      out.disagreements.push_back(minimized(subject, contract, worlds[w], options.usage, *found));
  }
  return out;
}

Disagreement minimized(const Subject& subject, const spec::Contract& contract, const World& world, const Usage& usage,
                       Disagreement disagreement) {
  for (std::size_t width = disagreement.program.size() / 2; width > 0; width /= 2)
    for (std::size_t from = 0; from + width < disagreement.program.size();) {
      Program fewer = disagreement.program;
      const auto first = fewer.begin() + static_cast<std::ptrdiff_t>(from);
      fewer.erase(first, first + static_cast<std::ptrdiff_t>(width));
      std::optional<Disagreement> still;
      if (is_legal(contract, world, fewer, usage))
        still = first_in(contract, world, disagreement.world, fewer, subject(world, fewer), nullptr);
      if (!still) {
        ++from;
        continue;
      }
      disagreement = std::move(*still);
      from = 0;
    }
  return disagreement;
}

}  // namespace custody::checker::learn
