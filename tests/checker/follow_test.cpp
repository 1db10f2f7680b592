// SPDX-License-Identifier: BSD-2-Clause
// A driver's trace follows its own contract and departs from others where they differ.
#include <gtest/gtest.h>

#include <map>

#include "checker/follow/compare.hpp"
#include "checker/report/wording.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

struct SeenDeparture {
  std::string kind, said_by, expected, found;
  std::uint64_t line, call_line;
};

struct Followed {
  std::vector<SeenDeparture> departures;
  follow::ContractTotals totals;
  std::string error;
};

class DepartureCollector final : public ReportSink {
 public:
  explicit DepartureCollector(Followed& out) : out_(out) {}
  void begin_trace(const std::string&) override {}
  void finding(const Finding&, const traces::Directory&) override {}
  void departure(const follow::Departure& x, const traces::Directory& d) override {
    out_.departures.push_back({std::string(follow::name(x.kind)), report::said_by_text(x), report::expected_text(x, d),
                               report::found_text(x, d), x.line, x.call.at.line});
  }
  void end_trace(const traces::Header&, const traces::ReadStatistics&, const Summary& s,
                 std::span<const JudgedExpectation>, const std::string& error) override {
    out_.totals = s.contract;
    out_.error = error;
  }
  void end(const Summary&) override {}

 private:
  Followed& out_;
};

Followed follow_file(const std::string& path, std::string_view contract, replay::Options options = {}) {
  Followed out;
  DepartureCollector collector(out);
  options.contract = std::make_shared<const spec::Contract>(spec::find_contract(contract).value());
  static_cast<void>(replay::replay_trace(path, options, collector));
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(out.totals.contract, contract);
  return out;
}

Followed follow_text(const std::string& text, std::string_view contract, const replay::Options& options = {}) {
  const TemporaryFile file(text);
  return follow_file(file.path(), contract, options);
}

std::string capture(const std::string& name) { return "traces/recorded/" + name + ".ftrace.txt"; }

void expect_followed(const Followed& f, std::uint64_t calls) {
  EXPECT_TRUE(f.departures.empty()) << f.departures[0].kind << " at line " << f.departures[0].line;
  EXPECT_EQ(f.totals.followed, calls);
  EXPECT_EQ(f.totals.departed + f.totals.departed_buffers + f.totals.unjudged_buffers, 0U);
}

TEST(Follow, AWindowGoesWithItsTaskAlsoInTheContract) {
  expect_followed(
      follow_text("custody litmus: a task exits\n\nexport b 4K\n[app] begin b TO\n[app] exit app\nrelease b\n",
                  "system-heap-6.1"),
      3);
}

TEST(Follow, ADeviceOfAnotherKindDepartsFromTheContractThatRefusesIt) {
  const std::string together = "traces/litmus/snooping-writer-and-plain-reader-together.litmus";
  EXPECT_TRUE(follow_file(together, "system-heap-6.1").departures.empty());
  const Followed refused = follow_file(together, "one-domain");
  ASSERT_EQ(refused.departures.size(), 1U);
  EXPECT_EQ(refused.departures[0].kind, "refused_call");
  EXPECT_EQ(refused.departures[0].said_by, "clause other-domain");
  EXPECT_TRUE(follow_file("traces/litmus/two-snooping-devices-together.litmus", "one-domain").departures.empty());
}

TEST(Follow, CapturesOfTheSystemHeapFollowItsContract) {
  const std::map<std::string, std::uint64_t> calls = {
      {"pipeline_remap", 50}, {"pipeline_keep", 22}, {"cpu_unattached", 13}, {"cma", 8}};
  for (const auto& [name, count] : calls) {
    const Followed f = follow_file(capture(name), "system-heap-6.1");
    expect_followed(f, count);
    EXPECT_EQ(f.totals.unjudged, 0U) << name;
  }
}

