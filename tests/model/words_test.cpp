// SPDX-License-Identifier: BSD-2-Clause
// What contracts are written in: policies by name and what contradicts, syncs as text, notes.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "model/notes.hpp"
#include "model/policy.hpp"
#include "model/sync.hpp"

namespace custody::model::test {
namespace {

TEST(Policies, EveryValueIsSetByItsName) {
  for (std::size_t p = 0; p < kPolicyCount; ++p)
    for (std::uint8_t v = 0; v < kPolicies[p].count(); ++v) {
      Policies policies;
      EXPECT_EQ(set_policy(policies, kPolicies[p].name, kPolicies[p].values[v].name), "");
      EXPECT_EQ(policies.v[p], v);
      EXPECT_TRUE(policies.is(kPolicies[p].name, kPolicies[p].values[v].name));
    }
}

TEST(Policies, AnUnknownNameIsAnsweredWithThoseThatAre) {
  Policies policies;
  EXPECT_EQ(set_policy(policies, "leaves", "some"), "expected one of: keep, release");
  EXPECT_NE(set_policy(policies, "leave", "keep").find("leaves"), std::string::npos);
  EXPECT_EQ(set_policy(policies, "leaves", "").find("expected"), 0U);
  EXPECT_EQ(policies, Policies{});
}

TEST(Policies, ReleaseNeedsStorageThatComesAtFirstUseWhateverTheOrder) {
  Policies first, last;
  EXPECT_EQ(set_policy(first, "leaves", "release"), "");
  EXPECT_NE(conflict_of(first), "");
  EXPECT_EQ(set_policy(first, "backing", "at_first_use"), "");
  EXPECT_EQ(conflict_of(first), "");

  EXPECT_EQ(set_policy(last, "backing", "at_first_use"), "");
  EXPECT_EQ(conflict_of(last), "");
  EXPECT_EQ(set_policy(last, "leaves", "release"), "");
  EXPECT_EQ(conflict_of(last), "");
  EXPECT_EQ(set_policy(last, "backing", "at_allocation"), "");
  EXPECT_NE(conflict_of(last), "");
}

TEST(Policies, TheStateGraphOfMappingsTakesNoOtherPolicyOfTheLifetime) {
  for (const Policy& policy : kPolicies) {
    if (policy.name == "cpu_owns") continue;
    Policies policies;
    EXPECT_EQ(set_policy(policies, "cpu_owns", "mapping"), "");
    EXPECT_EQ(conflict_of(policies), "");
    EXPECT_EQ(set_policy(policies, policy.name, policy.values[1].name), "");
    EXPECT_EQ(conflict_of(policies).empty(), policy.read_by == ReadBy::kSyncs) << policy.name;
  }
}

/// Every sync that can be written.
std::set<std::string> every_text() {
  std::set<std::string> texts;
  for (const Word& targets : kTargets) {
    const std::string start = std::string(targets.name) + ":";
    if (targets.name == "buffer") {
      for (const Word& pass : kPasses) texts.insert(start + std::string(pass.name));
      continue;
    }
    for (const Word& call : kSyncCalls)
      for (const std::string skip : {"", ":skip"}) {
        texts.insert(start + std::string(call.name) + skip);
        for (const Word& dir : kSyncDirections)
          texts.insert(start + std::string(call.name).append(":").append(dir.name) + skip);
      }
  }
  return texts;
}

TEST(Syncs, EveryTextIsReadAndNamedAgain) {
  const std::set<std::string> texts = every_text();
  EXPECT_EQ(texts.size(), 6U * 4U * 7U * 2U + 3U);
  for (const std::string& text : texts) {
    const auto sync = parse_sync(text);
    ASSERT_TRUE(sync) << text;
    EXPECT_EQ(parse_sync(name_of(*sync)), sync) << text;
    EXPECT_LE(name_of(*sync).size(), text.size()) << text;
    EXPECT_FALSE(says(*sync).empty());
  }
}

/// Any values but those of the buffer, which only its passes name.
TEST(Syncs, EverySyncIsReadFromItsName) {
  std::set<std::string> names;
  for (std::size_t targets = 0; targets < std::size(kTargets) - 1; ++targets)
    for (std::size_t call = 0; call < std::size(kSyncCalls); ++call)
      for (std::size_t dir = 0; dir < std::size(kSyncDirections); ++dir)
        for (const bool skip : {false, true}) {
          const Sync sync{static_cast<Targets>(targets), static_cast<SyncCall>(call), static_cast<SyncDirection>(dir),
                          skip};
          EXPECT_EQ(parse_sync(name_of(sync)), sync) << name_of(sync);
          names.insert(name_of(sync));
        }
  EXPECT_EQ(names.size(), 6U * 4U * 6U * 2U) << "two syncs have one name";
}

TEST(Syncs, WhatIsNoneIsRefused) {
  for (const char* junk : {"",
                           ":",
                           "own",
                           "own:",
                           "own::",
                           "own:map:",
                           ":map",
                           "own:map:skip:",
                           "own:map:skip:caller",
                           "own:map:skip:skip",
                           "own:map::skip",
                           "own:map:to:from",
                           "own:clean",
                           "own: map",
                           "Own:map",
                           "own:map ",
                           "buffer",
                           "buffer:map",
                           "buffer:clean:skip",
                           "buffer:clean:to",
                           "buffer:clean:",
                           "all:map",
                           "own:map:both",
                           "own,map",
                           "own:mapx"})
    EXPECT_FALSE(parse_sync(junk)) << '"' << junk << '"';
}

TEST(Syncs, WithoutDirectionItIsTheCallersAndOfAnUnmapTheMappings) {
  EXPECT_EQ(parse_sync("own:map"), parse_sync("own:map:caller"));
  EXPECT_EQ(parse_sync("mapped:for_cpu"), parse_sync("mapped:for_cpu:caller"));
  EXPECT_EQ(parse_sync("own:unmap"), parse_sync("own:unmap:mapping"));
}

TEST(Notes, EachActionChangesItsOwnNoteOnly) {
  for (const NoteAction& action : kNoteActions) {
    Facts facts;
    run(action, facts, Direction::kFromDevice);
    run(action, facts, Direction::kFromDevice);
    for (Id f = 0; f < kFactCount; ++f) EXPECT_LE(facts.v[f], f == action.fact ? fact_most(f) : 0) << action.name;
    EXPECT_TRUE(is_note(action.fact)) << action.name;
  }
}

TEST(Notes, CountersStopAtTheirBounds) {
  Facts facts;
  const Id count = at(kFacts, "begin_mappings");
  run(kNoteActions[at(kNoteActions, "down:begin_mappings")], facts, Direction::kNone);
  EXPECT_EQ(facts.get(count), 0);
  for (int i = 0; i < 300; ++i) run(kNoteActions[at(kNoteActions, "up:begin_mappings")], facts, Direction::kNone);
  EXPECT_EQ(facts.get(count), kFacts[count].most);
}

TEST(Notes, AKeptTableRemembersTheDirection) {
  Facts facts;
  for (const Direction dir : {Direction::kToDevice, Direction::kFromDevice, Direction::kBidirectional}) {
    run(kNoteActions[at(kNoteActions, "keep:table")], facts, dir);
    EXPECT_EQ(direction_of_code(facts.get(at(kFacts, "kept"))), dir);
  }
  run(kNoteActions[at(kNoteActions, "drop:table")], facts, Direction::kToDevice);
  EXPECT_EQ(facts.get(at(kFacts, "kept")), 0);
}

TEST(Notes, TravelThroughFactsUnchanged) {
  Notes notes;
  for (std::size_t i = 0; i < Notes::kCount; ++i) notes.v[i] = 1;
  Facts facts;
  notes.put_into(facts);
  Notes back;
  back.take_from(facts);
  EXPECT_EQ(back, notes);
  for (std::size_t i = 0; i < Notes::kCount; ++i) EXPECT_TRUE(is_note(static_cast<Id>(Notes::kFirst + i)));
}

}  // namespace
}  // namespace custody::model::test
