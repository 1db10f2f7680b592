// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/packets.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

namespace custody::traces::formats::perfetto {

namespace {

/// Of field 1 of the message Trace, a message.
constexpr char kPacketTag = '\x0a';
constexpr std::size_t kLongestVarint = 10;

/// Reads a number at `at` and moves there behind it. False where none ends before `bytes` does.
bool read_varint(std::string_view bytes, std::size_t& at, std::uint64_t& value) {
  value = 0;
  for (std::size_t i = 0; i < kLongestVarint && at < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= std::uint64_t{byte & 0x7fU} << (7 * i);
    if (byte < 0x80) return true;
  }
  return false;
}

/// Could `seen`, the beginning of a packet of `length` bytes, be one? The fields that are seen whole have to fit.
bool may_be_packet(std::string_view seen, std::uint64_t length) {
  std::size_t at = 0;
  while (at < seen.size()) {
    std::uint64_t tag = 0, value = 0;
    if (!read_varint(seen, at, tag)) return at == seen.size() && length > seen.size();
    const auto type = static_cast<unsigned>(tag & 7U);
    if (tag < 8 || tag > 0xffffffffU || (type != 0 && type != 1 && type != 2 && type != 5)) return false;
    if (type == 1 || type == 5) value = type == 1 ? 8 : 4;
    else if (!read_varint(seen, at, value)) return at == seen.size() && length > seen.size();
    if (type == 0) continue;
    if (value > length - at) return false;
    at += static_cast<std::size_t>(value);
  }
  return at <= length;
}

}  // namespace

bool is_perfetto(std::string_view begin) {
  constexpr unsigned kEnough = 3;
  std::size_t at = 0;
  unsigned packets = 0;
  bool has_content = false;
  while (at < begin.size() && packets < kEnough) {
    std::uint64_t length = 0;
    if (begin[at++] != kPacketTag) return false;
    if (!read_varint(begin, at, length)) return has_content && at >= begin.size();
    if (length > kLargestPacket || !may_be_packet(begin.substr(at, length), length)) return false;
    const bool is_whole = length <= begin.size() - at;
    has_content = has_content || length != 0;
    // What a line of text could begin with would be a short one.
    if (!is_whole) return packets > 1 || (length > 127 && at < begin.size());
    at += static_cast<std::size_t>(length);
    ++packets;
  }
  return has_content;
}

std::string_view BinaryPackets::look(std::size_t size) {
  if (lines_.is_whole()) return lines_.whole().substr(std::min(at_, lines_.whole().size()));
  constexpr std::size_t kPiece = std::size_t{1} << 16U;
  while (buffer_.size() - at_ < size) {
    buffer_.erase(0, at_);
    before_ += at_;
    at_ = 0;
    const std::size_t had = buffer_.size();
    buffer_.resize(had + kPiece);
    const std::size_t got = lines_.read_bytes(buffer_.data() + had, kPiece);
    buffer_.resize(had + got);
    if (got == 0) break;
  }
  return std::string_view(buffer_).substr(at_);
}

bool BinaryPackets::refuse(const std::string& what) {
  return damaged("packet " + std::to_string(number_) + ", at byte " + std::to_string(offset()) + ": " + what);
}

bool BinaryPackets::next(Packet& packet) {
  constexpr std::size_t kKept = std::size_t{1} << 23U, kPiece = std::size_t{1} << 22U;
  if (!damage().empty() || stopped()) return false;
  if (lines_.mapped() != nullptr && at_ > dropped_ + kKept) {
    lines_.mapped()->drop(dropped_, dropped_ + kPiece);
    dropped_ += kPiece;
  }
  const std::string_view head = look(1 + kLongestVarint);
  if (head.empty() || stopped()) return false;
  if (head[0] == '\0' && lines_.has_shrunk()) return false;
  ++number_;
  if (head[0] != kPacketTag)
    return refuse("found tag " + std::to_string(static_cast<unsigned char>(head[0])) + ", expected 10, of a packet");
  std::size_t begin = 1;
  std::uint64_t length = 0;
  if (!read_varint(head, begin, length))
    return refuse(head.size() <= kLongestVarint ? "the trace is cut off inside its length" : "its length has no end");
  if (length > kLargestPacket)
    return refuse("it says " + std::to_string(length) + " bytes, expected at most " + std::to_string(kLargestPacket));
  const std::string_view rest = look(begin + static_cast<std::size_t>(length)).substr(begin);
  if (rest.size() < length) {
    if (stopped()) return false;
    return refuse("it says " + std::to_string(length) + " bytes, and " + std::to_string(rest.size()) +
                  " are left: the trace is cut off");
  }
  std::string_view bytes = rest.substr(0, static_cast<std::size_t>(length));
  // A file may be cut now: what is in memory is looked at, or it is not.
  if (lines_.mapped() != nullptr) bytes = buffer_.assign(bytes);
  if (lines_.mapped() != nullptr && !lines_.mapped()->was_there(bytes)) return false;
  packet = {bytes, number_};
  at_ += begin + static_cast<std::size_t>(length);
  return true;
}

namespace {

std::string too_much() { return "it unpacks to more than " + std::to_string(kLargestPacket) + " bytes"; }

/// Makes room for more. False where there is as much as may be.
bool grow(std::string& into) {
  constexpr std::size_t kFirst = std::size_t{1} << 18U;
  if (into.size() >= kLargestPacket) return false;
  into.resize(std::min(std::max(kFirst, 2 * into.size()), kLargestPacket));
  return true;
}

std::string unpack_zlib(std::string_view packed, std::string& into) {
  z_stream stream{};
  if (::inflateInit(&stream) != Z_OK) return "no memory to unpack it";
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, ::inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::size_t made = 0;
  for (int status = Z_OK; status != Z_STREAM_END;) {
    if (made == into.size() && !grow(into)) return too_much();
    stream.next_out = reinterpret_cast<Bytef*>(into.data() + made);
    stream.avail_out = static_cast<uInt>(into.size() - made);
    status = ::inflate(&stream, Z_NO_FLUSH);
    made = into.size() - stream.avail_out;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return "it is no zlib data";
    if (status != Z_STREAM_END && stream.avail_out != 0) return "its zlib data end before their end";
  }
  into.resize(made);
  return stream.avail_in == 0 ? std::string() : "something follows its zlib data";
}

std::string unpack_zstd(std::string_view packed, std::string& into) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(::ZSTD_createDCtx(), ::ZSTD_freeDCtx);
  if (!context) return "no memory to unpack it";
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  std::size_t made = 0;
  for (std::size_t more = 1; more != 0;) {
    if (made == into.size() && !grow(into)) return too_much();
    ZSTD_outBuffer out{into.data(), into.size(), made};
    more = ::ZSTD_decompressStream(context.get(), &out, &in);
    made = out.pos;
    if (::ZSTD_isError(more) != 0) return "it is no zstd data";
    if (more != 0 && in.pos == in.size && out.pos < out.size) return "its zstd data end before their end";
  }
  into.resize(made);
  return in.pos == in.size ? std::string() : "something follows its zstd data";
}

}  // namespace

std::string unpack(std::string_view packed, bool is_zstd, std::string& into) {
  return is_zstd ? unpack_zstd(packed, into) : unpack_zlib(packed, into);
}

}  // namespace custody::traces::formats::perfetto