TEST(Follow, CapturesOfTheSystemHeapDepartFromUdmabuf) {
  // udmabuf skips the sync of every map; the heap's first map carries it.
  for (const auto& [name, line] : {std::pair("pipeline_remap", 17U), {"pipeline_keep", 16U}, {"cma", 16U}}) {
    const Followed f = follow_file(capture(name), "udmabuf-after");
    ASSERT_EQ(f.departures.size(), 1U) << name;
    EXPECT_EQ(f.departures[0].kind, "wrong_attributes") << name;
    EXPECT_EQ(f.departures[0].said_by, "clause map") << name;
    EXPECT_EQ(f.departures[0].line, line) << name;
    EXPECT_GT(f.totals.departed, 1U) << "the later ones are counted, not told";
  }
  // Nothing is attached: udmabuf's begin maps its own device and syncs it, the heap's does nothing.
  const Followed f = follow_file(capture("cpu_unattached"), "udmabuf-after");
  ASSERT_EQ(f.departures.size(), 1U);
  EXPECT_EQ(f.departures[0].kind, "missing_sync");
  EXPECT_EQ(f.departures[0].expected, "dma_map the exporter's own device BIDIRECTIONAL skip");
}

TEST(Follow, CapturesCannotTellTheHeapHelpersOf56) {
  // They sync what is attached, the heap what is mapped; in the captures both are the same at every window.
  for (const char* name : {"pipeline_remap", "pipeline_keep", "cpu_unattached", "cma"})
    EXPECT_TRUE(follow_file(capture(name), "heap-helpers-5.6").departures.empty()) << name;
}

constexpr const char* kAttachedNotMapped = R"(custody litmus: a second device is attached and not mapped
device D
device E

export b 64K
attach b D
attach b E
map b D FROM
  dma_map D FROM
begin b FROM
  sync_for_cpu D FROM
end b FROM
  sync_for_device D FROM
)";

TEST(Follow, AnAttachedDeviceTellsTheHeapFromTheHeapHelpers) {
  expect_followed(follow_text(kAttachedNotMapped, "system-heap-6.1"), 6);
  const Followed f = follow_text(kAttachedNotMapped, "heap-helpers-5.6");
  ASSERT_EQ(f.departures.size(), 1U);
  EXPECT_EQ(f.departures[0].kind, "missing_sync");
  EXPECT_EQ(f.departures[0].expected, "sync_for_cpu E FROM_DEVICE");
  EXPECT_EQ(f.departures[0].line, 10U);
  EXPECT_EQ(f.totals.departed, 2U);
}

TEST(Follow, DriversInUserSpaceFollowTheirOwnContractsOnly) {
  const std::map<std::string, std::string> own = {{"system", "system-heap-6.1"},
                                                  {"reserved", "system-heap-6.1"},
                                                  {"heap_helpers_2019", "heap-helpers-2019"},
                                                  {"udmabuf", "udmabuf-after"},
                                                  {"ownership_heap-end_sync", "vision-keep-end-sync"}};
  for (const auto& [driver, contract] : own) {
    for (const char* what : {"pipeline", "random"}) {
      const std::string file = "traces/recorded/driver-" + driver + "-" + what + ".jsonl";
      expect_followed(follow_file(file, contract), what == std::string("random") ? driver == "udmabuf" ? 48 : 52 : 26);
    }
    const std::string random = "traces/recorded/driver-" + driver + "-random.jsonl";
    for (const auto& [other, its] : own)
      EXPECT_EQ(follow_file(random, its).departures.empty(), its == contract) << driver << " and " << its;
  }
}

TEST(Follow, UdmabufFollowsItsContractOfTheTime) {
  const std::string pipeline = "traces/recorded/driver-udmabuf-pipeline.jsonl";
  EXPECT_EQ(follow_file(pipeline, "udmabuf-before").departures.at(0).kind, "wrong_attributes");
  // The pipeline opens no window: what the two later versions do there is not in the trace.
  expect_followed(follow_file(pipeline, "udmabuf-between"), 26);
  const std::string random = "traces/recorded/driver-udmabuf-random.jsonl";
  const Followed f = follow_file(random, "udmabuf-between");
  // Its first begin only mapped, later ones sync; 1d0e25c1ddf2 lets the first sync too. The first buffer's first begin
  // failed, and left the mapping behind.
  ASSERT_EQ(f.departures.size(), 2U) << "one for each buffer";
  EXPECT_EQ(f.totals.departed_buffers, 2U);
  for (const SeenDeparture& d : f.departures) {
    EXPECT_EQ(d.kind, "extra_sync");
    EXPECT_EQ(d.found.rfind("sync_for_cpu", 0), 0U);
  }
}

/// One buffer of a heap; `window` is what begin and end do.
std::string trace(const std::string& window, const std::string& map = "  dma_map D FROM\n") {
  return "custody litmus: x\ndevice D\ndevice E\ndevice heap\n\nexport b 64K\nattach b D\nmap b D FROM\n" + map +
         window;
}

