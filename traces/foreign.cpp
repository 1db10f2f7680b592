// SPDX-License-Identifier: BSD-2-Clause
// Files that are no trace for this program, known by their first bytes.
#include "traces/foreign.hpp"

#include <array>

#include "traces/input/encoding.hpp"

namespace custody::traces {
namespace {

using namespace std::string_view_literals;

struct Foreign {
  std::string_view magic, is, advice;
};

constexpr std::string_view kPerf = "run `perf script -F comm,pid,tid,cpu,time,event,trace` on it and give its text";
constexpr std::string_view kCrash = "run `trace dump -t` of the crash utility's trace extension on it";
constexpr std::string_view kUnpack = "unpack it first; tar and zip are read as they are";

constexpr std::array kForeign{
    Foreign{"PERFILE2"sv, "a perf.data file", kPerf},
    Foreign{"2ELIFREP"sv, "a perf.data file of a machine of the other byte order", kPerf},
    Foreign{"PERFFILE"sv, "a perf.data file of an old perf", kPerf},
    Foreign{"KDUMP   "sv, "a vmcore of kdump", kCrash},
    Foreign{"DISKDUMP"sv, "a vmcore of diskdump", kCrash},
    Foreign{"\x7f"
            "ELF"sv,
            "an ELF file: a program, or a vmcore", kCrash},
    Foreign{"\xc1\x1f\xfc\xc1"sv, "a stream of the Common Trace Format", "run `babeltrace2` on its folder"},
    Foreign{"/* CTF "sv, "metadata of the Common Trace Format", "run `babeltrace2` on its folder"},
    Foreign{"7z\xbc\xaf\x27\x1c"sv, "a 7z archive", kUnpack},
    Foreign{"Rar!\x1a\x07"sv, "a RAR archive", kUnpack},
    Foreign{"070701"sv, "a cpio archive", kUnpack},
    Foreign{"!<arch>\n"sv, "an ar archive", kUnpack},
    Foreign{"\x5d\0\0"sv, "a file of lzma", "run `unlzma` on it"},
    Foreign{"LZIP"sv, "a file of lzip", "run `lzip -d` on it"},
    Foreign{"\x89LZO\0\r\n\x1a\n"sv, "a file of lzop", "run `lzop -d` on it"},
    Foreign{"\x1f\x9d"sv, "a file of `compress`", "run `uncompress` on it"},
    Foreign{"\x89PNG\r\n\x1a\n"sv, "a PNG picture", "a picture of a trace cannot be read, give its text"},
    Foreign{"\xff\xd8\xff"sv, "a JPEG picture", "a picture of a trace cannot be read, give its text"},
    Foreign{"GIF8"sv, "a GIF picture", "a picture of a trace cannot be read, give its text"},
    Foreign{"%PDF-"sv, "a PDF document", "give the text of the trace"},
    Foreign{"SQLite format 3\0"sv, "an SQLite database", "export the trace as text"},
    Foreign{"\x0a\x0d\x0d\x0a"sv, "a pcapng file: packets of a network", "give a trace of a kernel"},
    Foreign{"\xd4\xc3\xb2\xa1"sv, "a pcap file: packets of a network", "give a trace of a kernel"},
};

bool is_json_list(std::string_view begin) {
  const auto next = begin.find_first_not_of(" \t\r\n", 1);
  return begin.front() == '[' && next != std::string_view::npos && begin[next] == '{' &&
         begin.find("\"traceEvents\"") == std::string_view::npos;
}

std::string told(std::string_view is, std::string_view advice) {
  return "is " + std::string(is) + ", expected a trace: " + std::string(advice);
}

}  // namespace

std::string foreign_format(std::string_view begin) {
  for (const Foreign& foreign : kForeign)
    if (begin.substr(0, foreign.magic.size()) == foreign.magic) return told(foreign.is, foreign.advice);
  const input::Encoding packed = input::encoding_of(begin);
  if (packed == input::Encoding::kTar || packed == input::Encoding::kZip)
    return told("an archive inside an archive", "unpack the outer one first");
  if (packed != input::Encoding::kPlain) return told("packed too often", "unpack it first");
  const auto first = begin.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && is_json_list(begin.substr(first)))
    return told("a list in JSON", "an event log is one object a line, `custody convert` writes it");
  if (first != std::string_view::npos && (begin[first] == '{' || begin[first] == '[') &&
      begin.find("\"traceEvents\"") != std::string_view::npos)
    return told("a trace of Chrome in JSON, which has no kernel events", "give the trace that it was made from");
  return {};
}

}  // namespace custody::traces
