// SPDX-License-Identifier: BSD-2-Clause
// Random calls, legal or not: what holds of Custody after each, and that the interpreter leads to the same.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/model/execution.hpp"
#include "tests/model/interpreter.hpp"

namespace custody::model::test {
namespace {

using test::Execution;
using test::Tables;

Policies any_policies() {
  for (;;) {
    Policies policies;
    for (std::size_t p = 0; p < kPolicyCount; ++p)
      policies.v[p] = *rc::gen::inRange<std::uint8_t>(0, kPolicies[p].count());
    if (policies.is("cpu_owns", "mapping") && *rc::gen::inRange(0, 2) == 0) {
      policies = {};
      static_cast<void>(set_policy(policies, "cpu_owns", "mapping"));
    }
    if (conflict_of(policies).empty()) return policies;
  }
}

/// A call of one of three devices and two tasks. Exports are many at the beginning and releases rare.
Call any_call(bool born) {
  Call call;
  const bool last = *rc::gen::inRange(0, 25) == 0;
  call.event = *rc::gen::inRange<Id>(1, at(kEvents, "release") + (last ? 1 : 0));
  if (!born) call.event = at(kEvents, "export");
  call.attachment = call.device = *rc::gen::inRange(0U, 3U);
  call.task = *rc::gen::inRange(1U, 3U);
  call.dir = static_cast<Direction>(*rc::gen::inRange(0, 3));
  call.snoops = call.device == 2;
  return call;
}

bool attaches_twice(const Custody& custody, const Call& call) {
  return call.event == at(kEvents, "attach") && custody.find_attachment(call.attachment) != nullptr;
}

bool has_effective_window(const Custody& custody) {
  return std::any_of(custody.windows.begin(), custody.windows.end(), [](const Window& w) { return !w.idle; });
}
bool has_idle_window(const Custody& custody) {
  return std::any_of(custody.windows.begin(), custody.windows.end(), [](const Window& w) { return w.idle; });
}
std::size_t mapped(const Custody& custody) {
  return static_cast<std::size_t>(std::count_if(custody.attachments.begin(), custody.attachments.end(),
                                                [](const Attachment& a) { return a.is_mapped(); }));
}

/// Whatever was called, in whatever order.
void holds_always(const Custody& custody, const Policies& policies) {
  for (Id event = 0; event < kEventCount; ++event) {
    Call call;
    call.event = event;
    call.attachment = 0;
    const Facts facts = facts_of(custody, policies, call);
    for (Id f = 0; f < kFactCount; ++f) RC_ASSERT(facts.v[f] <= fact_most(f));
  }
  const Agents agents = who_may_access(custody);
  RC_ASSERT(!(agents.devices && (agents.cpu_reads || agents.cpu_writes)));
  RC_ASSERT(((machine(owner_machine(policies)).states >> custody.state) & 1U) != 0);
  RC_ASSERT(custody.kernel.users != 0 || !custody.kernel.bracketed);
}

/// After calls that were all legal, under the owner's machine.
void holds_of_the_owner(const Custody& custody, const Policies& policies) {
  const std::string_view state = kStates[custody.state].name;
  const bool until_detach = policies.is("device_ends", "last_detach");
  RC_ASSERT(!has_effective_window(custody) || state == "CpuOwned");
  RC_ASSERT(!(who_may_access(custody).devices && is_handed_to_cpu(custody)));
  RC_ASSERT(state != "CpuOwned" || has_effective_window(custody) || has_idle_window(custody));
  RC_ASSERT(state != "DeviceOwned" || mapped(custody) != 0 || (until_detach && !custody.attachments.empty()));
  if (state.substr(0, 8) == "NonOwned") RC_ASSERT(mapped(custody) == 0U);
  RC_ASSERT(policies.is("backing", "at_first_use") || state != "NonOwnedNonBacked");
  if (state == "Freed") {
    RC_ASSERT(custody.attachments.empty());
    RC_ASSERT(custody.windows.empty());
    RC_ASSERT(custody.kernel.users == 0);
  }
}

/// The same under the state graph of mappings.
void holds_of_the_graph(const Custody& custody) {
  const std::string_view state = kStates[custody.state].name;
  const bool cpu_maps = custody.kernel.users != 0 || custody.user_mappings != 0;
  RC_ASSERT((state == "DeviceOwned") <= (mapped(custody) != 0));
  RC_ASSERT((state == "CpuOwned") <= cpu_maps);
  if (state == "NonOwnedBacked") RC_ASSERT(mapped(custody) == 0U && !cpu_maps);
}

/// Lets the call happen unless it is illegal; a window that is open at a release is one more way to be so.
void try_call(Custody& custody, const Lifetime& lifetime, const Call& call) {
  Custody next = custody;
  const Step step = model::step(next, lifetime, call);
  const bool closes_none = call.event == at(kEvents, "end_cpu_access") && step.facts.get(at(kFacts, "window")) == 0;
  const bool releases_open = call.event == at(kEvents, "release") && !custody.windows.empty();
  if (step.refusal() != nullptr || closes_none || releases_open) return;
  RC_ASSERT(step.owner != nullptr);
  custody = next;
}

RC_GTEST_PROP(CustodyWalk, LegalCallsLeaveTheStateAndTheRecordsInAgreement, ()) {
  Lifetime lifetime;
  lifetime.policies = any_policies();
  Custody custody;
  for (int i = 0; i < 100; ++i) {
    const Call call = any_call(custody.state != at(kStates, "Unborn"));
    if (attaches_twice(custody, call)) continue;
    try_call(custody, lifetime, call);
    holds_always(custody, lifetime.policies);
    if (owner_machine(lifetime.policies) == MachineId::kOwner) holds_of_the_owner(custody, lifetime.policies);
    else holds_of_the_graph(custody);
  }
}

/// Calls end by end, in two tasks; some fail, some returns come without entry.
RC_GTEST_PROP(CustodyWalk, AnyCallsInAnyOrderKeepTheBoundsAndTheInterpreterAgrees, ()) {
  const Tables tables;
  Lifetime by_msm, by_interpreter;
  by_msm.policies = by_interpreter.policies = any_policies();
  by_interpreter.machines = tables.firing();
  Custody custody, expected;
  for (int i = 0; i < 60; ++i) {
    Call call = any_call(i != 0);
    call.event = *rc::gen::inRange<Id>(0, kEventCount - (i < 50 ? 1 : 0));
    call.end = static_cast<CallEnd>(*rc::gen::inRange(0, 3));
    call.failed = call.end != CallEnd::kEntry && *rc::gen::inRange(0, 4) == 0;
    call.call = *rc::gen::element(kNobody, 1U, 2U);
    const Step step = model::step(custody, by_msm, call);
    const Step other = model::step(expected, by_interpreter, call);
    RC_ASSERT(custody == expected);
    RC_ASSERT((step.owner == nullptr) == (other.owner == nullptr));
    if (step.owner != nullptr) RC_ASSERT(step.owner->id == other.owner->id);
    RC_ASSERT((step.part == nullptr) == (other.part == nullptr));
    if (step.part != nullptr) RC_ASSERT(step.part->id == other.part->id);
    holds_always(custody, by_msm.policies);
  }
}

RC_GTEST_PROP(CustodyWalk, TwoEndsOfACallLeadWhereTheWholeCallLeads, ()) {
  Lifetime lifetime;
  lifetime.policies = any_policies();
  Custody whole, ends;
  for (int i = 0; i < 60; ++i) {
    Call call = any_call(i != 0);
    call.failed = *rc::gen::inRange(0, 6) == 0 && acts_on_return(call.event);
    const Step one = model::step(whole, lifetime, call);
    call.call = static_cast<std::uint32_t>(i);
    call.end = CallEnd::kEntry;
    const Step entry = model::step(ends, lifetime, call);
    call.end = CallEnd::kReturn;
    const Step two = model::step(ends, lifetime, call);
    const Step& acted = acts_on_return(call.event) ? two : entry;
    if (whole.is_freed()) return;
    RC_ASSERT(one.owner == acted.owner);
    RC_ASSERT(one.part == acted.part);
    RC_ASSERT(whole.state == ends.state);
    RC_ASSERT(whole.attachments == ends.attachments);
    RC_ASSERT(whole.windows.size() == ends.windows.size());
    RC_ASSERT(ends.calls.empty());
  }
}

TEST(CustodyWalk, AWrongTargetIsSeenInWhoMayAccess) {
  Tables tables;
  tables.row("map-1").to = at(kStates, "NonOwnedBacked");
  Execution execution;
  execution.lifetime.machines = tables.firing();
  execution.map_device();
  EXPECT_EQ(execution.may(), "nobody");
}

}  // namespace
}  // namespace custody::model::test
