// SPDX-License-Identifier: BSD-2-Clause
// Contracts as JSON: what is shipped reads, what is broken is refused with a place.
#include "spec/contract.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "spec/exporter_profile.hpp"

namespace custody::spec::test {
namespace {

using model::at;
using model::Facts;
using model::kEvents;

bool same(const Contract& a, const Contract& b) {
  return a.name == b.name && a.title == b.title && a.source == b.source && a.memory == b.memory &&
         a.lifetime.policies == b.lifetime.policies && a.clauses == b.clauses;
}

/// What a reader says of it; `no error` where it reads.
template <std::invocable Read>
std::string error_of(Read read) {
  try {
    static_cast<void>(read());
  } catch (const SpecError& e) {
    return e.what();
  }
  return "no error";
}
std::string error_of(const std::string& json) {
  return error_of([&] { return read_contract(json, "a.json"); });
}

/// A contract with this base; `more` begins with a comma.
std::string contract_on(const std::string& base, const std::string& more) {
  return R"({"schema":"custody.contract/2","name":"x","title":"t","source":"s","base":")" + base + "\"" + more + "}";
}
std::string changed(const std::string& more) { return contract_on("system-heap-6.1", more); }
std::string clauses(const std::string& text) { return R"(,"clauses":{)" + text + "}"; }
std::string with_clause(const std::string& clause) { return changed(clauses("\"c\":" + clause)); }
std::string policies(const std::string& text) { return R"(,"policies":{)" + text + "}"; }

Contract read(const std::string& json) { return read_contract(json, "a.json"); }
Contract heap() { return *find_contract("system-heap-6.1"); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string names_of(const Contract& contract) {
  std::string names;
  for (const Clause& clause : contract.clauses) names.append(names.empty() ? "" : " ").append(clause.name);
  return names;
}

const Clause& clause_of(const Contract& contract, std::string_view name) {
  const Clause* const found = contract.find_clause(name);
  if (found == nullptr) throw std::out_of_range("no clause " + std::string(name));
  return *found;
}

/// The names of the clauses that run on the event.
std::string run_by(const Contract& contract, std::string_view event, const Facts& facts) {
  std::string names;
  for (model::Id e = 0; e < model::kEventCount; ++e)
    if (kEvents[e].brief == event)
      for (const Clause* clause : clauses_of(contract, e, facts))
        names.append(names.empty() ? "" : " ").append(clause->name);
  return names;
}

/// A folder of files, gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "custody-contract-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  /// Its path.
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// Every contract file of a shipped proposal.
std::vector<Contract> shipped_proposals() {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator("spec/proposals"))
    if (file.path().extension() == ".json" && file.path().stem() != "proposals") files.push_back(file.path());
  std::sort(files.begin(), files.end());
  std::vector<Contract> out;
  for (const auto& file : files) out.push_back(read_proposal(heap(), text_of(file), file.string()));
  return out;
}

TEST(Contracts, OfTheCollectionReadBackAsTheyAreWritten) {
  EXPECT_EQ(contract_names().size(), 18U);
  for (const std::string_view name : contract_names()) {
    const std::optional<Contract> contract = find_contract(name);
    ASSERT_TRUE(contract) << name;
    EXPECT_EQ(contract->name, name);
    EXPECT_TRUE(same(read(write_contract(*contract)), *contract)) << name;
    EXPECT_EQ(write_contract(read(write_contract(*contract))), write_contract(*contract)) << name;
  }
  EXPECT_FALSE(find_contract("moon"));
}

TEST(Contracts, ThatAreProposedReadBackAsTheyAreWritten) {
  const std::vector<Contract> proposals = shipped_proposals();
  EXPECT_EQ(proposals.size(), 7U);
  for (const Contract& proposal : proposals)
    EXPECT_TRUE(same(read(write_contract(proposal)), proposal)) << proposal.name;
}

TEST(Contracts, OfTheCollectionStayShort) {
  for (const std::string_view name : contract_names()) EXPECT_LE(find_contract(name)->clauses.size(), 12U) << name;
  for (const Contract& proposal : shipped_proposals()) {
    EXPECT_LE(proposal.clauses.size(), 12U) << proposal.name;
    if (proposal.name == "sync-at-windows") {
      EXPECT_EQ(names_of(proposal), "map unmap begin end");
    }
  }
}

TEST(Contracts, SayOfEachClauseWhyAndWhereThatIsSeen) {
  std::vector<Contract> all = shipped_proposals();
  for (const std::string_view name : contract_names()) all.push_back(*find_contract(name));
  for (const Contract& contract : all)
    for (const Clause& clause : contract.clauses) {
      EXPECT_FALSE(clause.because.empty()) << contract.name << " " << clause.name;
      EXPECT_FALSE(clause.cite.empty()) << contract.name << " " << clause.name;
      EXPECT_NE(clause.on, 0) << contract.name << " " << clause.name;
    }
}

TEST(Contracts, TakeOverWhatTheirBasesSay) {
  const Contract after = *find_contract("udmabuf-after");  // drm-prime, which is based on system-heap-6.1
  EXPECT_EQ(after.base, "drm-prime");
  EXPECT_EQ(names_of(after), "map busy detach begin-first begin end release");
  EXPECT_EQ(clause_of(after, "busy"), clause_of(*find_contract("drm-prime"), "busy"));
  const Contract end_sync =
      *find_contract("vision-release-end-sync");  // two bases on, the policies are vision-release's
  EXPECT_TRUE(end_sync.has_policy("leaves", "release"));
  EXPECT_EQ(clause_of(end_sync, "devices-take"), clause_of(*find_contract("vision-keep"), "devices-take"));
  EXPECT_EQ(find_contract("ion")->clauses, find_contract("heap-helpers-5.6")->clauses);
}

TEST(Contracts, ReplaceAClauseWhereItStands) {
  const Contract contract = read(changed(clauses(R"("unmap":{"on":"unmap","do":"own:unmap:skip"})")));
  EXPECT_EQ(names_of(contract), "map unmap begin end");
  EXPECT_TRUE(clause_of(contract, "unmap").syncs.at(0).skip);
  EXPECT_TRUE(clause_of(contract, "unmap").because.empty()) << "a clause is replaced as a whole";
  EXPECT_EQ(names_of(read(changed(clauses(R"("new":{"on":"map"})")))), "map unmap begin end new");
}

TEST(Contracts, TakeAClauseOutByNull) {
  EXPECT_EQ(names_of(read(changed(clauses(R"("begin":null,"end":null)")))), "map unmap");
  const std::string none = error_of(changed(clauses(R"("flush":null)")));
  EXPECT_TRUE(has(none, "a.json: /clauses/flush: found null, but the base has no such clause")) << none;
}

TEST(Contracts, RunEveryClauseWhoseGuardsHoldInOrder) {
  const Contract lazy = *find_contract("lazy");
  Facts facts;
  facts.set(at(model::kFacts, "cpu_dirty"), 1);
  facts.set(at(model::kFacts, "cpu_stale"), 1);
  facts.set(at(model::kFacts, "from_device"), 1);
  facts.set(at(model::kFacts, "to_device"), 1);
  facts.set(at(model::kFacts, "next_owner"), 2);
  EXPECT_EQ(run_by(lazy, "map", facts), "map flush device-writes");
  EXPECT_EQ(run_by(lazy, "begin", facts), "begin-flush cpu-writes");
  EXPECT_EQ(run_by(lazy, "attach", facts), "");
}

TEST(Contracts, RunNothingBesideAClauseThatRefuses) {
  const Contract prime = *find_contract("drm-prime");
  Facts facts;
  facts.set(at(model::kFacts, "kept"), 1);
  facts.set(at(model::kFacts, "from_device"), 1);
  EXPECT_EQ(run_by(prime, "map", facts), "busy");
  EXPECT_EQ(clause_of(prime, "busy").refuse, "EBUSY");
  facts.set(at(model::kFacts, "kept"), 0);
  EXPECT_EQ(run_by(prime, "map", facts), "map");
}

TEST(Contracts, CanSyncOnlyTheFirstMappedDevice) {
  const Contract contract = read(changed(clauses(R"("begin":{"on":"begin","do":"first:for_cpu"})")));
  const model::Sync& sync = clause_of(contract, "begin").syncs.at(0);
  EXPECT_EQ(sync.targets, model::Targets::kFirst);
  EXPECT_EQ(sync.call, model::SyncCall::kForCpu);
  EXPECT_TRUE(has(write_contract(contract), R"("do":"first:for_cpu")"));
  EXPECT_EQ(read(write_contract(contract)).clauses, contract.clauses);
}

TEST(Contracts, CanSkipTheSyncOfAPassWhereNoDeviceIsMapped) {
  const Contract contract =
      read(changed(clauses(R"("begin":{"on":"begin","if":"mapped=some","do":"buffer:invalidate"})")));
  Facts facts;
  EXPECT_EQ(run_by(contract, "begin", facts), "");
  facts.set(at(model::kFacts, "mapped"), 1);
  EXPECT_EQ(run_by(contract, "begin", facts), "begin");
}

TEST(Contracts, TakeAWordOrAListOfWords) {
  EXPECT_EQ(read(with_clause(R"({"on":"begin","do":"buffer:clean"})")).clauses,
            read(with_clause(R"({"on":["begin_cpu_access"],"if":[],"do":["buffer:clean"],"then":[]})")).clauses);
}

TEST(Contracts, WithAnUnknownWordNamePlaceFoundAndAllowed) {
  const std::pair<std::string, const char*> cases[] = {
      {with_clause(R"({"on":"move"})"), R"(a.json: /clauses/c/on: found "move", expected one of: export, attach)"},
      {with_clause(R"({"on":["map","mop"]})"), R"(/clauses/c/on/1: found "mop", expected one of: )"},
      {with_clause(R"({"on":"map","if":["mapped=none","moon=full"]})"),
       R"(/clauses/c/if/1: found "moon=full", expected one of: attached=none, )"},
      {with_clause(R"({"on":"map","do":"moon:clean"})"),
       R"(/clauses/c/do: found "moon:clean", expected TARGETS:CALL[:DIRECTION][:skip] with targets mapped, )"},
      {with_clause(R"({"on":"map","do":"buffer:flush"})"), R"(/clauses/c/do: found "buffer:flush", expected )"},
      {with_clause(R"({"on":"map","then":"set:moon"})"),
       R"(/clauses/c/then: found "set:moon", expected one of: set:own_mapping, )"},
      {with_clause(R"({"on":"map","refuse":"no"})"), R"(/clauses/c/refuse: found "no", expected the name of an error)"},
      {with_clause(R"({"on":"map","when":"now"})"), "/clauses/c/when: unknown key, expected one of: on, if, do, then"},
      {changed(policies(R"("backing":"never")")),
       R"(/policies/backing: found "never", expected one of: at_allocation, at_first_use)"},
      {changed(policies(R"("weather":"wet")")),
       R"(/policies/weather: found "wet", expected one of the policies: backing, leaves)"},
      {changed(R"(,"clause":{})"), "/clause: unknown key, expected one of: schema"},
      {changed(R"(,"memory":"wet")"), R"(/memory: found "wet", expected one of: cached, write_combined)"},
      {contract_on("y", ""), R"(/base: found "y", expected a file beside this one, or one of: android-uncached, )"},
  };
  for (const auto& [json, expected] : cases) EXPECT_TRUE(has(error_of(json), expected)) << error_of(json);
}

TEST(Contracts, WithClausesThatSayWhatTheirCallsDoNotHaveAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"on":"mmap","if":"own_maps=none"})",
       R"(/clauses/c/if: found "own_maps=none", but mmap names no attachment)"},
      {R"({"on":["map","begin"],"if":["attached=some","kept=some"]})",
       R"(/clauses/c/if/1: found "kept=some", but begin names no attachment)"},
      {R"({"on":"detach","if":"from_device=yes"})", "but detach has no direction"},
      {R"({"on":"begin","if":"window_fits"})", R"(/clauses/c/if: found "window_fits", but begin closes no window)"},
      {R"({"on":"begin","if":"gets=plain"})",
       R"(/clauses/c/if: found "gets=plain", but begin gives the buffer to no device)"},
      {R"({"on":"begin","do":"own:map"})", R"(/clauses/c/do: found "own:map", but begin names no attachment)"},
      {R"({"on":"begin","do":["mapped:for_cpu","others:for_cpu"]})",
       R"(/clauses/c/do/1: found "others:for_cpu", but begin names no attachment)"},
      {R"({"on":"detach","do":"own:unmap"})", R"(/clauses/c/do: found "own:unmap", but detach has no direction)"},
      {R"({"on":"attach","do":"mapped:for_cpu"})", R"(found "mapped:for_cpu", but attach has no direction)"},
      {R"({"on":"begin","do":"attached:for_cpu:mapping"})",
       R"(/clauses/c/do: found "attached:for_cpu:mapping", but an attached device need not be mapped)"},
      {R"({"on":"begin","do":"exporter:for_cpu:mapping"})",
       R"(found "exporter:for_cpu:mapping", but no note tells the direction of the exporter's own mapping)"},
      {R"({"on":"begin","do":"mapped:unmap:kept"})", R"(found "mapped:unmap:kept", but begin names no attachment)"},
      {R"({"on":"detach","then":"keep:table"})", R"(/clauses/c/then: found "keep:table", but detach has no direction)"},
      {R"({"on":"begin","then":["set:cpu_dirty","drop:table"]})",
       R"(/clauses/c/then/1: found "drop:table", but begin names no attachment)"},
      {R"({"on":"map","refuse":"EBUSY","do":"own:map"})",
       "/clauses/c/refuse: a clause that refuses does and notes nothing"},
  };
  for (const auto& [clause, expected] : cases) {
    const std::string error = error_of(with_clause(clause));
    EXPECT_TRUE(has(error, expected)) << clause << "\n" << error;
  }
  EXPECT_EQ(error_of(with_clause(R"({"on":"detach","do":["own:unmap:kept","buffer:clean"],"then":"drop:table"})")),
            "no error");
}

