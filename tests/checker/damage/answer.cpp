// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/damage/answer.hpp"

#include <algorithm>
#include <chrono>

#include "checker/replay/engine.hpp"
#include "checker/replay/replay.hpp"
#include "tests/checker/damage/live_bytes.hpp"
#include "tests/checker/replay_support.hpp"
#include "traces/open.hpp"

namespace custody::checker::test {

namespace {

/// As `replay_part` reads a trace, with names for what the engine says by ids.
class Replay final : public traces::EventSink {
 public:
  explicit Replay(Answer& answer)
      : answer_(answer), engine_(options_, [this](const Finding& f, const traces::Directory& d) { add(f, d); }) {}

  void on_header(const traces::Header& h, const traces::Directory& d) override {
    replay::check_header(h, options_, "");
    engine_.on_header(h, d);
  }
  void on_event(const traces::Event& e, const traces::Directory& d) override {
    answer_.lines.push_back(e.at.line);
    answer_.kinds.push_back(static_cast<std::uint64_t>(e.kind) * 4 + static_cast<std::uint64_t>(e.phase));
    engine_.on_event(e, d);
    if (e.buffer == traces::kNoId) return;
    const Id id{e.buffer, d.buffers[e.buffer].generation};
    names_[id] = name_of(d.buffers[e.buffer]);
    kinds_of_[id].push_back(answer_.kinds.back());
  }
  void on_gap(const traces::Gap& g, const traces::Directory& d) override {
    answer_.is_told = true;
    ++answer_.signs;
    engine_.on_gap(g, d);
  }
  void on_end(const traces::Directory& d) override { engine_.on_end(d); }

  void finish(bool is_cut) {
    Summary summary = engine_.finish();
    if (is_cut) summary.coverage.take_back(JudgedReason::kUnreadRecord);
    std::map<Id, Judged> others;
    for (const BufferVerdict& v : summary.verdicts) others[{v.buffer, v.generation}] = v.judged;
    for (const auto& [id, name] : names_) {
      auto& kinds = answer_.kinds_of[name];
      kinds.insert(kinds.end(), kinds_of_[id].begin(), kinds_of_[id].end());
      const auto other = others.find(id);
      Judged judged = other == others.end() ? Judged::kWhole : other->second;
      // Of a trace as a whole, where probes are missing or its end is.
      if (judged == Judged::kWhole && summary.coverage.of(Judged::kWhole) == 0) judged = Judged::kPartly;
      const auto [place, added] = answer_.judged.try_emplace(name, judged);
      if (!added) place->second = std::max(place->second, judged);
    }
  }

 private:
  using Id = std::pair<std::uint32_t, std::uint32_t>;
  static std::string name_of(const traces::BufferInfo& info) {
    return info.ino != 0 ? "ino " + std::to_string(info.ino) : info.name;
  }
  void add(const Finding& f, const traces::Directory& d) {
    if (f.severity != spec::Severity::kError) return;
    const std::string buffer = name_of(d.buffers[f.buffer]);
    answer_.errors.try_emplace({std::string(spec::rule(f.rule).id), buffer}, answer_.signs);
    if (f.matches(spec::RuleClass::kMissing) || f.matches(spec::RuleClass::kLostWrite)) answer_.hazards.insert(buffer);
  }

  Answer& answer_;
  replay::Options options_;
  replay::Engine engine_;
  std::map<Id, std::string> names_;
  std::map<Id, std::vector<std::uint64_t>> kinds_of_;
};

void read(const std::string& path, Answer& answer) {
  traces::ReadStatistics s;
  Replay replay(answer);
  bool is_cut = false;
  try {
    traces::read_trace(path, replay, s);
  } catch (const traces::InputError& e) {
    answer.input_error = e.what();
    is_cut = dynamic_cast<const traces::DamagedInput*>(&e) != nullptr;
  }
  replay.finish(is_cut);
  answer.signs += s.malformed + s.lost + (answer.input_error.empty() ? 0 : 1) + (s.truncated ? 1 : 0);
  answer.is_cut = s.truncated;
  answer.is_told = answer.is_told || !answer.input_error.empty() || s.malformed != 0 || s.lost != 0 || s.truncated;
}

}  // namespace

Answer answer_to(const std::string& bytes) {
  Answer answer;
  const TemporaryFile file(bytes);
  const LiveBytes live;
  const auto begin = std::chrono::steady_clock::now();
  read(file.path(), answer);
  answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  answer.bytes = live.most();
  return answer;
}

}  // namespace custody::checker::test
