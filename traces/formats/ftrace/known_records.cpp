// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/known_records.hpp"

#include <utility>

#include "traces/formats/ftrace/foreign_lines.hpp"
#include "traces/formats/ftrace/odd_fields.hpp"

namespace custody::traces::formats::ftrace {

namespace {

/// A trace_printk has the name of its function where a record has its event. A probe says where it hit, and without a
/// field it is no record that anything is read from; a binary record has no text.
bool is_message(std::string_view rest) {
  const std::size_t begin = rest.find_first_not_of(' ');
  return begin != std::string_view::npos && rest[begin] != '(' && rest.find('=') == std::string_view::npos;
}

/// `my_map` is a map, however near `dma_map` is.
const ProbeName* named_at_end(std::string_view event) {
  for (std::size_t mark = event.find('_'); mark != std::string_view::npos; mark = event.find('_', mark + 1))
    if (const ProbeName* probe = find_probe(event.substr(mark + 1))) return probe;
  return nullptr;
}

}  // namespace

void KnownRecords::warn(std::uint64_t line, std::string message) { statistics_.warn(line, std::move(message)); }

void KnownRecords::warn_once(const std::string& of, std::uint64_t line, std::string message) {
  constexpr std::size_t kMostWarned = 256;
  if (warned_.size() < kMostWarned && warned_.emplace(of).second) warn(line, std::move(message));
}

/// Of an event that is not known: are its fields a probe's, and its name nearly?
bool KnownRecords::is_damaged_name(const Head& head, std::uint64_t line) {
  if (first_unknown_.empty()) first_unknown_.assign(head.event);
  if (is_foreign(head) || is_message(head.rest)) {
    ++statistics_.passed_over.foreign;
    return false;
  }
  const std::string event(head.event);
  const ProbeName* near = nearest_probe(head.event);
  if (near == nullptr || !has_own_field(head.rest)) {
    ++statistics_.unknown_events;
    warn_once("event " + event, line, "unknown event '" + event + "'; counted, not read");
    return false;
  }
  const ProbeName* at_end = named_at_end(head.event);
  const std::string meant(at_end != nullptr ? at_end->name : near->name);
  warn(line, "unknown event '" + event + "' with fields of a probe; did you mean '" + meant + "'? `--event " + event +
                 "=" + meant + "` reads it as that");
  return true;
}

void KnownRecords::name_oddities(const Head& head, const Fields& fields, std::uint64_t line) {
  const std::string event(head.event), unknown(fields.unknown), malformed(fields.malformed);
  if (!unknown.empty())
    warn_once("field " + unknown, line, "unknown field '" + unknown + "' of event '" + event + "'; ignored");
  if (malformed.empty()) return;
  ++statistics_.passed_over.fields;
  warn_once("value " + event + "." + malformed, line,
            "field '" + malformed + "' of event '" + event + "' has no readable value; taken as unknown");
}

void KnownRecords::note_attribute(const Head& head, std::string_view attribute, std::uint64_t line) {
  const std::string name(attribute);
  ++statistics_.passed_over.fields;
  warn_once(
      "attribute " + name, line,
      "unknown attribute '" + name + "' of event '" + std::string(head.event) + "'; taken as one that skips no sync");
}

bool KnownRecords::accept(const Head& head, const ProbeName& probe, Fields& fields, std::uint64_t line) {
  ++statistics_.known_events;
  if (fields.dev.find('"') != std::string_view::npos) {  // two records are one line
    ++statistics_.malformed;
    ++statistics_.passed_over.unread;
    warn(line, "event '" + std::string(head.event) + "' with a quote in the device's name");
    return false;
  }
  const std::string& damage = checks_.damage_of(head, probe, fields);
  if (damage.empty()) {
    if (!fields.unknown.empty() || !fields.malformed.empty()) name_oddities(head, fields, line);
    return true;
  }
  ++statistics_.malformed;
  ++statistics_.passed_over.unread;
  warn(line, damage);
  return false;
}

const ProbeName* KnownRecords::read(const Head& head, const ProbeName* probe, std::uint64_t line, Fields& fields,
                                    bool& damaged) {
  if (probe == nullptr) {
    damaged = is_damaged_name(head, line);
    statistics_.known_events += damaged ? 1U : 0U;
    statistics_.passed_over.unread += damaged ? 1U : 0U;
    statistics_.malformed += damaged ? 1U : 0U;
    return nullptr;
  }
  if (bare_pointers_ || !parse_fields(head.rest, fields, orders_[static_cast<std::size_t>(probe->probe)])) {
    parse_odd_fields(head.rest, probe->probe, {head.leaves_out_zeros, bare_pointers_}, odd_text_, fields);
    bare_pointers_ = bare_pointers_ || fields.has_bare_pointer;
  }
  damaged = !accept(head, *probe, fields, line);
  return damaged ? nullptr : probe;
}

}  // namespace custody::traces::formats::ftrace
