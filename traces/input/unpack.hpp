// SPDX-License-Identifier: BSD-2-Clause
// Takes the packing off a source, layer by layer.
#pragma once

#include <memory>

#include "traces/input/archive.hpp"
#include "traces/input/encoding.hpp"
#include "traces/input/lookahead.hpp"

namespace custody::traces::input {

/// What is left when nothing more can be taken off: text, something unknown, or an archive.
struct Unpacked {
  std::unique_ptr<Lookahead> source;
  Encoding encoding = Encoding::kPlain;  ///< kPlain, or kTar or kZip of an archive
};

/// Looks at first bytes until they tell how `source` is packed.
[[nodiscard]] Encoding recognise(Lookahead& source);

/// Takes off at most `layers` layers; one that is left then is kPlain.
[[nodiscard]] Unpacked unpack(std::unique_ptr<ByteSource> source, int layers);

}  // namespace custody::traces::input
