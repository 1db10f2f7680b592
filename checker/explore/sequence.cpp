// SPDX-License-Identifier: BSD-2-Clause
// A counterexample as a sequence diagram: who calls whom, what the exporter does to the caches, who accesses.
#include "checker/explore/sequence.hpp"

#include <algorithm>

#include "model/direction.hpp"

namespace custody::checker::explore {

namespace {

using Kind = Label::Kind;
constexpr unsigned kCpu = 0, kBuffer = 1;
constexpr std::size_t kGap = 24;  ///< between two lifelines

bool is_of_device(Kind k) {
  return k == Kind::kAttach || k == Kind::kDetach || k == Kind::kMap || k == Kind::kUnmap || k == Kind::kDeviceRead ||
         k == Kind::kDeviceWrite;
}

std::string_view verb_of(Kind kind) {
  constexpr std::string_view kVerbs[] = {"export", "attach", "detach", "map",   "unmap",  "begin",   "begin",
                                         "end",    "mmap",   "munmap", "vmap",  "vunmap", "release", "the cache moves",
                                         "reads",  "writes", "reads",  "writes"};
  static_assert(std::size(kVerbs) == kLabelKinds);
  return kVerbs[static_cast<std::size_t>(kind)];
}

std::string text_of(const Label& label, bool ranges) {
  std::string text(verb_of(label.kind));
  const bool access = label.kind == Kind::kDeviceRead || label.kind == Kind::kDeviceWrite;
  if (label.dir != model::Direction::kNone && !access) text.append(" ").append(model::name(label.dir));
  if (label.kind == Kind::kBeginFails) text += " fails";
  if (ranges && label.blocks != 0 && label.blocks != 3) text += label.blocks == 1 ? " bytes 0-63" : " bytes 64-127";
  return text;
}

std::string text_of(const RunSync& sync, const Sequence& sequence, const std::vector<unsigned>& columns) {
  constexpr std::string_view kOperations[] = {"no operation", "clean", "invalidate", "clean+invalidate"};
  std::string text = "clause " + sync.clause->name + ": " + model::name_of(sync.sync);
  text.append(": ").append(kOperations[static_cast<std::size_t>(sync.operation)]);
  if (sync.device >= 0)
    text.append(" for ").append(sequence.participants[columns[static_cast<std::size_t>(sync.device)]]);
  return text;
}

}  // namespace

std::string words_of(const Label& label) {
  return (is_of_device(label.kind) ? "D" + std::to_string(label.device) + " " : "") + text_of(label, true);
}

Sequence sequence_of(const System& system, const Violation& violation) {
  Sequence out;
  out.participants = {"CPU", "buffer"};
  std::vector<unsigned> columns(system.configuration().devices, 0);
  for (unsigned d = 0; d < system.configuration().devices; ++d) {
    const bool used = std::any_of(violation.labels.begin(), violation.labels.end(),
                                  [d](const Label& label) { return is_of_device(label.kind) && label.device == d; });
    if (!used) continue;
    columns[d] = static_cast<unsigned>(out.participants.size());
    out.participants.push_back("D" + std::to_string(d) +
                               (system.configuration().snoops(d)    ? " (snoops)"
                                : system.configuration().bounces(d) ? " (bounced)"
                                                                    : ""));
  }
  for (std::size_t i = 0; i < violation.labels.size(); ++i) {
    const Label& label = violation.labels[i];
    const unsigned caller = is_of_device(label.kind) ? columns[label.device] : kCpu;
    if (label.kind == Kind::kHardware) out.messages.push_back({kBuffer, kBuffer, text_of(label, system.has_ranges())});
    else out.messages.push_back({caller, kBuffer, text_of(label, system.has_ranges())});
    for (const RunSync& sync : system.syncs_of(violation.states[i], label))
      out.messages.push_back({kBuffer, kBuffer, text_of(sync, out, columns)});
  }
  if (!out.messages.empty()) out.messages.back().text.append("  <- breaks ").append(id_of(violation.property));
  return out;
}

std::string draw(const Sequence& s) {
  std::string text, head;
  const std::size_t width = (s.participants.size() - 1) * kGap + 1;
  for (std::size_t p = 0; p < s.participants.size(); ++p) {
    head.resize(p * kGap, ' ');
    head += s.participants[p];
  }
  text = head + "\n";
  for (const Message& m : s.messages) {
    std::string line(width, ' ');
    for (std::size_t p = 0; p < s.participants.size(); ++p) line[p * kGap] = '|';
    const std::size_t left = std::min(m.from, m.to) * kGap, right = std::max(m.from, m.to) * kGap;
    if (left == right) {
      line.resize(std::max(line.size(), left + 4 + m.text.size()), ' ');
      line.replace(left + 2, m.text.size() + 2, "* " + m.text);
    } else {
      // A long label runs on behind the arrow.
      const std::size_t mark = m.text.find("  <- ");
      const std::string label = m.text.substr(0, mark);
      std::fill(line.begin() + static_cast<std::ptrdiff_t>(left) + 1, line.begin() + static_cast<std::ptrdiff_t>(right),
                '-');
      line[m.from < m.to ? right - 1 : left + 1] = m.from < m.to ? '>' : '<';
      const std::size_t room = kGap - 4, from = m.from < m.to ? left + 2 : right - kGap + 3;
      line.replace(from, std::min(room, label.size() + 2), (" " + label + " ").substr(0, room));
      if (mark != std::string::npos) line += m.text.substr(mark);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace custody::checker::explore
