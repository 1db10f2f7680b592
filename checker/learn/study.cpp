// SPDX-License-Identifier: BSD-2-Clause
// Explores, learns, tries, until the driver shows nothing new.
#include "checker/learn/study.hpp"

#include <algorithm>
#include <map>

#include "checker/learn/wire.hpp"

namespace custody::checker::learn {

using model::Direction;
using model::SyncCall;

namespace {

constexpr unsigned kMostRounds = 8;
constexpr std::uint64_t kMostOutside = 100000;
/// Of the practice, which is learned from; the final trial draws others.
constexpr std::uint64_t kPracticePrograms = 400, kPracticeSeed = 0x9e3779b97f4a7c15U;

bool is_clean(const Made& m) { return m.call == SyncCall::kForDevice && m.dir == Direction::kToDevice; }
bool is_invalidate(const Made& m) { return m.call == SyncCall::kForCpu && m.dir == Direction::kFromDevice; }

/// Puts the answers before a stop in the place of all, and keeps the stop.
class Stops {
 public:
  explicit Stops(Subject subject) : subject_(std::move(subject)) {}
  std::vector<Answer> run(const World& world, std::span<const Step> program) {
    for (std::size_t n = 1; !known_.empty() && n <= program.size(); ++n)  // nearly every driver stops nowhere
      if (known_.contains({world, {program.begin(), program.begin() + static_cast<std::ptrdiff_t>(n)}}))
        return n == 1 ? std::vector<Answer>() : run(world, program.first(n - 1));
    if (gave_up_) return {};
    try {
      return subject_(world, program);
    } catch (SubjectStops& s) {
      take(world, program, s);
      return std::move(s.answers);
    }
  }
  /// So many calls did not come back, each of which took time, that no more is asked.
  [[nodiscard]] bool gave_up() const { return gave_up_; }
  [[nodiscard]] std::vector<Stopped> all() const {
    std::vector<Stopped> out;
    for (const auto& [key, stopped] : shortest_) out.push_back(stopped);
    return out;
  }

 private:
  static constexpr unsigned kMostLoops = 12;
  void take(const World& world, std::span<const Step> program, const SubjectStops& s) {
    Stopped stopped{world, {program.begin(), program.end()}, s.answers.size() >= program.size(), s.what};
    if (!stopped.undoing) {
      stopped.program.resize(s.answers.size() + 1);
      known_.insert({world, stopped.program});
    }
    if (s.what.find("does not come back") != std::string::npos && ++loops_ > kMostLoops) gave_up_ = true;
    const std::string call =
        stopped.undoing ? "release" : std::string(model::kEvents[stopped.program.back().event].name);
    const auto [it, is_new] =
        shortest_.emplace(call + ": " + s.what.substr(0, std::min(s.what.find(" at "), s.what.find(", in "))), stopped);
    if (!is_new && stopped.program.size() < it->second.program.size()) it->second = std::move(stopped);
  }
  Subject subject_;
  std::set<std::pair<World, Program>> known_;
  std::map<std::string, Stopped> shortest_;
  unsigned loops_ = 0;
  bool gave_up_ = false;
};

/// Nothing of the exporter's own but skipped maps and passes.
bool is_fold(const Answer& answer) {
  return std::all_of(answer.made.begin(), answer.made.end(), [](const Made& m) {
    return m.device != kExporter || (model::maps(m.call) ? m.skip : is_clean(m) || is_invalidate(m));
  });
}

void fold(Answer& answer, std::set<std::string>* functions) {
  std::erase_if(answer.made, [&](const Made& m) {
    const bool goes = m.device == kExporter && model::maps(m.call) && m.skip;
    if (goes && functions != nullptr && !m.function.empty()) functions->insert(m.function);
    return goes;
  });
  for (Made& m : answer.made)
    if (m.device == kExporter && (is_clean(m) || is_invalidate(m))) m.device = kPass;
}

bool folds(const Samples& samples) {
  bool syncs = false;
  for (const ExploredCall& call : samples.calls()) {
    if (!is_fold(call.answer)) return false;
    for (const Made& m : call.answer.made) syncs = syncs || (m.device == kExporter && !model::maps(m.call));
  }
  return syncs;
}

class Studying {
 public:
  Studying(const Subject& subject, const StudyOptions& options)
      : options_(options), stops_(subject),
        subject_([this](const World& world, std::span<const Step> program) { return stops_.run(world, program); }),
        samples_(options.worlds) {}

