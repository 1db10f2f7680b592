// SPDX-License-Identifier: BSD-2-Clause
// The text of an exported model as it grows: variables, and a rule for everything that can happen next.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/translate/dialect.hpp"

namespace custody::checker::explore::translate {

using Effects = std::vector<std::string>;

/// All variables are declared before the first rule. `dialect` must outlive it.
class ModelText {
 public:
  explicit ModelText(const Dialect& dialect) : d_(dialect) {}

  /// It starts as 0 and is at most `most`.
  void variable(const std::string& name, std::size_t most) { variables_.emplace_back(name, most); }
  /// `clauses`: so many conditions of clauses are set in it; `undoes`: its effects are within `saved` and `undone`.
  void rule(const std::string& name, const std::string& guard, const Effects& effects, std::size_t clauses = 0,
            bool undoes = false);
  /// What a rule that may be undone does first.
  [[nodiscard]] Effects saved() const;
  /// What it does last: where `wrong` holds by then, all is as it was when it was saved.
  [[nodiscard]] Effects undone(const std::string& wrong) const;
  /// The model. `functions`: of the language, that its rules call.
  [[nodiscard]] std::string write(const std::string& functions) const;

 private:
  const Dialect& d_;
  std::vector<std::pair<std::string, std::size_t>> variables_;
  std::string rules_;
  std::size_t most_clauses_ = 0;  ///< in one rule
  bool undoes_ = false;           ///< some rule keeps what was before it
};

}  // namespace custody::checker::explore::translate
