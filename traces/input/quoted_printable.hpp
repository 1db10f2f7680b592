// SPDX-License-Identifier: BSD-2-Clause
// Text that a mail carries as quoted-printable (RFC 2045, section 6.7).
#pragma once

#include <string>
#include <string_view>

#include "traces/input/decoder.hpp"

namespace custody::traces::input {

/// Is text that begins so written like this? There are two equals signs as `=3D` at least, and either the header of a
/// mail says so or there is no other use of the sign than `=XX` and an end of a line, as in no ordinary trace.
[[nodiscard]] bool is_quoted_printable(std::string_view begin);

/// The decoded text. A line that goes on in the next one is one; what is no such code stays as it is.
class QuotedPrintable final : public Decoder {
 public:
  using Decoder::Decoder;

 private:
  void decode(std::string& raw, bool ended, std::string& text) override;
};

}  // namespace custody::traces::input
