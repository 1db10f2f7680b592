// SPDX-License-Identifier: BSD-2-Clause
// Contracts as JSON: what is shipped reads, what is broken is refused with a place.
#include "spec/contract.hpp"

#include <gtest/gtest.h>

#include "model/step.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::spec {
namespace {

bool same(const model::Row& a, const model::Row& b) {
  const auto list = [](const model::Ids& ids) { return std::vector<model::Id>(ids.begin(), ids.end()); };
  return a.id == b.id && a.from == b.from && a.event == b.event && list(a.guards) == list(b.guards) &&
         list(a.actions) == list(b.actions) && a.to == b.to && list(a.syncs) == list(b.syncs) && a.why == b.why &&
         a.cite == b.cite && a.rule == b.rule;
}

bool same(const Contract& a, const Contract& b) {
  return a.start == b.start && a.memory == b.memory &&
         std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(),
                    [](const model::Row& x, const model::Row& y) { return same(x, y); }) &&
         std::equal(a.refusals.begin(), a.refusals.end(), b.refusals.begin(), b.refusals.end(),
                    [](const model::Row& x, const model::Row& y) { return same(x, y); });
}

std::string error_of(const std::string& json) {
  try {
    static_cast<void>(read_contract(json, "a.json"));
  } catch (const SpecError& e) {
    return e.what();
  }
  return "no error";
}

std::string patch(const std::string& more) {
  return R"({"schema":"custody.contract/1","name":"x","title":"t","source":"s","base":"system-heap-6.1")" + more + "}";
}

std::string_view policy_of(const Contract& c, std::string_view name) {
  for (model::Id f = 0; f < model::kWorldFields; ++f)
    if (model::kFields[f].name == name) return model::policy_value(f, c.start.get(f));
  return "none";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Contracts, TheDefaultIsTheCompiledTables) {
  const std::optional<Contract> shipped = find_contract("system-heap-6.1");
  ASSERT_TRUE(shipped);
  EXPECT_TRUE(same(*shipped, compiled_contract()))
      << "custody export contract compiled > spec/contracts/system-heap-6.1.json";
}

TEST(Contracts, OfTheCollectionReadBackAsTheyAreWritten) {
  EXPECT_EQ(contract_names().size(), 17U);
  for (const std::string_view name : contract_names()) {
    const std::optional<Contract> contract = find_contract(name);
    ASSERT_TRUE(contract) << name;
    EXPECT_EQ(contract->name, name);
    EXPECT_TRUE(same(read_contract(write_contract(*contract), "again"), *contract)) << name;
  }
}

TEST(Contracts, AreInterpretedAsTheMachineDoes) {
  // MSM machine and rows agree on every consistent world of the fields that a cell looks at: the machine is made from
  // the same rows, so one step of each is compared over a walk of all single events from a few deep worlds.
  const Contract contract = compiled_contract();
  std::size_t compared = 0;
  std::vector<model::World> worlds = {contract.start};
  for (std::size_t w = 0; w < worlds.size() && worlds.size() < 4000; ++w)
    for (model::Id e = 0; e < model::kEventCount; ++e) {
      const model::World world = worlds[w];
      if (model::names_attachment(e)) continue;
      const model::Outcome outcome = model::step(world, {}, model::Call{e});
      model::Cells cells;
      std::copy(world.v.begin(), world.v.end(), cells.v.begin());
      cells.v[model::at(model::kFields, "window_matches")] = 1;
      const model::Row* answer = nullptr;
      for (const auto* const table : {&contract.rows, &contract.refusals})
        for (const model::Row& row : *table)
          if (row.answers(world.state, e, cells)) answer = &row;
      if (outcome.buffer_row == nullptr) continue;
      ASSERT_NE(answer, nullptr);
      EXPECT_EQ(answer->id, outcome.buffer_row->id);
      ++compared;
      if (std::find(worlds.begin(), worlds.end(), outcome.world) == worlds.end() &&
          *std::max_element(outcome.world.v.begin(), outcome.world.v.end()) <= 2)
        worlds.push_back(outcome.world);
    }
  EXPECT_GT(compared, 300U);
}