TEST(Contracts, WithAClauseThatCanNeverRunAreRefused) {
  const std::string both = error_of(with_clause(R"({"on":"map","if":["mapped=none","mapped=some"]})"));
  EXPECT_TRUE(has(both, "a.json: /clauses/c/if: it can never run: its guards exclude each other")) << both;
  const std::string policy = error_of(with_clause(R"({"on":"map","if":"leaves=release"})"));
  EXPECT_TRUE(has(policy, "/clauses/c/if: it can never run")) << policy;
  EXPECT_EQ(error_of(changed(policies(R"("backing":"at_first_use","leaves":"release")") +
                             clauses(R"("c":{"on":"map","if":"leaves=release"})"))),
            "no error");
}

TEST(Contracts, WhoseBasesClauseCanNeverRunUnderTheirPoliciesAreRefused) {
  const Folder folder;
  folder.write("b.json", changed(clauses(R"("c":{"on":"map","if":"leaves=keep"})")));
  const std::string json = contract_on("b", policies(R"("backing":"at_first_use","leaves":"release")"));
  const std::string path = folder.write("a.json", json);
  const std::string error = error_of([&] { return read_contract(json, path); });
  EXPECT_TRUE(has(error, "a.json: /clauses/c: it can never run")) << error;
}

TEST(Contracts, WhosePoliciesContradictEachOtherAreRefusedInAnyOrder) {
  const std::pair<const char*, const char*> pairs[] = {
      {R"("leaves":"release")", R"("backing":"at_allocation")"},
      {R"("cpu_owns":"mapping")", R"("cpu_unmapped":"fail")"},
      {R"("cpu_owns":"mapping")", R"("device_ends":"last_detach")"},
      {R"("cpu_owns":"mapping")", R"("backing":"at_first_use")"},
  };
  for (const auto& [one, other] : pairs)
    for (const std::string& text : {std::string(one) + "," + other, std::string(other) + "," + one}) {
      const std::string error = error_of(changed(policies(text)));
      EXPECT_TRUE(has(error, "a.json: /policies: ")) << text << "\n" << error;
    }
  EXPECT_EQ(error_of(changed(policies(R"("leaves":"release","backing":"at_first_use")"))), "no error");
  EXPECT_EQ(error_of(changed(policies(R"("backing":"at_first_use","leaves":"release")"))), "no error");
  EXPECT_EQ(error_of(changed(policies(R"("cpu_owns":"mapping","granularity":"ranges")"))), "no error");
}

