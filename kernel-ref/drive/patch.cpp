// SPDX-License-Identifier: GPL-2.0-only
// Takes diffs out of a file or a mailbox, each by the file that it changes.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include "kernel-ref/drive/source.hpp"

namespace custody::kernel_ref::drive {

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    if (!lines.back().empty() && lines.back().back() == '\r') lines.back().pop_back();
    at = end + 1;
  }
  return lines;
}

int value_of(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0 ? c - '0'
                                                          : std::toupper(static_cast<unsigned char>(c)) - 'A' + 10;
}

/// Quoted-printable, as mails carry it.
std::string unquoted(const std::vector<std::string>& lines, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) {
    const std::string& line = lines[i];
    bool goes_on = false;
    for (std::size_t c = 0; c < line.size(); ++c) {
      if (line[c] != '=') {
        out += line[c];
      } else if (c + 1 == line.size()) {
        goes_on = true;
      } else if (c + 2 < line.size() && std::isxdigit(static_cast<unsigned char>(line[c + 1])) != 0 &&
                 std::isxdigit(static_cast<unsigned char>(line[c + 2])) != 0) {
        out += static_cast<char>(value_of(line[c + 1]) * 16 + value_of(line[c + 2]));
        c += 2;
      } else {
        out += line[c];
      }
    }
    if (!goes_on) out += '\n';
  }
  return out;
}

std::string from_base64(const std::vector<std::string>& lines, std::size_t from, std::size_t to) {
  static const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0, have = 0;
  for (std::size_t i = from; i < to; ++i)
    for (const char c : lines[i]) {
      const std::size_t value = digits.find(c);
      if (value == std::string::npos) continue;
      bits = (bits << 6U | static_cast<unsigned>(value)) & 0xffffffU;
      have += 6;
      if (have >= 8) out += static_cast<char>(bits >> (have -= 8) & 0xffU);
    }
  return out;
}

/// The text with the bodies of encoded mails decoded.
std::vector<std::string> decoded(const std::string& text) {
  const std::vector<std::string> lines = lines_of(text);
  std::string out;
  for (std::size_t i = 0; i < lines.size();) {
    std::string line = lines[i];
    std::transform(line.begin(), line.end(), line.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool encoded = line.rfind("content-transfer-encoding:", 0) == 0;
    const bool quoted = encoded && line.find("quoted-printable") != std::string::npos;
    const bool base64 = encoded && line.find("base64") != std::string::npos;
    out += lines[i++] + "\n";
    if (!quoted && !base64) continue;
    while (i < lines.size() && !lines[i].empty()) out += lines[i++] + "\n";
    std::size_t end = i;
    while (end < lines.size() && lines[end].rfind("From ", 0) != 0 && !(base64 && lines[end].rfind("--", 0) == 0))
      ++end;
    out += quoted ? unquoted(lines, i, end) : from_base64(lines, i, end);
    out += '\n';
    i = end;
  }
  return lines_of(out);
}

struct Hunk {
  unsigned long before = 0, after = 0;
};

bool is_hunk(const std::string& line, Hunk& hunk) {
  unsigned long a = 0, b = 1, c = 0, d = 1;
  if (line.rfind("@@ -", 0) != 0) return false;
  const char* at = line.c_str() + 4;
  int used = 0;
  if (std::sscanf(at, "%lu%n", &a, &used) != 1) return false;
  at += used;
  if (*at == ',' && std::sscanf(at + 1, "%lu%n", &b, &used) == 1) at += 1 + used;
  if (std::sscanf(at, " +%lu%n", &c, &used) != 1) return false;
  at += used;
  if (*at == ',') static_cast<void>(std::sscanf(at + 1, "%lu", &d));
  hunk = {b, d};
  return true;
}

std::string name_of(const std::string& header) {
  std::string name = header.substr(4, header.find('\t', 4) - 4);
  while (!name.empty() && name.back() == ' ') name.pop_back();
  return name;
}

std::string stripped(const std::string& name) {
  const std::size_t slash = name.find('/');
  const bool prefixed = slash != std::string::npos && (name.rfind("a/", 0) == 0 || name.rfind("b/", 0) == 0);
  return prefixed ? name.substr(slash + 1) : name;
}

}  // namespace

std::vector<FilePatch> parse_patch(const std::string& text) {
  const std::vector<std::string> lines = decoded(text);
  std::vector<FilePatch> out;
  for (std::size_t i = 0; i + 2 < lines.size(); ++i) {
    Hunk hunk;
    if (lines[i].rfind("--- ", 0) != 0 || lines[i + 1].rfind("+++ ", 0) != 0 || !is_hunk(lines[i + 2], hunk)) continue;
    const std::string from = name_of(lines[i]), to = name_of(lines[i + 1]);
    FilePatch patch;
    patch.creates = from == "/dev/null";
    patch.path = stripped(to == "/dev/null" ? from : to);
    if (!patch.creates) patch.before = stripped(from);
    std::size_t at = i + 2;
    while (at < lines.size() && is_hunk(lines[at], hunk)) {
      patch.text += lines[at++] + "\n";
      while (at < lines.size() && (hunk.before > 0 || hunk.after > 0 || lines[at].rfind("\\ ", 0) == 0)) {
        const char c = lines[at].empty() ? ' ' : lines[at][0];
        if (c != '+' && c != '\\') hunk.before -= hunk.before > 0 ? 1 : 0;
        if (c != '-' && c != '\\') hunk.after -= hunk.after > 0 ? 1 : 0;
        patch.text += lines[at].empty() ? " \n" : lines[at] + "\n";
        ++at;
      }
    }
    out.push_back(std::move(patch));
    i = at - 1;
  }
  return out;
}

}  // namespace custody::kernel_ref::drive
