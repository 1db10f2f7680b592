// SPDX-License-Identifier: BSD-2-Clause
// The matrix by operation, as comments of C.
#include "spec/document/kernel_doc.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/escape.hpp"
#include "spec/citations.hpp"
#include "spec/document/wording.hpp"

namespace custody::spec::document {

using model::at;
using model::Id;
using model::kEvents;
using model::kStates;

namespace {

/// A member in the order of include/linux/dma-buf.h.
struct Operation {
  std::string_view member;
  Id event;
  std::string_view declaration;
};
// clang-format off
constexpr Operation kOperations[] = {
  {"attach", at(kEvents, "attach"), "int (*attach)(struct dma_buf *, struct dma_buf_attachment *);"},
  {"detach", at(kEvents, "detach"), "void (*detach)(struct dma_buf *, struct dma_buf_attachment *);"},
  {"pin", at(kEvents, "pin"), "int (*pin)(struct dma_buf_attachment *attach);"},
  {"unpin", at(kEvents, "unpin"), "void (*unpin)(struct dma_buf_attachment *attach);"},
  {"map_dma_buf", at(kEvents, "map"), "struct sg_table * (*map_dma_buf)(struct dma_buf_attachment *,\n\t\t\t\t\t enum dma_data_direction);"},
  {"unmap_dma_buf", at(kEvents, "unmap"), "void (*unmap_dma_buf)(struct dma_buf_attachment *,\n\t\t\t      struct sg_table *,\n\t\t\t      enum dma_data_direction);"},
  {"release", at(kEvents, "release"), "void (*release)(struct dma_buf *);"},
  {"begin_cpu_access", at(kEvents, "begin_cpu_access"), "int (*begin_cpu_access)(struct dma_buf *, enum dma_data_direction);"},
  {"end_cpu_access", at(kEvents, "end_cpu_access"), "int (*end_cpu_access)(struct dma_buf *, enum dma_data_direction);"},
  {"mmap", at(kEvents, "mmap"), "int (*mmap)(struct dma_buf *, struct vm_area_struct *vma);"},
  {"vmap", at(kEvents, "vmap"), "int (*vmap)(struct dma_buf *dmabuf, struct iosys_map *map);"},
  {"vunmap", at(kEvents, "vunmap"), "void (*vunmap)(struct dma_buf *dmabuf, struct iosys_map *map);"},
};
// clang-format on

std::string plain(const Inline& text) {
  std::string out;
  for (const Run& run : text.runs()) {
    if (run.kind == Run::Kind::kCode) out += "``" + run.text + "``";
    else if (run.kind == Run::Kind::kFunction) out += run.text + "()";
    else out += model::escape_rst(run.text);
  }
  // What was escaped for the markup can still end the comment.
  return model::escape_comment(out);
}

/// Lines of a comment, at most 80 columns wide where tabs are eight.
std::string comment(const Inline& text, const std::string& indent, const std::string& first) {
  const std::string words = plain(text);
  const std::string rest(first.size(), ' ');
  const std::size_t columns = indent.empty() ? 77 : 69;
  std::string out, line = first;
  const auto flush = [&] { out += fmt::format("{} * {}\n", indent, line), line = rest; };
  for (std::size_t i = 0; i < words.size();) {
    const std::size_t end = std::min(words.find(' ', i), words.size());
    const std::string word = words.substr(i, end - i);
    if (line.size() > first.size() && line.size() + 1 + word.size() > columns) flush();
    line += (line.size() > first.size() ? " " : "") + word;
    i = end + 1;
  }
  flush();
  return out;
}

/// Answers of several states that read alike.
struct Line {
  std::vector<std::string> states;
  Inline says;
  std::string text;
};

void add_line(std::vector<Line>& lines, const std::string& state, Inline says) {
  const std::string text = plain(says);
  const auto same = std::find_if(lines.begin(), lines.end(), [&](const Line& line) { return line.text == text; });
  if (same == lines.end()) lines.push_back({{state}, std::move(says), text});
  else if (same->states.back() != state) same->states.push_back(state);
}

Inline says_of(const Document& d, const Answer& answer, Id state) {
  const std::string when = condition_of(d, answer);
  Inline out(when.empty() ? std::string() : fmt::format("where {}: ", when));
  if (answer.refusing) return out.say("returns -" + d.contract.clauses[*answer.refusing].refuse + ".");
  if (!answer.is_legal())
    return out.say(fmt::format("forbidden by {}. {}", answer.row->rule, answer.row->why))
        .rests_on({std::string(answer.row->id)});
  out.say(answer.to == state ? "the owner stays." : fmt::format("to {}.", kStates[answer.to].name));
  return out.say(" Syncs due: ").append(syncs_of(d, answer.clauses)).say(".").rests_on({std::string(answer.row->id)});
}

std::string member(const Document& d, const Operation& operation) {
  std::vector<Line> lines;
  for (const StateEntry& entry : d.states)
    for (const Answer& answer : d.cell(entry.state, operation.event).answers)
      add_line(lines, std::string(kStates[entry.state].name), says_of(d, answer, entry.state));
  std::string out = fmt::format("\t/**\n\t * @{}:\n\t *\n", operation.member);
  out += comment(Inline(kEvents[operation.event].says), "\t", "") + "\t *\n";
  for (const Line& line : lines) {
    Inline text(fmt::format("In {}, ", fmt::join(line.states, ", ")));
    out += comment(text.append(line.says), "\t", "* ");
  }
  return out + fmt::format("\t */\n\t{}\n\n", operation.declaration);
}

}  // namespace

std::string render_kernel_doc(const Document& d) {
  std::string out = fmt::format("/* SPDX-License-Identifier: BSD-2-Clause */\n/* Generated by custody {}: {} */\n\n",
                                d.origin.version, model::escape_comment(d.origin.command));
  out += "/**\n * struct dma_buf_ops - operations possible on struct dma_buf\n *\n";
  out +=
      comment(Inline("What they may do under the contract " + d.contract.name + ": " + d.contract.title + "."), "", "");
  const bool keeps = d.contract.uses_note(at(model::kFacts, "kept"));
  out += " */\nstruct dma_buf_ops {\n\t/**\n\t * @cache_sgt_mapping:\n\t *\n";
  out += comment(Inline(keeps ? "A table is kept from one map to the next, by the core or the exporter."
                              : "No table is kept: each map makes one."),
                 "\t", "");
  out += "\t */\n\tbool cache_sgt_mapping;\n\n";
  for (const Operation& operation : kOperations) out += member(d, operation);
  out.pop_back();
  return out + "};\n";
}

}  // namespace custody::spec::document