struct Case {
  const char* window;
  const char* kind;
  const char* expected;
  const char* found;
  std::uint64_t line;
  const char* said_by = "clause begin";
};

TEST(Follow, EachKindOfDepartureIsTold) {
  const Case cases[] = {
      {"begin b FROM\n", "missing_sync", "sync_for_cpu D FROM_DEVICE", "no such sync", 10},
      {"begin b FROM\n  sync_for_cpu D FROM\n  sync_for_cpu D FROM\n", "extra_sync", "no more syncs in this call",
       "sync_for_cpu b D FROM_DEVICE", 12},
      {"begin b FROM\n  sync_for_cpu D FROM\n  cache_invalidate\n", "extra_sync", "no more syncs in this call", "", 12},
      {"begin b FROM\n  sync_for_cpu D BIDI\n", "wrong_direction", "sync_for_cpu D FROM_DEVICE",
       "sync_for_cpu b D BIDIRECTIONAL", 11},
      {"begin b FROM\n  sync_for_cpu heap FROM\n", "wrong_target", "sync_for_cpu D FROM_DEVICE",
       "sync_for_cpu b heap FROM_DEVICE", 11},
      {"begin b FROM\n  sync_for_device D FROM\n", "missing_sync", "sync_for_cpu D FROM_DEVICE", "no such sync", 10},
      {"begin b FROM\n  sync_for_cpu D FROM skip\n", "wrong_attributes", "sync_for_cpu D FROM_DEVICE", "", 11},
      {"vmap b\n  sync_for_cpu D FROM\n", "extra_sync", "no more syncs in this call", "sync_for_cpu b D FROM_DEVICE",
       11, "other-1"},
      {"detach b D\n", "refused_call", "no such call (L6): The importer must unmap before it detaches.",
       "the call succeeded", 10, "attachment-detach-x1"},
      {"end b FROM\n", "refused_call", "no such call (L7): No window is open that it could close.",
       "the call succeeded", 10, "end-x1"},
  };
  for (const Case& c : cases) {
    const Followed f = follow_text(trace(c.window), "system-heap-6.1");
    ASSERT_EQ(f.departures.size(), 1U) << c.window;
    const SeenDeparture& d = f.departures[0];
    EXPECT_EQ(d.said_by, c.said_by) << c.window;
    EXPECT_EQ(d.kind, c.kind) << c.window;
    EXPECT_EQ(d.expected, c.expected) << c.window;
    EXPECT_EQ(d.found.rfind(c.found, 0), 0U) << c.window << d.found;
    EXPECT_EQ(d.line, c.line) << c.window;
    EXPECT_EQ(d.call_line, 10U) << c.window;
  }
}

TEST(Follow, WhatTheContractSaysIsNoDeparture) {
  for (const char* right : {"begin b FROM\n  sync_for_cpu D FROM\nend b FROM\n  sync_for_device D FROM\n",
                            "unmap b D FROM\n  dma_unmap D FROM\n", "attach b E\nbegin b TO\n  sync_for_cpu D TO\n",
                            "[other] begin b FROM\n  sync_for_cpu D FROM\nbegin b TO\n  sync_for_cpu D TO\n"})
    EXPECT_TRUE(follow_text(trace(right), "system-heap-6.1").departures.empty()) << right;
}

TEST(Follow, ASyncOfACoherentDeviceCountsWhereTheCallIs) {
  const std::string window = "begin b FROM\n  sync_for_cpu D FROM\n";
  std::string text = trace(window);
  text.replace(text.find("device D\n"), 9, "device D coherent\n");
  expect_followed(follow_text(text, "system-heap-6.1"), 4);
  EXPECT_EQ(follow_text(text.substr(0, text.size() - 22), "system-heap-6.1").departures.size(), 1U);
}

