// SPDX-License-Identifier: BSD-2-Clause
// What copies of bounced devices do to a line and to each other in a search.
#include <gtest/gtest.h>

#include <set>

#include "checker/explore/search.hpp"
#include "checker/optimum/rewrite.hpp"

namespace custody::checker::test {
namespace {

explore::Configuration one_bounced() {
  explore::Configuration c;
  c.devices = c.bounced = 1;
  return c;
}

TEST(Copies, FindsThatTheEndOfAWriteWindowOverwritesACopy) {
  const spec::Contract heap = *spec::find_contract("system-heap-6.1");
  const explore::System system(heap, one_bounced());
  const explore::SearchResult r = explore::search(system, {});
  ASSERT_EQ(r.violations.size(), 1U);
  EXPECT_EQ(r.violations[0].property, explore::Property::kM6);
  const explore::Label& last = r.violations[0].labels.back();
  EXPECT_EQ(last.kind, explore::Label::Kind::kEnd) << "the begin for writing has brought nothing back";
  EXPECT_EQ(last.dir, model::Direction::kToDevice);
}

TEST(Copies, TakesACopyOfNothingNewForNoStore) {
  const spec::Contract heap = *spec::find_contract("system-heap-6.1");
  const explore::System system(heap, one_bounced());
  const model::LineModel& lines = system.lines();
  std::set<explore::Packed> todo = {system.initial()}, seen;
  std::vector<explore::Successor> successors;
  std::size_t of_old = 0, of_new = 0;
  while (!todo.empty()) {
    const explore::Packed s = *todo.begin();
    todo.erase(todo.begin());
    if (!seen.insert(s).second) continue;
    system.successors(s, successors);
    for (const explore::Successor& next : successors) {
      todo.insert(next.next);
      if (next.label.kind != explore::Label::Kind::kUnmap || !model::device_may_write(next.label.dir)) continue;
      const unsigned before = system.line_of(s), after = system.line_of(next.next);
      const bool is_new = system.has_newer_copy(s, 0);
      EXPECT_EQ(after, is_new ? lines.dirty() : lines.rewritten(before));
      ++(is_new ? of_new : of_old);
    }
  }
  EXPECT_GT(of_old, 10U);
  EXPECT_GT(of_new, 10U);
}

TEST(LineModel, IsRewrittenAsABeliefIs) {
  const model::LineModel lines({});
  for (unsigned s = 0; s < lines.states(); ++s) {
    const model::Belief before{static_cast<std::uint16_t>(1U << s)},
        after{static_cast<std::uint16_t>(1U << lines.rewritten(s))};
    EXPECT_EQ(model::hardware_closure(after), optimum::rewritten(before)) << s;
  }
  const model::LineModel halves({2, true, false});
  for (unsigned s = 0; s < halves.states(); ++s) {
    const unsigned after = halves.rewritten(s);
    EXPECT_FALSE(halves.access(model::Access::kCpuRead, halves.all(), after).wrong) << s;
    for (const model::BlockMask block : {model::BlockMask{1}, model::BlockMask{2}})
      EXPECT_EQ(halves.access(model::Access::kDeviceRead, block, after).wrong,
                halves.access(model::Access::kDeviceRead, block, s).wrong)
          << s << ": memory is as it was";
  }
}

}  // namespace
}  // namespace custody::checker::test
