// SPDX-License-Identifier: BSD-2-Clause
// One event line of a litmus file, read by its grammar alone: names are not resolved here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "traces/directory.hpp"
#include "traces/formats/litmus/tokens.hpp"
#include "traces/formats/litmus/words.hpp"

namespace custody::traces::formats::litmus {

/// What memory an `export` line says that the buffer is, and whose.
struct Exported {
  std::string_view exporter;
  MemoryKind memory = MemoryKind::kUnsaid;
};

/// Scatterlist entries of a DMA call; 0 where the line does not say.
struct Entries {
  std::uint32_t nents = 0;       ///< given to the call, or returned by a `dma_map`
  std::uint32_t orig_nents = 0;  ///< given to a `dma_map`
};

/// What an event line says. Views point into the line; an operand that is not there is empty.
struct Statement {
  const Verb* verb = nullptr;
  std::string_view buffer;
  std::string_view device;  ///< a device or the name of an attachment
  std::string_view alias;   ///< `as NAME`
  std::string_view task;    ///< of `exit`
  Exported exported;
  model::Direction dir = model::Direction::kNone;
  std::uint64_t attrs = 0;
  std::uint64_t number = 0;  ///< SIZE, NUMBER
  std::optional<Range> range;
  Entries entries;
  bool writes = false;  ///< of a fence
  bool helper = false;  ///< of `cache_none`
  std::optional<std::int32_t> ret;
  bool opens = false;  ///< ends in `{`
};

/// Reads a statement up to the end of its line. Throws InputError for an unknown word, a missing or wrong operand and
/// for text after the end. Whether an optional BUFFER may be left out depends on nesting and is the caller's to judge.
[[nodiscard]] Statement parse_statement(Words& words);

/// Reads `= -ENAME`, `= -NUMBER` or `= 0` if it is next.
[[nodiscard]] std::optional<std::int32_t> parse_result(Words& words);

}  // namespace custody::traces::formats::litmus
