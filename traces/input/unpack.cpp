// SPDX-License-Identifier: BSD-2-Clause
// Takes the packing off a source, layer by layer.
#include "traces/input/unpack.hpp"

#include <utility>

#include "traces/input/inflate.hpp"
#include "traces/input/utf16.hpp"

namespace custody::traces::input {
namespace {

/// One layer less; null where `encoding` is none that is taken off here.
std::unique_ptr<ByteSource> decoder(std::unique_ptr<Lookahead>& source, Encoding encoding) {
  switch (encoding) {
    case Encoding::kGzip: return std::make_unique<Inflate>(std::move(source), Inflate::Wrapper::kGzip);
    case Encoding::kAtrace:
      source->skip(atrace_text(source->seen()));
      return std::make_unique<Inflate>(std::move(source), Inflate::Wrapper::kZlib);
    case Encoding::kXz: return std::make_unique<Archive>(std::move(source), Packing::kXz);
    case Encoding::kZstd: return std::make_unique<Archive>(std::move(source), Packing::kZstd);
    case Encoding::kBzip2: return std::make_unique<Archive>(std::move(source), Packing::kBzip2);
    case Encoding::kLz4: return std::make_unique<Archive>(std::move(source), Packing::kLz4);
    case Encoding::kUtf16Little:
    case Encoding::kUtf16Big: return std::make_unique<Utf16>(std::move(source), encoding == Encoding::kUtf16Big);
    case Encoding::kPlain:
    case Encoding::kTar:
    case Encoding::kZip: break;
  }
  return nullptr;
}

}  // namespace

Encoding recognise(Lookahead& source) {
  while (may_tell_more(source.seen()) && source.look(kMostToTell - source.seen().size())) continue;
  return encoding_of(source.seen());
}

Unpacked unpack(std::unique_ptr<ByteSource> source, int layers) {
  for (;; --layers) {
    auto ahead = std::make_unique<Lookahead>(std::move(source));
    const Encoding encoding = recognise(*ahead);
    if (encoding == Encoding::kTar || encoding == Encoding::kZip) return {std::move(ahead), encoding};
    source = layers > 0 ? decoder(ahead, encoding) : nullptr;
    if (!source) return {std::move(ahead), Encoding::kPlain};
  }
}

}  // namespace custody::traces::input
