// SPDX-License-Identifier: BSD-2-Clause
// The ring-buffer pages of one processor, one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "traces/formats/trace_dat/bytes.hpp"
#include "traces/formats/trace_dat/layout.hpp"

namespace custody::traces::formats::trace_dat {

/// The whole file in memory.
struct Bytes {
  std::string_view all;
  bool mapped = false;  ///< from the file: what has been read can be given back to the system
};

/// Pages as they lie in the file, or unpacked piece by piece: no more than a piece is in memory.
class Pages {
 public:
  enum class Next : std::uint8_t {
    kPage,
    kEnd,
    kDamaged,  ///< some could not be unpacked; those after them may follow
    kCut,      ///< the file ends, or cannot be read on, before what it claims to have
  };
  /// What may be kept in memory: of a mapped file, and of one unpacked piece.
  struct Room {
    std::uint64_t mapped, piece;
  };
  Pages(const Bytes& file, const Layout& layout, const Buffer& buffer, const CpuData& cpu, Room room);

  /// The page is valid until the next call, or as long as the file where that is not compressed.
  [[nodiscard]] Next next(std::string_view& page);

 private:
  [[nodiscard]] Next next_piece();
  void drop();

  std::string_view file_;
  std::string_view left_;      ///< of the data, as they lie in the file
  std::string_view unpacked_;  ///< of the piece, not given yet
  std::string piece_;
  std::uint64_t page_size_;
  Room room_;
  std::uint64_t pieces_ = 0;  ///< that follow
  std::size_t dropped_ = 0;
  Compression compression_;
  bool swapped_;
  bool mapped_;
  bool is_cut_ = false;
};

}  // namespace custody::traces::formats::trace_dat
