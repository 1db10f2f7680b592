// SPDX-License-Identifier: BSD-2-Clause
// Long random legal usage of a driver by devices of every reach, judged event by event as it happens.
#include "tests/kernel-ref/mixed_usage.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#include "checker/replay/engine.hpp"
#include "spec/rules.hpp"

namespace custody::kernel_ref::test {

namespace {

/// The call around the event, as the table of explanations names it.
std::string call_of(const checker::Finding& f) {
  return f.place.call == traces::EventKind::kLost ? "outside" : std::string(traces::name(f.place.call));
}

/// One life of a buffer: what the client knows of it, and what was said of it.
struct Life {
  std::set<Pair> mixed;
  bool copies = false;
  std::map<Pair, std::uint64_t> told;
  std::vector<Accusation> accusations;

  [[nodiscard]] Company company() const {
    if (copies) return Company::kCopies;
    return mixed.empty() ? Company::kAny : Company::kMixed;
  }
  [[nodiscard]] bool is_told_right() const {
    return told.size() == mixed.size() && std::all_of(told.begin(), told.end(), [&](const auto& t) {
             return mixed.contains(t.first) && t.second == 1;
           });
  }
};

class Run {
 public:
  Run(const Subject& subject, const std::vector<machine::Device>& devices, unsigned seed)
      : devices_(devices), random_(seed),
        engine_(options_, [this](const checker::Finding& f, const traces::Directory&) { hear(f); }),
        machine_({model::find_arch("arm64-6.1"), devices, 1024, 64}),
        client_(machine_, engine_, {subject.driver, seed, false}) {
    ownership_heap_policy = subject.policy;
  }

  Tally go(std::uint64_t steps) {
    while (tally_.steps < steps) live();
    client_.finish();
    tally_.events = engine_.finish().events;
    return tally_;
  }

 private:
  void hear(const checker::Finding& f) {
    if (f.severity == spec::Severity::kNote || spec::rule(f.rule).cls == spec::RuleClass::kRedundant) return;
    if (f.rule == spec::RuleId::kM11) ++life_.told[std::minmax(f.device, f.beside)];
    else life_.accusations.push_back({std::string(spec::rule(f.rule).id), call_of(f)});
  }
  void look(const client::Usage& usage) {
    life_.mixed.merge(mixed_pairs(usage, devices_));
    life_.copies = life_.copies || !active_pairs(usage, [&](std::uint32_t one, std::uint32_t other) {
                                      return devices_[one].bounced || devices_[other].bounced;
                                    }).empty();
  }
  void live() {
    life_ = {};
    client::Usage usage(client_, machine::kPageBytes, static_cast<std::uint32_t>(devices_.size()));
    for (auto asked = 20 + random_() % 200; asked > 0; --asked) {
      const auto any = [this](std::size_t n) { return static_cast<std::uint8_t>(random_() % n); };
      if (usage.apply({static_cast<client::Step::Kind>(any(client::Step::kKinds)), any(devices_.size()), any(3)}))
        ++tally_.steps;
      look(usage);
    }
    while (!usage.windows().empty()) usage.apply({client::Step::Kind::kEnd, 0, 0});
    look(usage);
    usage.finish();
    settle();
  }
  void settle() {
    ++tally_.buffers;
    tally_.pairs += life_.mixed.size();
    for (const auto& [pair, times] : life_.told) tally_.m11 += times;
    tally_.miscounted += life_.is_told_right() ? 0U : 1U;
    for (const Accusation& a : life_.accusations) ++tally_.accusations[{a, life_.company()}];
  }

  const std::vector<machine::Device>& devices_;
  std::mt19937 random_;
  checker::replay::Options options_;
  Life life_;
  Tally tally_;
  checker::replay::Engine engine_;
  machine::Machine machine_;
  client::Client client_;
};

/// `a, b` as a set.
std::set<std::string> words_of(std::string cell) {
  std::replace(cell.begin(), cell.end(), ',', ' ');
  std::istringstream in(cell);
  return {std::istream_iterator<std::string>(in), {}};
}

}  // namespace

const char* text(Company company) {
  constexpr const char* kTexts[] = {"any", "mixed pair", "copy together"};
  return kTexts[static_cast<std::size_t>(company)];
}

Tally use_mixed(const Subject& subject, const std::vector<machine::Device>& devices, std::uint64_t steps,
                unsigned seed) {
  return Run(subject, devices, seed).go(steps);
}

std::vector<Explanation> read_explanations() {
  std::vector<Explanation> rows;
  std::ifstream in("kernel-ref/findings.md");
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) inside = line == "## Legal usage";
    if (!inside || !line.starts_with("| ") || line.starts_with("| ---") || line.starts_with("| driver")) continue;
    std::istringstream cells(line);
    std::string cell[5];
    for (std::string& c : cell) std::getline(cells, c, '|');
    Explanation row{words_of(cell[1]), words_of(cell[3]), words_of(cell[4]), Company::kAny};
    for (const Company company : {Company::kMixed, Company::kCopies})
      if (cell[2] == " " + std::string(text(company)) + " ") row.company = company;
    rows.push_back(row);
  }
  return rows;
}

std::string unexplained(const Subject& subject, const Tally& tally, const std::vector<Explanation>& rows) {
  std::string out;
  for (const auto& [what, times] : tally.accusations) {
    const Accusation& accusation = what.first;
    const bool explained = std::any_of(rows.begin(), rows.end(), [&, company = what.second](const Explanation& row) {
      return explains(row, subject.name, accusation, company);
    });
    if (!explained)
      out += accusation.rule + " in " + accusation.call + ", " + text(what.second) + ", " + std::to_string(times) +
             " times\n";
  }
  return out;
}

bool explains(const Explanation& row, const std::string& driver, const Accusation& accusation, Company company) {
  return row.drivers.contains(driver) && row.rules.contains(accusation.rule) && row.calls.contains(accusation.call) &&
         (row.company == Company::kAny || row.company == company ||
          (row.company == Company::kMixed && company == Company::kCopies));
}

}  // namespace custody::kernel_ref::test