TEST(Contracts, WhoseGuardsLookAtTooMuchAreRefusedAtOnce) {
  std::string guards;
  for (const char* const guard :
       {"attached=more", "windows=more", "kernel_mappings=some", "plain_writers=none", "snooping_readers=none",
        "plain_mapped=none", "kept=some", "own_maps=none", "mapped=none", "user_mappings=none"})
    guards += std::string(guards.empty() ? "\"" : ",\"") + guard + "\"";
  const std::string error = error_of(with_clause(R"({"on":"map","if":[)" + guards + "]}"));
  EXPECT_TRUE(has(error, "a.json: /clauses/c/if: its guards look at too many facts")) << error;
}

TEST(Contracts, WithTooManyClausesOrWordsAreRefused) {
  std::string many, words;
  for (int i = 0; i < 65; ++i) many += (i == 0 ? "\"c" : ",\"c") + std::to_string(i) + R"(":{"on":"map"})";
  EXPECT_TRUE(has(error_of(changed(clauses(many))), "/clauses: found 69 clauses, expected at most 64"));
  for (int i = 0; i < 17; ++i) words += i == 0 ? "\"buffer:clean\"" : ",\"buffer:clean\"";
  EXPECT_TRUE(has(error_of(with_clause(R"({"on":"map","do":[)" + words + "]}")),
                  "/clauses/c/do: found 17 words, expected at most 16"));
}

