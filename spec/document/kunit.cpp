// SPDX-License-Identifier: BSD-2-Clause
// A suite for the kernel's KUnit: a harness that is the same for every contract, and a test for each case.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/escape.hpp"
#include "spec/document/kunit_cases.hpp"
#include "spec/document/wording.hpp"
#include "spec/kunit_harness.hpp"
#include "spec/render/words.hpp"

namespace custody::spec::document {

using model::at;
using model::Direction;
using model::Id;
using model::kEvents;

namespace {

constexpr std::size_t kCommentColumns = 100;

constexpr std::string_view kNeeds =
    "What an in-kernel run needs: CONFIG_KUNIT, CONFIG_DMA_SHARED_BUFFER and CONFIG_DMA_OPS, a kernel of 6.1 (from 6.2 "
    "on "
    "the calls that map take the _unlocked name), and custody_kunit_exporter, which only the exporter can fill: "
    "include "
    "this file at the end of the exporter's own and define it behind. Of 6.1's system heap export_buffer is "
    "system_heap_allocate(sys_heap, PAGE_SIZE, O_RDWR, 0). Calls with a pointer that is not there meet WARN_ONs of the "
    "dma-buf core: run it without panic_on_warn. In user space: custody drive EXPORTER --kunit THIS_FILE.";

/// A comment of lines with this before each.
std::string c_comment(std::string_view text) {
  const std::string plain = model::escape_comment(model::plain_line(text, ' '));
  std::string out;
  for (const std::string& line : render::wrapped(plain, kCommentColumns - 3))
    out += (out.empty() ? "/* " : "\n * ") + line;
  return out + " */\n";
}

std::string direction_of(Direction dir) { return dir == Direction::kNone ? "CUSTODY_ANY" : constant_of(dir); }

std::string call_of(const model::Call& call) {
  std::string out = fmt::format("custody_{}(test", kEvents[call.event].brief);
  if (model::names_attachment(call.event)) out += fmt::format(", {}", call.device);
  if (model::has_direction(call.event)) out += fmt::format(", {}", direction_of(call.dir));
  return out + ")";
}

bool is_pass(const ExpectedSync& sync) { return sync.sync.targets == model::Targets::kBuffer; }

/// A pass as a sync of the exporter's own mapping.
std::string pass_of(model::Operation operation) {
  switch (operation) {
    case model::Operation::kClean: return "\t\t{ CUSTODY_CLEAN, CUSTODY_OWN, DMA_TO_DEVICE, false, 0 },\n";
    case model::Operation::kInvalidate: return "\t\t{ CUSTODY_INVALIDATE, CUSTODY_OWN, DMA_FROM_DEVICE, false, 0 },\n";
    default: return "\t\t{ CUSTODY_FLUSH, CUSTODY_OWN, DMA_BIDIRECTIONAL, false, 0 },\n";
  }
}

/// Syncs of one clause's word for several devices are one turn.
std::string due_of(const std::vector<ExpectedSync>& due) {
  constexpr std::string_view kOps[] = {"CUSTODY_MAP", "CUSTODY_UNMAP", "CUSTODY_FOR_CPU", "CUSTODY_FOR_DEVICE"};
  std::string out;
  std::size_t turn = 0;
  for (std::size_t i = 0; i < due.size(); ++i) {
    const ExpectedSync& sync = due[i];
    if (is_pass(sync)) {
      out += pass_of(sync.operation);
      continue;
    }
    if (i != 0 && (sync.clause != due[i - 1].clause || !(sync.sync == due[i - 1].sync))) ++turn;
    const std::string device = sync.device == model::kNobody ? "CUSTODY_OWN" : std::to_string(sync.device);
    out += fmt::format("\t\t{{ {}, {}, {}, {}, {} }},\n", kOps[static_cast<std::size_t>(sync.sync.call)], device,
                       direction_of(sync.dir), sync.skip, turn);
  }
  return out.empty() ? out : "\tstatic const struct custody_sync due[] = {\n" + out + "\t};\n\n";
}

/// The call, and what must come of it.
std::string check_of(const KunitCase& one) {
  const std::string call = call_of(one.call);
  constexpr std::string_view kVoid[] = {"detach", "unmap", "vunmap", "munmap", "unpin", "move_notify", "release"};
  const std::string_view event = kEvents[one.call.event].brief;
  const bool is_void = std::find(std::begin(kVoid), std::end(kVoid), event) != std::end(kVoid);
  switch (one.outcome) {
    case Outcome::kReturns: return fmt::format("\tKUNIT_EXPECT_EQ(test, {}, -{});\n", call, one.error);
    case Outcome::kFails: return fmt::format("\tKUNIT_EXPECT_LT(test, {}, 0);\n", call);
    case Outcome::kStays: return fmt::format("\tKUNIT_EXPECT_EQ(test, {}, 0);\n", call_of(one.probe));
    case Outcome::kNoObject:
      return is_void ? "\t" + call + ";\n" : fmt::format("\tKUNIT_EXPECT_EQ(test, {}, -EINVAL);\n", call);
    default: return is_void ? "\t" + call + ";\n" : fmt::format("\tKUNIT_EXPECT_EQ(test, {}, 0);\n", call);
  }
}

std::string test_of(const KunitCase& one) {
  std::string ids;
  for (const std::string& id : one.ids) ids += (ids.empty() ? "" : ", ") + id;
  std::string out = c_comment(fmt::format("{} [{}]", one.why, ids));
  if (!one.due.empty() && is_pass(one.due.back()))
    out +=
        c_comment("A pass over the buffer is due too. It is seen where the exporter has mapped the buffer for itself.");
  const bool shows = !one.due.empty() && (one.outcome == Outcome::kSucceeds || one.outcome == Outcome::kStays);
  out += fmt::format("static void {}(struct kunit *test)\n{{\n", one.name);
  if (one.outcome == Outcome::kUndefined)
    return out + fmt::format(
                     "\tkunit_skip(test, \"nothing in the kernel answers {} here: it is the caller's to keep from "
                     "it\");\n}}\n\n",
                     kEvents[one.call.event].name);
  if (shows) out += due_of(one.due);
  for (const model::Call& call : one.way) out += fmt::format("\tKUNIT_ASSERT_EQ(test, {}, 0);\n", call_of(call));
  if (one.outcome == Outcome::kAnother) {
    if (one.call.event == at(kEvents, "export")) return out + "\tcustody_expect_another_buffer(test);\n}\n\n";
    return out + fmt::format("\tcustody_expect_another_attachment(test, {});\n}}\n\n", one.call.device);
  }
  if (one.outcome == Outcome::kStays) out += "\t" + call_of(one.call) + ";\n";
  out += "\tcustody_watch();\n" + check_of(one);
  return out +
         (shows ? "\tcustody_expect(test, due, ARRAY_SIZE(due));\n}\n\n" : "\tcustody_expect(test, NULL, 0);\n}\n\n");
}

/// Errors that a kernel may not have are said by their names.
std::string errors_of(const std::vector<KunitCase>& cases) {
  std::set<std::string> errors;
  for (const KunitCase& one : cases)
    if (one.outcome == Outcome::kReturns) errors.insert(one.error);
  std::string out;
  for (const std::string& error : errors)
    out += fmt::format("#ifndef {0}\n#error \"the contract returns {0}, which this kernel does not have\"\n#endif\n",
                       error);
  return out.empty() ? out : out + "\n";
}

/// At most what a suite's name may be long.
std::string suite_name(const Contract& contract) {
  std::string out = "custody-" + contract.name.substr(0, 64);
  for (char& c : out)
    if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')) c = '-';
  return out;
}

}  // namespace

std::string render_kunit(const Contract& contract, const Origin& origin) {
  const std::vector<KunitCase> cases = kunit_cases(contract);
  std::string out = "// SPDX-License-Identifier: BSD-2-Clause\n";
  out += c_comment(
      fmt::format("{}: {}. One test for each pair of a state of the buffer and a call, and for each clause: the "
                  "call is made, and its result and every call of the DMA API are compared.",
                  contract.name, contract.title));
  out += c_comment("Generated by " + made_by(origin, "the contract " + contract.name));
  out += c_comment(kNeeds);
  out.append(kKunitHarness.substr(kKunitHarness.find("#include"))).append("\n").append(errors_of(cases));
  std::string list;
  for (const KunitCase& one : cases) {
    out += test_of(one);
    list += fmt::format("\tKUNIT_CASE({}),\n", one.name);
  }
  out += "static struct kunit_case custody_cases[] = {\n" + list + "\t{}\n};\n\n";
  out += fmt::format(
      "static struct kunit_suite custody_suite = {{\n\t.name = \"{}\",\n\t.init = custody_init,\n"
      "\t.exit = custody_exit,\n\t.test_cases = custody_cases,\n}};\nkunit_test_suite(custody_suite);\n\n",
      suite_name(contract));
  return out + "MODULE_LICENSE(\"Dual BSD/GPL\");\nMODULE_IMPORT_NS(DMA_BUF);\n";
}

}  // namespace custody::spec::document
