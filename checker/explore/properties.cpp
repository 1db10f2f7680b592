// SPDX-License-Identifier: BSD-2-Clause
// What a search was asked, and its answer to each question.
#include "checker/explore/properties.hpp"

namespace custody::checker::explore {

namespace {

/// What must have been seen at least once for an `always` to mean something.
struct Antecedent {
  std::string_view says;
  bool seen;
};

Antecedent antecedent_of(Property p, const System& system, const SearchResult& r) {
  const Configuration& c = system.configuration();
  const auto seen = [&r](Label::Kind kind) { return r.totals.seen[static_cast<std::size_t>(kind)] != 0; };
  const bool mapped = seen(Label::Kind::kMap);
  bool plain = false, snooping = false;
  for (unsigned d = 0; d < c.devices; ++d) (system.configuration().snoops(d) ? snooping : plain) = true;
  switch (p) {
    case Property::kM11: return {"Devices are mapped, some of which reach the buffer in other ways.", mapped};
    case Property::kM1:
    case Property::kM2: return {"A device that does not snoop is mapped.", mapped && plain};
    case Property::kM3:
      return {"The CPU maps the buffer, and opens a window if it ever does; or a device that snoops is mapped.",
              (seen(Label::Kind::kMmap) && (seen(Label::Kind::kBegin) || c.client == Client::kNeverBrackets)) ||
                  seen(Label::Kind::kVmap) || (mapped && snooping)};
    case Property::kM10: return {"A call runs a cache operation.", r.totals.operations != 0};
    case Property::kL1: return {"A call comes at which syncs may run.", r.totals.handovers != 0};
    case Property::kBackingLost:
      return {"A contract that releases the backing ends an ownership.",
              system.drops_backing() && r.totals.handovers != 0};
    case Property::kM9: return {"The CPU opens a window over a part of the buffer.", seen(Label::Kind::kBegin)};
    case Property::kM6: return {"A device that is reached through copies is mapped.", mapped && c.bounced != 0};
  }
  return {};
}

const Violation* violation_of(Property p, const SearchResult& r) {
  for (const Violation& v : r.violations)
    if (v.property == p) return &v;
  return nullptr;
}

}  // namespace

std::string_view name_of(Modality m) {
  constexpr std::string_view kNames[] = {"always", "sometimes", "eventually"};
  return kNames[static_cast<std::size_t>(m)];
}

std::string_view name_of(Answer a) {
  constexpr std::string_view kNames[] = {"holds", "violated", "vacuous", "undecided"};
  return kNames[static_cast<std::size_t>(a)];
}

bool is_safe(const SearchResult& result) { return result.violations.empty() && result.stuck == 0; }

std::vector<PropertyAnswer> answers_of(const System& system, const SearchResult& r) {
  std::vector<PropertyAnswer> out;
  const Answer unseen = r.complete ? Answer::kVacuous : Answer::kUndecided;
  const Answer met = r.complete ? Answer::kHolds : Answer::kUndecided;
  const auto add = [&](const std::string& id, std::string_view says, const Violation* violation, bool violated,
                       const Antecedent& antecedent) {
    const Answer answer = violated ? Answer::kViolated : !antecedent.seen ? unseen : met;
    out.push_back({Modality::kAlways, id, std::string(says), answer, violation});
    out.push_back({Modality::kSometimes, id, std::string(antecedent.says),
                   antecedent.seen ? Answer::kHolds
                   : r.complete    ? Answer::kViolated
                                   : Answer::kUndecided,
                   nullptr});
  };
  for (unsigned i = 0; i < kProperties; ++i) {
    const auto p = static_cast<Property>(i);
    if (p == Property::kM9 && !system.has_ranges()) continue;  // each window covers whole lines
    if (p == Property::kM11 && !system.mixes_devices()) continue;
    const Violation* const v = violation_of(p, r);
    add(std::string(id_of(p)), says(p), v, v != nullptr, antecedent_of(p, system, r));
  }
  const auto seen = [&r](Label::Kind kind) { return r.totals.seen[static_cast<std::size_t>(kind)] != 0; };
  add("window_can_end", "From every state with an open window a way leads to its end.", nullptr, r.stuck_windows != 0,
      {"A window opens.", seen(Label::Kind::kBegin)});
  add("can_be_released", "From every state a way leads to the release.", nullptr, r.stuck != 0,
      {"The buffer is released.", seen(Label::Kind::kRelease)});
  // Under strong fairness a way that is open for ever is taken: this follows from the two above.
  out.push_back({Modality::kEventually, "released",
                 "A client that, strongly fair, gives back what it holds gets the buffer released.",
                 r.stuck != 0 ? Answer::kViolated : met, nullptr});
  return out;
}

}  // namespace custody::checker::explore
