// SPDX-License-Identifier: BSD-2-Clause
// The one function that a page calls, in WebAssembly.
#include <cstdlib>
#include <cstring>
#include <string>

#include "checker/page/answer.hpp"

/// `request` ends with a zero; so does the answer, which the caller frees.
extern "C" char* custody_answer(const char* request) {
  const std::string text = custody::checker::page::answer(request);
  auto* out = static_cast<char*>(std::malloc(text.size() + 1));
  std::memcpy(out, text.c_str(), text.size() + 1);
  return out;
}
