// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/text_packets.hpp"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <limits>

#include "traces/formats/perfetto/packet.pb.h"

namespace custody::traces::formats::perfetto {

namespace {

using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::Tokenizer;

/// Of text, which is longer than the bytes that it stands for.
constexpr std::uint64_t kLongestText = 4 * std::uint64_t{kLargestPacket};

enum WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

void put_varint(std::uint64_t value, std::string& out) {
  std::array<std::uint8_t, 10> bytes{};
  const std::uint8_t* const end = CodedOutputStream::WriteVarint64ToArray(value, bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(end - bytes.data()));
}

void put_tag(std::uint32_t id, WireType type, std::string& out) { put_varint(std::uint64_t{id} << 3U | type, out); }

void put_bytes(std::uint32_t id, std::string_view bytes, std::string& out) {
  put_tag(id, kLengthDelimited, out);
  put_varint(bytes.size(), out);
  out.append(bytes);
}

void put_fixed(std::uint32_t id, WireType type, std::uint64_t value, std::string& out) {
  put_tag(id, type, out);
  for (unsigned i = 0; i < (type == kFixed64 ? 8U : 4U); ++i)
    out.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
}

bool is_message(const google::protobuf::FieldDescriptor& field) { return field.message_type() != nullptr; }

bool is_string(const google::protobuf::FieldDescriptor& field) {
  return field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING;
}

constexpr std::string_view kPacket = "packet";
constexpr std::string_view kCompressed = "compressed_packets", kZstdCompressed = "zstd_compressed_packets";

}  // namespace

bool is_perfetto_text(std::string_view begin) {
  while (!begin.empty() && begin.front() == '#') {
    const std::size_t end = begin.find('\n');
    if (end == std::string_view::npos) return false;
    begin.remove_prefix(end);
    begin.remove_prefix(std::min(begin.find_first_not_of(" \t\r\n"), begin.size()));
  }
  if (begin.empty()) return false;
  for (const std::string_view word : {kPacket, kCompressed, kZstdCompressed}) {
    if (begin.substr(0, word.size()) != word.substr(0, begin.size())) continue;
    begin.remove_prefix(std::min(begin.size(), word.size()));
    begin.remove_prefix(std::min(begin.find_first_not_of(" \t\r\n:"), begin.size()));
    return begin.empty() || begin.front() == '{' || begin.front() == '<';
  }
  return false;
}

void TextPackets::Errors::AddError(int at, google::protobuf::io::ColumnNumber /*column*/, const std::string& message) {
  if (!first.empty()) return;
  first = message;
  line = static_cast<std::uint64_t>(at) + 1;
}

TextPackets::TextPackets(input::Lines& lines, const std::atomic<bool>* stop)
    : input_(lines), tokens_(&input_, &errors_), stop_(stop) {
  tokens_.set_comment_style(Tokenizer::SH_COMMENT_STYLE);
  tokens_.set_require_space_after_number(false);
  tokens_.set_allow_multiline_strings(true);
  input_.allow(kLongestText);
  tokens_.Next();
}

bool TextPackets::expected(const std::string& what) {
  if (!errors_.first.empty()) return damaged(errors_.first, errors_.line);
  if (input_.is_used_up())
    return damaged("a packet of more than " + std::to_string(kLongestText) + " bytes of text", begins_);
  if (at_end())
    return damaged("the text is cut off inside the packet that begins in line " + std::to_string(begins_), line());
  return damaged("found '" + tokens_.current().text.substr(0, 40) + "', expected " + what, line());
}

/// Takes what leads to the next packet.
bool TextPackets::skip_to_packet() {
  for (;;) {
    begins_ = line();
    if (in_compressed_ && is("}")) {
      in_compressed_ = false;
      tokens_.Next();
      continue;
    }
    const bool is_packed = is(kCompressed) || is(kZstdCompressed);
    if (!is(kPacket) && (in_compressed_ || !is_packed)) return expected("'packet {'");
    tokens_.Next();
    if (is(":")) tokens_.Next();
    if (!is("{") && !is("<")) return expected("'{'");
    tokens_.Next();
    if (!is_packed) return true;
    in_compressed_ = true;
  }
}

bool TextPackets::next(Packet& packet) {
  const bool stopped = stop_ != nullptr && stop_->load(std::memory_order_relaxed);
  if (!damage().empty() || stopped) return false;
  if (at_end() && errors_.first.empty() && !in_compressed_) return false;
  input_.allow(kLongestText);
  if (!skip_to_packet() || !read_message(proto::TracePacket::descriptor(), 0)) return false;
  if (!errors_.first.empty()) return expected("");
  packet = {messages_[0], ++number_};
  return true;
}

bool TextPackets::read_message(const Message* of, std::size_t depth) {
  if (depth >= kDeepest) return expected("at most " + std::to_string(kDeepest) + " messages inside one another");
  std::string& out = messages_[depth];
  out.clear();
  if (of == proto::FtraceEvent::descriptor()) {
    put_tag(proto::FtraceEvent::kLineFieldNumber, kVarint, out);
    put_varint(line(), out);
  }
  while (!is("}") && !is(">")) {
    Name name;
    if (!read_name(of, name) || !read_values(name, depth)) return false;
    if (out.size() > kLargestPacket)
      return expected("a packet of at most " + std::to_string(kLargestPacket) + " bytes");
    if (is(",") || is(";")) tokens_.Next();
  }
  tokens_.Next();
  return errors_.first.empty() || expected("");
}

bool TextPackets::read_name(const Message* of, Name& name) {
  const Tokenizer::Token& token = tokens_.current();
  if (token.type == Tokenizer::TYPE_IDENTIFIER) {
    name.type = of != nullptr ? of->FindFieldByName(token.text) : nullptr;
  } else if (std::uint64_t id = 0; token.type == Tokenizer::TYPE_INTEGER) {
    if (!Tokenizer::ParseInteger(token.text, (1U << 29U) - 1, &id) || id == 0) return expected("a field's number");
    name.id = static_cast<std::uint32_t>(id);
    name.type = of != nullptr ? of->FindFieldByNumber(static_cast<int>(id)) : nullptr;
  } else if (is("[")) {
    while (!is("]") && !at_end()) tokens_.Next();
  } else {
    return expected("a field or '}'");
  }
  if (name.type != nullptr) name.id = static_cast<std::uint32_t>(name.type->number());
  tokens_.Next();
  return true;
}

bool TextPackets::read_values(const Name& name, std::size_t depth) {
  const bool has_colon = is(":");
  if (has_colon) tokens_.Next();
  if (!has_colon && !is("{") && !is("<")) return expected("':' or '{'");
  if (!is("[")) return read_value(name, depth);
  tokens_.Next();
  while (!is("]")) {
    if (!read_value(name, depth)) return false;
    if (is(",")) tokens_.Next();
    else if (!is("]")) return expected("',' or ']'");
  }
  tokens_.Next();
  return true;
}

bool TextPackets::read_value(const Name& name, std::size_t depth) {
  if (is("{") || is("<")) return read_nested(name, depth);
  std::string& out = messages_[depth];
  return tokens_.current().type == Tokenizer::TYPE_STRING ? read_string(name, out) : read_number(name, out);
}

bool TextPackets::read_nested(const Name& name, std::size_t depth) {
  tokens_.Next();
  const bool is_known = name.type != nullptr && is_message(*name.type);
  // Bytes that look like a message are printed as one.
  const bool is_taken = is_known || (name.id != 0 && (name.type == nullptr || is_string(*name.type)));
  if (!read_message(is_known ? name.type->message_type() : nullptr, depth + 1)) return false;
  if (is_taken) put_bytes(name.id, messages_[depth + 1], messages_[depth]);
  return true;
}

bool TextPackets::read_string(const Name& name, std::string& out) {
  string_.clear();
  for (; tokens_.current().type == Tokenizer::TYPE_STRING; tokens_.Next())
    Tokenizer::ParseStringAppend(tokens_.current().text, &string_);
  // Of a message that is known, too: printed by who does not know it.
  const bool is_taken = name.id != 0 && (name.type == nullptr || is_string(*name.type) || is_message(*name.type));
  if (is_taken) put_bytes(name.id, string_, out);
  return true;
}

bool TextPackets::read_number(const Name& name, std::string& out) {
  const bool negative = is("-");
  if (negative) tokens_.Next();
  const Tokenizer::Token& token = tokens_.current();
  std::uint64_t value = 0;
  if (token.type == Tokenizer::TYPE_INTEGER) {
    if (!Tokenizer::ParseInteger(token.text, std::numeric_limits<std::uint64_t>::max(), &value))
      return expected("a number of 64 bits");
  } else if (token.type == Tokenizer::TYPE_IDENTIFIER) {
    const auto* const word = name.type != nullptr && name.type->enum_type() != nullptr
                                 ? name.type->enum_type()->FindValueByName(token.text)
                                 : nullptr;
    value = word != nullptr ? static_cast<std::uint64_t>(word->number()) : token.text == "true" ? 1 : 0;
  } else if (token.type != Tokenizer::TYPE_FLOAT) {
    return expected("a value");
  }
  if (negative) value = ~value + 1;
  // Fixed bits have all their digits where they are printed without a name.
  const bool is_fixed = name.type == nullptr && token.text.substr(0, 2) == "0x";
  const bool is_taken = name.id != 0 && (name.type == nullptr || (!is_message(*name.type) && !is_string(*name.type)));
  if (is_taken && is_fixed) {
    put_fixed(name.id, token.text.size() > 10 ? kFixed64 : kFixed32, value, out);
  } else if (is_taken) {
    put_tag(name.id, kVarint, out);
    put_varint(value, out);
  }
  tokens_.Next();
  return true;
}

}  // namespace custody::traces::formats::perfetto
