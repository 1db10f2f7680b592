// SPDX-License-Identifier: BSD-2-Clause
// What a search was asked, and its answer to each question.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checker/explore/search.hpp"

namespace custody::checker::explore {

enum class Modality : std::uint8_t { kAlways, kSometimes, kEventually };
enum class Answer : std::uint8_t {
  kHolds,
  kViolated,
  kVacuous,    ///< an `always` whose antecedent never came: it says nothing
  kUndecided,  ///< a bound stopped the search
};
[[nodiscard]] std::string_view name_of(Modality m);
[[nodiscard]] std::string_view name_of(Answer a);

struct PropertyAnswer {
  Modality modality{};
  std::string id;  ///< of its rule, or a name of its own; a `sometimes` has the id of the `always` that it is for
  std::string says;
  Answer answer{};
  const Violation* violation = nullptr;  ///< of the result, where there is a counterexample
};

/// Each `always` is followed by the `sometimes` that shows it is not vacuous; progress and liveness come last. The
/// pointers are into `result`.
[[nodiscard]] std::vector<PropertyAnswer> answers_of(const System& system, const SearchResult& result);

/// The verdict: nothing violated. A vacuous property violates nothing.
[[nodiscard]] bool is_safe(const SearchResult& result);

}  // namespace custody::checker::explore
