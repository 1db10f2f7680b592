// SPDX-License-Identifier: BSD-2-Clause
// The packets of a Perfetto trace in its text form, as `traceconv text` and `protoc --decode` print it.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "traces/formats/perfetto/packets.hpp"
#include "traces/formats/perfetto/text_input.hpp"

namespace custody::traces::formats::perfetto {

/// Does a text of packets begin like this? A beginning that is too short to tell is taken for one.
[[nodiscard]] bool is_perfetto_text(std::string_view begin);

/// Writes each packet as the bytes that it was printed from, so that both forms are read by one reader: fields that
/// `packet.proto` names, and those that have a number for a name, as fields without a name are printed. What else
/// there is is passed over. Each event of a bundle gets its line. Memory is bounded by one packet.
class TextPackets final : public PacketSource {
 public:
  explicit TextPackets(input::Lines& lines, const std::atomic<bool>* stop = nullptr);
  [[nodiscard]] bool next(Packet& packet) override;
  [[nodiscard]] std::uint64_t offset() const override { return static_cast<std::uint64_t>(input_.ByteCount()); }

 private:
  using Message = google::protobuf::Descriptor;
  using FieldType = google::protobuf::FieldDescriptor;
  /// Deeper messages than any of a trace are refused.
  static constexpr std::size_t kDeepest = 32;
  /// The first thing that the tokenizer cannot read.
  struct Errors final : google::protobuf::io::ErrorCollector {
    void AddError(int at, google::protobuf::io::ColumnNumber column, const std::string& message) override;
    std::string first;
    std::uint64_t line = 0;
  };
  /// What a field is called, and its number: 0 where it is passed over.
  struct Name {
    std::uint32_t id = 0;
    const FieldType* type = nullptr;
  };

  /// Of the token that is read now.
  [[nodiscard]] std::uint64_t line() { return static_cast<std::uint64_t>(tokens_.current().line) + 1; }
  [[nodiscard]] bool is(std::string_view text) { return tokens_.current().text == text; }
  [[nodiscard]] bool at_end() { return tokens_.current().type == google::protobuf::io::Tokenizer::TYPE_END; }
  bool expected(const std::string& what);
  bool skip_to_packet();
  [[nodiscard]] bool read_message(const Message* of, std::size_t depth);
  [[nodiscard]] bool read_name(const Message* of, Name& name);
  [[nodiscard]] bool read_values(const Name& name, std::size_t depth);
  [[nodiscard]] bool read_value(const Name& name, std::size_t depth);
  [[nodiscard]] bool read_nested(const Name& name, std::size_t depth);
  [[nodiscard]] bool read_string(const Name& name, std::string& out);
  [[nodiscard]] bool read_number(const Name& name, std::string& out);

  TextInput input_;
  Errors errors_;
  google::protobuf::io::Tokenizer tokens_;
  const std::atomic<bool>* stop_;
  std::array<std::string, kDeepest + 1> messages_;  ///< by depth, filled again and again
  std::string string_;
  std::uint64_t number_ = 0;
  std::uint64_t begins_ = 0;  ///< line of the packet
  bool in_compressed_ = false;
};

}  // namespace custody::traces::formats::perfetto
