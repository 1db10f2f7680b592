// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/field_checks.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr std::uint32_t kDigits64 = 16, kDigits32 = 8;
/// Kernels of 32 bits begin there at the lowest (CONFIG_VMSPLIT_2G): whatever is below may be anything.
constexpr std::uint64_t kLowest32 = 0x80000000U;

/// What an attach that failed returned has no device to name.
bool has_failed(const Fields& fields) { return error_of(fields.value[Fields::kAttach]) != 0; }

}  // namespace

bool FieldChecks::learn_digits(const Fields& fields) {
  if (fields.pointer_digits == Fields::kNoPointer) return true;
  if (fields.pointer_digits < digits_) return false;
  // An error is no address, and a small number is one of nothing.
  bool high = false, low = false;
  for (unsigned n = 0; n < Fields::kCount; ++n) {
    const auto name = static_cast<Fields::Name>(n);
    if (!is_pointer(name) || !fields.has(name) || fields.value[n] == 0) continue;
    if (error_of(fields.value[n]) == 0) (fields.value[n] < kLowest32 ? low : high) = true;
  }
  if (high && !low && (fields.pointer_digits == kDigits64 || (digits_ == 0 && fields.pointer_digits == kDigits32)))
    digits_ = fields.pointer_digits;
  return true;
}

std::string FieldChecks::look_closely(const Head& head, const ProbeName& probe, Fields& fields) {
  const std::string event(head.event);
  if (!fields.damage.empty())
    return "event '" + event + "' with '" + std::string(fields.damage.substr(0, 40)) + "', expected fields key=value";
  for (const Fields::Name n : required(probe.probe))
    if (!fields.has(n) || (n == Fields::kDev && fields.dev.empty() && !has_failed(fields)))
      return "event '" + event + "' without a readable field '" + std::string(field_name(n)) + "'";
  if (fields.has(Fields::kDir) && fields.value[Fields::kDir] > kLastDirection)
    return "direction " + std::to_string(fields.value[Fields::kDir]) + ", expected 0, 1 or 2";
  if (!learn_digits(fields))
    return "event '" + event + "' with a pointer of " + std::to_string(fields.pointer_digits) + " digits, expected " +
           std::to_string(digits_) + ": the line may be cut off";
  std::uint32_t& had = of_event_.try_emplace(event, 0U).first->second;
  const std::uint32_t missing = head.leaves_out_zeros ? 0 : had & ~fields.present;
  had |= fields.present;
  if (missing == 0) {
    usual_[static_cast<std::size_t>(probe.probe)] = fields.present;
    return {};
  }
  // Whether a call skipped its sync decides what happened.
  if (((missing >> Fields::kAttrs) & 1U) != 0) return "event '" + event + "' without 'attrs', which others of it have";
  for (unsigned n = 0; n < Fields::kCount; ++n)
    if (((missing >> n) & 1U) != 0) fields.malformed = field_name(static_cast<Fields::Name>(n));
  return {};
}

}  // namespace custody::traces::formats::ftrace
