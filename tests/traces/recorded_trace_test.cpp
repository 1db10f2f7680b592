// SPDX-License-Identifier: BSD-2-Clause
// A recording gives one id to one object.
#include "traces/recorded_trace.hpp"

#include <gtest/gtest.h>

#include "traces/formats/litmus/reader.hpp"

namespace custody::traces::test {
namespace {

Event on_buffer(std::uint32_t buffer) {
  Event event;
  event.kind = EventKind::kPut;
  event.buffer = buffer;
  return event;
}

TEST(RecordedTrace, NumbersObjectsInTheOrderInWhichEventsNameThem) {
  Directory directory;
  directory.buffers.resize(3);
  directory.buffers[2].name = "first";
  directory.buffers[0].name = "second";
  RecordedTrace trace;
  trace.on_header({}, directory);
  trace.on_event(on_buffer(2), directory);
  trace.on_event(on_buffer(0), directory);
  EXPECT_EQ(trace.events()[0].buffer, 0U);
  EXPECT_EQ(trace.events()[1].buffer, 1U);
  ASSERT_EQ(trace.directory().buffers.size(), 2U);
  EXPECT_EQ(trace.directory().buffers[0].name, "first");
}

TEST(RecordedTrace, TellsTheObjectsOfAReusedIdApart) {
  Directory directory;
  directory.buffers.resize(1);
  directory.buffers[0].name = "old";
  RecordedTrace trace;
  trace.on_header({}, directory);
  trace.on_event(on_buffer(0), directory);
  directory.buffers[0].name = "new";
  directory.buffers[0].generation = 1;
  trace.on_event(on_buffer(0), directory);
  EXPECT_NE(trace.events()[0].buffer, trace.events()[1].buffer);
  EXPECT_EQ(trace.directory().buffers[0].name, "old");
  EXPECT_EQ(trace.directory().buffers[1].name, "new");
  EXPECT_EQ(trace.directory().buffers[1].generation, 0U);
}

TEST(RecordedTrace, KeepsTheBufferOfAnAttachmentWhoseIdMeansAnotherBufferByNow) {
  Directory directory;
  directory.buffers.resize(1);
  directory.devices.resize(1);
  directory.attachments.push_back({"a1", 0, 0, true, 0});
  Event event = on_buffer(0);
  event.attachment = 0;
  RecordedTrace trace;
  trace.on_header({}, directory);
  trace.on_event(event, directory);
  directory.buffers[0].generation = 1;
  trace.on_event(event, directory);
  EXPECT_EQ(trace.directory().attachments[0].buffer, 0U);
}

TEST(RecordedTrace, KeepsTheDevicesOfTheHeaderThatNoEventNames) {
  Directory directory;
  directory.devices.resize(2);
  directory.devices[1].name = "idle";
  RecordedTrace trace;
  trace.on_header({}, directory);
  ASSERT_EQ(trace.directory().devices.size(), 2U);
  EXPECT_EQ(trace.directory().devices[1].name, "idle");
}

TEST(RecordedTrace, IsReplayedAsItWasRead) {
  RecordedTrace first, second;
  formats::litmus::read_litmus("custody litmus: x\ndevice D\nolder b\n\nmap b D TO\n  dma_map D TO\nput b\n", "a",
                               first);
  replay(first, second);
  ASSERT_EQ(second.events().size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(second.events()[i].kind, first.events()[i].kind);
    EXPECT_EQ(second.events()[i].buffer, first.events()[i].buffer);
    EXPECT_EQ(second.events()[i].call, first.events()[i].call);
  }
  EXPECT_EQ(second.header().title, "x");
}

}  // namespace
}  // namespace custody::traces::test
