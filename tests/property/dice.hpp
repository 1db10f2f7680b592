// SPDX-License-Identifier: BSD-2-Clause
// Chance that is the same on every machine, by its seed.
#pragma once

#include <cstdint>

#include "tests/property/program.hpp"

namespace custody::property {

/// splitmix64: small, and the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  unsigned below(unsigned n) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return static_cast<unsigned>((z ^ (z >> 31U)) % n);
  }
  /// One time in `n`.
  bool one_in(unsigned n) { return below(n) == 0; }
  Way way() { return static_cast<Way>(below(3)); }

 private:
  std::uint64_t state_;
};

}  // namespace custody::property
