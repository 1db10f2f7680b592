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

bool can_hold(Compression compression, std::string_view packed, std::uint64_t size) {
  // Of deflate: https://zlib.net/zlib_tech.html. A block of zstd has 128 KiB at most, and four bytes at least.
  constexpr std::uint64_t kMostByDeflate = 1032, kMostByZstd = std::uint64_t{1} << 15U;
  if (compression != Compression::kZstd) return size / kMostByDeflate <= packed.size();
  const unsigned long long said = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (said == ZSTD_CONTENTSIZE_ERROR) return false;
  return said == ZSTD_CONTENTSIZE_UNKNOWN ? size / kMostByZstd <= packed.size() : said == size;
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
