// SPDX-License-Identifier: BSD-2-Clause
// The catalogue of exporters: what is shipped, and what is refused.
#include <gtest/gtest.h>

#include "spec/exporter_profile.hpp"

namespace custody::spec::test {
namespace {

TEST(Exporters, KnowTheHeapsAndUdmabuf) {
  const ExporterCatalogue& all = ExporterCatalogue::builtin();
  EXPECT_EQ(all.find("system").memory, MemoryKind::kCached);
  EXPECT_TRUE(all.find("reserved").export_is_allocation);
  EXPECT_EQ(all.find("udmabuf").zeroed_by, ZeroedBy::kCpu);
  EXPECT_TRUE(all.find("drm").own_device);
}

TEST(Exporters, TreatAnUnknownNameAsUnknownMemory) {
  const ExporterProfile& p = ExporterCatalogue::builtin().find("no such exporter");
  EXPECT_EQ(p.memory, MemoryKind::kUnknown);
  EXPECT_FALSE(p.export_is_allocation);
}

TEST(Exporters, AreOverriddenByOption) {
  ExporterCatalogue all = ExporterCatalogue::builtin();
  all.override_with("drm:memory=cached,own_device=false");
  EXPECT_EQ(all.find("drm").memory, MemoryKind::kCached);
  EXPECT_FALSE(all.find("drm").own_device);
}

void expect_error(std::string_view json, std::string_view part) {
  ExporterCatalogue all = ExporterCatalogue::builtin();
  try {
    all.load(json, "f.json");
    FAIL() << "accepted: " << json;
  } catch (const SpecError& e) {
    EXPECT_NE(std::string_view(e.what()).find(part), std::string_view::npos) << e.what();
  }
  EXPECT_EQ(all.find("system").memory, MemoryKind::kCached);
}

TEST(Exporters, RefuseABrokenFileWithItsPlace) {
  expect_error("{", "f.json:1:1: no JSON");
  expect_error("[]", "f.json: /schema: expected");
  expect_error(R"({"schema":"custody.exporters/2"})", "custody.exporters/1");
  expect_error(R"({"schema":"custody.exporters/1","exporters":{}})", "/exporters: expected an array");
  expect_error(R"({"schema":"custody.exporters/1","exporters":[{"memory":"cached"}]})", "/exporters/0/name");
  expect_error(R"({"schema":"custody.exporters/1","exporters":[{"name":"system","memory":"wet"}]})",
               "/exporters/0/memory: found 'wet', expected one of: cached");
  expect_error(R"({"schema":"custody.exporters/1","exporters":[{"name":"x","size":1}]})", "/exporters/0/size");
  expect_error(R"({"schema":1,"exporters":[]})", "f.json: /schema: expected");
  expect_error("{\"schema\":\"custody.exporters/1\",\n\"schema\":1}", "f.json:2:8: the key \"schema\" is there twice");
  expect_error(R"({"schema":1e999})", "f.json:1:15: a number that is out of range");
  std::string many = R"({"schema":"custody.exporters/1","exporters":[)";
  for (int i = 0; i < 2000; ++i) many += R"({"name":"x"},)";
  many.back() = ']';
  expect_error(many + "}", "/exporters: found 2000 profiles, expected at most 1024");
}

TEST(Exporters, RefuseABrokenOption) {
  ExporterCatalogue all = ExporterCatalogue::builtin();
  EXPECT_THROW(all.override_with("drm"), SpecError);
  EXPECT_THROW(all.override_with("drm:memory"), SpecError);
  EXPECT_THROW(all.override_with("drm:colour=red"), SpecError);
}

}  // namespace
}  // namespace custody::spec::test