TEST(Follow, AFailedCallIsNotJudged) {
  const Followed f = follow_text(trace("begin b FROM = -ERESTARTSYS\nmap b D FROM = -ENOMEM\n"), "system-heap-6.1");
  expect_followed(f, 3);
  EXPECT_EQ(f.totals.unjudged, 2U);
  // The contract that refuses CPU access with no CPU mapping is followed by a call that fails.
  spec::Contract refuses = spec::find_contract("system-heap-6.1").value();
  ASSERT_EQ(model::set_policy(refuses.lifetime.policies, "cpu_unmapped", "fail"), "");
  for (const auto& [result, kinds] : {std::pair("\n  sync_for_cpu D FROM\n", 1U), {" = -EINVAL\n", 0U}}) {
    replay::Options options;
    options.contract = std::make_shared<const spec::Contract>(refuses);
    Followed out;
    DepartureCollector collector(out);
    const TemporaryFile file(trace(std::string("begin b FROM") + result));
    static_cast<void>(replay::replay_trace(file.path(), options, collector));
    ASSERT_EQ(out.departures.size(), kinds) << result;
    for (const SeenDeparture& d : out.departures) {
      EXPECT_EQ(d.kind, "refused_call");
      EXPECT_EQ(d.said_by, "begin-x1");
    }
    EXPECT_EQ(out.totals.unjudged, 0U);
  }
}

TEST(Follow, AnOverlappedCallIsNotJudged) {
  const Followed f = follow_text(
      "custody litmus: x\ndevice D\n\n[a] export b 64K\n[a] attach b D\n[a] map b D FROM\n  dma_map D FROM\n"
      "[a] begin b FROM {\n[b] unmap b D FROM\n[b]   dma_unmap D FROM\n[a] }\n",
      "system-heap-6.1");
  expect_followed(f, 3);
  EXPECT_EQ(f.totals.unjudged, 2U);
}

constexpr const char* kKeptTable = R"(custody litmus: the table is kept
device D

export b 64K vendor
attach b D
map b D FROM
  dma_map D FROM
unmap b D FROM
map b D FROM
unmap b D FROM
detach b D
  dma_unmap D FROM
)";

TEST(Follow, ATableThatTheCoreKeepsMakesMapsWithoutCalls) {
  const Followed unknown = follow_text(kKeptTable, "system-heap-6.1");
  ASSERT_EQ(unknown.departures.size(), 1U);
  EXPECT_EQ(unknown.departures[0].expected, "dma_unmap D FROM_DEVICE");
  replay::Options options;
  options.exporters.override_with("vendor:caches_mapping=core");
  expect_followed(follow_text(kKeptTable, "system-heap-6.1", options), 7);
  // A first map without a call is none of a kept table.
  std::string never(kKeptTable);
  never.erase(never.find("  dma_map D FROM\n"), 17);
  EXPECT_EQ(follow_text(never, "system-heap-6.1", options).departures.at(0).expected, "dma_map D FROM_DEVICE");
  // A dynamic importer's table is made inside attach.
  expect_followed(
      follow_text("custody litmus: x\ndevice D\n\nexport b 64K\nattach b D\n  dma_map D BIDI\nmap b D FROM\n"
                  "unmap b D FROM\ndetach b D\n  dma_unmap D BIDI\n",
                  "system-heap-6.1"),
      5);
}

/// An importer maps twice what the core keeps, and a window makes the exporter's own mapping.
std::string kept_by_core(const std::string& detach, const std::string& release) {
  return "custody litmus: x\ndevice D\ndevice misc\n\nexport b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM skip\n"
         "unmap b D FROM\nbegin b FROM\n  dma_map misc FROM skip\n  sync_for_cpu misc FROM\nend b FROM\n"
         "  sync_for_device misc FROM\nmap b D FROM\nunmap b D FROM\ndetach b D\n" +
         detach + "release b\n" + release;
}

TEST(Follow, WhatIsKeptIsGivenBackAsTheContractSays) {
  const std::string detach = "  dma_unmap D FROM skip\n", release = "  dma_unmap misc FROM skip\n";
  expect_followed(follow_text(kept_by_core(detach, release), "udmabuf-after"), 10);
  const std::tuple<std::string, std::string, const char*, const char*> cases[] = {
      {"", release, "missing_sync", "dma_unmap D FROM_DEVICE skip"},
      {"  dma_unmap D FROM\n", release, "wrong_attributes", "dma_unmap D FROM_DEVICE skip"},
      {"  dma_unmap D BIDI skip\n", release, "wrong_direction", "dma_unmap D FROM_DEVICE skip"},
      {detach, "  dma_unmap misc FROM\n", "wrong_attributes", "dma_unmap the exporter's own device skip"}};
  for (const auto& [at_detach, at_release, kind, expected] : cases) {
    const Followed f = follow_text(kept_by_core(at_detach, at_release), "udmabuf-after");
    ASSERT_EQ(f.departures.size(), 1U) << at_detach << at_release;
    EXPECT_EQ(f.departures[0].kind, kind) << at_detach << at_release;
    EXPECT_EQ(f.departures[0].expected, expected) << at_detach << at_release;
  }
}

