// SPDX-License-Identifier: BSD-2-Clause
// What can happen next in a search: a call of the client, a move of the hardware, an access; and what must not.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/direction.hpp"
#include "model/line_model.hpp"
#include "model/vocabulary.hpp"

namespace custody::checker::explore {

using model::BlockMask;

/// A state in 64 bits; the layout is the system's.
using Packed = std::uint64_t;

/// What must never happen.
enum class Property : std::uint8_t { kM11, kM1, kM2, kM3, kM10, kL1, kBackingLost, kM6, kM9 };
inline constexpr unsigned kProperties = 9;
/// A set of them: bit by Property.
using PropertySet = std::uint16_t;
static_assert(kProperties <= 16);
[[nodiscard]] constexpr PropertySet bit_of(Property p) {
  return static_cast<PropertySet>(1U << static_cast<unsigned>(p));
}
/// The id of its rule, or a name of its own; and what it says.
[[nodiscard]] std::string_view id_of(Property p);
[[nodiscard]] std::string_view says(Property p);

/// What a transition is labelled with.
struct Label {
  enum class Kind : std::uint8_t {
    kExport,
    kAttach,
    kDetach,
    kMap,
    kUnmap,
    kBegin,
    kBeginFails,
    kEnd,
    kMmap,
    kMunmap,
    kVmap,
    kVunmap,
    kRelease,
    kHardware,
    kCpuRead,
    kCpuWrite,
    kDeviceRead,
    kDeviceWrite,
  } kind = Kind::kExport;
  std::uint8_t device = 0;
  model::Direction dir = model::Direction::kNone;
  BlockMask blocks = 0;  ///< of a window, where it has a range; of an access
  bool operator==(const Label&) const = default;
};
inline constexpr unsigned kLabelKinds = 18;

/// What no client sees: a move of the hardware, an access.
[[nodiscard]] constexpr bool is_hidden(Label::Kind k) { return k >= Label::Kind::kHardware; }

/// The machines' event of a call.
[[nodiscard]] constexpr model::Id event_of(Label::Kind kind) {
  using Kind = Label::Kind;
  switch (kind) {
    case Kind::kExport: return model::at(model::kEvents, "export");
    case Kind::kAttach: return model::at(model::kEvents, "attach");
    case Kind::kDetach: return model::at(model::kEvents, "detach");
    case Kind::kMap: return model::at(model::kEvents, "map");
    case Kind::kUnmap: return model::at(model::kEvents, "unmap");
    case Kind::kBegin:
    case Kind::kBeginFails: return model::at(model::kEvents, "begin_cpu_access");
    case Kind::kEnd: return model::at(model::kEvents, "end_cpu_access");
    case Kind::kMmap: return model::at(model::kEvents, "mmap");
    case Kind::kMunmap: return model::at(model::kEvents, "munmap");
    case Kind::kVmap: return model::at(model::kEvents, "vmap");
    case Kind::kVunmap: return model::at(model::kEvents, "vunmap");
    default: return model::at(model::kEvents, "release");
  }
}

/// A call at which custody changes hands, so that a contract may have to maintain caches.
[[nodiscard]] constexpr bool is_handover(Label::Kind k) {
  return k == Label::Kind::kMap || k == Label::Kind::kUnmap || k == Label::Kind::kBegin || k == Label::Kind::kEnd;
}
[[nodiscard]] constexpr bool is_window_call(Label::Kind k) {
  return k == Label::Kind::kBegin || k == Label::Kind::kBeginFails || k == Label::Kind::kEnd;
}

/// A call that leaves the client with less to give back before the buffer can be released.
[[nodiscard]] constexpr bool gives_back(Label::Kind k) {
  return k == Label::Kind::kEnd || k == Label::Kind::kUnmap || k == Label::Kind::kDetach || k == Label::Kind::kMunmap ||
         k == Label::Kind::kVunmap || k == Label::Kind::kRelease;
}

struct Successor {
  Label label;
  Packed next = 0;
  PropertySet broken = 0;       ///< what it violates
  std::uint8_t operations = 0;  ///< cache operations that it ran
  /// Devices would use the buffer together that no sync can lie between. No operation mends that: the search goes on
  /// from before the call, as if the contract refused it.
  [[nodiscard]] bool is_mixed() const { return breaks(Property::kM11); }
  [[nodiscard]] bool breaks(Property p) const { return (broken & bit_of(p)) != 0; }
  void violate(Property p) { broken = static_cast<PropertySet>(broken | bit_of(p)); }
};

}  // namespace custody::checker::explore