/// The clauses and one policy of what is proposed to the system heap; or the error.
std::string proposed(const std::string& json) {
  Contract c;
  const std::string error = error_of([&] { return c = read_proposal(heap(), json, "p.json"); });
  if (error != "no error") return error;
  return c.name + (c.has_policy("cpu_unattached", "refuse") ? " refuse: " : " allow: ") + names_of(c);
}

TEST(Contracts, MayBeProposedAsPatches) {
  EXPECT_EQ(proposed(R"({"policies":{"cpu_unattached":"refuse"}})"), "p refuse: map unmap begin end");
  EXPECT_EQ(proposed(R"([{"op":"replace","path":"/policies/cpu_unattached","value":"refuse"}])"),
            "p refuse: map unmap begin end");
  EXPECT_EQ(proposed(R"({"name":"mine","policies":{"cpu_unattached":"refuse"}})"), "mine refuse: map unmap begin end");
  EXPECT_EQ(proposed(changed("")), "x allow: map unmap begin end");
  EXPECT_EQ(read_proposal(heap(), "{}", "a b\x1b.json").name, "a-b-");
  EXPECT_EQ(read_proposal(heap(), "{}", "x/system-heap-6.1.json").name, "system-heap-6.1-proposed");
  EXPECT_EQ(read_proposal(heap(), "{}", "p.json").title, "system-heap-6.1 as changed by p");
}

