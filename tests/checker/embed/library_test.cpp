// SPDX-License-Identifier: BSD-2-Clause
// The public header: what it finds, what it refuses, and that nothing is kept between calls.
#include <gtest/gtest.h>

#include "checker/embed/include/custody/custody.hpp"

namespace custody::checker::test {

namespace {

Event event(Kind kind, Direction direction = Direction::kNone, Phase phase = Phase::kWhole) {
  Event e;
  e.kind = kind;
  e.buffer = "frame";
  e.device = "cam.0";
  e.direction = direction;
  e.phase = phase;
  e.cache = Cache::kNone;
  e.size = 1U << 20U;
  e.exporter = "system";
  return e;
}

/// A camera writes, and the CPU reads in a window; `begins` with an invalidate or without.
std::vector<Event> frame(Cache at_begin) {
  const Direction from = Direction::kFromDevice;
  std::vector<Event> events = {event(Kind::kExport),
                               event(Kind::kAttach),
                               event(Kind::kMap, from, Phase::kEnter),
                               event(Kind::kDmaMap, from),
                               event(Kind::kMap, from, Phase::kReturn),
                               event(Kind::kBeginCpuAccess, from, Phase::kEnter),
                               event(Kind::kSyncForCpu, from),
                               event(Kind::kBeginCpuAccess, from, Phase::kReturn),
                               event(Kind::kEndCpuAccess, from)};
  events[3].cache = Cache::kClean;
  events[6].cache = at_begin;
  return events;
}

std::size_t thrown_at(const std::vector<Event>& events) {
  try {
    static_cast<void>(replay(events));
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()), "");
    return e.event();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error::kNoEvent;
}

}  // namespace

TEST(Library, FindsTheMissingInvalidateAndSaysWhereAndWhatMendsIt) {
  const Report r = replay(frame(Cache::kNone), {"", {{"cam.0", false, false, false}}, {}, false});
  ASSERT_FALSE(r.findings.empty());
  const Finding& f = r.findings.front();
  EXPECT_EQ(f.rule, "M3");
  EXPECT_EQ(f.severity, Severity::kError);
  EXPECT_EQ(f.event, 5U);
  EXPECT_EQ(f.buffer, "frame");
  EXPECT_NE(f.says.find("stale cache lines"), std::string::npos) << f.says;
  EXPECT_NE(f.fix, "");
  EXPECT_NE(f.responsible.find("exporter"), std::string::npos);
  EXPECT_EQ(r.buffers, 1U);
  EXPECT_NE(r.sentence.find("a needed sync is missing in 1 place"), std::string::npos) << r.sentence;
}

TEST(Library, FindsNothingMissingWhereTheInvalidateIsThere) {
  const Report r = replay(frame(Cache::kInvalidate), {"", {{"cam.0", false, false, false}}, {}, false});
  for (const Finding& f : r.findings) EXPECT_NE(f.rule.front(), 'M') << f.says;
  EXPECT_NE(r.sentence.find("nothing is missing"), std::string::npos) << r.sentence;
  EXPECT_EQ(r.judged, 1U);
}

TEST(Library, KeepsNothingBetweenCalls) {
  const Report once = replay(frame(Cache::kNone)), again = replay(frame(Cache::kNone));
  EXPECT_EQ(once.sentence, again.sentence);
  ASSERT_EQ(once.findings.size(), again.findings.size());
}

TEST(Library, TakesANameAgainForTheBufferOfTheNextExport) {
  std::vector<Event> events;
  for (int i = 0; i < 3; ++i) {
    events.push_back(event(Kind::kExport));
    events.push_back(event(Kind::kRelease));
  }
  EXPECT_EQ(replay(events).buffers, 3U);
}

TEST(Library, RefusesWithTheIndexOfTheEvent) {
  std::vector<Event> events = frame(Cache::kNone);
  events[1].device.clear();
  EXPECT_EQ(thrown_at(events), 1U);
  events = frame(Cache::kNone);
  events[4].kind = Kind::kUnmap;
  EXPECT_EQ(thrown_at(events), 4U);
  events = frame(Cache::kNone);
  events[0].buffer.clear();
  EXPECT_EQ(thrown_at(events), 0U);
  events[0].kind = static_cast<Kind>(200);
  EXPECT_EQ(thrown_at(events), 0U);
  EXPECT_EQ(thrown_at({event(Kind::kDmaMap, Direction::kToDevice, Phase::kEnter)}), 0U);
}

TEST(Library, RefusesOptionsThatNameWhatDoesNotExist) {
  Options arch;
  arch.arch = "z80";
  EXPECT_THROW(static_cast<void>(replay({}, arch)), Error);
  Options policy;
  policy.policies = {{"backing", "maybe"}};
  EXPECT_THROW(static_cast<void>(replay({}, policy)), Error);
  Options device;
  device.devices = {{"gpu.0", true, true, false}};
  EXPECT_THROW(static_cast<void>(replay({}, device)), Error);
  device.devices = {{"", true, false, false}};
  EXPECT_THROW(static_cast<void>(replay({}, device)), Error);
}

TEST(Library, ChecksContractsByNameAndByText) {
  const Verdict broken = check("vision-keep");
  EXPECT_FALSE(broken.safe);
  ASSERT_FALSE(broken.violations.empty());
  EXPECT_NE(broken.violations.front().litmus.find("custody litmus"), std::string::npos);
  const Verdict good = check("system-heap-6.1");
  EXPECT_TRUE(good.safe && good.complete);
  EXPECT_GT(good.states, 100U);
  const Verdict same = check(
      R"({"schema": "custody.contract/2", "name": "mine", "title": "t", "source": "s", "base": "system-heap-6.1"})");
  EXPECT_EQ(same.states, good.states);
  EXPECT_FALSE(check("system-heap-6.1", {2, 0, 10}).complete);
}

TEST(Library, RefusesContractsAndBoundsThatAreNone) {
  for (const char* text : {"", "nonsense", "{}", "[1]"}) EXPECT_THROW(static_cast<void>(check(text)), Error) << text;
  EXPECT_THROW(static_cast<void>(check("lazy", {0, 0, 10})), Error);
  EXPECT_THROW(static_cast<void>(check("lazy", {7, 0, 10})), Error);
  EXPECT_THROW(static_cast<void>(check("lazy", {2, 3, 10})), Error);
}

TEST(Library, NamesItsVersion) { EXPECT_NE(std::string(version()), ""); }

}  // namespace custody::checker::test
