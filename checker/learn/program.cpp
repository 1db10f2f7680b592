// SPDX-License-Identifier: BSD-2-Clause
// Programs and answers as text.
#include "checker/learn/program.hpp"

namespace custody::checker::learn {

namespace {

template <class Items>
std::string joined_texts(const Items& items, std::string_view between) {
  std::string out;
  for (const auto& item : items) out.append(out.empty() ? "" : between).append(text_of(item));
  return out;
}

}  // namespace

std::string text_of(const Step& step) {
  std::string text(model::kEvents[step.event].brief);
  if (model::names_attachment(step.event)) text.append(" D").append(std::to_string(step.device));
  if (model::has_direction(step.event)) text.append(" ").append(model::name(step.dir));
  return step.interrupted ? text.append(" (interrupted)") : text;
}

std::string text_of(std::span<const Step> program) { return joined_texts(program, ", "); }

std::string text_of(const Made& made) {
  if (made.device == kPass)
    return std::string("pass ").append(made.dir == model::Direction::kToDevice     ? "clean"
                                       : made.dir == model::Direction::kFromDevice ? "invalidate"
                                                                                   : "clean_invalidate");
  std::string text(model::kSyncCalls[static_cast<std::size_t>(made.call)].name);
  text.append(made.device == kExporter ? " exporter" : " D" + std::to_string(made.device));
  text.append(" ").append(model::name(made.dir));
  return made.skip ? text.append(" skip") : text;
}

std::string text_of(const Answer& answer) {
  std::string text = answer.ret == 0 ? std::string() : "returns " + std::to_string(answer.ret);
  if (!answer.made.empty()) text.append(text.empty() ? "" : "; ").append(joined_texts(answer.made, "; "));
  return text.empty() ? "nothing" : text;
}

std::string kind_of(const Step& step, const Answer& predicted, const Answer& found) {
  std::string kind = std::to_string(step.event) + (step.interrupted ? "i" : "");
  for (const Answer* const answer : {&predicted, &found}) {
    kind.append("|").append(answer->ret == 0 ? "" : "refused");
    for (const Made& m : answer->made)
      kind.append(" ").append(std::to_string(static_cast<unsigned>(m.call))).append(m.device == kPass ? "p" : "");
  }
  return kind;
}

}  // namespace custody::checker::learn
