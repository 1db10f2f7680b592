// SPDX-License-Identifier: BSD-2-Clause
// The packets of a Perfetto trace, one at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "traces/input/lines.hpp"

namespace custody::traces::formats::perfetto {

/// A larger one is not read; Perfetto's own reader takes no larger one either (ProtoRingBuffer::kMaxMsgSize is 64 MiB).
inline constexpr std::size_t kLargestPacket = std::size_t{1} << 26U;

/// Bytes of a message TracePacket, valid until the next one is asked for.
struct Packet {
  std::string_view bytes;
  std::uint64_t number = 0;  ///< from 1
};

/// Where packets come from, one after the other.
class PacketSource {
 public:
  PacketSource() = default;
  PacketSource(const PacketSource&) = delete;
  PacketSource& operator=(const PacketSource&) = delete;
  virtual ~PacketSource() = default;
  /// False at the end, and where nothing more can be read: `damage` then says why.
  [[nodiscard]] virtual bool next(Packet& packet) = 0;
  /// For people, without the name of the file; empty: none.
  [[nodiscard]] const std::string& damage() const { return damage_; }
  /// Of the damage, in a text; 0: not a text.
  [[nodiscard]] std::uint64_t damaged_line() const { return damaged_line_; }
  /// Bytes of the input up to what was given last.
  [[nodiscard]] virtual std::uint64_t offset() const = 0;

 protected:
  /// Ends the packets.
  bool damaged(std::string what, std::uint64_t line = 0) {
    damage_ = std::move(what);
    damaged_line_ = line;
    return false;
  }

 private:
  std::string damage_;
  std::uint64_t damaged_line_ = 0;
};

/// Does a binary trace begin like this? Nothing but packets, of which each field has a type and a length that can be;
/// text that begins with an empty line has other bytes where the next packet would begin.
[[nodiscard]] bool is_perfetto(std::string_view begin);

/// Packets one behind the other, each with tag and length: the message Trace. Memory is bounded by one packet.
class BinaryPackets final : public PacketSource {
 public:
  /// Nothing of `lines` has been taken yet. Where `stop` becomes true there are no more.
  explicit BinaryPackets(input::Lines& lines, const std::atomic<bool>* stop = nullptr) : lines_(lines), stop_(stop) {}
  [[nodiscard]] bool next(Packet& packet) override;
  [[nodiscard]] std::uint64_t offset() const override { return before_ + at_; }

 private:
  /// What of the input is in memory from `at_` on, `size` bytes of it at least where there are as many.
  [[nodiscard]] std::string_view look(std::size_t size);
  [[nodiscard]] bool stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }
  [[nodiscard]] bool refuse(const std::string& what);

  input::Lines& lines_;
  const std::atomic<bool>* stop_;
  std::string buffer_;        ///< of a stream; of a mapped file, the packet
  std::size_t at_ = 0;        ///< in the whole input, or in buffer_
  std::uint64_t before_ = 0;  ///< of a stream: bytes that are no longer in buffer_
  std::size_t dropped_ = 0;   ///< of a mapped file: what lies before needs no memory any more
  std::uint64_t number_ = 0;
};

/// Unpacks what a packet holds compressed, with zlib or with zstd, into `into`. What is wrong, for people, or empty:
/// bytes that are none of that compression, that end before their end, or that give more than `kLargestPacket`.
[[nodiscard]] std::string unpack(std::string_view packed, bool is_zstd, std::string& into);

}  // namespace custody::traces::formats::perfetto
