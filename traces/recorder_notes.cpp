// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recorder_notes.hpp"

#include <charconv>

namespace custody::traces {

namespace {

struct Note {
  std::string_view key, value;
};

std::optional<Note> note_in(std::string_view line) {
  if (line.substr(0, kNoteMark.size()) != kNoteMark) return std::nullopt;
  line.remove_prefix(kNoteMark.size());
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  return Note{line.substr(0, blank), line.substr(blank + 1)};
}

}  // namespace

void RecorderNotes::read(std::string_view line) {
  const std::optional<Note> note = note_in(line);
  if (!note) return;
  if (note->key == kNoteArch && arch.empty()) arch = note->value.substr(0, note->value.find(':'));
  const bool is_coherent = note->key == kNoteCoherent;
  if ((is_coherent || note->key == kNoteNotCoherent) && !coherent(note->value))
    devices.push_back({std::string(note->value), is_coherent});
}

std::optional<bool> RecorderNotes::coherent(std::string_view device) const {
  for (const Device& d : devices)
    if (d.name == device) return d.coherent;
  return std::nullopt;
}

std::uint64_t missed_calls(std::string_view line) {
  const std::optional<Note> note = note_in(line);
  if (!note || note->key != kNoteMissed) return 0;
  const std::string_view count = note->value.substr(note->value.rfind(' ') + 1);
  std::uint64_t missed = 0;
  std::from_chars(count.data(), count.data() + count.size(), missed);
  return missed;
}

}  // namespace custody::traces
