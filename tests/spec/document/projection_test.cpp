// SPDX-License-Identifier: BSD-2-Clause
// Automata for Runtime Verification: what the kernel's own dot2c and a C compiler make of them is what we meant, cell
// by cell; contradictions are found before anything is written.
#include "spec/document/projection.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "model/vocabulary.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::spec::test {
namespace {

using document::Follows;
using document::Observation;
using document::Projection;

constexpr Follows kAll[] = {Follows::kLifetime, Follows::kAttachment, Follows::kWindow};

void spill(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

Contract shipped(std::string_view name) { return find_contract(name).value(); }

/// state, event -> state; what is not legal is not in it.
using Matrix = std::map<std::pair<std::string, std::string>, std::string>;

Matrix matrix_of(const Projection& p) {
  Matrix out;
  for (std::size_t s = 0; s < p.states.size(); ++s)
    for (std::size_t e = 0; e < p.events.size(); ++e)
      if (p.next[s][e] >= 0) out[{p.states[s], p.events[e]}] = p.states[static_cast<std::size_t>(p.next[s][e])];
  return out;
}

constexpr const char* kPrintsMatrix = R"(
#include <stdbool.h>
#include <stdio.h>
#include "model.h"
int main(void) {
  printf("%s\n", aut.state_names[aut.initial_state]);
  for (int s = 0; s < state_max; s++) {
    if (aut.final_states[s]) printf("final %s\n", aut.state_names[s]);
    for (int e = 0; e < event_max; e++)
      if (aut.function[s][e] != INVALID_STATE)
        printf("%s %s %s\n", aut.state_names[s], aut.event_names[e], aut.state_names[aut.function[s][e]]);
  }
  return 0;
}
)";

/// What dot2c and a C compiler make of the text; `initial` and `final` by reference. Empty where one of them fails.
Matrix compiled(const std::string& dot, std::string& initial, std::string& final_state) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("custody-rv-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  spill(folder / "model.dot", dot);
  spill(folder / "main.c", kPrintsMatrix);
  const std::string command =
      "cd " + folder.string() +
      " && PYTHONPATH=" CUSTODY_LINUX "/tools/verification python3 -B " CUSTODY_LINUX
      "/tools/verification/dot2/dot2c model.dot >model.h 2>log && tcc main.c -o main && ./main >out";
  Matrix out;
  if (std::system(command.c_str()) == 0) {
    std::ifstream in(folder / "out");
    in >> initial;
    for (std::string state, event, next; in >> state >> event;)
      if (state == "final") {
        final_state = event;
      } else {
        in >> next;
        out[{state, event}] = next;
      }
  }
  std::filesystem::remove_all(folder);
  return out;
}

TEST(Projection, IsWhatTheKernelsOwnToolReads) {
  std::set<std::string> read;  // most contracts have the same lifetime
  for (const std::string_view name : contract_names())
    for (const Follows follows : kAll) {
      const Projection p = document::project(shipped(name), follows);
      const std::string dot = document::render_rv(p, shipped(name), {"1", "custody doc"});
      std::string initial, final_state;
      if (!read.insert(dot.substr(0, dot.find("//"))).second) continue;
      EXPECT_EQ(compiled(dot, initial, final_state), matrix_of(p)) << name << ' ' << document::name_of(follows);
      EXPECT_EQ(initial, p.states.front());
      EXPECT_EQ(final_state, p.final_state);
    }
  EXPECT_GE(read.size(), 6U);
}

TEST(Projection, FollowsTheOwner) {
  const Matrix m = matrix_of(document::project(shipped("system-heap-6.1"), Follows::kLifetime));
  const auto to = [&](const char* state, const char* event) {
    const auto found = m.find({state, event});
    return found != m.end() ? found->second : std::string("-");
  };
  EXPECT_EQ(to("Unborn", "export"), "NonOwnedBacked");
  EXPECT_EQ(to("NonOwnedBacked", "map"), "DeviceOwned");
  EXPECT_EQ(to("DeviceOwned", "unmap_last_owner_unmaps"), "NonOwnedBacked");
  EXPECT_EQ(to("DeviceOwned", "unmap_owned_after_unmap"), "DeviceOwned");
  EXPECT_EQ(to("DeviceOwned", "begin_cpu_access"), "CpuOwned");
  EXPECT_EQ(to("CpuOwned", "end_cpu_access_devices_take_over"), "DeviceOwned");
  EXPECT_EQ(to("CpuOwned", "end_cpu_access_nobody_takes_over"), "NonOwnedBacked");
  EXPECT_EQ(to("CpuOwned", "release"), "-");
  EXPECT_EQ(to("DeviceOwned", "release"), "-");
  EXPECT_EQ(to("NonOwnedBacked", "release"), "Freed");
  EXPECT_EQ(to("Freed", "map"), "-");
  EXPECT_EQ(to("CpuOwned", "move_notify"), "CpuOwned");
}

TEST(Projection, TellsForbiddenFromWhatCannotComeAbout) {
  const Projection p = document::project(shipped("system-heap-6.1"), Follows::kAttachment);
  const auto cell = [&](const char* state, const char* event) {
    const auto s = std::find(p.states.begin(), p.states.end(), state) - p.states.begin();
    const auto e = std::find(p.events.begin(), p.events.end(), event) - p.events.begin();
    return p.next.at(static_cast<std::size_t>(s)).at(static_cast<std::size_t>(e));
  };
  EXPECT_EQ(cell("Detached", "map"), document::kRefused);
  EXPECT_EQ(cell("Mapped", "detach"), document::kRefused);
  EXPECT_EQ(cell("AttachedPinned", "detach"), document::kRefused);
  EXPECT_EQ(cell("MappedTwice", "map"), document::kBeyond) << "two maps are all it counts";
  EXPECT_GE(cell("Mapped", "map"), 0);
}

/// Each pair of a state and a call that every contract's automata have is answered, or beyond their bounds.
TEST(Projection, LeavesNoCallUnanswered) {
  const std::set<std::string> beyond = {"MappedTwice map",    "MappedTwicePinned map", "OpenTwice begin_cpu_access",
                                        "AttachedPinned pin", "MappedPinned pin",      "MappedTwicePinned pin"};
  for (const std::string_view name : contract_names())
    for (const Follows follows : {Follows::kAttachment, Follows::kWindow}) {
      const Projection p = document::project(shipped(name), follows);
      for (std::size_t s = 0; s < p.states.size(); ++s)
        for (std::size_t e = 0; e < p.events.size(); ++e)
          EXPECT_EQ(p.next[s][e], beyond.count(p.states[s] + " " + p.events[e]) != 0
                                      ? document::kBeyond
                                      : std::max(p.next[s][e], document::kRefused))
              << name << ": " << p.events[e] << " in " << p.states[s];
    }
}

TEST(Projection, ACallWithoutAnswerIsNamed) {
  const model::EventSet calls = model::events(model::at(model::kEvents, "map"), model::at(model::kEvents, "unmap"));
  const auto complaint = [&](const std::vector<Observation>& seen) {
    try {
      document::prove_complete(seen, calls);
    } catch (const SpecError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  const std::vector<Observation> whole = {{"A", "map", "B", false, false, false},
                                          {"A", "unmap", "", true, false, false},
                                          {"B", "map", "", false, true, false},
                                          {"B", "unmap_of_the_last", "A", false, false, false}};
  EXPECT_EQ(complaint(whole), "");
  EXPECT_EQ(complaint({whole[0], whole[1], whole[2]}), "unmap in B has no answer");
  EXPECT_EQ(complaint({whole[0], whole[2], whole[3]}), "unmap in A has no answer");
  EXPECT_EQ(complaint({whole[0], whole[1]}), "map in B has no answer") << "a state that is only led to";
}

/// What has no edge is said, and why.
TEST(Projection, SaysItsBounds) {
  const auto text = [](Follows follows) {
    const Contract c = shipped("system-heap-6.1");
    std::string dot = document::render_rv(document::project(c, follows), c, {"1", "x"}), out;
    for (std::size_t at = 0; (at = dot.find("\n\t// ", at)) != std::string::npos;)
      out += dot.substr(at + 5, dot.find('\n', at + 1) - at - 5) + " ", ++at;
    return out;
  };
  const auto says = [&](Follows follows, const char* words) { return text(follows).find(words) != std::string::npos; };
  EXPECT_TRUE(says(Follows::kAttachment, "two maps and one pin at most")) << text(Follows::kAttachment);
  EXPECT_TRUE(
      says(Follows::kAttachment, "beyond the bounds: AttachedPinned: pin; MappedPinned: pin; MappedTwice: map"));
  EXPECT_TRUE(says(Follows::kAttachment, "Forbidden: Detached: detach, map, pin, unmap, unpin;"));
  EXPECT_TRUE(says(Follows::kWindow, "beyond the bounds: OpenTwice: begin_cpu_access."));
  EXPECT_TRUE(says(Follows::kLifetime, "beyond the bounds: none."));
  EXPECT_TRUE(says(Follows::kLifetime, "whether or not the call is forbidden: Unborn: detach_owned_after_detach,"))
      << text(Follows::kLifetime);
}

TEST(Projection, ContradictionsAreNamed) {
  const auto complaint = [](const std::vector<Observation>& seen) {
    try {
      static_cast<void>(document::tabulated("m", "A", "A", seen));
    } catch (const SpecError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(complaint({{"A", "go", "B", false, false, false}, {"B", "go", "A", false, false, false}}), "");
  EXPECT_EQ(complaint({{"A", "go", "B", false, false, false}, {"A", "go", "A", false, false, false}}),
            "go in A is not deterministic: it leads to B and to A");
  EXPECT_EQ(complaint({{"A", "go", "B", false, false, false}, {"A", "go", "", true, false, false}}),
            "go in A is not deterministic: it leads to B and to a refusal");
  EXPECT_EQ(complaint({{"A", "go", "", true, false, false}}), "none of the calls that it follows is ever legal");
  EXPECT_NE(complaint({{"A", "go-on", "B", false, false, false}}), "");
  EXPECT_NE(complaint({{"A B", "go", "A", false, false, false}}), "");
}

/// A machine with a wrong target: the automaton of the lifetime has that target, or is refused.
TEST(Projection, IsOfTheMachinesThatRun) {
  Contract c = shipped("system-heap-6.1");
  const Projection right = document::project(c, Follows::kWindow);
  c.lifetime.machines = {[](const void*, model::MachineId machine, model::Id state, model::Id event,
                            const model::Facts& facts, model::Subject* subject) {
    model::Fired fired = model::fire(machine, state, event, facts, subject);
    if (fired.row != nullptr && fired.row->id == "window-end-1") fired.to = model::at(model::kStates, "Open");
    return fired;
  }};
  EXPECT_NE(document::project(c, Follows::kWindow), right);
}

/// The kernel's parsers read lines.
TEST(Projection, KeepsToTheDialect) {
  const std::string dot =
      document::render_rv(document::project(shipped("lazy"), Follows::kLifetime), shipped("lazy"), {"1", "x"});
  EXPECT_EQ(dot.rfind("digraph state_automaton {\n", 0), 0U);
  EXPECT_EQ(dot.find("\n\n"), std::string::npos);
  std::set<std::string> pairs;
  std::istringstream in(dot);
  for (std::string line; std::getline(in, line);) {
    const std::size_t arrow = line.find("\" -> \"");
    if (arrow == std::string::npos || line.find("__init") != std::string::npos) continue;
    EXPECT_TRUE(pairs.insert(line.substr(0, line.find(" [ label = \""))).second) << "one edge a pair: " << line;
    EXPECT_EQ(line.substr(line.size() - 4), "\" ];") << line;
  }
  EXPECT_GE(pairs.size(), 8U);
}

}  // namespace
}  // namespace custody::spec::test
