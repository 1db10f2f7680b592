// SPDX-License-Identifier: BSD-2-Clause
// The tracks of a time line are what the machines say, event by event.
#include "checker/report/timeline.hpp"

#include <gtest/gtest.h>

#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

using report::Slice;
using report::Timeline;

/// Draws a trace.
class Drawing final : public ReportSink {
 public:
  Timeline timeline;
  std::vector<std::string> findings;  ///< rule, row, line of the event at their place

  explicit Drawing(const std::string& text) {
    const TemporaryFile file(text);
    static_cast<void>(replay::replay_trace(file.path(), {}, *this));
    for (const auto& [rule, row, place] : found_)
      findings.push_back(rule + " row " + std::to_string(row) + " line " + std::to_string(line(place)));
  }
  void begin_trace(const std::string&) override {}
  void finding(const Finding& f, const traces::Directory& d) override {
    found_.push_back({std::string(spec::rule(f.rule).id), timeline.row_of(f, d), timeline.place_of(f)});
  }
  [[nodiscard]] bool watches_events() const override { return true; }
  void event(const traces::Event& e, const StandingOf& standing, const traces::Directory& d) override {
    timeline.note(e, standing, d);
  }
  void end_trace(const traces::Header&, const traces::ReadStatistics&, const Summary&,
                 std::span<const JudgedExpectation>, const std::string& error) override {
    EXPECT_EQ(error, "");
  }
  void end(const Summary&) override {}

  [[nodiscard]] std::uint64_t line(std::uint32_t place) const {
    return place < timeline.events().size() ? timeline.events()[place].line : 0;
  }
  /// `ROW WHO FROM-TO`, by the lines of the events.
  [[nodiscard]] std::vector<std::string> slices(const std::vector<Slice>& slices, const auto& name) const {
    std::vector<std::string> out;
    for (const Slice& s : slices)
      out.push_back(std::to_string(s.row) + " " + std::string(name(s.who)) + " " + std::to_string(line(s.from)) + "-" +
                    (s.to == Slice::kOpen ? "" : std::to_string(line(s.to))));
    return out;
  }
  [[nodiscard]] std::vector<std::string> owners() const {
    return slices(timeline.owners(), [](std::uint32_t who) {
      return who == report::kNotKnown ? std::string_view("?") : model::kStates[who].name;
    });
  }
  [[nodiscard]] std::vector<std::string> maps() const {
    return slices(timeline.maps(), [this](std::uint32_t who) { return timeline.devices()[who]; });
  }
  [[nodiscard]] std::vector<std::string> windows() const {
    return slices(timeline.windows(), [this](std::uint32_t who) { return timeline.tasks()[who]; });
  }

 private:
  struct Found {
    std::string rule;
    std::uint32_t row, place;
  };
  std::vector<Found> found_;
};

using Texts = std::vector<std::string>;

const std::string kHead = "custody litmus: drawn\ndevice D\ndevice E\n\n";

TEST(Timeline, FollowsTheOwnerTheMapsAndTheWindows) {
  const Drawing d(kHead +
                  "export b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM\nbegin b FROM\n  sync_for_cpu D FROM\n"
                  "end b FROM\nunmap b D FROM\n  dma_unmap D FROM\ndetach b D\nrelease b\n");
  EXPECT_EQ(d.owners(), (Texts{"0 NonOwnedBacked 5-7", "0 DeviceOwned 7-9", "0 CpuOwned 9-11", "0 DeviceOwned 11-12",
                               "0 NonOwnedBacked 12-15", "0 Freed 15-"}));
  EXPECT_EQ(d.maps(), Texts{"0 D 7-12"});
  ASSERT_EQ(d.windows().size(), 1U);
  EXPECT_EQ(d.windows()[0].substr(d.windows()[0].rfind(' ')), " 9-11");
}

TEST(Timeline, GivesABufferThatReusesAnIdARowOfItsOwn) {
  const Drawing d(kHead + "export b 64K\nrelease b\nexport b 4K\nattach b D\n");
  ASSERT_EQ(d.timeline.rows().size(), 2U);
  EXPECT_EQ(d.timeline.rows()[0].size, 65536U);
  EXPECT_EQ(d.timeline.rows()[1].size, 4096U);
  EXPECT_EQ(d.owners(), (Texts{"0 NonOwnedBacked 5-6", "0 Freed 6-", "1 NonOwnedBacked 7-"}));
}

TEST(Timeline, KnowsNobodyBehindALossUntilTheNextEvent) {
  const Drawing d(kHead +
                  "export b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM\nlost 3\nbegin b FROM\nend b FROM\n");
  const Texts owners = d.owners();
  ASSERT_GE(owners.size(), 3U);
  EXPECT_EQ(owners[1], "0 DeviceOwned 7-9");
  EXPECT_EQ(owners[2].substr(0, 7), "0 ? 9-1");
  EXPECT_EQ(d.maps(), Texts{"0 D 7-9"});
}

TEST(Timeline, EndsTheWindowsOfATaskWithIt) {
  const Drawing d(kHead + "export b 64K\nattach b D\n[a] begin b FROM\n[a] exit a\n");
  EXPECT_EQ(d.windows(), Texts{"0 a 7-8"});
  EXPECT_EQ(d.owners().back(), "0 NonOwnedBacked 8-");
}

TEST(Timeline, PlacesAFindingAtItsLine) {
  const Drawing d(kHead + "export b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM\nbegin b FROM\nend b FROM\n");
  ASSERT_FALSE(d.findings.empty());
  EXPECT_EQ(d.findings[0], "M3 row 0 line 9");
}

}  // namespace
}  // namespace custody::checker::test
