// SPDX-License-Identifier: BSD-2-Clause
// Litmus files of calls and accesses at random, of clients that keep rules or do not, under random policies.
#pragma once

#include <string>

namespace custody::checker::test {

/// The same text for the same seed.
[[nodiscard]] std::string random_litmus(unsigned seed);

}  // namespace custody::checker::test
