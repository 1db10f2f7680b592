// SPDX-License-Identifier: BSD-2-Clause
// One line of an event log, read by its types alone.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace custody::traces::formats::event_log {

/// The keys of a record: first those with text, then those with numbers.
enum class Key : std::uint8_t {
  kEvent,
  kPhase,
  kBuffer,
  kAttachment,
  kDevice,
  kDir,
  kBy,
  kComm,
  kExporter,
  kMemory,
  kUsage,
  kMaintenance,
  kAddresses,
  kBufferName,
  kAttachmentName,
  kGap,
  kOf,
  kCall,
  kIn,
  kTask,
  kMapping,
  kSize,
  kIno,
  kOffset,
  kLength,
  kBytes,
  kCount,
  kNents,
  kOrigNents,
  kFd,
  kAttrs,
  kRet,
  kTid,
  kTs,
  kLine,
  kHelperRan,
  kByName,
  kMappingSeen,
  kUnattributed,
  kByAddress,
  kHidesSyncs,
  kCpu,
  kEnd,
  kSchema,
};
inline constexpr std::size_t kTextKeys = static_cast<std::size_t>(Key::kMapping) + 1;
inline constexpr std::size_t kKeys = static_cast<std::size_t>(Key::kSchema) + 1;

/// How the value of a key is written.
enum class Type : std::uint8_t {
  kText,
  kId,          ///< text, or a number from 0
  kUnsigned,    ///< a number from 0, kept as it is
  kSigned,      ///< an integer, kept as the bits of an int64
  kTime,        ///< seconds, kept as nanoseconds
  kAttributes,  ///< a number or a list of words, kept as bits
  kFlag,
  kAny,  ///< not looked at
};

struct KeyWord {
  std::string_view name;
  Type type;
};

/// Indexed by Key.
inline constexpr std::array<KeyWord, kKeys> kKeyWords{{
    {"event", Type::kText},
    {"phase", Type::kText},
    {"buffer", Type::kText},
    {"attachment", Type::kText},
    {"device", Type::kText},
    {"dir", Type::kText},
    {"by", Type::kText},
    {"comm", Type::kText},
    {"exporter", Type::kText},
    {"memory", Type::kText},
    {"usage", Type::kText},
    {"maintenance", Type::kText},
    {"addresses", Type::kText},
    {"buffer_name", Type::kText},
    {"attachment_name", Type::kText},
    {"gap", Type::kText},
    {"of", Type::kText},
    {"call", Type::kId},
    {"in", Type::kId},
    {"task", Type::kId},
    {"mapping", Type::kId},
    {"size", Type::kUnsigned},
    {"ino", Type::kUnsigned},
    {"offset", Type::kUnsigned},
    {"length", Type::kUnsigned},
    {"bytes", Type::kUnsigned},
    {"count", Type::kUnsigned},
    {"nents", Type::kUnsigned},
    {"orig_nents", Type::kUnsigned},
    {"fd", Type::kUnsigned},
    {"attrs", Type::kAttributes},
    {"ret", Type::kSigned},
    {"tid", Type::kSigned},
    {"ts", Type::kTime},
    {"line", Type::kUnsigned},
    {"helper_ran", Type::kFlag},
    {"by_name", Type::kFlag},
    {"mapping_seen", Type::kFlag},
    {"unattributed", Type::kFlag},
    {"by_address", Type::kFlag},
    {"hides_syncs", Type::kFlag},
    {"cpu", Type::kAny},
    {"end", Type::kAny},
    {"schema", Type::kAny},
}};

/// The values of one line; a key that the line does not have, or whose value is null, is not set.
class Record {
 public:
  [[nodiscard]] bool has(Key key) const { return has_[index(key)]; }
  [[nodiscard]] const std::string& text(Key key) const { return texts_[index(key)]; }
  /// 0 where the key is not set.
  [[nodiscard]] std::uint64_t number(Key key) const { return has(key) ? numbers_[index(key) - kTextKeys] : 0; }
  [[nodiscard]] std::int64_t integer(Key key) const { return static_cast<std::int64_t>(number(key)); }

  void set(Key key, std::string_view value) {
    texts_[index(key)] = value;
    has_[index(key)] = true;
  }
  void set(Key key, std::uint64_t value) {
    numbers_[index(key) - kTextKeys] = value;
    has_[index(key)] = true;
  }
  void clear() { has_.reset(); }

 private:
  [[nodiscard]] static constexpr std::size_t index(Key key) { return static_cast<std::size_t>(key); }

  std::bitset<kKeys> has_;
  std::array<std::string, kTextKeys> texts_;
  std::array<std::uint64_t, kKeys - kTextKeys> numbers_{};
};

/// Reads `line` into `record`. Gives what is wrong with it, empty where nothing is; `unknown` takes the keys that are
/// not known.
[[nodiscard]] std::string parse_record(std::string_view line, Record& record, std::vector<std::string>& unknown);

/// Nanoseconds of a decimal number of seconds, exact where it has at most nine decimals; negative where it is no time.
[[nodiscard]] std::int64_t nanoseconds(std::string_view seconds);

}  // namespace custody::traces::formats::event_log