TEST(Contracts, WithAnUnknownWordNamePlaceFoundAndAllowed) {
  const std::string state = error_of(patch(R"(,"rows":[{"id":"BUF-26","to":"Owned"}])"));
  EXPECT_TRUE(has(state, "a.json: /rows/0/to: found \"Owned\", expected one of: NonOwnedNonBacked")) << state;
  const std::string guard = error_of(patch(R"(,"rows":[{"id":"BUF-26","guards":["mapped=none","moon=full"]}])"));
  EXPECT_TRUE(has(guard, "/rows/0/guards/1: found \"moon=full\", expected one of: ")) << guard;
  const std::string policy = error_of(patch(R"(,"policies":{"backing":"never"})"));
  EXPECT_TRUE(has(policy, "/policies/backing: found \"never\", expected one of: at_allocation, at_first_use"))
      << policy;
  const std::string key = error_of(patch(R"(,"row":[])"));
  EXPECT_TRUE(has(key, "/row: unknown key, expected one of: schema")) << key;
  const std::string base =
      error_of(R"({"schema":"custody.contract/1","name":"x","title":"t","source":"s","base":"y"})");
  EXPECT_TRUE(has(base, "/base: found \"y\", expected one of: ")) << base;
  const std::string rule = error_of(patch(R"(,"refusals":[{"id":"BUF-X02","rule":"L99"}])"));
  EXPECT_TRUE(has(rule, "/refusals/0/rule: found \"L99\"")) << rule;
}

TEST(Contracts, WithACellThatHasNoAnswerOrTwoAreRefused) {
  const std::string none = error_of(patch(R"(,"remove":["BUF-26"])"));
  EXPECT_TRUE(has(none, "NonOwnedBacked x map: no row and no refusal answers")) << none;
  const std::string two = error_of(patch(
      R"(,"rows":[{"id":"NEW-01","from":"NonOwnedBacked","event":"map","guards":["attached=more"],"actions":[],"to":"DeviceOwned","syncs":[],"why":"w","cite":"c"}])"));
  EXPECT_TRUE(has(two, "a.json: /rows/0: NonOwnedBacked x map: BUF-26 and NEW-01 both answer where")) << two;
  const std::string never = error_of(patch(R"(,"rows":[{"id":"BUF-67","guards":["mapped=none","mapped=some"]}])"));
  EXPECT_TRUE(has(never, "a.json: /rows/0: BUF-67 can never answer")) << never;
}

TEST(Contracts, WithRowsThatSayWhatTheirCallsDoNotHaveAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"id":"BUF-26","actions":["count_mapped","cache_own_table"]})",
       "/rows/0/actions/1: found \"cache_own_table\", expected an action of the buffer"},
      {R"({"id":"ATT-03","actions":["count_own_map","count_mapped"]})",
       "/rows/0/actions/1: found \"count_mapped\", expected an action of the attachment"},
      {R"({"id":"ATT-02","actions":["cache_own_table"]})",
       "/rows/0/actions/0: found \"cache_own_table\", but detach has"},
      {R"({"id":"BUF-25","syncs":["own:unmap"]})", "/rows/0/syncs/0: found \"own:unmap\", but detach has no direction"},
      {R"({"id":"BUF-24","syncs":["mapped:for_cpu"]})", "/rows/0/syncs/0: found \"mapped:for_cpu\", but attach has no"},
      {R"({"id":"BUF-78","syncs":["own:map"]})", "but begin_cpu_access names no attachment"},
      {R"({"id":"BUF-39","guards":["own_maps=none"]})", "/rows/0/guards/0: found \"own_maps=none\", but mmap names no"},
      {R"({"id":"ATT-03","syncs":["own:map"]})", "syncs are written in the rows of the buffer"},
  };
  for (const auto& [row, expected] : cases) {
    const std::string error = error_of(patch(std::string(",\"rows\":[") + row + "]"));
    EXPECT_TRUE(has(error, expected)) << row << "\n" << error;
  }
  EXPECT_EQ(error_of(patch(R"(,"rows":[{"id":"BUF-25","syncs":["own:unmap:kept","buffer:clean"]}])")), "no error");
}

