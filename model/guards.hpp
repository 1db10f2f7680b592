// SPDX-License-Identifier: BSD-2-Clause
// Guards: tests of facts. A derived guard has a name and a definition; `policy=value` is a guard for each policy.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "model/facts.hpp"

namespace custody::model {

enum class Rel : std::uint8_t { eq, gt, lt };
/// One comparison of one fact.
struct Test {
  Id fact = 0;
  Rel rel = Rel::eq;
  std::uint8_t value = 0;
  [[nodiscard]] constexpr bool holds(const Facts& facts) const {
    const std::uint8_t x = facts.v[fact];
    return rel == Rel::eq ? x == value : rel == Rel::gt ? x > value : x < value;
  }
};

/// A short list without allocation.
template <class T, std::size_t Most>
struct List {
  std::array<T, Most> item{};
  std::uint8_t n = 0;
  constexpr List() = default;
  constexpr explicit List(std::same_as<T> auto... items) : item{items...}, n(sizeof...(items)) {}
  constexpr void push_back(T value) { item[n++] = value; }
  [[nodiscard]] constexpr const T* begin() const { return item.data(); }
  [[nodiscard]] constexpr const T* end() const { return item.data() + n; }
  [[nodiscard]] constexpr bool empty() const { return n == 0; }
  [[nodiscard]] constexpr std::size_t size() const { return n; }
};

/// All of these hold.
using All = List<Test, 4>;
/// One of the alternatives holds.
struct Guard {
  std::string_view name, says;
  List<All, 5> any;
  EventSet on = 0;  ///< the calls in which it makes sense; empty: those that have what its facts are about
  [[nodiscard]] constexpr bool holds(const Facts& facts) const {
    for (const All& all : any) {
      bool holds = true;
      for (const Test& test : all) holds = holds && test.holds(facts);
      if (holds) return true;
    }
    return false;
  }
  [[nodiscard]] constexpr FactSet facts() const {
    FactSet set = 0;
    for (const All& all : any)
      for (const Test& test : all) set |= fact_bit(test.fact);
    return set;
  }
};

namespace detail {

consteval Test is(std::string_view fact, std::uint8_t value) { return {at(kFacts, fact), Rel::eq, value}; }
consteval Test over(std::string_view fact, std::uint8_t value) { return {at(kFacts, fact), Rel::gt, value}; }
consteval Test under(std::string_view fact, std::uint8_t value) { return {at(kFacts, fact), Rel::lt, value}; }
/// A value of a policy.
consteval Test with(std::string_view policy, std::string_view value) {
  const Id p = at(kPolicies, policy);
  return {static_cast<Id>(kFirstPolicy + p), Rel::eq, at(kPolicies[p].values, value)};
}
consteval Guard simple(std::string_view name, std::string_view says, Test test) {
  return {name, says, List<All, 5>(All(test))};
}
/// About the devices that get the buffer: the one that a map names, all that are mapped where an end hands over.
consteval Guard gets(std::string_view name, std::string_view says, auto... alternatives) {
  return {name, says, List<All, 5>(alternatives...), events(at(kEvents, "map"), at(kEvents, "end_cpu_access"))};
}
consteval Guard derived(std::string_view name, std::string_view says, auto... alternatives) {
  return {name, says, List<All, 5>(alternatives...)};
}

// clang-format off
inline constexpr Guard kWrittenGuards[] = {
  simple("attached=none",         "no device is attached",                         is("attached", 0)),
  simple("attached=first",        "this is the first attached device",             is("attached", 0)),
  simple("attached=some",         "a device is attached",                          over("attached", 0)),
  simple("attached=last",         "one device is attached",                        is("attached", 1)),
  simple("attached=more",         "several devices are attached",                  over("attached", 1)),
  simple("mapped=none",           "no device is mapped",                           is("mapped", 0)),
  simple("mapped=first",          "this is the first mapped device",               is("mapped", 0)),
  simple("mapped=some",           "a device is mapped",                            over("mapped", 0)),
  simple("mapped=last",           "one device is mapped",                          is("mapped", 1)),
  simple("mapped=more",           "several devices are mapped",                    over("mapped", 1)),
  simple("others_attached=none",  "no other device is attached",                   is("others_attached", 0)),
  simple("others_attached=some",  "another device is attached",                    over("others_attached", 0)),
  simple("others_mapped=none",    "no other device is mapped",                     is("others_mapped", 0)),
  simple("others_mapped=some",    "another device is mapped",                      over("others_mapped", 0)),
  simple("own_attached=yes",      "the attachment exists",                         is("own_attached", 1)),
  simple("own_attached=no",       "the attachment does not exist",                 is("own_attached", 0)),
  simple("own_maps=none",         "this attachment is not mapped",                 is("own_maps", 0)),
  simple("own_maps=some",         "this attachment is mapped",                     over("own_maps", 0)),
  simple("own_maps=last",         "this is its last map",                          is("own_maps", 1)),
  simple("own_maps=more",         "it stays mapped",                               over("own_maps", 1)),
  simple("own_pins=none",         "this attachment holds no pin",                  is("own_pins", 0)),
  simple("own_pins=some",         "this attachment holds a pin",                   over("own_pins", 0)),
  simple("windows=none",          "no window is open",                             is("windows", 0)),
  simple("windows=first",         "this is the first window",                      is("windows", 0)),
  simple("windows=some",          "a window is open",                              over("windows", 0)),
  simple("windows=last",          "one window is open",                            is("windows", 1)),
  simple("windows=more",          "several windows are open",                      over("windows", 1)),
  simple("other_windows=none",    "no other window is open",                       under("windows", 2)),
  simple("other_windows=some",    "other windows are open",                        over("windows", 1)),
  simple("kernel_mappings=none",  "no kernel mapping exists",                      is("kernel_mappings", 0)),
  simple("kernel_mappings=some",  "a kernel mapping exists",                       over("kernel_mappings", 0)),
  simple("kernel_mappings=last",  "the kernel mapping has one user",               is("kernel_mappings", 1)),
  simple("kernel_mappings=more",  "the kernel mapping has several users",          over("kernel_mappings", 1)),
  simple("user_mappings=none",    "no user mapping exists",                        is("user_mappings", 0)),
  simple("user_mappings=some",    "a user mapping exists",                         over("user_mappings", 0)),
  simple("user_mappings=last",    "one user mapping exists",                       is("user_mappings", 1)),
  simple("user_mappings=more",    "several user mappings exist",                   over("user_mappings", 1)),
  simple("cpu_mappings=none",     "no CPU mapping exists",                         is("cpu_mappings", 0)),
  simple("cpu_mappings=first",    "this is the first CPU mapping",                 is("cpu_mappings", 0)),
  simple("cpu_mappings=some",     "a CPU mapping exists",                          over("cpu_mappings", 0)),
  simple("cpu_mappings=last",     "one CPU mapping exists",                        is("cpu_mappings", 1)),
  simple("cpu_mappings=more",     "several CPU mappings exist",                    over("cpu_mappings", 1)),
  simple("bracketed",             "a window was open in the life of the kernel mapping",    is("bracketed", 1)),
  simple("not_bracketed",         "no window was open in the life of the kernel mapping",   is("bracketed", 0)),
  simple("pins=none",             "nobody pins the storage",                       is("pins", 0)),
  simple("pins=some",             "the storage is pinned",                         over("pins", 0)),
  simple("window=none",           "it closes no window",                           is("window", 0)),
  simple("window=some",           "it closes a window",                            over("window", 0)),
  simple("window=differs",        "it closes a window of another direction",       is("window", 1)),
  simple("window=matches",        "it closes a window of its direction",           is("window", 2)),
  simple("to_device=yes",         "the direction is TO_DEVICE or BIDIRECTIONAL",   is("to_device", 1)),
  simple("to_device=no",          "the direction is FROM_DEVICE",                  is("to_device", 0)),
  simple("from_device=yes",       "the direction is FROM_DEVICE or BIDIRECTIONAL", is("from_device", 1)),
  simple("from_device=no",        "the direction is TO_DEVICE",                    is("from_device", 0)),
  derived("bidirectional=yes",    "the direction is BIDIRECTIONAL",                All(is("to_device", 1), is("from_device", 1))),
  derived("bidirectional=no",     "the direction is not BIDIRECTIONAL",            All(is("to_device", 0)), All(is("from_device", 0))),
  simple("own_snoops=yes",        "the device snoops",                             is("own_snoops", 1)),
  simple("own_snoops=no",         "the device does not snoop",                     is("own_snoops", 0)),
  derived("own_snoops=differs",   "an attached device snoops and this one does not, or the other way round",
          All(is("own_snoops", 1), over("plain_attached", 0)), All(is("own_snoops", 0), over("snooping_attached", 0))),
  simple("plain_mapped=none",     "no mapped device does without snooping",        is("plain_mapped", 0)),
  simple("plain_mapped=some",     "a mapped device does not snoop",                over("plain_mapped", 0)),
  simple("plain_writers=none",    "no mapped device that does not snoop may write", is("plain_writers", 0)),
  simple("plain_writers=some",    "a mapped device that does not snoop may write", over("plain_writers", 0)),
  simple("snooping_readers=none", "no mapped device that snoops may read",         is("snooping_readers", 0)),
  simple("snooping_readers=some", "a mapped device that snoops may read",          over("snooping_readers", 0)),

  gets("gets=plain",              "a device that does not snoop gets the buffer",
       All(is("next_owner", 2), is("own_snoops", 0)), All(is("next_owner", 2), is("own_snoops", 2), over("plain_mapped", 0))),
  gets("gets=snooping_reader",    "a device that snoops and may read gets the buffer",
       All(is("next_owner", 2), is("own_snoops", 1), is("to_device", 1)),
       All(is("next_owner", 2), is("own_snoops", 2), over("snooping_readers", 0))),
  gets("gets=reader",             "a device that does not snoop, or one that snoops and may read, gets the buffer",
       All(is("next_owner", 2), is("own_snoops", 0)), All(is("next_owner", 2), is("own_snoops", 2), over("plain_mapped", 0)),
       All(is("next_owner", 2), is("own_snoops", 1), is("to_device", 1)),
       All(is("next_owner", 2), is("own_snoops", 2), over("snooping_readers", 0))),
  gets("gets=plain_writer",       "a device that does not snoop and may write has the buffer from here on",
       All(is("next_owner", 2), over("plain_writers", 0)), All(is("next_owner", 2), is("own_snoops", 0), is("from_device", 1))),

  simple("owner=nobody",          "nobody owns the buffer",                        is("owner", 0)),
  simple("owner=cpu",             "the CPU owns the buffer",                       is("owner", 1)),
  simple("owner=devices",         "devices own the buffer",                        is("owner", 2)),
  derived("owner=not_cpu",        "the CPU does not own the buffer",               All(is("owner", 0)), All(is("owner", 2))),
  simple("next_owner=nobody",     "after the call nobody owns the buffer",         is("next_owner", 0)),
  simple("next_owner=cpu",        "after the call the CPU owns the buffer",        is("next_owner", 1)),
  simple("next_owner=devices",    "after the call devices own the buffer",         is("next_owner", 2)),

  simple("own_mapping=none",      "the exporter has no mapping of its own",        is("own_mapping", 0)),
  simple("own_mapping=some",      "the exporter has a mapping of its own",         over("own_mapping", 0)),
  simple("begin_mappings=none",   "begin has made no kernel mapping",              is("begin_mappings", 0)),
  simple("begin_mappings=some",   "begin has made a kernel mapping",               over("begin_mappings", 0)),
  simple("cpu_dirty=yes",         "the CPU may have written since the last clean", is("cpu_dirty", 1)),
  simple("cpu_dirty=no",          "the CPU has not written since the last clean",  is("cpu_dirty", 0)),
  simple("cpu_stale=yes",         "a device may have written since the last invalidate", is("cpu_stale", 1)),
  simple("cpu_stale=no",          "no device has written since the last invalidate", is("cpu_stale", 0)),
  simple("kept=none",             "no table of this attachment is kept",           is("kept", 0)),
  simple("kept=some",             "a table of this attachment is kept",            over("kept", 0)),
  derived("kept=same",            "a table of the call's direction is kept",
          All(is("kept", 1), is("from_device", 0)), All(is("kept", 2), is("to_device", 0)),
          All(is("kept", 3), is("to_device", 1), is("from_device", 1))),
  derived("kept=not_same",        "no table of the call's direction is kept",
          All(is("kept", 0)), All(is("kept", 1), is("from_device", 1)), All(is("kept", 2), is("to_device", 1)),
          All(is("kept", 3), is("to_device", 0)), All(is("kept", 3), is("from_device", 0))),
  derived("kept=serves",          "a table is kept that is BIDIRECTIONAL or of the call's direction",
          All(is("kept", 3)), All(is("kept", 1), is("from_device", 0)), All(is("kept", 2), is("to_device", 0))),
  derived("kept=unfit",           "a table is kept that serves another direction only",
          All(is("kept", 1), is("from_device", 1)), All(is("kept", 2), is("to_device", 1))),

  derived("cpu_admitted",         "a device is attached, or none is asked for; and a CPU mapping exists, or none is asked for",
          All(over("attached", 0), over("cpu_mappings", 0)),
          All(over("attached", 0), with("cpu_unmapped", "allow")),
          All(with("cpu_unattached", "allow"), over("cpu_mappings", 0)),
          All(with("cpu_unattached", "allow"), with("cpu_unmapped", "allow"))),
  derived("cpu_without_effect",   "the policy about the attachment or the CPU mapping that is missing says no_effect",
          All(is("attached", 0), with("cpu_unattached", "no_effect")),
          All(over("attached", 0), is("cpu_mappings", 0), with("cpu_unmapped", "no_effect")),
          All(with("cpu_unattached", "allow"), is("cpu_mappings", 0), with("cpu_unmapped", "no_effect"))),
  derived("cpu_refused",          "the policy about the attachment or the CPU mapping that is missing refuses",
          All(is("attached", 0), with("cpu_unattached", "refuse")),
          All(over("attached", 0), is("cpu_mappings", 0), with("cpu_unmapped", "fail")),
          All(with("cpu_unattached", "allow"), is("cpu_mappings", 0), with("cpu_unmapped", "fail"))),
  derived("owned_after_unmap",    "the device stays mapped, another one is, or devices own until the last detach",
          All(over("own_maps", 1)), All(is("own_maps", 1), over("others_mapped", 0)),
          All(is("own_maps", 1), with("device_ends", "last_detach"))),
  derived("last_owner_unmaps",    "this is the last map of the last mapped device, and no attachment keeps ownership",
          All(is("own_maps", 1), is("others_mapped", 0), with("device_ends", "last_unmap"))),
  derived("owned_after_detach",   "another device is mapped, or attached where devices own until the last detach",
          All(over("others_mapped", 0)), All(over("others_attached", 0), with("device_ends", "last_detach"))),
  derived("last_owner_detaches",  "no other device is mapped, nor attached where devices own until the last detach",
          All(is("others_mapped", 0), is("others_attached", 0)),
          All(is("others_mapped", 0), with("device_ends", "last_unmap"))),
  derived("devices_take_over",    "a device is mapped, or attached where devices own until the last detach",
          All(over("mapped", 0)), All(over("attached", 0), with("device_ends", "last_detach"))),
  derived("nobody_takes_over",    "no device is mapped, nor attached where devices own until the last detach",
          All(is("mapped", 0), is("attached", 0)), All(is("mapped", 0), with("device_ends", "last_unmap"))),
  derived("last_cpu_mapping_munmaps", "it is the only user mapping, and there is no kernel mapping",
          All(is("user_mappings", 1), is("kernel_mappings", 0))),
  derived("cpu_maps_after_munmap", "another CPU mapping stays",
          All(over("user_mappings", 1)), All(is("user_mappings", 1), over("kernel_mappings", 0))),
  derived("last_cpu_mapping_vunmaps", "it is the last user of the kernel mapping, and there is no user mapping",
          All(is("kernel_mappings", 1), is("user_mappings", 0))),
  derived("cpu_maps_after_vunmap", "another CPU mapping stays",
          All(over("kernel_mappings", 1)), All(is("kernel_mappings", 1), over("user_mappings", 0))),
  derived("use_was_bracketed",    "a window was open in the life of the kernel mapping, or none is asked for",
          All(is("bracketed", 1)), All(with("cpu_owns", "mapping"))),
  derived("use_was_not_bracketed", "no window was open in the life of the kernel mapping, and one is asked for",
          All(is("bracketed", 0), with("cpu_owns", "window"))),
  derived("window_fits",          "the window that it closes has its direction, or windows have no say",
          All(is("window", 2)), All(with("cpu_owns", "mapping"))),
  derived("window_misfits",       "the window that it closes has another direction, and windows have a say",
          All(under("window", 2), with("cpu_owns", "window"))),
};
// clang-format on

inline constexpr std::size_t kPolicyValues = [] {
  std::size_t n = 0;
  for (const Policy& policy : kPolicies) n += policy.count();
  return n;
}();

/// `policy=value`, once for each.
struct PolicyName {
  std::array<char, 48> text{};
  std::size_t size = 0;
  constexpr void add(std::string_view more) {
    for (const char c : more) text[size++] = c;
  }
};
inline constexpr std::array<PolicyName, kPolicyValues> kPolicyNames = [] {
  std::array<PolicyName, kPolicyValues> names{};
  std::size_t i = 0;
  for (const Policy& policy : kPolicies)
    for (std::size_t v = 0; v < policy.count(); ++v, ++i) {
      names[i].add(policy.name);
      names[i].add("=");
      names[i].add(policy.values[v].name);
    }
  return names;
}();

}  // namespace detail

/// Every guard: those written above, then one for each value of each policy.
inline constexpr std::array<Guard, std::size(detail::kWrittenGuards) + detail::kPolicyValues> kGuards = [] {
  std::array<Guard, std::size(detail::kWrittenGuards) + detail::kPolicyValues> guards{};
  std::size_t i = 0;
  for (const Guard& guard : detail::kWrittenGuards) guards[i++] = guard;
  std::size_t name = 0;
  for (std::size_t p = 0; p < kPolicyCount; ++p)
    for (std::uint8_t v = 0; v < kPolicies[p].count(); ++v, ++name) {
      const detail::PolicyName& text = detail::kPolicyNames[name];
      guards[i++] = {std::string_view(text.text.data(), text.size), kPolicies[p].values[v].says,
                     List<All, 5>(All(Test{static_cast<Id>(kFirstPolicy + p), Rel::eq, v}))};
    }
  return guards;
}();
static_assert(std::size(kGuards) < 256);

}  // namespace custody::model
