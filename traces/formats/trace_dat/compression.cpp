// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/compression.hpp"

#include <zlib.h>
#include <zstd.h>

#include <memory>

namespace custody::traces::formats::trace_dat {

std::optional<Compression> find_compression(std::string_view name) {
  if (name == "none") return Compression::kNone;
  if (name == "zlib") return Compression::kZlib;
  if (name == "zstd") return Compression::kZstd;
  return std::nullopt;
}

bool unpack(Compression compression, std::string_view packed, std::string& into) {
  if (compression == Compression::kZstd) {
    // A context costs more than the small pieces that are unpacked with it.
    struct Free {
      void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    };
    static thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
    return context != nullptr &&
           ZSTD_decompressDCtx(context.get(), into.data(), into.size(), packed.data(), packed.size()) == into.size();
  }
  if (compression != Compression::kZlib) return false;
  uLongf size = into.size();
  const int result = ::uncompress(reinterpret_cast<Bytef*>(into.data()), &size,
                                  reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  return result == Z_OK && size == into.size();
}

}  // namespace custody::traces::formats::trace_dat