constexpr const char* kKeptByTheQueue = R"(custody litmus: a queue keeps a table until the direction changes
device D

export b 64K
attach b D
map b D FROM
  dma_map D FROM
unmap b D FROM
map b D FROM
unmap b D FROM
map b D BIDI
  dma_unmap D FROM
  dma_map D BIDI
unmap b D BIDI
detach b D
  dma_unmap D BIDI
)";

TEST(Follow, AChangeOfDirectionGivesTheKeptTableBack) {
  expect_followed(follow_text(kKeptByTheQueue, "vb2-dma-sg"), 9);
  // The core keeps one table and refuses another direction; a heap keeps none.
  const SeenDeparture refused = follow_text(kKeptByTheQueue, "udmabuf-before").departures.at(0);
  EXPECT_EQ(refused.kind, "refused_call");
  EXPECT_EQ(refused.said_by, "clause busy");
  EXPECT_EQ(refused.expected.rfind("no such call (EBUSY): The core keeps one table", 0), 0U) << refused.expected;
  EXPECT_EQ(follow_text(kKeptByTheQueue, "system-heap-6.1").departures.at(0).kind, "missing_sync");
  EXPECT_EQ(follow_text(kKeptByTheQueue, "vb2-dma-contig").departures.at(0).kind, "wrong_attributes");
}

TEST(Follow, AnOperationOnTheBufferMatchesOneOfItsKind) {
  const std::string map = "  dma_map D FROM skip\n";
  for (const char* clean : {"  cache_clean\n", "  sync_for_device heap TO\n"})
    expect_followed(follow_text(trace("", map + clean), "vision-keep"), 3);
  for (const char* other : {"", "  cache_invalidate\n", "  sync_for_device heap TO skip\n"}) {
    const Followed f = follow_text(trace("", map + other), "vision-keep");
    ASSERT_EQ(f.departures.size(), 1U) << other;
    EXPECT_EQ(f.departures[0].expected, "one clean of the buffer") << other;
  }
}

TEST(Follow, ABufferOfUnknownHistoryIsNotJudged) {
  const Followed older =
      follow_text("custody litmus: x\ndevice D\nolder b\n\nmap b D FROM\nbegin b FROM\n", "system-heap-6.1");
  EXPECT_TRUE(older.departures.empty());
  EXPECT_EQ(older.totals.unjudged_buffers, 1U);
  EXPECT_EQ(older.totals.followed, 0U);
  const Followed lossy = follow_text(trace("lost 3\nbegin b FROM\n"), "system-heap-6.1");
  EXPECT_TRUE(lossy.departures.empty());
  EXPECT_EQ(lossy.totals.unjudged_buffers, 1U);
  EXPECT_EQ(lossy.totals.followed, 3U);
}

TEST(Follow, AReturnWithoutItsEntryLeavesTheBufferUnjudged) {
  const std::string log =
      "{\"schema\":\"custody.trace/1\",\"source\":\"x\"}\n"
      "{\"ts\":1,\"tid\":1,\"event\":\"export\",\"buffer\":\"b\",\"exporter\":\"system\",\"size\":4096}\n"
      "{\"ts\":2,\"tid\":1,\"event\":\"begin_cpu_access\",\"phase\":\"return\",\"call\":1,\"buffer\":\"b\","
      "\"dir\":\"FROM_DEVICE\",\"ret\":0}\n"
      "{\"ts\":3,\"tid\":1,\"event\":\"end_cpu_access\",\"buffer\":\"b\",\"dir\":\"FROM_DEVICE\",\"ret\":0}\n";
  const Followed f = follow_text(log, "system-heap-6.1");
  EXPECT_TRUE(f.departures.empty());
  EXPECT_EQ(f.totals.followed, 1U);
  EXPECT_EQ(f.totals.unjudged_buffers, 1U);
}

/// Three attachments: the device 10 is mapped FROM_DEVICE, 11 is not, 12 is TO_DEVICE and BIDIRECTIONAL.
model::Custody three_attachments() {
  model::Custody custody;
  for (std::uint32_t i = 0; i < 3; ++i) {
    model::Attachment a;
    a.id = i;
    a.device = 10 + i;
    const auto map = [&a](model::Direction dir) { a.maps[static_cast<std::size_t>(dir)] = 1; };
    if (i == 0) map(model::Direction::kFromDevice);
    if (i == 2) map(model::Direction::kToDevice), map(model::Direction::kBidirectional);
    custody.attachments.push_back(a);
  }
  return custody;
}

