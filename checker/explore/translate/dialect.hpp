// SPDX-License-Identifier: BSD-2-Clause
// What differs between the languages of other model checkers.
#pragma once

#include <string>
#include <string_view>

namespace custody::checker::explore::translate {

inline std::string number(std::size_t n) { return std::to_string(n); }
/// One of several variables of this name: of a device, for example.
inline std::string of(const std::string& name, unsigned device) { return name + number(device); }

/// Expressions and statements as text. An empty condition is left out.
struct Dialect {
  bool promela;
  [[nodiscard]] std::string truth() const { return promela ? "true" : "(0 = 0)"; }
  [[nodiscard]] std::string equal(const std::string& a, const std::string& b) const {
    return a + (promela ? " == " : " = ") + b;
  }
  [[nodiscard]] std::string both(const std::string& a, const std::string& b) const {
    if (a.empty() || b.empty()) return a + b;
    return a + (promela ? " && " : " & ") + b;
  }
  [[nodiscard]] std::string either(const std::string& a, const std::string& b) const {
    if (a.empty() || b.empty()) return a + b;
    return "(" + a + (promela ? " || " : " | ") + b + ")";
  }
  [[nodiscard]] std::string no(const std::string& a) const { return "!(" + a + ")"; }
  [[nodiscard]] std::string choose(const std::string& c, const std::string& a, const std::string& b) const {
    return "(" + c + (promela ? " -> " : " ? ") + a + " : " + b + ")";
  }
  [[nodiscard]] std::string set(const std::string& variable, const std::string& value) const {
    return variable + (promela ? " = " : " := ") + value + ";";
  }
  [[nodiscard]] std::string demand(const std::string& condition, std::string_view name) const {
    return promela ? "assert(" + condition + ");" : "assert \"" + std::string(name) + "\" " + condition + ";";
  }
};

}  // namespace custody::checker::explore::translate
