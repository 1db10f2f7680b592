// SPDX-License-Identifier: BSD-2-Clause
// What an option takes, as help and man pages call it and as shells complete it.
#pragma once

#include <string_view>

namespace custody::checker::cli {

/// For CLI::Option::type_name.
inline constexpr const char kFile[] = "FILE", kContract[] = "CONTRACT", kRule[] = "RULE", kArch[] = "ARCH",
                            kAnyId[] = "ID";

/// How a shell finds what can stand there.
struct ValueName {
  std::string_view name;
  std::string_view list;  ///< the argument of `custody list` whose lines begin with it; empty: none
  bool is_file;           ///< a file too
};
inline constexpr ValueName kValueNames[] = {{kFile, "", true},
                                            {kContract, "contracts", true},
                                            {kRule, "rules", false},
                                            {kArch, "archs", false},
                                            {kAnyId, "ids", false}};

/// Null: nothing is known of what has this name.
[[nodiscard]] constexpr const ValueName* find_value_name(std::string_view name) {
  for (const ValueName& v : kValueNames)
    if (v.name == name) return &v;
  return nullptr;
}

}  // namespace custody::checker::cli
