// SPDX-License-Identifier: BSD-2-Clause
// Which files are named as something else, and that no trace is.
#include "traces/foreign.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace custody::traces::test {
namespace {

using namespace std::string_literals;

TEST(Foreign, FilesAreNamedWithWhatToDo) {
  for (const auto& [begin, words] :
       {std::pair{"PERFILE2\0\0"s, "perf script -F comm,pid,tid,cpu,time,event,trace"s},
        std::pair{"\x7f"
                  "ELF\x02\x01"s,
                  "ELF"s},
        std::pair{"2ELIFREP\0\0"s, "perf script"s}, std::pair{"\x5d\0\0\x80\0"s, "unlzma"s},
        std::pair{"KDUMP   \x06"s, "vmcore"s}, std::pair{"\x89PNG\r\n\x1a\n"s, "PNG"s}, std::pair{"%PDF-1.7"s, "PDF"s},
        std::pair{"{\"traceEvents\":[]}"s, "Chrome"s}, std::pair{"[\n {\"a\":1}]"s, "JSON"s},
        std::pair{"PK\x03\x04 rest"s, "archive inside an archive"s},
        std::pair{"\x1f\x8b\x08 rest"s, "packed too often"s}})
    EXPECT_NE(foreign_format(begin).find(words), std::string::npos) << words << ": " << foreign_format(begin);
}

TEST(Foreign, FilesAreNoTexts) {
  for (const std::string& begin :
       {""s, "\n"s, "\n\n# tracer: nop\n"s, "\n  camera-25 [000] 1.0: release: dmabuf=0x1\n"s,
        "{\"schema\":\"custody.trace/1\"}\n"s, "custody litmus: x\n"s, "ELF-1 [000]"s, "] [000] 1.0\n"s,
        "<!DOCTYPE html>\n"s, "[   12.3] x\n"s, "\n\x09 a tab\n"s})
    EXPECT_EQ(foreign_format(begin), "") << begin;
}

TEST(Foreign, FilesAreNoRecordedTraces) {
  std::size_t files = 0;
  for (const char* const folder : {"traces/recorded", "traces/litmus"})
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      EXPECT_EQ(foreign_format(std::string_view(text).substr(0, 4096)), "") << file.path();
      EXPECT_EQ(foreign_format("\n" + text.substr(0, 4095)), "") << file.path();
      ++files;
    }
  EXPECT_GT(files, 300U);
}

}  // namespace
}  // namespace custody::traces::test
