// SPDX-License-Identifier: BSD-2-Clause
// The library: what happened to dma-bufs, judged without files. This header is all that is installed of it.
//
// Link `custody::custody` (CMake, find_package(custody)) or what `pkg-config --cflags --libs custody` says; C++17 is
// enough. Each function is thread safe, keeps nothing between calls, neither prints nor ends the process, and throws
// `Error` and std::bad_alloc only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#if defined(__GNUC__)
#define CUSTODY_API __attribute__((visibility("default")))
#else
#define CUSTODY_API
#endif

namespace custody {

/// `0.1.0`. The ABI can change with the second number while the first is 0; the library's SONAME has both.
CUSTODY_API const char* version() noexcept;

/// What was given cannot be judged: the message says what was found and what is expected.
class CUSTODY_API Error : public std::invalid_argument {
 public:
  static constexpr std::size_t kNoEvent = static_cast<std::size_t>(-1);
  explicit Error(const std::string& what, std::size_t event = kNoEvent);
  ~Error() override;
  /// Index of the event that is wrong; kNoEvent: it is no event's fault.
  [[nodiscard]] std::size_t event() const noexcept { return event_; }

 private:
  std::size_t event_;
};

/// What happened: calls of the dma-buf core, calls of the DMA API, an exporter's own cache maintenance, accesses that
/// are really known, and events that were lost.
enum class Kind : std::uint8_t {
  kExport,
  kRelease,
  kAttach,
  kDetach,
  kMap,
  kUnmap,
  kBeginCpuAccess,
  kEndCpuAccess,
  kVmap,
  kVunmap,
  kMmap,
  kMunmap,
  kPin,
  kUnpin,
  kMoveNotify,
  kDmaMap,
  kDmaUnmap,
  kSyncForCpu,
  kSyncForDevice,
  kCacheOperation,
  kCpuRead,
  kCpuWrite,
  kDeviceRead,
  kDeviceWrite,
  kLost,
};

/// Of map, unmap, begin, end and the calls of the DMA API.
enum class Direction : std::uint8_t { kNone, kToDevice, kFromDevice, kBidirectional };

/// A call of the core in which DMA calls run is two events, its entry and its return, with those between them. Calls
/// of one task nest; a return is of the task's latest open call.
enum class Phase : std::uint8_t { kWhole, kEnter, kReturn };

/// What ran in a call of the DMA API, or as a cache operation. kUnknown: the architecture says what such a call does.
enum class Cache : std::uint8_t { kUnknown, kNone, kClean, kInvalidate, kCleanInvalidate };

/// One event, in the order of time. What a kind does not have is not read.
struct Event {
  Kind kind = Kind::kLost;
  std::string buffer;      ///< any name; inside of a core call it can be empty: the call's. An export makes a new one
  std::string device;      ///< of attach, detach, map, unmap, pin, unpin, the DMA API, a device's access
  std::string attachment;  ///< a name for it, where the device has several to the buffer; empty: the latest
  Direction direction = Direction::kNone;
  Phase phase = Phase::kWhole;
  Cache cache = Cache::kUnknown;
  bool skips_sync = false;   ///< DMA_ATTR_SKIP_CPU_SYNC
  int result = 0;            ///< of a call that failed: a negative errno
  std::uint64_t size = 0;    ///< bytes of an exported buffer
  std::uint64_t offset = 0;  ///< bytes of the buffer that an access or a window is of
  std::uint64_t length = 0;  ///< 0: the whole buffer. Of kLost: how many events
  std::string exporter;      ///< of an export: a name of `custody list exporters`, or any
  std::string task;          ///< who calls; empty: one and the same task
  std::int64_t time = -1;    ///< nanoseconds; -1: not known
};

/// What is known of a device. Of one that is not named here whether it snoops is found out, or assumed and said.
struct Device {
  std::string name;
  bool coherent = false;    ///< it snoops the CPU's caches
  bool bounced = false;     ///< it reaches the buffer through copies
  bool reads_only = false;  ///< its driver maps BIDIRECTIONAL and never writes
};

struct Options {
  std::string arch;  ///< of `custody list archs`; empty: the default
  std::vector<Device> devices;
  std::vector<std::pair<std::string, std::string>> policies;  ///< of `custody list policies`
  bool exact_accesses = false;  ///< only the accesses among the events happen; else any that the rules allow
};

enum class Severity : std::uint8_t { kError, kWarning, kNote };

/// One fault. Nothing of the texts is escaped for a terminal.
struct Finding {
  std::string rule;  ///< `M3`; `custody explain M3` has its long form
  Severity severity = Severity::kError;
  std::size_t event = 0;  ///< index of the event that it points at
  std::string says;       ///< what happened, in the kernel's words
  std::string fix;        ///< what would have been right
  std::string responsible;
  std::string buffer, device;  ///< names; the device can be empty
  std::uint64_t bytes = 0;     ///< of the operation, or at risk
  bool assumed = false;        ///< it rests on what the events do not tell
};

/// How much of the buffers could be judged. Only of wholly judged ones it is said that nothing is missing.
struct Report {
  std::vector<Finding> findings;  ///< as they came to light
  std::uint64_t buffers = 0, judged = 0, partly_judged = 0, not_judged = 0;
  std::uint64_t operations = 0;  ///< cache operations that ran, or that the architecture runs in such calls
  std::string sentence;          ///< the last line of `custody replay`
};

/// Judges the events as `custody replay` judges a trace of them. Memory follows the buffers that live at once, the
/// findings, and the events.
[[nodiscard]] CUSTODY_API Report replay(const std::vector<Event>& events, const Options& options = {});

/// Bounds of a search, as of `custody check`.
struct Bounds {
  unsigned devices = 2;   ///< 1 to 6
  unsigned coherent = 0;  ///< how many of them snoop
  std::uint64_t max_states = std::uint64_t{1} << 24U;
};

/// What a contract breaks, with the shortest way there.
struct Violation {
  std::string rule;
  std::string says;
  std::string litmus;  ///< the counterexample, which `custody replay` reads
};

struct Verdict {
  bool safe = false;      ///< nothing was violated
  bool complete = false;  ///< everything up to the bounds was explored
  std::uint64_t states = 0;
  std::vector<Violation> violations;
};

/// Explores a contract with every client that keeps the rules: `contract` is the name of a built-in one, or the text of
/// a contract as JSON (spec/contract.schema.json).
[[nodiscard]] CUSTODY_API Verdict check(const std::string& contract, const Bounds& bounds = {});

}  // namespace custody
