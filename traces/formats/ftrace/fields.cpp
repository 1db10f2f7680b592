// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "traces/formats/ftrace/name_table.hpp"
#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr std::string_view kProbeFields[Fields::kCount] = {
    "dmabuf", "attach", "sgt",   "sgl",        "size",     "ino",        "paddr", "attrs",
    "ret",    "dir",    "nents", "orig_nents", "sync_cmd", "sync_flags", "dev",   "exp_name"};

constexpr NameTable<Fields::kCount> kFieldTable(std::to_array(kProbeFields));
static_assert(kFieldTable.kNone == Fields::kCount);

/// A name and the `=` behind it, where both are no longer than a word; else `size` is 0.
struct ShortKey {
  Word text = 0, mask = 0;
  std::size_t size = 0;
};
constexpr auto kShortKeys = [] {
  std::array<ShortKey, Fields::kCount> keys{};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::size_t size = kProbeFields[i].size() + 1;
    if (size > kWordBytes) continue;
    keys[i].size = size;
    keys[i].mask = size == kWordBytes ? ~Word{0} : ~(~Word{0} << (kWordBytes * size));
    keys[i].text = word_of(kProbeFields[i]) | Word{'='} << (kWordBytes * (size - 1));
  }
  return keys;
}();

}  // namespace

Fields::Name field_of(std::string_view key) {
  return static_cast<Fields::Name>(kFieldTable.find(key, load_first(key)));
}

std::string_view field_name(Fields::Name name) { return kProbeFields[name]; }

namespace {

/// The digits from `begin` to `end`, 16 at most. Shorter than the library's way.
bool parse_hex(std::string_view text, std::size_t begin, std::size_t end, std::uint64_t& value) {
  const std::size_t count = end - begin;
  if (count == 0 || count > 2 * kWordBytes) return false;
  std::uint32_t low = 0, high = 0;
  const std::size_t in_low = std::min(count, kWordBytes);
  if (!parse_hex8(load_digits(text, end, in_low), low)) return false;
  if (count > in_low && !parse_hex8(load_digits(text, end - in_low, count - in_low), high)) return false;
  value = std::uint64_t{high} << 32U | low;
  return true;
}

/// The decimal digits from `begin` to `end`; shorter than the library's way where there are few.
bool parse_decimal(std::string_view text, std::size_t begin, std::size_t end, std::uint64_t& value) {
  const std::size_t count = end - begin;
  if (count == 1) {
    value = static_cast<std::uint64_t>(text[begin] - '0');
    return is_digit(text[begin]);
  }
  if (count == 0 || count > kWordBytes) {
    const auto [after, error] = std::from_chars(text.data() + begin, text.data() + end, value);
    return error == std::errc() && after == text.data() + end;
  }
  std::uint32_t low = 0;
  if (!parse_decimal8(load_digits(text, end, count), low)) return false;
  value = low;
  return true;
}

/// The number that is all there is from `begin` to `end`.
bool parse_part(std::string_view text, std::size_t begin, std::size_t end, std::uint64_t& value) {
  if (end - begin > 2 && text[begin] == '0' && text[begin + 1] == 'x') return parse_hex(text, begin + 2, end, value);
  if (begin == end || text[begin] != '-') return parse_decimal(text, begin, end, value);
  std::int64_t negative = 0;
  const auto [after, error] = std::from_chars(text.data() + begin, text.data() + end, negative);
  value = static_cast<std::uint64_t>(negative);
  return error == std::errc() && after == text.data() + end;
}

}  // namespace

bool parse_number(std::string_view text, std::uint64_t& value) { return parse_part(text, 0, text.size(), value); }

std::size_t value_end(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') {
    for (std::size_t quote = find_near('"', text, at + 1); quote != std::string_view::npos;
         quote = find_near('"', text, quote + 1))
      if (quote + 1 == text.size() || text[quote + 1] == ' ') return quote + 1;
    return text.size();
  }
  return find_blank(text, at);
}

