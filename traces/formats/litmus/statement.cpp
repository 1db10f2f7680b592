// SPDX-License-Identifier: BSD-2-Clause
// The grammar of one event line.
#include "traces/formats/litmus/statement.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "traces/errno_words.hpp"
#include "traces/formats/litmus/header.hpp"

namespace custody::traces::formats::litmus {
namespace {

const Verb& parse_verb(Words& words) {
  const std::string_view word = words.next("an event");
  const auto* const verb =
      std::find_if(std::begin(kVerbs), std::end(kVerbs), [&](const Verb& v) { return v.word == word; });
  if (verb != std::end(kVerbs)) return *verb;
  if (std::find(std::begin(kHeaderWords), std::end(kHeaderWords), word) != std::end(kHeaderWords))
    words.fail(shown(word) + " belongs into the header, which the first blank line ends");
  std::string all;
  for (const Verb& v : kVerbs) all.append(all.empty() ? "" : ", ").append(v.word);
  words.fail("unknown event " + shown(word) + ", expected one of " + all);
}

std::optional<model::Direction> as_direction(std::string_view word) {
  for (const DirectionWord& direction : kDirections)
    if (direction.word == word) return direction.direction;
  return std::nullopt;
}

model::Direction parse_direction(Words& words) {
  const std::string_view word = words.next("a direction (TO, FROM, BIDI)");
  const auto direction = as_direction(word);
  if (!direction) words.fail("found " + shown(word) + ", expected a direction (TO, FROM, BIDI)");
  return *direction;
}

Range parse_range(Words& words) {
  const std::string_view word = words.next("OFFSET+LENGTH");
  const auto plus = word.find('+');
  const auto offset = parse_size(word.substr(0, plus));
  const auto length = parse_size(word.substr(plus + 1));
  if (!offset || !length) words.fail("found " + shown(word) + ", expected OFFSET+LENGTH, 4K+64 for example");
  if (*length == 0) words.fail("the range " + shown(word) + " has no bytes; leave it out for the whole buffer");
  if (*length > std::numeric_limits<std::uint64_t>::max() - *offset)
    words.fail("the range " + shown(word) + " ends beyond 64 bits");
  return {*offset, *length};
}

std::uint32_t parse_entries(Words& words, std::string_view word, std::string_view all) {
  const auto number = parse_number(word);
  if (!number || *number > std::numeric_limits<std::uint32_t>::max())
    words.fail("found " + shown(all) + " behind `nents`, expected a number, or GIVEN->RETURNED of a dma_map");
  return static_cast<std::uint32_t>(*number);
}

void parse_nents(Words& words, Statement& s) {
  const std::string_view all = words.next("a number of scatterlist entries");
  const auto arrow = all.find("->");
  const bool maps = s.verb->kind == EventKind::kDmaMap;
  if (arrow != std::string_view::npos && !maps) words.fail("only a dma_map returns entries, found " + shown(all));
  s.entries.nents = parse_entries(words, all.substr(0, arrow), all);
  if (maps) s.entries.orig_nents = s.entries.nents;
  if (arrow != std::string_view::npos) s.entries.nents = parse_entries(words, all.substr(arrow + 2), all);
}

std::uint64_t parse_attributes(Words& words) {
  const std::string_view word = words.next("the attributes as a number");
  std::uint64_t value = 0;
  bool good = word.substr(0, 2) == "0x" && word.size() > 2 && word.size() <= 18;
  for (const char c : good ? word.substr(2) : std::string_view()) {
    const auto digit = std::string_view("0123456789abcdef").find(c);
    good = good && digit != std::string_view::npos;
    value = value * 16 + (good ? digit : 0);
  }
  if (!good || value == 0) words.fail("found " + shown(word) + " behind `attrs`, expected 0x and hexadecimal digits");
  return value;
}

void parse_dma_options(Words& words, Statement& s) {
  bool has_nents = false;
  while (!words.done() && words.peek() != "=") {
    const std::string_view word = words.peek();
    const bool again = (word == "skip" && (s.attrs & kAttrSkipCpuSync) != 0) || (word == "nents" && has_nents) ||
                       (word == "attrs" && (s.attrs & ~kAttrSkipCpuSync) != 0) || (looks_like_range(word) && s.range);
    if (again) words.fail("found a second " + shown(word));
    if (words.take("skip")) {
      s.attrs |= kAttrSkipCpuSync;
    } else if (words.take("attrs")) {
      s.attrs |= parse_attributes(words);
    } else if (words.take("nents")) {
      has_nents = true;
      parse_nents(words, s);
    } else if (looks_like_range(word)) {
      s.range = parse_range(words);
    } else {
      break;  // the end of the line is judged by the caller
    }
  }
}

void parse_export(Words& words, Statement& s) {
  const std::string_view size = words.next("the size of the buffer (64K, 4M, 1G, bytes)");
  const auto bytes = parse_size(size);
  if (!bytes) words.fail("found " + shown(size) + ", expected the size of the buffer (64K, 4M, 1G, bytes)");
  s.number = *bytes;
  const auto take_memory = [&] {
    if (words.take("cached")) s.exported.memory = MemoryKind::kCached;
    if (words.take("wc")) s.exported.memory = MemoryKind::kWriteCombined;
    if (words.take("coherent")) s.exported.memory = MemoryKind::kCoherent;
    return s.exported.memory != MemoryKind::kUnsaid;
  };
  s.exported.exporter = kDefaultExporter;
  if (take_memory() || words.done()) return;
  s.exported.exporter = words.next_name("an exporter, or cached, wc, coherent");
  if (s.exported.exporter == kUnknownExporter) s.exported.exporter = {};
  if (!take_memory() && !words.done())
    words.fail("found " + shown(words.peek()) + ", expected what memory it is: cached, wc, coherent");
}

/// The names in front: a lone name is the device where one is wanted, else the buffer.
void parse_inherited(Words& words, Statement& s, bool wants_device) {
  constexpr std::string_view kDevice = "a device or an attachment";
  if (!wants_device) {
    if (!words.done() && !looks_like_range(words.peek())) s.buffer = words.next_name("a buffer or OFFSET+LENGTH");
    return;
  }
  s.device = words.next_name(kDevice);
  if (!words.done() && !is_reserved(words.peek()) && is_name(words.peek())) {
    s.buffer = s.device;
    s.device = words.next_name(kDevice);
  }
}

void parse_dma(Words& words, Statement& s) {
  parse_inherited(words, s, true);
  // With its direction misspelt, a line looks as if it named buffer and device.
  if (words.done() && !s.buffer.empty())
    words.fail("found " + shown(s.device) + ", expected a direction (TO, FROM, BIDI)");
  s.dir = parse_direction(words);
  parse_dma_options(words, s);
}

void parse_fd(Words& words, Statement& s) {
  if (words.done() || words.peek() == "=") return;
  const std::string_view word = words.next("the number of the file descriptor");
  const auto number = parse_number(word);
  if (!number || *number > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max()))
    words.fail("found " + shown(word) + ", expected the number of the file descriptor");
  s.number = *number;
}

void parse_fence(Words& words, Statement& s) {
  const std::string_view word = words.next("read or write");
  if (word != "read" && word != "write") words.fail("found " + shown(word) + ", expected read or write");
  s.writes = word == "write";
}

void parse_lost(Words& words, Statement& s) {
  const std::string_view word = words.next("the number of lost events");
  const auto number = parse_number(word);
  if (!number || *number == 0) words.fail("found " + shown(word) + ", expected the number of lost events");
  s.number = *number;
}

void take_range(Words& words, Statement& s) {
  if (looks_like_range(words.peek())) s.range = parse_range(words);
}

/// Operands that begin with the buffer, and with a device where the shape has one.
void parse_named(Words& words, Statement& s) {
  const Shape shape = s.verb->shape;
  s.buffer = words.next_name("a buffer");
  if (shape == Shape::kAttach || shape == Shape::kAttachmentCall || shape == Shape::kMap || shape == Shape::kFence ||
      shape == Shape::kDeviceEvent || shape == Shape::kDeviceAccess)
    s.device = words.next_name("a device or an attachment");
  if (shape == Shape::kMap || shape == Shape::kWindow) s.dir = parse_direction(words);
  if (shape == Shape::kWindow || shape == Shape::kCpuAccess || shape == Shape::kDeviceAccess) take_range(words, s);
  if (shape == Shape::kExport) parse_export(words, s);
  if (shape == Shape::kAttach && words.take("as")) s.alias = words.next_name("a name for the attachment");
  if (shape == Shape::kFd) parse_fd(words, s);
  if (shape == Shape::kFence) parse_fence(words, s);
}

void parse_operands(Words& words, Statement& s) {
  switch (s.verb->shape) {
    case Shape::kAlias:
    case Shape::kCache:
    case Shape::kBounce: parse_inherited(words, s, s.verb->shape == Shape::kBounce); return take_range(words, s);
    case Shape::kDma: return parse_dma(words, s);
    case Shape::kCacheNone: s.helper = words.take("helper"); return;
    case Shape::kLost: return parse_lost(words, s);
    case Shape::kExit:
      s.task = words.rest();
      if (s.task.empty()) words.fail("the line ends where a task is expected");
      if (!is_task(s.task))
        words.fail("found " + shown(s.task) +
                   ", expected the name of a task, of UTF-8 without control characters and [ ] # \"");
      return;
    case Shape::kExport:
    case Shape::kAttach:
    case Shape::kAttachmentCall:
    case Shape::kMap:
    case Shape::kWindow:
    case Shape::kBuffer:
    case Shape::kFd:
    case Shape::kFence:
    case Shape::kDeviceEvent:
    case Shape::kCpuAccess:
    case Shape::kDeviceAccess: return parse_named(words, s);
  }
}

}  // namespace

std::optional<std::int32_t> parse_result(Words& words) {
  if (!words.take("=")) return std::nullopt;
  const std::string_view word = words.next("the result (0, -ENOMEM, -12)");
  if (word == "0") return 0;
  if (word.size() > 1 && word.front() == '-') {
    const auto number = parse_number(word.substr(1));
    if (number && *number != 0 && *number <= static_cast<std::uint64_t>(kMaxErrno))
      return -static_cast<std::int32_t>(*number);
    if (const std::int32_t known = errno_number(word.substr(1)); known != 0) return -known;
  }
  words.fail("found " + shown(word) + " behind `=`, expected 0, the name of an error as -ENOMEM, or -1 to -4095");
}

Statement parse_statement(Words& words) {
  Statement s;
  s.verb = &parse_verb(words);
  parse_operands(words, s);
  if (s.verb->fails) s.ret = parse_result(words);
  if (s.verb->role == Role::kCall) s.opens = words.take("{");
  words.expect_end(shown(s.verb->usage));
  return s;
}

}  // namespace custody::traces::formats::litmus