/// `device direction` for each sync, in order; the device is - where there is none.
std::string expanded(const follow::SyncScope& scope, const char* sync) {
  spec::Clause clause;
  clause.syncs.push_back(model::parse_sync(sync).value());
  const spec::Clause* const clauses[] = {&clause};
  std::string out;
  for (const follow::ExpectedSync& e : follow::expand(clauses, scope)) {
    EXPECT_EQ(e.clause, &clause);
    out.append(out.empty() ? "" : ", ").append(e.device == traces::kNoId ? "-" : std::to_string(e.device));
    out.append(" ").append(model::name(e.dir));
  }
  return out;
}

TEST(Follow, EachTargetAndDirectionOfASyncNamesItsDevices) {
  const model::Custody custody = three_attachments();
  const follow::SyncScope scope{custody, &custody.attachments[2], model::Direction::kFromDevice,
                                model::Direction::kToDevice, false};
  const std::pair<const char*, const char*> cases[] = {
      {"own:map", "12 FROM_DEVICE"},
      {"own:unmap", "12 FROM_DEVICE"},
      {"own:unmap:kept", "12 TO_DEVICE"},
      {"mapped:for_cpu", "10 FROM_DEVICE, 12 FROM_DEVICE"},
      {"mapped:for_cpu:bidi", "10 BIDIRECTIONAL, 12 BIDIRECTIONAL"},
      {"others:for_cpu", "10 FROM_DEVICE"},
      {"first:for_device", "10 FROM_DEVICE"},
      {"attached:for_device", "10 FROM_DEVICE, 11 FROM_DEVICE, 12 FROM_DEVICE"},
      {"exporter:for_cpu", "- FROM_DEVICE"},
      {"buffer:clean", "- TO_DEVICE"}};
  for (const auto& [sync, devices] : cases) EXPECT_EQ(expanded(scope, sync), devices) << sync;
  // Of a call without direction each table has its own; what is not kept is not given back.
  const follow::SyncScope none{custody, &custody.attachments[0]};
  EXPECT_EQ(expanded(none, "mapped:for_cpu:mapping"), "10 FROM_DEVICE, 12 BIDIRECTIONAL");
  EXPECT_EQ(expanded(none, "own:unmap"), "10 FROM_DEVICE");
  EXPECT_EQ(expanded(none, "exporter:unmap"), "- NONE");
  EXPECT_EQ(expanded(none, "own:unmap:kept"), "");
  // A direction that a device is mapped in is taken as it is called.
  const follow::SyncScope to{custody, nullptr, model::Direction::kToDevice};
  EXPECT_EQ(expanded(to, "mapped:for_cpu:mapping"), "10 FROM_DEVICE, 12 TO_DEVICE");
  EXPECT_EQ(expanded(to, "own:map"), "");
}

TEST(Follow, ATraceWithoutDmaCallsIsJudgedByItsRefusalsOnly) {
  const std::string log =
      "{\"schema\":\"custody.trace/1\",\"source\":\"x\",\"observes\":[]}\n"
      "{\"ts\":1,\"tid\":1,\"event\":\"export\",\"buffer\":\"b\",\"exporter\":\"system\",\"size\":4096}\n"
      "{\"ts\":2,\"tid\":1,\"event\":\"attach\",\"buffer\":\"b\",\"attachment\":\"a\",\"device\":\"D\",\"ret\":0}\n"
      "{\"ts\":3,\"tid\":1,\"event\":\"map\",\"buffer\":\"b\",\"attachment\":\"a\",\"device\":\"D\",\"dir\":\"FROM_"
      "DEVICE\","
      "\"ret\":0}\n";
  const Followed f = follow_text(log, "system-heap-6.1");
  expect_followed(f, 2);
  EXPECT_TRUE(f.totals.unseen_syncs);
  EXPECT_EQ(f.totals.unjudged, 1U);
  const std::string detach =
      "{\"ts\":4,\"tid\":1,\"event\":\"detach\",\"buffer\":\"b\",\"attachment\":\"a\",\"device\":\"D\"}\n";
  EXPECT_EQ(follow_text(log + detach, "system-heap-6.1").departures.at(0).kind, "refused_call");
}

}  // namespace
}  // namespace custody::checker::test
