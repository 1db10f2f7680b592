// SPDX-License-Identifier: BSD-2-Clause
// The grammar of litmus files: the form of every line, as lists and pages print it. Capitals are what is filled in,
// brackets what can be left out, bars what there is to choose from; options of a device come in any order.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

#include "traces/formats/litmus/header.hpp"
#include "traces/formats/litmus/words.hpp"

namespace custody::traces::formats::litmus {

/// A line of the header.
struct HeaderForm {
  std::string_view form, says;
};
// clang-format off
inline constexpr HeaderForm kHeaderForms[] = {
  {"arch PROFILE",                                     "the architecture profile; `custody list archs` has all"},
  {"cpu_line BYTES",                                   "the size of a line of the CPU cache"},
  {"contract NAME",                                    "the contract that the exporter should follow"},
  {"policy NAME VALUE",                                "a policy of the lifetime; `custody list policies` has all"},
  {"device NAME [coherent] [allocates] [coherence_unknown] [bounced] [reads_only] [line BYTES]", "a device; not coherent unless said"},
  {"older BUFFER",                                     "a buffer from before the trace"},
  {"trust windows|mappings",                           "when the CPU may access the buffer"},
  {"accesses may|exact",                               "whether the accesses of the file are all that happen"},
  {"by_probes",                                        "what never occurs may be a probe that was not set"},
  {"expect [once] [error|warning|note] WHAT [at PLACE] [owes PARTY] [proved|unproved]", "there is such a finding"},
  {"expect no WHAT [at PLACE]",                        "there is none"},
  {"expect legal",                                     "no finding is an error"},
  {"expect judged|unschedulable BUFFER",               "all of the buffer's trace bears a verdict; no schedule is free of hazards"},
  {"expect partly|not judged BUFFER [REASON]",         "not all of it, or none does"},
  {"expect maintenance|optimum|subset NUMBER ops",     "cache operations that were made, that would do, and that are left of those made"},
  {"expect optimum|subset not computed",               "there is no such number"},
};
/// What frames them.
inline constexpr HeaderForm kFrameForms[] = {
  {"custody litmus: TITLE",                            "the first line; the header follows, up to a blank line, then events"},
  {"# COMMENT",                                        "anywhere; `# pending RULE: REASON` says what a later version judges"},
  {"[TASK] EVENT",                                     "an event of another task than the first"},
  {"CALL {",                                           "up to `} [= -ERRNO]` the task's lines are inside the call; so are lines that are indented more"},
};
// clang-format on

namespace detail {
constexpr bool begins(std::string_view form, std::string_view word) {
  return form.substr(0, word.size()) == word && (form.size() == word.size() || form[word.size()] == ' ');
}
}  // namespace detail
static_assert(std::all_of(std::begin(kHeaderWords), std::end(kHeaderWords), [](std::string_view word) {
  return std::any_of(std::begin(kHeaderForms), std::end(kHeaderForms),
                     [word](const HeaderForm& f) { return detail::begins(f.form, word); });
}));

}  // namespace custody::traces::formats::litmus
