// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/odd_fields.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "traces/dma_attrs.hpp"
#include "traces/errno_words.hpp"
#include "traces/formats/ftrace/cleaning.hpp"
#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

namespace {

struct OtherName {
  std::string_view key;
  Fields::Name name;
};

/// The arguments of the probed functions as Linux 6.1 names them (linux/dma-buf.h, linux/dma-mapping.h), and what
/// tools call a value that nobody named.
constexpr OtherName kOtherNames[] = {
    {"direction", Fields::kDir}, {"sg", Fields::kSgl},         {"sglist", Fields::kSgl},
    {"sg_table", Fields::kSgt},  {"nelems", Fields::kNents},   {"retval", Fields::kRet},
    {"arg1", Fields::kRet},      {"dma_buf", Fields::kDmabuf}, {"attachment", Fields::kAttach}};

bool is_name(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string_view unquoted(std::string_view value) {
  if (value == "(fault)") return {};
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
  return value;
}

/// A word, in letters of either case, or a number.
std::optional<std::uint64_t> one_direction(std::string_view word) {
  std::uint64_t number = 0;
  if (parse_number(word, number)) return number;
  std::string upper(word);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const std::optional<model::Direction> dir = model::find_direction(upper);
  if (!dir) return {};
  return static_cast<std::uint64_t>(*dir);
}

/// Once, or twice alike: `2(FROM_DEVICE)`.
std::optional<std::uint64_t> direction_of(std::string_view value) {
  const std::size_t open = value.find('(');
  if (open == std::string_view::npos || value.back() != ')') return one_direction(value);
  const auto first = one_direction(trimmed(value.substr(0, open)));
  const auto again = one_direction(value.substr(open + 1, value.size() - open - 2));
  return first == again ? first : std::nullopt;
}

bool has_prefix(std::string_view value) {
  return value.size() > 1 && value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
}

bool has_letter(std::string_view hex) { return hex.find_first_of("abcdefABCDEF") != std::string_view::npos; }

/// All of `text`.
std::optional<std::uint64_t> hex_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

/// A pointer, or a physical address beside such pointers.
bool is_bare(Fields::Name name, std::string_view value, bool bare_pointers) {
  const bool is_long = value.size() == 8 || value.size() == 16;
  if (has_prefix(value)) return false;
  if (is_pointer(name)) return is_long && (bare_pointers || has_letter(value));
  return name == Fields::kPaddr && bare_pointers && value != "0";
}

/// `A|B`, or nothing at all; nothing is returned for what is no list of names that are known.
std::optional<std::uint64_t> attributes_of(std::string_view words) {
  std::uint64_t bits = 0;
  while (!words.empty()) {
    const std::size_t bar = std::min(words.find('|'), words.size());
    const std::string_view word = words.substr(0, bar);
    words.remove_prefix(std::min(bar + 1, words.size()));
    const std::uint64_t bit = dma_attribute_bit(word);
    if (std::uint64_t number = 0; bit == 0 && parse_number(word, number)) bits |= number;
    else if (bit == 0 && !is_known_without_bit(word)) return {};
    bits |= bit;
  }
  return bits;
}

std::optional<std::uint64_t> number_of(Fields::Name name, std::string_view value, bool bare_pointers) {
  if (name == Fields::kDir) return direction_of(value);
  if (has_prefix(value)) return hex_number(value.substr(2));
  if (is_bare(name, value, bare_pointers)) return hex_number(value);
  std::uint64_t number = 0;
  if (parse_number(value, number)) {
    const bool may_be_hex = name == Fields::kAttrs && bare_pointers && number > 9;
    return may_be_hex ? std::nullopt : std::optional(number);
  }
  if (name == Fields::kAttrs) return attributes_of(value);
  if (name != Fields::kRet || value.empty() || value[0] != '-') return {};
  const std::int32_t known = errno_number(value.substr(1));
  if (known == 0) return {};
  return static_cast<std::uint64_t>(-static_cast<std::int64_t>(known));
}

bool needs(Probe probe, Fields::Name name) {
  const auto names = required(probe);
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A value that the kernel returned is the object that the probe is about.
Fields::Name returned_by(Probe probe, Fields::Name name) {
  if (name != Fields::kRet) return name;
  if (probe == kMapRet) return Fields::kSgt;
  if (probe == kExportProbe) return Fields::kDmabuf;
  return probe == kAttachProbe ? Fields::kAttach : name;
}

}  // namespace

bool is_location(std::string_view key) {
  return key.substr(0, 8) == "__probe_" || key.substr(0, 4) == "__ip" || key == "__func";
}

Fields::Name field_of(std::string_view key, Probe probe) {
  Fields::Name name = field_of(key);
  for (const OtherName& other : kOtherNames)
    if (name == Fields::kCount && other.key == key) name = other.name;
  return returned_by(probe, name);
}

namespace {

/// In quotes, or without where the tool prints none (`raw`), or the address that stands for it where a probe follows no
/// pointer.
bool is_string(std::string_view value, bool raw) {
  if (value == "(fault)") return true;
  const bool begins = !value.empty() && value.front() == '"', ends = value.size() > 1 && value.back() == '"';
  std::uint64_t address = 0;
  return begins ? ends : !ends && !value.empty() && (raw || parse_number(value, address));
}

/// How the fields of one record are printed.
struct RecordStyle {
  bool raw = false, bare_pointers = false;
};

void take_digits(Fields& fields, Fields::Name name, std::string_view value, bool bare_pointers) {
  if (!is_pointer(name)) return;
  const bool bare = is_bare(name, value, bare_pointers);
  const std::size_t digits = bare ? value.size() : has_prefix(value) ? value.size() - 2 : 0;
  if (digits > 1) fields.pointer_digits = std::min(fields.pointer_digits, static_cast<std::uint32_t>(digits));
  fields.has_bare_pointer = fields.has_bare_pointer || bare;
}

void take(Fields& fields, Probe probe, std::string_view key, std::string_view value, RecordStyle style) {
  const Fields::Name name = field_of(key, probe);
  if (name == Fields::kCount) {
    if (!is_location(key) && fields.unknown.empty()) fields.unknown = key;
    return;
  }
  if (fields.has(name)) {
    fields.damage = key;
    return;
  }
  if (name == Fields::kDev || name == Fields::kExpName) {
    (name == Fields::kDev ? fields.dev : fields.exp_name) = unquoted(value);
    if (!is_string(value, style.raw)) fields.damage = value.empty() ? key : value;
  } else if (const auto number = number_of(name, value, style.bare_pointers)) {
    fields.value[name] = *number;
    take_digits(fields, name, value, style.bare_pointers);
  } else {
    // Whether a call skipped its sync decides what happened.
    if (needs(probe, name) || name == Fields::kAttrs) fields.damage = value.empty() ? key : value;
    else fields.malformed = key;
    return;
  }
  fields.present |= 1U << name;
}

std::size_t skip_separators(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == ',')) ++at;
  return at;
}

/// Where the fields begin: after the location, and after words of tools.
std::size_t begin_of_fields(std::string_view text) {
  std::size_t at = skip_separators(text, 0);
  if (text.substr(at, kFailedToParse.size()) == kFailedToParse) at = skip_separators(text, at + kFailedToParse.size());
  if (at >= text.size() || text[at] != '(') return at;
  const std::size_t close = text.find(')', at);
  return close == std::string_view::npos ? at : close + 1;
}

/// Where the value that begins at `begin` ends. `listed`: of `key: value,`.
std::size_t end_of_value(std::string_view text, std::size_t begin, bool listed, bool is_direction) {
  const std::size_t end = value_end(text, begin);
  if (listed && begin < text.size() && text[begin] != '"') return std::min(text.find(',', begin), end);
  const std::size_t quote = listed ? text.find('"', begin + 1) : std::string_view::npos;
  if (quote != std::string_view::npos) return quote + 1;
  const std::size_t again = skip_blanks(text, end);
  const std::size_t close =
      is_direction && text.substr(again, 1) == "(" ? text.find(')', again) : std::string_view::npos;
  return close != std::string_view::npos ? close + 1 : end;
}

/// Without the ` [delta:0xoffset:size]` that `trace-cmd report --debug` puts behind each record.
std::string_view without_place(std::string_view text) {
  const std::size_t open = text.rfind(" [");
  if (open == std::string_view::npos || text.back() != ']') return text;
  const std::string_view place = text.substr(open + 2, text.size() - open - 3);
  const std::size_t offset = place.find(":0x"), size = place.rfind(':');
  const bool is_one = offset != std::string_view::npos && size > offset && offset != 0 && size + 1 < place.size() &&
                      place.substr(0, offset).find_first_not_of("0123456789") == std::string_view::npos &&
                      place.substr(size + 1).find_first_not_of("0123456789") == std::string_view::npos &&
                      hex_number(place.substr(offset + 3, size - offset - 3));
  return is_one ? text.substr(0, open) : text;
}

void parse(std::string_view all, Probe probe, RecordStyle style, Fields& fields) {
  fields = {};
  style.raw = all.find("__probe_") != std::string_view::npos || all.find("__ip") != std::string_view::npos;
  for (std::size_t at = begin_of_fields(all); (at = skip_separators(all, at)) < all.size();) {
    const std::size_t mark = std::min(all.find_first_of("=: ", at), all.size());
    const std::string_view key = all.substr(at, mark - at);
    if (mark == all.size() || all[mark] == ' ' || !is_name(key)) {
      fields.damage = all.substr(at, std::max<std::size_t>(mark - at, 1));
      return;
    }
    const bool listed = all[mark] == ':';
    const std::size_t begin = listed ? skip_separators(all, mark + 1) : mark + 1;
    at = end_of_value(all, begin, listed, field_of(key, probe) == Fields::kDir);
    take(fields, probe, key, all.substr(begin, at - begin), style);
    if (!fields.damage.empty()) return;
  }
}

}  // namespace

void parse_odd_fields(std::string_view rest, Probe probe, FieldStyle style, std::string& text, Fields& fields) {
  std::string_view all = rest;
  if (needs_cleaning(rest)) {
    clean(rest, text);
    all = text;
  }
  all = without_place(all);
  parse(all, probe, {false, style.bare_pointers}, fields);
  if (fields.has_bare_pointer && !style.bare_pointers) parse(all, probe, {false, true}, fields);
  if (!style.leaves_out_zeros || !fields.damage.empty()) return;
  for (const Fields::Name name : required(probe))
    if (name != Fields::kDev && !is_pointer(name)) fields.present |= 1U << name;
}

}  // namespace custody::traces::formats::ftrace
