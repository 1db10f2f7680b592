// SPDX-License-Identifier: BSD-2-Clause
// Target: what is compressed, an archive or UTF-16, as a file and as standard input.
#include <string>

#include "tests/fuzz/bytes_file.hpp"
#include "tests/fuzz/targets.hpp"
#include "traces/input/input.hpp"
#include "traces/reader.hpp"

namespace custody::fuzz {

namespace {

using traces::input::Lines;

/// A small file can unpack to more than there is time for.
constexpr std::size_t kMostUnpacked = std::size_t{4} << 20U;

void read_lines(Lines& lines, std::string& out) {
  for (std::string_view line; out.size() < kMostUnpacked && lines.next(line);) {
    require(line.size() <= Lines::kLongestLine, "a line is cut where it is too long");
    out.append(line).push_back('\n');
  }
  if (out.size() < kMostUnpacked) out += "damage: " + lines.damage() + "\n";
}

/// The names of the parts of `path`, their lines, and what is wrong with them.
std::string unpacked(const std::string& path) {
  std::string out;
  try {
    traces::input::Input input(path);
    while (out.size() < kMostUnpacked && input.next()) {
      require(input.name().substr(0, path.size()) == path, "a part is named after its file", input.name());
      out += "part" + input.name().substr(path.size()) + "\n";
      read_lines(input.lines(), out);
    }
  } catch (const traces::InputError& e) {
    out += "error: " + std::string(e.what()).substr(path.size());
  }
  return out;
}

}  // namespace

void containers(std::string_view bytes) {
  static BytesFile file;
  file.hold(bytes);
  const std::string of_file = unpacked(file.path());
  file.become(0);
  const std::string of_stream = unpacked("-");
  require_same(of_file, of_stream, "standard input is read as a file is");
}

}  // namespace custody::fuzz
