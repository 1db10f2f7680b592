// SPDX-License-Identifier: BSD-2-Clause
// Patches apply as RFC 6902 says or are refused where they stand; JSON that a library takes silently is refused.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "spec/contract_json.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::spec::test {
namespace {

/// The document after the patch, or what was said.
std::string patched(const char* document, const char* patch) {
  Json json = Json::parse(document);
  try {
    apply_patch(json, parse_contract_json(patch, "p"), "p");
  } catch (const SpecError& e) {
    return e.what();
  }
  return json.dump();
}

constexpr const char* kDocument = R"({"name":"n","list":["a","b"],"deep":{"x":null,"a/b~c":1}})";

struct Case {
  const char* patch;
  const char* answer;
};

TEST(ContractPatches, ThatCannotApplyAreRefusedWithTheirPointer) {
  constexpr Case kRefused[] = {
      {R"([{"op":"add","path":"/name/x","value":1}])", R"(p: /0/path: found "/name/x", but "n" has no members)"},
      {R"([{"op":"remove","path":"/name/x"}])", R"(p: /0/path: found "/name/x", but "n" has no members)"},
      {R"([{"op":"replace","path":"/name/x","value":1}])", R"(p: /0/path: found "/name/x", but "n" has no members)"},
      {R"([{"op":"test","path":"/name/x","value":1}])", R"(p: /0/path: found "/name/x", but "n" has no members)"},
      {R"([{"op":"add","path":"/deep/x/y","value":1}])", R"(p: /0/path: found "/deep/x/y", but null has no members)"},
      {R"([{"op":"remove","path":"/list/0/id/x"}])", R"(p: /0/path: found "/list/0/id/x", but "a" has no members)"},
      {R"([{"op":"add","path":"/moon/x","value":1}])", R"(p: /0/path: found "/moon/x", but there is no member "moon")"},
      {R"([{"op":"remove","path":"/moon"}])", R"(p: /0/path: found "/moon", but there is no member "moon")"},
      {R"([{"op":"replace","path":"/moon","value":1}])", R"(p: /0/path: found "/moon", but there is no member "moon")"},
      {R"([{"op":"remove","path":"/list/2"}])",
       R"(p: /0/path: found "/list/2", but "2" is no index of an array there, expected a number below 2 without leading zeros)"},
      {R"([{"op":"add","path":"/list/3","value":1}])",
       R"(p: /0/path: found "/list/3", but "3" is no index of an array there, expected a number below 3 without leading zeros)"},
      {R"([{"op":"remove","path":"/list/-"}])",
       R"(p: /0/path: found "/list/-", but "-" is no index of an array there, expected a number below 2 without leading zeros)"},
      {R"([{"op":"remove","path":"/list/01"}])",
       R"(p: /0/path: found "/list/01", but "01" is no index of an array there, expected a number below 2 without leading zeros)"},
      {R"([{"op":"replace","path":"/list/99999999999999999999","value":1}])",
       R"(p: /0/path: found "/list/99999999999999999999", but "99999999999999999999" is no index of an array there, expected a number below 2 without leading zeros)"},
      {R"([{"op":"remove","path":""}])",
       R"(p: /0/path: found "", expected a member of the contract: the whole of it cannot be removed)"},
      {R"([{"op":"remove","path":"list"}])",
       R"(p: /0/path: found "list", expected a JSON pointer: empty, or beginning with /)"},
      {R"([{"op":"remove","path":"/a~2"}])",
       R"(p: /0/path: found "/a~2", expected 0 or 1 behind each ~ of a JSON pointer)"},
      {R"([{"op":"remove","path":"/a~"}])",
       R"(p: /0/path: found "/a~", expected 0 or 1 behind each ~ of a JSON pointer)"},
      {R"([{"op":"test","path":"/name","value":"m"}])", R"(p: /0/value: the test fails: found "n", expected "m")"},
      {R"([{"op":"remove","path":"/name"},{"op":"move","from":"/list","path":"/name"}])",
       R"(p: /1/op: found "move", expected one of: add, remove, replace, test)"},
      {R"([{"op":"copy","from":"/list","path":"/name"}])",
       R"(p: /0/op: found "copy", expected one of: add, remove, replace, test)"},
      {R"([{"path":"/name"}])", R"(p: /0: expected the key "op")"},
      {R"([{"op":"remove"}])", R"(p: /0: expected the key "path")"},
      {R"([{"op":"remove","path":1}])", R"(p: /0/path: found 1, expected a string)"},
      {R"([{"op":"add","path":"/x"}])", R"(p: /0: expected the key "value")"},
      {R"([1])", R"(p: /0: found 1, expected an operation of a JSON Patch)"},
      {R"({"moon":null})", R"(p: /moon: found null, but there is no such member to take out)"},
      {R"({"deep":{"y/~":null}})", R"(p: /deep/y~1~0: found null, but there is no such member to take out)"},
      {R"({"new":{"x":null}})", R"(p: /new/x: found null, but there is no such member to take out)"},
      {R"("name")",
       R"(p: /: found "name", expected a contract, a JSON Patch (an array) or a merge patch (an object without schema))"},
  };
  for (const Case& c : kRefused) EXPECT_EQ(patched(kDocument, c.patch), c.answer) << c.patch;
}

TEST(ContractPatches, ApplyInOrder) {
  EXPECT_EQ(patched(kDocument, R"([{"op":"add","path":"/list/0","value":"c"},{"op":"add","path":"/list/-","value":"d"},
                                   {"op":"remove","path":"/list/1"},{"op":"test","path":"/list/1","value":"b"},
                                   {"op":"replace","path":"/deep/a~1b~0c","value":{}},{"op":"remove","path":"/deep/x"},
                                   {"op":"add","path":"/name","value":"m"}])"),
            R"({"name":"m","list":["c","b","d"],"deep":{"a/b~c":{}}})");
  EXPECT_EQ(patched(kDocument, R"([{"op":"add","path":"","value":{"name":1}}])"), R"({"name":1})");
  EXPECT_EQ(patched(kDocument, R"({"list":null,"name":{"x":1}})"), R"({"name":{"x":1},"deep":{"x":null,"a/b~c":1}})");
}

