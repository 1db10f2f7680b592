// SPDX-License-Identifier: BSD-2-Clause
// Which reader a file gets, and what is said of files that no reader can take.
#include "traces/open.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

#include "traces/formats/litmus/reader.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {
namespace {

const std::string kLitmus = "custody litmus: x\ndevice D\nolder b\n\nput b\n";
const std::string kLog = "{\"schema\":\"custody.trace/1\"}\n{\"event\":\"put\",\"buffer\":\"b\"}\n";
const std::string kFtrace =
    "# tracer: nop\n    camera-25      [000] .....     0.784242: release: (dma_buf_release+0x0/0xc8) "
    "dmabuf=0xffff000002d5ca00\n";

/// A file with `text` under a name that says nothing.
class File {
 public:
  explicit File(const std::string& text) : path_(::testing::TempDir() + "custody_open_test") {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~File() { std::remove(path_.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string kind_of(const std::string& text) {
  const File file(text);
  RecordedTrace trace;
  const ReadStatistics statistics = read_trace(file.path(), trace);
  EXPECT_EQ(statistics.events, 1U);
  return trace.events().empty() ? "nothing" : std::string(name(trace.events()[0].kind));
}

std::string opening_error(const std::string& path) {
  RecordedTrace trace;
  try {
    read_trace(path, trace);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Open, RecognisesAKindByItsFirstBytes) {
  EXPECT_EQ(recognise("custody litmus: x"), TraceKind::kLitmus);
  EXPECT_EQ(recognise("\n \r\n  custody litmus: x"), TraceKind::kLitmus);
  EXPECT_EQ(recognise("\xef\xbb\xbf{}"), TraceKind::kEventLog);
  EXPECT_EQ(recognise("\n\n{\"schema\""), TraceKind::kEventLog);
  EXPECT_EQ(recognise("# tracer: nop"), TraceKind::kFtrace);
  EXPECT_EQ(recognise("custody-12 [000] 1.0: x:"), TraceKind::kFtrace);
  EXPECT_EQ(recognise("cust"), TraceKind::kLitmus);
  EXPECT_EQ(recognise(""), TraceKind::kFtrace);
  EXPECT_EQ(recognise("\x17\x08\x44tracing7"), TraceKind::kTraceDat);
  EXPECT_EQ(recognise("\x17"), TraceKind::kTraceDat);
  EXPECT_EQ(recognise("\x17\x08\x44trading"), TraceKind::kFtrace);
}

TEST(Open, ReadsALitmusFile) { EXPECT_EQ(kind_of(kLitmus), "put"); }
TEST(Open, ReadsAnEventLog) { EXPECT_EQ(kind_of("\n" + kLog), "put"); }
TEST(Open, ReadsFtraceText) { EXPECT_EQ(kind_of(kFtrace), "release"); }

TEST(Open, SaysThatAFileIsMissing) {
  EXPECT_NE(opening_error("no/such/file").find("no/such/file: "), std::string::npos);
}

TEST(Open, SaysThatAFileIsADirectory) {
  EXPECT_NE(opening_error(::testing::TempDir()).find("directory"), std::string::npos);
}

TEST(Open, SaysThatAFileIsEmpty) {
  for (const char* text : {"", "\n \n"}) {
    const File file(text);
    EXPECT_NE(opening_error(file.path()).find("empty"), std::string::npos);
  }
}

TEST(Open, KeepsTheStatisticsOfWhatWasReadBeforeAnError) {
  const File file("{\"schema\":\"custody.trace/1\"}\nnonsense\n{\"event\":\"put\",\"buffer\":\"b\"}\n");
  struct Stops : EventSink {
    void on_header(const Header&, const Directory&) override {}
    void on_event(const Event&, const Directory&) override { throw InputError("x", 0, "enough"); }
  } sink;
  ReadStatistics statistics;
  EXPECT_THROW(read_trace(file.path(), sink, statistics), InputError);
  EXPECT_EQ(statistics.malformed, 1U);
}

/// Puts a pipe in the place of standard input.
class StandardInput {
 public:
  StandardInput() : old_(::dup(0)) {
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    ::dup2(ends[0], 0);
    ::close(ends[0]);
    write_end_ = ends[1];
  }
  ~StandardInput() {
    end();
    ::dup2(old_, 0);
    ::close(old_);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;
  void write(const std::string& text) const {
    ASSERT_EQ(::write(write_end_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() {
    if (write_end_ >= 0) ::close(write_end_);
    write_end_ = -1;
  }

 private:
  int old_;
  int write_end_ = -1;
};

TEST(Open, ReadsALitmusFileFromStandardInput) {
  StandardInput input;
  input.write(kLitmus);
  input.end();
  RecordedTrace trace;
  EXPECT_EQ(read_trace("-", trace).events, 1U);
}

TEST(Open, DeliversAnEventOfAStreamBeforeTheStreamEnds) {
  StandardInput input;
  input.write(kLog);
  struct Ends : EventSink {
    explicit Ends(StandardInput& i) : in(i) {}
    void on_header(const Header&, const Directory&) override {}
    void on_event(const Event&, const Directory&) override {
      ++events;
      in.end();  // a reader that waited for the end would wait for ever
    }
    StandardInput& in;
    int events = 0;
  } sink(input);
  EXPECT_EQ(read_trace("-", sink).events, 1U);
  EXPECT_EQ(sink.events, 1);
}

TEST(Open, RefusesALitmusStreamThatIsTooLong) {
  StandardInput input;
  std::thread writer([&] {
    input.write("custody litmus: x\n\n");
    const std::string comment(std::size_t{1} << 16U, '\n');
    for (std::size_t left = formats::litmus::kMaxLitmusBytes + comment.size(); left > comment.size();
         left -= comment.size())
      input.write(comment);
    input.end();
  });
  EXPECT_NE(opening_error("-").find("too long"), std::string::npos);
  // What is left in the pipe must not hold the writer.
  char rest[4096];
  while (::read(0, rest, sizeof rest) > 0) continue;
  writer.join();
}

}  // namespace
}  // namespace custody::traces::test
