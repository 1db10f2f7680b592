// SPDX-License-Identifier: BSD-2-Clause
// The ring-buffer pages of one processor, one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "traces/formats/trace_dat/bytes.hpp"
#include "traces/formats/trace_dat/layout.hpp"
#include "traces/input/mapped_file.hpp"

namespace custody::traces::formats::trace_dat {

/// The whole file in memory.
struct Bytes {
  std::string_view all;
  bool mapped = false;                      ///< from the file: what has been read can be given back to the system
  const input::MappedFile* file = nullptr;  ///< what another program may cut meanwhile
  /// What was looked at last may be zeros.
  [[nodiscard]] bool met_a_hole() const { return file != nullptr && file->met_a_hole(); }
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
  /// As many as there are processors are copied.
  static constexpr std::size_t kLargestCopy = std::size_t{1} << 16U;
  /// What may be kept in memory: of a mapped file, and of one unpacked piece.
  struct Room {
    std::uint64_t mapped, piece;
  };
  Pages(const Bytes& file, const Layout& layout, const Buffer& buffer, const CpuData& cpu, Room room);

  /// The page is valid until the next call. Of a file that is cut it was there, but for large ones (`kLargestCopy`).
  [[nodiscard]] Next next(std::string_view& page);

 private:
  [[nodiscard]] Next next_piece();
  [[nodiscard]] Next whole_page(std::string_view& page);
  void drop();

  const input::MappedFile* source_;
  std::string_view file_;
  std::string_view left_;      ///< of the data, as they lie in the file
  std::string_view unpacked_;  ///< of the piece, not given yet
  std::string piece_;          ///< unpacked, or the page
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
