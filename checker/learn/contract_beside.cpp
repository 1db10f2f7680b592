// SPDX-License-Identifier: BSD-2-Clause
// Runs a contract beside the programs of a learner.
#include "checker/learn/contract_beside.hpp"

#include <algorithm>

#include "checker/learn/names.hpp"
#include "traces/errno_words.hpp"

namespace custody::checker::learn {

namespace {

constexpr int kInvalid = -22, kInterrupted = -4;

/// Devices by place, as `expand` gives them, turned to numbers again.
void number_devices(std::vector<Made>& group, const model::Custody& custody) {
  for (Made& m : group) {
    if (m.device < 0) continue;
    int place = 0;
    for (const model::Attachment& a : custody.attachments)
      if (place++ == m.device) {
        m.device = static_cast<int>(a.device);
        break;
      }
  }
}

}  // namespace

bool Predicted::allows(const Answer& answer, bool interrupted) const {
  if (refused) return answer.ret != 0 && answer.made.empty();
  if ((answer.ret != 0) != interrupted) return false;
  std::size_t from = 0;
  for (const std::vector<Made>& group : groups) {
    if (!stands_at(group, answer.made, from)) return false;
    from += group.size();
  }
  return from == answer.made.size();
}

Answer Predicted::as_answer() const {
  Answer out;
  if (refused) out.ret = kInvalid;
  if (refusing != nullptr && traces::errno_number(refusing->refuse) != 0)
    out.ret = -traces::errno_number(refusing->refuse);
  for (const std::vector<Made>& group : groups) out.made.insert(out.made.end(), group.begin(), group.end());
  return out;
}

Beside::Beside(const spec::Contract& contract, const World& world)
    : contract_(contract), run_(contract), world_(world) {
  model::Call exported;
  exported.event = kExport;
  std::uint8_t none = 0;
  run_.move(custody_, notes_, none, exported);
}

Predicted Beside::predict(const Step& step) const {
  const model::Call call = call_of(step, custody_, world_, false);
  const std::uint8_t kept = model::names_attachment(step.event) ? kept_[step.device] : std::uint8_t{0};
  const spec::ContractAnswer answer = run_.foresee(custody_, notes_, kept, call);
  Predicted out;
  out.refusing = answer.refusing();
  out.refused = out.refusing != nullptr || answer.step.refusal() != nullptr;
  out.all_clauses = answer.clauses;
  if (out.refused) return out;
  Scope scope;
  scope.custody = custody_;
  scope.step = step;
  scope.kept = kept;
  for (const spec::Clause* const clause : answer.clauses)
    for (const model::Sync& sync : clause->syncs) {
      std::vector<Made> group = expand(sync, scope);
      number_devices(group, custody_);
      for (Made& m : group) m.skip = m.skip || (model::maps(m.call) && run_.skips_implicit_syncs());
      out.groups.push_back(std::move(group));
      out.clauses.push_back(clause);
    }
  return out;
}

void Beside::move(const Step& step, bool failed) {
  const model::Call call = call_of(step, custody_, world_, failed);
  std::uint8_t none = 0;
  run_.move(custody_, notes_, model::names_attachment(step.event) ? kept_[step.device] : none, call);
  if (step.event == kDetach) kept_[step.device] = 0;
}

std::string Beside::key() const {
  std::string key;
  const auto put = [&key](unsigned value) { key.push_back(static_cast<char>(value)); };
  put(custody_.state);
  for (const std::uint8_t note : notes_.v) put(note);
  for (const std::uint8_t kept : kept_) put(kept);
  for (const model::Attachment& a : custody_.attachments) {
    put(64U + a.device);
    for (const std::uint16_t maps : a.maps) put(maps);
  }
  for (const model::Window& w : custody_.windows) put(128U + static_cast<unsigned>(w.dir) + (w.idle ? 8U : 0U));
  put(custody_.kernel.users);
  put(custody_.kernel.bracketed ? 1U : 0U);
  put(custody_.user_mappings);
  return key;
}

Subject subject_of(const spec::Contract& contract) {
  return [&contract](const World& world, std::span<const Step> program) {
    Beside buffer(contract, world);
    std::vector<Answer> out;
    for (const Step& step : program) {
      const Predicted predicted = buffer.predict(step);
      Answer answer = predicted.as_answer();
      if (step.interrupted && !predicted.refused) answer.ret = kInterrupted;
      buffer.move(step, answer.ret != 0);
      out.push_back(std::move(answer));
    }
    return out;
  };
}

}  // namespace custody::checker::learn