TEST(ContractPatches, AreOfSoManyOperations) {
  std::string patch = "[";
  for (int i = 0; i < 1025; ++i) patch += R"({"op":"add","path":"/list/0","value":1},)";
  patch.back() = ']';
  EXPECT_EQ(patched(kDocument, patch.c_str()), "p: /: found 1025 operations, expected at most 1024");
}

const std::vector<std::string> kPointers = {"",          "/name",   "/name/x",   "/list",   "/list/0", "/list/1",
                                            "/list/2",   "/list/-", "/list/00",  "/list/x", "/deep",   "/deep/y",
                                            "/deep/y/0", "/new",    "/list/0/x", "/",       "/deep/"};

/// What RFC 6902 and the library make of one operation; nothing where it does not apply. The library is not asked where
/// it would pass over the operation: below a value without members.
std::optional<Json> by_the_library(const Json& document, const Json& operation) {
  const Json::json_pointer path(operation["path"].get<std::string>());
  try {
    if (!path.empty() && !document.at(path.parent_pointer()).is_structured()) return std::nullopt;
    return document.patch(Json::array({operation}));
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

RC_GTEST_PROP(ContractPatches, ApplyAsTheLibrarysDo, ()) {
  const std::vector<Json> values = {1, "a", nullptr, Json::array({1}), Json::object({{"y", 1}}), Json::array()};
  Json document = Json::parse(R"({"name":"n","list":["a",1],"deep":{"x":null,"y":[2]}})");
  const auto length = *rc::gen::inRange(1, 12);
  for (int i = 0; i < length; ++i) {
    const Json operation = {{"op", *rc::gen::element<std::string>("add", "remove", "replace", "test")},
                            {"path", *rc::gen::elementOf(kPointers)},
                            {"value", *rc::gen::elementOf(values)}};
    const std::optional<Json> expected = document.is_structured() ? by_the_library(document, operation) : std::nullopt;
    Json found = document;
    bool applied = true;
    try {
      apply_patch(found, Json::array({operation}), "p");
    } catch (const SpecError&) {
      applied = false;
    }
    RC_LOG() << document.dump() << " " << operation.dump();
    if (!document.is_structured()) return;
    RC_ASSERT(applied == expected.has_value());
    if (applied) RC_ASSERT(found == *expected);
    if (applied) document = found;
  }
}

/// What is said of a text, or nothing.
std::string refusal(std::string_view json) {
  try {
    static_cast<void>(parse_contract_json(json, "f"));
    return {};
  } catch (const SpecError& e) {
    return e.what();
  }
}

TEST(StrictJson, RefusesAKeyThatIsThereTwiceWithItsLine) {
  EXPECT_EQ(refusal("{\"a\":1,\n\"a\":2}"), "f:2:3: the key \"a\" is there twice in one object, expected it once");
  EXPECT_EQ(refusal("{\"b\":[{\"a\":{\"a\":1,\n\"c\":2,\n\"\\u0061\":1}}]}"),
            "f:3:8: the key \"a\" is there twice in one object, expected it once");
  EXPECT_EQ(refusal(R"({"a":{"a":1},"b":[{"a":1},{"a":1}]})"), "") << "different objects";
}

TEST(StrictJson, RefusesNumbersOutOfRange) {
  for (const std::string& number : {std::string("1e999"), std::string("-1e999"), std::string(400, '9')})
    EXPECT_EQ(refusal("[1,\n" + number + "]"),
              "f:2:" + std::to_string(number.size()) + ": a number that is out of range, expected at most 1.8e308")
        << number;
  EXPECT_EQ(refusal("[1e308, 99999999999999999999999]"), "");
}

TEST(StrictJson, RefusesWhatIsTooDeepOrOfTooManyMembers) {
  EXPECT_EQ(refusal("\n" + std::string(1000000, '[')), "f:2:9: JSON nests deeper than 8");
  EXPECT_EQ(refusal("[[[[[[[[1]]]]]]]]"), "");
  std::string many = "{";
  for (int i = 0; i < 513; ++i) many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  EXPECT_EQ(refusal(many + "}"), "f:1:3992: an object of more than 512 members, expected at most that");
  EXPECT_EQ(refusal(std::string((4U << 20U) + 1, ' ')), "f: more than 4194304 bytes");
}

TEST(StrictJson, SaysTheLineOfWhatIsNoJson) {
  EXPECT_EQ(refusal("{\n\"a\":\n}").substr(0, 14), "f:3:1: no JSON");
  EXPECT_EQ(refusal("{} {}").substr(0, 14), "f:1:4: no JSON");
  EXPECT_EQ(refusal("").substr(0, 14), "f:1:1: no JSON");
  EXPECT_EQ(refusal("[\"\xff\"]").substr(0, 14), "f:1:3: no JSON");
  EXPECT_LT(refusal("[\"" + std::string(100000, 'a')).size(), 500U) << "the text is not quoted at length";
}

}  // namespace
}  // namespace custody::spec::test
