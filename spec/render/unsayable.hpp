// SPDX-License-Identifier: BSD-2-Clause
// What a contract can not say. The vocabulary is closed: each of these is a decision, with its reason.
#pragma once

#include <string_view>

namespace custody::spec::render {

struct Unsayable {
  std::string_view what, reason;
};

// clang-format off
inline constexpr Unsayable kUnsayable[] = {
  {"A sync after the change of owner", "Nothing can come between the syncs of a call and its change of owner: whoever has the buffer afterwards gets it when the call is over. The moment makes no difference."},
  {"A condition on what another clause did in the same call", "Guards see what was before the call, and the owner after it. The order of clauses is the order of their syncs and nothing else; a note reaches the next call."},
  {"A condition on the content or the size of a buffer", "A contract holds for every buffer. What is in it, nobody may look at during a handover; and a sync acts on all of it, or on the range that the policy granularity names."},
  {"A condition on time", "A verdict holds however fast the calls come: the same calls replayed slower are judged alike."},
  {"A condition on which device it is, by name", "An exporter sees how many devices are attached and mapped, in which directions, and whether they snoop. A device that needs more is one that its importer or the DMA API must tell apart."},
  {"A condition on which devices are bounced", "The DMA API decides it at each map, by the device's mask and the address: at an attach nobody knows. A contract can refuse a device that snoops beside one that does not, and not a bounced one beside a direct one."},
  {"A condition on which task calls", "Which window an end closes is part of the lifetime. An exporter is not told who calls."},
  {"Either of two guards", "All guards of a clause must hold. Two clauses say `or`; where that becomes long, a derived guard gets a name in model/guards.hpp."},
  {"Loops, and a sync for some of the devices", "A clause runs at most once in a call; `mapped`, `others` and `attached` go through the devices already. A search over contracts has to end."},
  {"Fences", "When a device is done is between importers and the fence. begin waits for it in any contract, and a trace that has fences is judged by them (M4)."},
  {"A private cell of a name of its own", "Notes are closed, so that every search is finite, and each renders into every format. A new one is a line in model/notes.hpp, and a reason."},
  {"A count beyond its bound", "Where guards stop to see a difference, so does a search: first, last and more are what exporters ask."},
  {"Another owner, another state, another target", "Who owns the buffer is the lifetime's: the kernel's API and the policies. To change that is to change the API and not an exporter."},
  {"The direction in which the exporter's own mapping was made", "No note keeps it: name the direction, as udmabuf does, which maps both ways. The same of attached devices, which need not be mapped at all."},
  {"A range of its own choice", "What part of a buffer is synced is the caller's range, or all: policy granularity."},
  {"A clause that sometimes runs", "The same call in the same situation does the same. Two behaviours are two contracts, and `custody diff` compares them."},
  {"A refusal that leaves something behind", "A clause that refuses does and notes nothing, and no other clause runs: a failed call changes nothing."},
};
// clang-format on

}  // namespace custody::spec::render