TEST(Contracts, AreChangedByAMergePatchClauseByClause) {
  EXPECT_EQ(proposed(R"({"clauses":{"begin":null}})"), "p allow: map unmap end");
  EXPECT_EQ(proposed(R"({"clauses":{"flush":{"on":"begin","do":"buffer:clean"}}})"),
            "p allow: map unmap begin end flush");
  const Contract merged = read_proposal(heap(), R"({"clauses":{"begin":{"do":"first:for_cpu"}}})", "p.json");
  EXPECT_EQ(names_of(merged), "map unmap begin end");
  EXPECT_EQ(clause_of(merged, "begin").syncs.at(0).targets, model::Targets::kFirst);
  EXPECT_EQ(clause_of(merged, "begin").because, clause_of(heap(), "begin").because) << "the rest of it stays";
  EXPECT_TRUE(
      has(proposed(R"({"clauses":{"begin":{"if":"moon=full"}}})"), R"(p.json: /clauses/begin/if: found "moon=full")"));
  EXPECT_TRUE(has(proposed(R"({"policies":{"backing":"never"}})"), R"(/policies/backing: found "never")"));
}

TEST(Contracts, AreChangedByAJsonPatchClauseByClause) {
  EXPECT_EQ(proposed(R"([{"op":"remove","path":"/clauses/begin"}])"), "p allow: map unmap end");
  EXPECT_EQ(proposed(R"([{"op":"add","path":"/clauses/flush","value":{"on":"begin","do":"buffer:clean"}}])"),
            "p allow: map unmap begin end flush");
  EXPECT_EQ(proposed(R"([{"op":"test","path":"/clauses/map/do","value":"own:map"},)"
                     R"({"op":"replace","path":"/clauses/map/do","value":"own:map:skip"}])"),
            "p allow: map unmap begin end");
  EXPECT_TRUE(has(proposed(R"([{"op":"test","path":"/clauses/map/do","value":"own:unmap"}])"),
                  R"(p.json: /0/value: the test fails: found "own:map", expected "own:unmap")"));
  EXPECT_TRUE(has(proposed(R"([{"op":"remove","path":"/clauses/moon"}])"),
                  R"(p.json: /0/path: found "/clauses/moon", but there is no member "moon")"));
  EXPECT_TRUE(has(proposed(R"([{"op":"replace","path":"/clauses/map/on","value":"mop"}])"),
                  R"(p.json: /clauses/map/on: found "mop")"));
}