namespace {

/// A pointer of 64 bits, which is most of what there is. Moves `at` behind it; false where something else stands there.
bool take_pointer(std::string_view rest, std::size_t& at, std::uint64_t& value) {
  constexpr std::size_t kDigits = 2 * kWordBytes, kLength = 2 + kDigits;
  if (at + kLength > rest.size() || rest[at] != '0' || rest[at + 1] != 'x') return false;
  if (at + kLength < rest.size() && rest[at + kLength] != ' ') return false;
  if (!parse_hex16(rest, at + 2, value)) return false;
  at += kLength;
  return true;
}

/// A string in quotes, or `(fault)`. False for anything else.
bool unquote(std::string_view value, std::string_view& text) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  text = quoted ? value.substr(1, value.size() - 2) : std::string_view();
  return quoted || value == "(fault)";
}

/// The value at `at`, which becomes the place behind it. False where it is none of that field.
bool take(Fields& fields, Fields::Name name, std::string_view rest, std::size_t& at) {
  if (is_pointer(name) && take_pointer(rest, at, fields.value[name])) {
    fields.pointer_digits = std::min<std::uint32_t>(fields.pointer_digits, 2 * kWordBytes);
    return true;
  }
  const std::size_t begin = at;
  if (name == Fields::kDev || name == Fields::kExpName) {
    at = value_end(rest, begin);
    return unquote(rest.substr(begin, at - begin), name == Fields::kDev ? fields.dev : fields.exp_name);
  }
  if (begin < rest.size() && is_digit(rest[begin]) && (begin + 1 == rest.size() || rest[begin + 1] == ' ')) {
    fields.value[name] = static_cast<std::uint64_t>(rest[at++] - '0');
    return true;
  }
  at = find_blank(rest, begin);
  if (!parse_part(rest, begin, at, fields.value[name])) return false;
  if (is_pointer(name) && at - begin > 3 && rest[begin + 1] == 'x')
    fields.pointer_digits = std::min(fields.pointer_digits, static_cast<std::uint32_t>(at - begin - 2));
  return true;
}

/// The field whose name and `=` stand at `at`, which becomes the place of its value. kCount where none does.
Fields::Name take_key(std::string_view rest, std::size_t& at) {
  if (at + kWordBytes <= rest.size()) {
    const Word word = load(rest, at);
    if (const std::size_t equals = place_of('=', word); equals < kWordBytes) {
      const std::string_view key = rest.substr(std::exchange(at, at + equals + 1), equals);
      return static_cast<Fields::Name>(kFieldTable.find(key, word & ~(~Word{0} << (kWordBytes * equals))));
    }
  }
  const std::size_t equals = rest.find('=', at);
  if (equals == std::string_view::npos) return Fields::kCount;
  const Fields::Name name = field_of(rest.substr(at, equals - at));
  at = equals + 1;
  return name;
}

/// The same, where it may be the field `usual`. Else that becomes what it is.
Fields::Name take_key(std::string_view rest, std::size_t& at, std::uint8_t& usual) {
  const ShortKey& key = kShortKeys[usual];
  if (key.size != 0 && (load_up_to(rest, at) & key.mask) == key.text) {
    at += key.size;
    return static_cast<Fields::Name>(usual);
  }
  const Fields::Name name = take_key(rest, at);
  if (name != Fields::kCount) usual = name;
  return name;
}

}  // namespace

bool parse_fields(std::string_view rest, Fields& fields, FieldOrder& order) {
  std::size_t at = skip_blanks(rest, 0);
  if (at < rest.size() && rest[at] == '(') {
    const std::size_t close = find_near(')', rest, at);
    if (close == std::string_view::npos) return false;
    at = close + 1;
  }
  for (std::size_t i = 0; (at = skip_blanks(rest, at)) < rest.size(); i = (i + 1) % FieldOrder::kMost) {
    const Fields::Name name = take_key(rest, at, order.names[i]);
    // A key that comes twice: two records are one line.
    if (name == Fields::kCount || fields.has(name)) return false;
    if (!take(fields, name, rest, at)) return false;
    fields.present |= 1U << name;
  }
  return true;
}

std::int32_t error_of(std::uint64_t pointer) {
  constexpr std::uint64_t kErrors = 4096, kEnd32 = std::uint64_t{1} << 32U;
  if (pointer > ~std::uint64_t{0} - kErrors + 1) return static_cast<std::int32_t>(static_cast<std::int64_t>(pointer));
  if (pointer < kEnd32 && pointer > kEnd32 - kErrors)
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(pointer));
  return 0;
}

}  // namespace custody::traces::formats::ftrace
