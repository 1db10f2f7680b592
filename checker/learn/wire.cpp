// SPDX-License-Identifier: BSD-2-Clause
// Writes requests, reads answers. What a host writes is as untrusted as any input.
#include "checker/learn/wire.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "model/escape.hpp"

namespace custody::checker::learn {

namespace {

constexpr std::size_t kMostFunction = 128;

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t end = text.find(at);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

template <class Number>
bool read_number(std::string_view text, Number& to) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_function(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= kMostFunction && std::all_of(text.begin(), text.end(), is_letter);
}

std::optional<Made> made_of(std::string_view text, std::size_t devices) {
  const std::vector<std::string_view> parts = split(text, ':');
  if (parts.size() != 5) return std::nullopt;
  Made made;
  const auto call = model::find_word(model::kSyncCalls, parts[0]);
  const auto dir = model::find_direction(parts[2]);
  unsigned device = 0;
  if (parts[1] == "x") made.device = kExporter;
  else if (read_number(parts[1], device) && device < devices) made.device = static_cast<int>(device);
  else return std::nullopt;
  if (parts[0] == "flush" && parts[1] == "x") {
    made = {kPass, model::SyncCall::kForDevice, model::Direction::kBidirectional, false, {}};
  } else if (call && dir) {
    made.call = static_cast<model::SyncCall>(*call);
    made.dir = *dir;
  } else {
    return std::nullopt;
  }
  made.skip = parts[3] == "skip";
  if (!made.skip && parts[3] != "-") return std::nullopt;
  if (parts[4] == "-") return made;
  if (!is_function(parts[4])) return std::nullopt;
  made.function = parts[4];
  return made;
}

std::optional<Answer> answer_of(std::string_view text, std::size_t devices) {
  Answer answer;
  bool is_first = true;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    if (is_first && !read_number(word, answer.ret)) return std::nullopt;
    if (!is_first) {
      std::optional<Made> made = made_of(word, devices);
      if (!made) return std::nullopt;
      answer.made.push_back(std::move(*made));
    }
    is_first = false;
  }
  return is_first ? std::nullopt : std::optional(std::move(answer));
}

}  // namespace

std::string request_of(const World& world, std::span<const Step> program) {
  std::string out;
  for (const bool snoops : world) out.append(out.empty() ? "" : ",").append(snoops ? "snoops" : "plain");
  for (const Step& step : program) {
    out.append("; ").append(model::kEvents[step.event].brief);
    if (model::names_attachment(step.event)) out.append(" ").append(std::to_string(step.device));
    if (model::has_direction(step.event)) out.append(" ").append(model::name(step.dir));
    if (step.interrupted) out.append(" interrupted");
  }
  return out;
}

std::vector<Answer> parse_answers(std::string_view line, const World& world, std::span<const Step> program) {
  constexpr std::string_view kOk = "ok ";
  const auto fail = [&](const std::string& what) -> std::vector<Answer> {
    throw SubjectError(what + ", in the program: " + text_of(program));
  };
  if (line.substr(0, 4) == "bug ") return fail("the driver: " + model::escape_text(line.substr(4)));
  if (line.substr(0, kOk.size()) != kOk)
    return fail("the driver's host answers \"" + model::escape_text(line.substr(0, 200)) + "\"");
  std::vector<Answer> out;
  for (const std::string_view part : split(line.substr(kOk.size()), ';')) {
    if (const std::size_t at = part.find_first_not_of(' '); at != part.npos && part.substr(at, 5) == "stop ") {
      if (out.size() > program.size()) break;
      SubjectStops stops("the driver: " + model::escape_text(part.substr(at + 5)) +
                         ", in the program: " + text_of(program));
      stops.what = model::escape_text(part.substr(at + 5));
      stops.answers = std::move(out);
      throw stops;
    }
    std::optional<Answer> answer = answer_of(part, world.size());
    if (!answer) return fail("the driver's host answers \"" + model::escape_text(part.substr(0, 200)) + "\"");
    out.push_back(std::move(*answer));
  }
  if (out.size() > program.size())
    return fail("the driver's host answers " + std::to_string(out.size()) + " calls of " +
                std::to_string(program.size()));
  return out;
}

}  // namespace custody::checker::learn