TEST(Contracts, AreChangedByNothingElse) {
  EXPECT_TRUE(has(proposed(R"([{"op":"copy","from":"","path":"/x"}])"),
                  R"(p.json: /0/op: found "copy", expected one of: add)"));
  EXPECT_TRUE(has(proposed(R"([{"op":"move","from":"/clauses/map","path":"/clauses/m"}])"), R"(found "move")"));
  EXPECT_TRUE(has(proposed("[1]"), "p.json: /0: found 1, expected an operation"));
  EXPECT_TRUE(has(proposed("1"), "expected a contract, a JSON Patch"));
}

TEST(Contracts, MayBeProposedAsASeries) {
  const Folder folder;
  folder.write("one.json", R"({"policies":{"cpu_unattached":"refuse"},"clauses":{"begin":null}})");
  const std::string text = R"({"base":"one.json","clauses":{"end":null}})";
  const std::string path = folder.write("two.json", text);
  const Contract two = read_proposal(heap(), text, path);
  EXPECT_EQ(two.name, "two");
  EXPECT_EQ(names_of(two), "map unmap");
  EXPECT_TRUE(two.has_policy("cpu_unattached", "refuse"));
  EXPECT_EQ(two.title, "one as changed by two");
  const std::string third = R"({"base":"two","clauses":{"map":null}})";
  EXPECT_EQ(names_of(read_proposal(heap(), third, folder.write("three.json", third))), "unmap");
  const std::string of_given = R"({"base":"system-heap-6.1","clauses":{"map":null}})";
  EXPECT_EQ(names_of(read_proposal(heap(), of_given, "p.json")), "unmap begin end");
}

