// SPDX-License-Identifier: BSD-2-Clause
// What an id stands for, as facts that text and JSON are made from.
#pragma once

#include <string>
#include <vector>

namespace custody::spec {

/// One meaning of an id.
struct Explanation {
  /// A key of one word, and what it says, a line each.
  struct Fact {
    std::string key;
    std::vector<std::string> lines;
  };
  std::string id, says;
  std::vector<Fact> facts;
  std::string remark;  ///< a sentence behind them, or empty
};

}  // namespace custody::spec
