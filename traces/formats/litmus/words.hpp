// SPDX-License-Identifier: BSD-2-Clause
// The words of a litmus file: its events with their operands, directions, attributes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "model/coherence.hpp"
#include "model/direction.hpp"
#include "traces/event.hpp"

namespace custody::traces::formats::litmus {

/// Which operands a word takes.
enum class Shape : std::uint8_t {
  kExport,          ///< BUFFER SIZE [EXPORTER] [MEMORY]
  kAttach,          ///< BUFFER DEVICE [as NAME]
  kAttachmentCall,  ///< BUFFER DEVICE
  kMap,             ///< BUFFER DEVICE DIRECTION
  kWindow,          ///< BUFFER DIRECTION [RANGE]
  kBuffer,          ///< BUFFER
  kFd,              ///< BUFFER [NUMBER]
  kFence,           ///< BUFFER DEVICE read|write
  kDeviceEvent,     ///< BUFFER DEVICE
  kCpuAccess,       ///< BUFFER [RANGE]
  kDeviceAccess,    ///< BUFFER DEVICE [RANGE]
  kAlias,           ///< [BUFFER] [RANGE]
  kBounce,          ///< [BUFFER] DEVICE [RANGE]
  kDma,             ///< [BUFFER] DEVICE DIRECTION [skip] [attrs N] [RANGE] [nents M[->N]]
  kCache,           ///< [BUFFER] [RANGE]
  kCacheNone,       ///< [helper], under a DMA call only
  kLost,            ///< NUMBER
  kExit,            ///< TASK
};

/// What becomes of a line.
enum class Role : std::uint8_t {
  kOne,    ///< one event, nothing can be nested in it
  kCall,   ///< an entry and a return, and what is nested in it between them
  kDma,    ///< one event, in which cache and bounce lines can be nested
  kCache,  ///< part of a DMA call, or an event of its own
};

struct Verb {
  std::string_view word;
  EventKind kind;
  Shape shape;
  Role role;
  bool fails;  ///< `= -ERRNO` may follow
  model::Operation operation;
  std::string_view usage;
};

// clang-format off
/// The first word of a kind is the one that the writer uses.
inline constexpr Verb kVerbs[] = {
  //word                     kind                           shape                    role          fails  operation                            usage
  {"export",                 EventKind::kExport,            Shape::kExport,          Role::kOne,   false, model::Operation::kNone,             "export BUFFER SIZE [EXPORTER] [cached|wc|coherent]"},
  {"attach",                 EventKind::kAttach,            Shape::kAttach,          Role::kCall,  true,  model::Operation::kNone,             "attach BUFFER DEVICE [as NAME] [= -ERRNO]"},
  {"detach",                 EventKind::kDetach,            Shape::kAttachmentCall,  Role::kCall,  false, model::Operation::kNone,             "detach BUFFER DEVICE"},
  {"map",                    EventKind::kMap,               Shape::kMap,             Role::kCall,  true,  model::Operation::kNone,             "map BUFFER DEVICE TO|FROM|BIDI [= -ERRNO]"},
  {"unmap",                  EventKind::kUnmap,             Shape::kMap,             Role::kCall,  false, model::Operation::kNone,             "unmap BUFFER DEVICE TO|FROM|BIDI"},
  {"begin",                  EventKind::kBeginCpuAccess,    Shape::kWindow,          Role::kCall,  true,  model::Operation::kNone,             "begin BUFFER TO|FROM|BIDI [OFFSET+LENGTH] [= -ERRNO]"},
  {"begin_cpu_access",       EventKind::kBeginCpuAccess,    Shape::kWindow,          Role::kCall,  true,  model::Operation::kNone,             "begin_cpu_access BUFFER TO|FROM|BIDI [OFFSET+LENGTH] [= -ERRNO]"},
  {"end",                    EventKind::kEndCpuAccess,      Shape::kWindow,          Role::kCall,  true,  model::Operation::kNone,             "end BUFFER TO|FROM|BIDI [OFFSET+LENGTH] [= -ERRNO]"},
  {"end_cpu_access",         EventKind::kEndCpuAccess,      Shape::kWindow,          Role::kCall,  true,  model::Operation::kNone,             "end_cpu_access BUFFER TO|FROM|BIDI [OFFSET+LENGTH] [= -ERRNO]"},
  {"vmap",                   EventKind::kVmap,              Shape::kBuffer,          Role::kCall,  true,  model::Operation::kNone,             "vmap BUFFER [= -ERRNO]"},
  {"kmap",                   EventKind::kVmap,              Shape::kBuffer,          Role::kCall,  true,  model::Operation::kNone,             "kmap BUFFER [= -ERRNO]"},
  {"vunmap",                 EventKind::kVunmap,            Shape::kBuffer,          Role::kCall,  false, model::Operation::kNone,             "vunmap BUFFER"},
  {"mmap",                   EventKind::kMmap,              Shape::kBuffer,          Role::kCall,  true,  model::Operation::kNone,             "mmap BUFFER [= -ERRNO]"},
  {"munmap",                 EventKind::kMunmap,            Shape::kBuffer,          Role::kCall,  false, model::Operation::kNone,             "munmap BUFFER"},
  {"pin",                    EventKind::kPin,               Shape::kAttachmentCall,  Role::kCall,  true,  model::Operation::kNone,             "pin BUFFER DEVICE [= -ERRNO]"},
  {"unpin",                  EventKind::kUnpin,             Shape::kAttachmentCall,  Role::kCall,  false, model::Operation::kNone,             "unpin BUFFER DEVICE"},
  {"move_notify",            EventKind::kMoveNotify,        Shape::kBuffer,          Role::kCall,  false, model::Operation::kNone,             "move_notify BUFFER"},
  {"release",                EventKind::kRelease,           Shape::kBuffer,          Role::kCall,  false, model::Operation::kNone,             "release BUFFER"},
  {"fd",                     EventKind::kFd,                Shape::kFd,              Role::kOne,   true,  model::Operation::kNone,             "fd BUFFER [NUMBER] [= -ERRNO]"},
  {"put",                    EventKind::kPut,               Shape::kBuffer,          Role::kOne,   false, model::Operation::kNone,             "put BUFFER"},
  {"fence",                  EventKind::kFence,             Shape::kFence,           Role::kOne,   false, model::Operation::kNone,             "fence BUFFER DEVICE read|write"},
  {"fence_signaled",         EventKind::kFenceSignaled,     Shape::kDeviceEvent,     Role::kOne,   false, model::Operation::kNone,             "fence_signaled BUFFER DEVICE"},
  {"cpu_read",               EventKind::kCpuRead,           Shape::kCpuAccess,       Role::kOne,   false, model::Operation::kNone,             "cpu_read BUFFER [OFFSET+LENGTH]"},
  {"cpu_write",              EventKind::kCpuWrite,          Shape::kCpuAccess,       Role::kOne,   false, model::Operation::kNone,             "cpu_write BUFFER [OFFSET+LENGTH]"},
  {"device_read",            EventKind::kDeviceRead,        Shape::kDeviceAccess,    Role::kOne,   false, model::Operation::kNone,             "device_read BUFFER DEVICE [OFFSET+LENGTH]"},
  {"device_write",           EventKind::kDeviceWrite,       Shape::kDeviceAccess,    Role::kOne,   false, model::Operation::kNone,             "device_write BUFFER DEVICE [OFFSET+LENGTH]"},
  {"flush_vmap",             EventKind::kFlushVmap,         Shape::kAlias,           Role::kOne,   false, model::Operation::kNone,             "flush_vmap [BUFFER] [OFFSET+LENGTH]"},
  {"invalidate_vmap",        EventKind::kInvalidateVmap,    Shape::kAlias,           Role::kOne,   false, model::Operation::kNone,             "invalidate_vmap [BUFFER] [OFFSET+LENGTH]"},
  {"bounce_in",              EventKind::kBounceIn,          Shape::kBounce,          Role::kOne,   false, model::Operation::kNone,             "bounce_in [BUFFER] DEVICE [OFFSET+LENGTH]"},
  {"bounce_out",             EventKind::kBounceOut,         Shape::kBounce,          Role::kOne,   false, model::Operation::kNone,             "bounce_out [BUFFER] DEVICE [OFFSET+LENGTH]"},
  {"dma_map",                EventKind::kDmaMap,            Shape::kDma,             Role::kDma,   true,  model::Operation::kNone,             "dma_map [BUFFER] DEVICE TO|FROM|BIDI [skip] [attrs N] [OFFSET+LENGTH] [nents M[->N]] [= -ERRNO]"},
  {"dma_unmap",              EventKind::kDmaUnmap,          Shape::kDma,             Role::kDma,   false, model::Operation::kNone,             "dma_unmap [BUFFER] DEVICE TO|FROM|BIDI [skip] [attrs N] [OFFSET+LENGTH] [nents M]"},
  {"sync_for_cpu",           EventKind::kSyncForCpu,        Shape::kDma,             Role::kDma,   false, model::Operation::kNone,             "sync_for_cpu [BUFFER] DEVICE TO|FROM|BIDI [skip] [attrs N] [OFFSET+LENGTH] [nents M]"},
  {"sync_for_device",        EventKind::kSyncForDevice,     Shape::kDma,             Role::kDma,   false, model::Operation::kNone,             "sync_for_device [BUFFER] DEVICE TO|FROM|BIDI [skip] [attrs N] [OFFSET+LENGTH] [nents M]"},
  {"cache_clean",            EventKind::kCacheOperation,    Shape::kCache,           Role::kCache, false, model::Operation::kClean,            "cache_clean [BUFFER] [OFFSET+LENGTH]"},
  {"cache_invalidate",       EventKind::kCacheOperation,    Shape::kCache,           Role::kCache, false, model::Operation::kInvalidate,       "cache_invalidate [BUFFER] [OFFSET+LENGTH]"},
  {"cache_clean_invalidate", EventKind::kCacheOperation,    Shape::kCache,           Role::kCache, false, model::Operation::kCleanInvalidate,  "cache_clean_invalidate [BUFFER] [OFFSET+LENGTH]"},
  {"cache_none",             EventKind::kCacheOperation,    Shape::kCacheNone,       Role::kCache, false, model::Operation::kNone,             "cache_none [helper]"},
  {"lost",                   EventKind::kLost,              Shape::kLost,            Role::kOne,   false, model::Operation::kNone,             "lost NUMBER"},
  {"exit",                   EventKind::kTaskExit,          Shape::kExit,            Role::kOne,   false, model::Operation::kNone,             "exit TASK"},
};
// clang-format on

struct DirectionWord {
  std::string_view word;
  model::Direction direction;
};

/// NONE is in no legal call; it is here because a recorded call can carry it.
inline constexpr std::array<DirectionWord, 4> kDirections{{{"TO", model::Direction::kToDevice},
                                                           {"FROM", model::Direction::kFromDevice},
                                                           {"BIDI", model::Direction::kBidirectional},
                                                           {"NONE", model::Direction::kNone}}};

/// Words that no buffer, device or attachment can be called.
[[nodiscard]] constexpr bool is_reserved(std::string_view word) {
  constexpr std::string_view kReserved[] = {"skip", "attrs", "nents", "as"};
  for (const DirectionWord& direction : kDirections)
    if (direction.word == word) return true;
  for (const std::string_view reserved : kReserved)
    if (reserved == word) return true;
  return false;
}

/// The task of a line that names none.
inline constexpr std::string_view kMainTask = "main";
/// The exporter of an `export` line that names none: the system heap.
inline constexpr std::string_view kDefaultExporter = "system";
/// An exporter that nobody knows; an empty name in the directory.
inline constexpr std::string_view kUnknownExporter = "unknown";

}  // namespace custody::traces::formats::litmus
