// SPDX-License-Identifier: BSD-2-Clause
// The fields of a protobuf message, one after the other, without building the message: most of a trace is passed over.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstdint>
#include <limits>
#include <string_view>

namespace custody::traces::formats::perfetto {

/// One field as it stands in a message. Views point into the message.
struct WireField {
  enum class Type : std::uint8_t {
    kNumber,  ///< a varint, or 32 or 64 fixed bits
    kBytes,   ///< a string, a message, packed numbers
    kOther,   ///< a group, which no trace has
  } type = Type::kOther;
  std::uint32_t id = 0;
  std::uint64_t number = 0;
  std::string_view bytes;

  [[nodiscard]] bool is_number() const { return type == Type::kNumber; }
  [[nodiscard]] bool is_bytes() const { return type == Type::kBytes; }
};

/// Goes once through `message`, which must outlive the object and be shorter than 2 GiB.
class Wire {
 public:
  explicit Wire(std::string_view message)
      : message_(message),
        in_(reinterpret_cast<const std::uint8_t*>(message.data()), static_cast<int>(message.size())) {}

  /// False at the end, and where what follows is no field: `is_damaged` then tells which.
  [[nodiscard]] bool next(WireField& field) {
    using google::protobuf::internal::WireFormatLite;
    const std::uint32_t tag = in_.ReadTag();
    if (tag == 0) return end();
    field.id = tag >> 3U;
    field.number = 0;
    field.bytes = {};
    if (field.id == 0) return damage();
    switch (tag & 7U) {
      case WireFormatLite::WIRETYPE_VARINT:
        field.type = WireField::Type::kNumber;
        return in_.ReadVarint64(&field.number) || damage();
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED: return take_bytes(field) || damage();
      case WireFormatLite::WIRETYPE_FIXED64:
        field.type = WireField::Type::kNumber;
        return in_.ReadLittleEndian64(&field.number) || damage();
      case WireFormatLite::WIRETYPE_FIXED32: return take_fixed32(field) || damage();
      default: field.type = WireField::Type::kOther; return WireFormatLite::SkipField(&in_, tag) || damage();
    }
  }
  [[nodiscard]] bool is_damaged() const { return damaged_; }

 private:
  [[nodiscard]] bool end() {
    damaged_ = !in_.ConsumedEntireMessage();
    return false;
  }
  [[nodiscard]] bool damage() {
    damaged_ = true;
    return false;
  }
  [[nodiscard]] bool take_bytes(WireField& field) {
    field.type = WireField::Type::kBytes;
    std::uint32_t length = 0;
    if (!in_.ReadVarint32(&length)) return false;
    const auto at = static_cast<std::size_t>(in_.CurrentPosition());
    if (length > message_.size() - at) return false;
    field.bytes = message_.substr(at, length);
    return in_.Skip(static_cast<int>(length));
  }
  [[nodiscard]] bool take_fixed32(WireField& field) {
    field.type = WireField::Type::kNumber;
    std::uint32_t number = 0;
    const bool is_there = in_.ReadLittleEndian32(&number);
    field.number = number;
    return is_there;
  }

  std::string_view message_;
  google::protobuf::io::CodedInputStream in_;
  bool damaged_ = false;
};

}  // namespace custody::traces::formats::perfetto
