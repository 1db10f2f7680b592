// SPDX-License-Identifier: BSD-2-Clause
// Records that do not fit into memory are read as they were written.
#include "traces/formats/perfetto/spill.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace custody::traces::test {
namespace {

using formats::perfetto::Spill;

constexpr std::size_t kPiece = std::size_t{1} << 20U;

std::string piece(std::size_t n) { return std::string(kPiece, static_cast<char>('a' + n % 26)); }

TEST(PerfettoSpill, GivesBackWhatWasWrittenWhereverItWent) {
  for (const std::size_t pieces : {std::size_t{2}, Spill::kInMemory / kPiece + 3}) {
    Spill spill;
    for (std::size_t n = 0; n < pieces; ++n) {
      ASSERT_EQ(spill.size(), n * kPiece);
      spill.append(piece(n));
    }
    spill.close();
    for (std::size_t n = 0; n < pieces; ++n) ASSERT_EQ(spill.from(n * kPiece).substr(0, kPiece), piece(n)) << n;
    EXPECT_EQ(spill.from(0).size(), pieces * kPiece);
  }
}

TEST(PerfettoSpill, SaysWhatToDoWhereThereIsNoRoom) {
  ::setenv("TMPDIR", "/nonexistent", 1);
  Spill spill;
  std::string said;
  try {
    for (std::size_t n = 0; n <= Spill::kInMemory / kPiece; ++n) spill.append(piece(n));
  } catch (const std::runtime_error& e) {
    said = e.what();
  }
  ::unsetenv("TMPDIR");
  EXPECT_NE(said.find("needs a temporary file, and '/nonexistent/"), said.npos) << said;
  EXPECT_NE(said.find("; set TMPDIR"), said.npos) << said;
}

}  // namespace
}  // namespace custody::traces::test