TEST(Contracts, MayHaveAFileBesideThemAsTheirBase) {
  const Folder folder;
  folder.write("mine.json", changed(clauses(R"("begin":null)")));
  for (const char* const base : {"mine", "mine.json"}) {
    const std::string json = contract_on(base, clauses(R"("end":null)"));
    EXPECT_EQ(names_of(read_contract(json, folder.write("a.json", json))), "map unmap");
  }
  folder.write("broken.json", changed(clauses(R"("begin":1)")));
  const std::string json = contract_on("broken", "");
  const std::string path = folder.write("a.json", json);
  const std::string error = error_of([&] { return read_contract(json, path); });
  EXPECT_TRUE(has(error, "broken.json: /clauses/begin: found 1, expected an object")) << error;
}

TEST(Contracts, WithACycleOfBasesAreRefused) {
  const Folder folder;
  folder.write("a.json", contract_on("b.json", ""));
  const std::string path = folder.write("b.json", contract_on("a.json", ""));
  const std::string error = error_of([&] { return read_contract(contract_on("a.json", ""), path); });
  EXPECT_TRUE(has(error, "/base: more than 8 bases of bases, or a cycle of them")) << error;
  const std::string patch = R"({"base":"q.json"})";
  folder.write("q.json", R"({"base":"p.json"})");
  const std::string series = folder.write("p.json", patch);
  const std::string again = error_of([&] { return read_proposal(heap(), patch, series); });
  EXPECT_TRUE(has(again, "/base: more than 8 bases of bases, or a cycle of them")) << again;
}

TEST(Contracts, ThatAreNoContractsAreRefused) {
  EXPECT_TRUE(has(error_of("{\n \"schema\": \n oops"), "a.json:3:2: no JSON")) << error_of("{\n \"schema\": \n oops");
  EXPECT_TRUE(has(error_of("[]"), "expected an object"));
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.contract/2"})"), R"(a.json: /: expected the key "name")"));
  EXPECT_TRUE(has(error_of(std::string(100000, '[')), "nests deeper"));
  EXPECT_TRUE(has(error_of(std::string(kMaxContractBytes + 1, ' ')), "more than 4194304 bytes"));
  EXPECT_TRUE(has(error_of(changed(R"(,"clauses":[])")), "/clauses: found [], expected an object of clauses by name"));
  EXPECT_TRUE(has(error_of(with_clause("{}")), R"(/clauses/c: expected the key "on")"));
  EXPECT_TRUE(has(error_of(with_clause(R"({"on":[]})")), "/clauses/c/on: expected a call"));
  EXPECT_TRUE(
      has(error_of(with_clause(R"({"on":1})")), "/clauses/c/on: found 1, expected a word or an array of words"));
  EXPECT_TRUE(has(error_of(changed(clauses(R"("a b":{"on":"map"})"))), "/clauses/a b: expected a name of printable"));
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.contract/2","name":"x y","title":"t","source":"s"})"),
                  R"(/name: found "x y", expected printable ASCII without blanks)"));
}

TEST(Contracts, OfTheOldSchemaAreRefusedWithWhatReplacedIt) {
  const std::string error = error_of(R"({"schema":"custody.contract/1","name":"x","title":"t","source":"s"})");
  EXPECT_TRUE(has(error, R"(a.json: /schema: found "custody.contract/1", expected "custody.contract/2")")) << error;
  EXPECT_TRUE(has(error, "a contract is made of clauses")) << error;
}

}  // namespace
}  // namespace custody::spec::test
