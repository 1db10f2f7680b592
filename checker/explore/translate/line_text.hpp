// SPDX-License-Identifier: BSD-2-Clause
// The cache line of an exported model: functions of the variable `line`.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "checker/explore/translate/dialect.hpp"
#include "model/line_model.hpp"

namespace custody::checker::explore::translate {

using model::BlockMask;
using model::LineModel;

/// Each function is written when it is first asked for.
class LineText {
 public:
  LineText(const LineModel& lines, const Dialect& dialect) : lines_(lines), d_(dialect) {}

  [[nodiscard]] const LineModel& model() const { return lines_; }
  [[nodiscard]] std::string clean() const { return number(lines_.clean()); }
  /// The line after an operation or an access; what is wrong goes on from a clean line.
  std::string operated(model::Operation op, BlockMask blocks);
  std::string accessed(model::Access access, BlockMask blocks);
  /// The line after the CPU stored everywhere what is newest there already.
  std::string rewritten();
  /// The line after an access, if it was clean before.
  [[nodiscard]] std::string accessed_clean(model::Access access, BlockMask blocks) const;
  /// Where these are wrong; empty: nowhere.
  std::string is_wrong(model::Operation op, BlockMask blocks);
  std::string is_wrong(model::Access access, BlockMask blocks);
  /// The hardware's moves from any state, as lines after it.
  std::vector<std::string> moves();
  /// The functions, in the language.
  [[nodiscard]] const std::string& functions() const { return functions_; }

 private:
  using Value = std::function<unsigned(unsigned)>;
  std::string function(const std::string& name, const Value& value);
  std::string condition(const std::string& name, const Value& value);
  [[nodiscard]] std::string tree(const Value& value, unsigned from, unsigned end) const;

  const LineModel& lines_;
  Dialect d_;
  std::set<std::string> known_;
  std::string functions_;
};

}  // namespace custody::checker::explore::translate
