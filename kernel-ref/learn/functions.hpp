// SPDX-License-Identifier: GPL-2.0-only
// The C function that an address of code lies in, static ones too.
#pragma once

#include <string_view>

namespace custody::kernel_ref::learn {

/// By the symbol table of the executable or library that holds the address; the caller's where the compiler put it
/// into its caller. Empty where there is no symbol table. Valid as long as the process.
[[nodiscard]] std::string_view function_at(const void* address);

}  // namespace custody::kernel_ref::learn
