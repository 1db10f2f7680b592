// SPDX-License-Identifier: BSD-2-Clause
// The header of a litmus file: one function a header word.
#include "traces/formats/litmus/header.hpp"

#include <algorithm>

#include "model/escape.hpp"
#include "traces/formats/litmus/tokens.hpp"

namespace custody::traces::formats::litmus {
namespace {

std::uint32_t parse_line_size(Words& words) {
  const std::string what = "the size of a line, " + std::string(kLineSizes);
  const std::string_view word = words.next(what);
  const auto bytes = parse_number(word);
  if (!bytes || !is_line_size(*bytes)) words.fail("found " + shown(word) + ", expected " + what);
  return static_cast<std::uint32_t>(*bytes);
}

bool is_device(const ParsedHeader& header, std::string_view name) { return header.device_names.contains(name); }

bool is_older(const ParsedHeader& header, std::string_view name) { return header.older_names.contains(name); }

void parse_older(Words& words, ParsedHeader& out) {
  const std::string_view name = words.next_name("the name of a buffer from before the trace");
  if (is_older(out, name)) words.fail("the buffer " + shown(name) + " is declared twice");
  if (is_device(out, name)) words.fail(shown(name) + " is a device, expected the name of a buffer");
  out.older.push_back(name);
  out.older_names.insert(name);
}

void parse_device(Words& words, ParsedHeader& out) {
  DeviceInfo device;
  const std::string_view name = words.next_name("the name of a device");
  if (is_device(out, name)) words.fail("the device " + shown(name) + " is declared twice");
  if (is_older(out, name)) words.fail(shown(name) + " is a buffer, expected the name of a device");
  device.name = name;
  out.device_names.insert(name);
  device.coherent = false;
  while (!words.done()) {
    if (words.take("coherent")) {
      device.coherent = true;
      device.allocates = words.take("allocates");
    } else if (words.take("coherence_unknown")) {
      device.coherent.reset();
      device.allocates = false;
    } else if (words.take("bounced")) {
      device.bounced = true;
    } else if (words.take("reads_only")) {
      device.reads_only = true;
    } else if (words.take("line")) {
      device.line = parse_line_size(words);
    } else {
      words.fail("found " + shown(words.peek()) +
                 " behind a device, expected coherent [allocates], coherence_unknown, bounced, reads_only, line");
    }
  }
  out.devices.push_back(std::move(device));
}

void parse_policy(Words& words, ParsedHeader& out) {
  Header::Policy policy;
  policy.name = words.next_name("the name of a policy");
  policy.value = words.next_name("the value of the policy");
  policy.line = words.line();
  const auto same = [&](const Header::Policy& p) { return p.name == policy.name; };
  if (std::any_of(out.header.policies.begin(), out.header.policies.end(), same))
    words.fail("the policy " + shown(policy.name) + " is given twice");
  out.header.policies.push_back(std::move(policy));
}

void parse_once(Words& words, std::string& value, std::string_view what) {
  if (!value.empty()) words.fail(std::string(what) + " is given twice");
  value = words.next_name(what);
}

void parse_choice(Words& words, bool& chosen, std::string_view no, std::string_view yes) {
  const std::string what = std::string(no) + " or " + std::string(yes);
  const std::string_view word = words.next(what);
  if (word != no && word != yes) words.fail("found " + shown(word) + ", expected " + what);
  chosen = word == yes;
}

/// `# pending RULE: reason` is kept; any other comment says nothing to the program.
void parse_comment(std::string_view line, std::uint64_t number, const std::string& path, ParsedHeader& out) {
  constexpr std::string_view kPending = "pending";
  const std::string_view text = trimmed(line.substr(1));
  if (text.substr(0, kPending.size()) != kPending) return;
  const std::string_view rest = text.substr(kPending.size());
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') return;
  const std::string_view what = trimmed(rest);
  const auto colon = what.find(':');
  if (colon == std::string_view::npos || !is_rule_or_class(trimmed(what.substr(0, colon))) ||
      trimmed(what.substr(colon + 1)).empty() || !model::is_plain_line(what))
    throw InputError(path, number,
                     "found " + shown(line) + ", expected `# pending RULE: REASON` with " + std::string(kRuleOrClass));
  out.header.pending.emplace_back(what);
}

void parse_line(std::string_view line, Words& words, ParsedHeader& out) {
  const std::string_view word = words.next("a header word");
  if (word == "arch") {
    parse_once(words, out.header.arch, "the architecture");
  } else if (word == "cpu_line") {
    if (out.header.cpu_line != 0) words.fail("the size of a line of the CPU cache is given twice");
    out.header.cpu_line = parse_line_size(words);
  } else if (word == "contract") {
    parse_once(words, out.header.contract, "the contract");
  } else if (word == "device") {
    parse_device(words, out);
  } else if (word == "older") {
    parse_older(words, out);
  } else if (word == "policy") {
    parse_policy(words, out);
  } else if (word == "by_probes") {
    out.header.by_probes = true;
  } else if (word == "trust") {
    parse_choice(words, out.header.trust_mappings, "windows", "mappings");
  } else if (word == "accesses") {
    parse_choice(words, out.header.exact_accesses, "may", "exact");
  } else if (word == "expect") {
    out.expected.push_back(parse_expectation(words, line));
  } else {
    std::string all;
    for (const std::string_view known : kHeaderWords) all.append(all.empty() ? "" : ", ").append(known);
    words.fail("unknown header word " + shown(word) + ", expected one of " + all + "; a blank line ends the header");
  }
  words.expect_end("`" + std::string(word) + "`");
}

void parse_title(std::string_view line, std::uint64_t number, const std::string& path, ParsedHeader& out) {
  const std::string_view text = trimmed(line);
  if (text.substr(0, kMagic.size()) != kMagic)
    throw InputError(path, number, "found " + shown(text) + ", expected `custody litmus: TITLE`");
  out.header.title = trimmed(text.substr(kMagic.size()));
  if (out.header.title.empty()) throw InputError(path, number, "the title behind `custody litmus:` is missing");
  if (!model::is_plain_line(out.header.title))
    throw InputError(path, number, "found " + shown(text) + ", expected a title of UTF-8 without control characters");
}

}  // namespace

ParsedHeader parse_header(input::Lines& lines, const std::string& path) {
  ParsedHeader out;
  std::string_view line;
  bool titled = false;
  while (lines.next(line)) {
    const std::string_view text = trimmed(line);
    if (!titled) {
      if (text.empty()) continue;
      parse_title(text, lines.number(), path, out);
      titled = true;
    } else if (text.empty()) {
      break;
    } else if (text.front() == '#') {
      parse_comment(text, lines.number(), path, out);
    } else {
      Words words(text, path, lines.number());
      parse_line(text, words, out);
    }
  }
  if (!titled) throw InputError(path, 0, "the file is empty, expected `custody litmus: TITLE`");
  return out;
}

}  // namespace custody::traces::formats::litmus
