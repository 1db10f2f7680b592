// SPDX-License-Identifier: BSD-2-Clause
// What concerns every buffer of a trace: each hears of it before it is next looked at.
#pragma once

#include <array>
#include <cstdint>

#include "checker/verdict.hpp"

namespace custody::checker::replay {

/// How much of it a buffer has heard.
struct Heard {
  std::uint64_t losses = 0, headers = 0;
};

/// Losses of the whole trace, and headers.
struct News {
  std::uint64_t losses = 0, headers = 0;
  std::array<std::uint64_t, kJudgedReasons> latest{};  ///< by reason, the number of the latest loss

  void lose(JudgedReason why) { latest[static_cast<std::size_t>(why)] = ++losses; }
  [[nodiscard]] bool are_heard(const Heard& by) const { return by.losses == losses && by.headers == headers; }
  [[nodiscard]] Heard now() const { return {losses, headers}; }
};

}  // namespace custody::checker::replay