TEST(Contracts, WhoseGuardsLookAtTooMuchAreRefusedAtOnce) {
  std::string guards;
  for (const char* const guard : {"attached=more", "windows=more", "kernel_mappings=some", "plain_writers=none",
                                  "snooping_readers=none", "plain_mapped=none", "own_cached=bidi", "own_maps=none"})
    guards += std::string(guards.empty() ? "\"" : ",\"") + guard + "\"";
  std::string more = guards;
  more.replace(more.find("attached=more"), 13, "begin_mappings=some");
  const std::string error = error_of(patch(
      R"(,"rows":[{"id":"N-1","from":"CpuOwned","event":"map","guards":[)" + guards +
      R"(],"actions":[],"to":"CpuOwned","syncs":[],"why":"w","cite":"c"},{"id":"N-2","from":"CpuOwned","event":"map","guards":[)" +
      more + R"(],"actions":[],"to":"CpuOwned","syncs":[],"why":"w","cite":"c"}])"));
  EXPECT_TRUE(has(error, "CpuOwned x map: its guards look at too many fields")) << error;
}

TEST(Contracts, MayBeProposedAsPatches) {
  const Contract base = *find_contract("system-heap-6.1");
  const auto proposed = [&](const std::string& json) -> std::string {
    try {
      const Contract c = read_proposal(base, json, "p.json");
      return c.name + " " + std::string(policy_of(c, "cpu_unattached")) + " " + std::to_string(c.rows.size());
    } catch (const SpecError& e) {
      return e.what();
    }
  };
  const std::string rows = std::to_string(base.rows.size());
  EXPECT_EQ(proposed(R"({"policies":{"cpu_unattached":"refuse"}})"), "p refuse " + rows);
  EXPECT_EQ(proposed(R"([{"op":"replace","path":"/policies/cpu_unattached","value":"refuse"}])"), "p refuse " + rows);
  EXPECT_EQ(proposed(R"({"name":"mine","policies":{"cpu_unattached":"refuse"}})"), "mine refuse " + rows);
  EXPECT_EQ(read_proposal(base, "{}", "a b\x1b.json").name, "a-b-");
  EXPECT_EQ(read_proposal(base, "{}", "x/system-heap-6.1.json").name, "system-heap-6.1-proposed");
  EXPECT_EQ(proposed(patch("")), "x allow " + rows);
  EXPECT_TRUE(has(proposed(R"([{"op":"remove","path":"/rows/0"}])"), "p.json: /: NonOwnedNonBacked x export: no row"));
  EXPECT_TRUE(
      has(proposed(R"([{"op":"remove","path":"/rows/999"}])"), "p.json: the patch does not apply to system-heap-6.1"));
  EXPECT_TRUE(
      has(proposed(R"([{"op":"copy","from":"","path":"/x"}])"), "p.json: /0/op: found \"copy\", expected one of: add"));
  EXPECT_TRUE(has(proposed("[1]"), "p.json: /0: found 1, expected an operation"));
  EXPECT_TRUE(has(proposed("1"), "expected a contract, a JSON Patch"));
  EXPECT_TRUE(has(proposed(R"({"policies":{"backing":"never"}})"), "/policies/backing: found \"never\""));
}

TEST(Contracts, ThatAreNoContractsAreRefused) {
  EXPECT_TRUE(has(error_of("{\n \"schema\": \n oops"), "a.json:3: no JSON")) << error_of("{\n \"schema\": \n oops");
  EXPECT_TRUE(has(error_of("[]"), "expected an object"));
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.contract/2"})"), "/schema: found \"custody.contract/2\""));
  EXPECT_TRUE(has(error_of(std::string(100000, '[')), "nests deeper"));
  EXPECT_TRUE(has(error_of(std::string(kMaxContractBytes + 1, ' ')), "expected at most"));
  EXPECT_TRUE(has(error_of(patch(R"(,"rows":{})")), "/rows: found {}, expected an array of rows"));
  EXPECT_TRUE(has(error_of(patch(R"(,"rows":[{"id":"BUF-26"},{"id":"BUF-26"}])")), "is there twice"));
}

}  // namespace
}  // namespace custody::spec