  Study run() {
    out_.complete = explore(subject_, {options_.depth, options_.usage, 2000000, stop("exploring")}, samples_);
    out_.explored = samples_.calls().size();
    out_.folded_passes = folds(samples_);
    if (out_.folded_passes) fold_all();
    out_.learned = learn(samples_, options_.name, options_.source, {});
    look_deeper();
    out_.deeper = samples_.calls().size() - out_.explored;
    RandomOptions random = options_.random;
    random.usage = options_.usage;
    random.stop = stop("random programs");
    out_.random = try_at_random(subject_, out_.learned.contract, samples_.worlds(), random);
    look_outside();
    out_.stops = stops_.all();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::function<bool(std::uint64_t)> stop(std::string_view doing) const {
    return
        [this, doing](std::uint64_t done) { return stops_.gave_up() || (options_.stop && options_.stop(doing, done)); };
  }

  void fold_all() {
    samples_.change_answers([this](Answer& answer) { fold(answer, &out_.mapping_functions); });
    subject_ = [inner = subject_](const World& world, std::span<const Step> program) {
      std::vector<Answer> answers = inner(world, program);
      for (Answer& answer : answers)
        if (is_fold(answer)) fold(answer, nullptr);
      return answers;
    };
  }

  /// Until every state that the contract knows was looked into, and practice at random finds nothing new either.
  void look_deeper() {
    for (; out_.rounds < kMostRounds; ++out_.rounds) {
      const spec::Contract contract = out_.learned.contract;
      const Trial states = try_every_state(subject_, contract, options_.usage, stop("states"), samples_);
      RandomOptions practice;
      practice.programs = kPracticePrograms;
      practice.seed = kPracticeSeed + out_.rounds;
      practice.usage = options_.usage;
      const Trial drawn = try_at_random(subject_, contract, samples_.worlds(), practice, &samples_);
      out_.complete = out_.complete && states.complete;
      if (states.disagreements.empty() && drawn.disagreements.empty()) return weigh(samples_, out_.learned);
      out_.learned = learn(samples_, options_.name, options_.source, std::vector<Trigger>(out_.learned.triggers));
      if (spec::write_contract(without_reasons(out_.learned.contract)) ==
          spec::write_contract(without_reasons(contract)))
        return;  // what is left, no clause can say
    }
  }
  static spec::Contract without_reasons(spec::Contract contract) {
    for (spec::Clause& clause : contract.clauses) clause.because.clear();
    return contract;
  }

  void look_outside() {
    Usage wide = options_.usage;
    wide.maps = 2;
    wide.interrupted = true;
    // Nothing is merged here: what such a call changes is just what the contract does not see.
    Samples aside(samples_.worlds());
    const bool complete = explore(subject_, {options_.depth, wide, kMostOutside, stop("outside")}, aside);
    out_.complete = out_.complete && complete;
    Learned beside = out_.learned;
    weigh(aside, beside);
    out_.outside_calls = beside.calls;
    std::map<std::string, bool> known;
    for (const Unsaid& u : beside.unsaid)
      if (!is_legal(u) && known.emplace(u.kind, true).second) out_.outside.push_back(u);
  }
  /// A client of the exploration makes these calls.
  [[nodiscard]] bool is_legal(const Unsaid& u) const {
    Beside beside(out_.learned.contract, u.world);
    for (const Step& step : u.program) {
      const std::vector<Step> legal = legal_steps(beside.custody(), u.world, options_.usage);
      if (std::find(legal.begin(), legal.end(), step) == legal.end()) return false;
      beside.move(step, beside.predict(step).refused);
    }
    return true;
  }

  const StudyOptions& options_;
  Stops stops_;
  Subject subject_;
  Samples samples_;
  Study out_;
};

}  // namespace

Study study(const Subject& subject, const StudyOptions& options) { return Studying(subject, options).run(); }

}  // namespace custody::checker::learn
