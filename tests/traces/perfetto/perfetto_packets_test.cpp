// SPDX-License-Identifier: BSD-2-Clause
// Packets are told apart whatever their lengths say, and what is compressed has a limit.
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/traces/perfetto/perfetto_support.hpp"
#include "traces/formats/perfetto/packets.hpp"
#include "traces/open.hpp"

namespace custody::traces::test {
namespace {

using formats::perfetto::BinaryPackets;
using formats::perfetto::is_perfetto;
using formats::perfetto::kLargestPacket;
using formats::perfetto::Packet;
using namespace std::string_literals;

struct Split {
  explicit Split(std::string_view bytes) {
    input::Lines lines = input::Lines::of_text(bytes);
    BinaryPackets packets(lines);
    for (Packet packet; packets.next(packet);) sizes.push_back(packet.bytes.size());
    damage = packets.damage();
  }
  std::vector<std::size_t> sizes;
  std::string damage;
};

TEST(PerfettoPackets, AreToldApart) {
  const Split split("\x0a\x02\x08\x01\x0a\x00\x0a\x81\x00\x08"s);
  EXPECT_EQ(split.sizes, (std::vector<std::size_t>{2, 0, 1}));
  EXPECT_EQ(split.damage, "");
  EXPECT_EQ(Split("").damage, "");
}

TEST(PerfettoPackets, AreNotBelievedTheirLengths) {
  for (const auto& [bytes, words] : {
           std::pair{"\x0a"s, "packet 1, at byte 0: the trace is cut off inside its length"s},
           std::pair{"\x0a\x80"s, "cut off inside its length"s},
           std::pair{"\x0a"s + std::string(12, '\xff') + "\x01", "its length has no end"s},
           std::pair{"\x0a\x05\x08\x01"s, "it says 5 bytes, and 2 are left"s},
           std::pair{"\x0a\xff\xff\xff\xff\x0f"s, "expected at most 67108864"s},
           std::pair{"\x0a\x00\x12\x00"s, "packet 2, at byte 2: found tag 18, expected 10"s},
       })
    EXPECT_NE(Split(bytes).damage.find(words), std::string::npos) << Split(bytes).damage;
  EXPECT_EQ(Split("\x0a\x00\x12\x00"s).sizes.size(), 1U);
}

TEST(PerfettoPackets, AreRecognisedByTheirFields) {
  EXPECT_TRUE(is_perfetto("\x0a\x04\x08\x01\x10\x02\x0a\x02\x18\x03"s));
  EXPECT_FALSE(is_perfetto("\n\n# tracer: nop\n"s));
  EXPECT_FALSE(is_perfetto("\n  camera-25 [000] 1.0: release: dmabuf=0x1\n"s));
  EXPECT_FALSE(is_perfetto("\n"s));
  EXPECT_EQ(recognise("\x0a\x04\x08\x01\x10\x02\x0a\x02\x18\x03"s), TraceKind::kPerfetto);
  EXPECT_EQ(recognise("# a comment\npacket {\n"), TraceKind::kPerfettoText);
  EXPECT_EQ(recognise("compressed_packets {"), TraceKind::kPerfettoText);
  EXPECT_EQ(recognise("packet-12 [000] 1.0: map:"), TraceKind::kFtrace);
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator("traces/recorded")) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_FALSE(is_perfetto("\n" + text.substr(0, 4095))) << file.path();
    ++files;
  }
  EXPECT_GT(files, 10U);
}

std::string deflated(const std::string& bytes) {
  std::string out(::compressBound(bytes.size()), '\0');
  uLongf size = out.size();
  EXPECT_EQ(::compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                       bytes.size()),
            Z_OK);
  out.resize(size);
  return out;
}

TEST(PerfettoPackets, UnpackToALimit) {
  std::string into;
  EXPECT_EQ(formats::perfetto::unpack(deflated("abc"), false, into), "");
  EXPECT_EQ(into, "abc");
  const std::string bomb = deflated(std::string(kLargestPacket + 1, 'x'));
  EXPECT_NE(formats::perfetto::unpack(bomb, false, into).find("more than 67108864"), std::string::npos);
  EXPECT_LE(into.size(), kLargestPacket);
  EXPECT_NE(formats::perfetto::unpack("no zlib", false, into), "");
  EXPECT_NE(formats::perfetto::unpack(deflated("abcabc").substr(0, 6), false, into), "");
  EXPECT_NE(formats::perfetto::unpack("no zstd", true, into), "");
}

TEST(PerfettoPackets, ThatCannotBeUnpackedAreLost) {
  Bundle before, after;
  before.exports(1000);
  after.releases(3000);
  proto::Trace trace;
  trace.add_packet()->CopyFrom(before.packet());
  trace.add_packet()->set_compressed_packets("no zlib");
  trace.add_packet()->CopyFrom(after.packet());
  const PerfettoRead read(trace.SerializeAsString());
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.statistics.malformed, 1U);
  EXPECT_EQ(read.statistics.lost, 1U);
  ASSERT_EQ(read.events().size(), 3U);
  EXPECT_EQ(read.events()[1].kind, EventKind::kLost);
}

TEST(PerfettoPackets, NeverStopTheReaderWhateverTheirBytes) {
  Bundle bundle;
  for (std::uint64_t i = 0; i < 20; ++i) bundle.exports(1000 + i).releases(1000 + i);
  const std::string whole = trace_of(bundle, bundle);
  std::mt19937 random(7);
  std::size_t read = 0, refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = whole;
    for (unsigned n = 1 + random() % 4; n > 0; --n) bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    const PerfettoRead trace(bytes);
    ++(trace.error.empty() ? read : refused);
    ASSERT_LE(trace.events().size(), 80 + trace.statistics.lost);
  }
  EXPECT_GT(read, 500U);
  EXPECT_GT(refused, 100U);
}

}  // namespace
}  // namespace custody::traces::test
