// SPDX-License-Identifier: BSD-2-Clause
#include "spec/render/lifetime.hpp"

#include <span>
#include <string_view>

#include "model/step.hpp"

namespace custody::spec {

namespace {

using model::Id;
using model::Row;

std::string_view state_name(Id s) { return model::kStates[s].name; }
std::string_view event_name(Id e) { return model::kEvents[e].name; }

std::string joined(const model::Ids& ids, const auto& words, std::string_view between, std::string_view if_empty) {
  std::string text;
  for (const Id id : ids) {
    if (!text.empty()) text += between;
    text += words[id].says;
  }
  return text.empty() ? std::string(if_empty) : text;
}

void append_word_table(std::string& out, std::string_view title, const auto& words) {
  out += "| ";
  out += title;
  out += " | meaning |\n| --- | --- |\n";
  for (const auto& word : words) {
    out += "| `";
    out += word.name;
    out += "` | ";
    out += word.says;
    out += " |\n";
  }
  out += '\n';
}

void append_policies(std::string& out) {
  out += "| policy | values (the first is the default) | meaning |\n| --- | --- | --- |\n";
  for (std::size_t f = 0; f < model::kFieldCount; ++f) {
    const model::Field& field = model::kFields[f];
    if (field.owner != model::Owner::kPolicy) continue;
    out += "| `" + std::string(field.name) + "` | ";
    for (std::uint16_t v = 0; v <= field.max; ++v)
      out += (v == 0 ? "`" : ", `") + std::string(model::policy_value(static_cast<Id>(f), v)) + "`";
    out += " | " + std::string(field.says.substr(field.says.find(':') + 2)) + " |\n";
  }
  out += '\n';
}

void append_row(std::string& out, const Row& row) {
  out += "| " + std::string(row.id) + " | " + joined(row.guards, model::kGuards, "; ", "always") + " | ";
  out += row.is_refusal() ? "**refused, " + std::string(row.rule) + "**; the kernel goes to " : "";
  out += std::string(state_name(row.to)) + " | " + joined(row.actions, model::kActions, "; ", "-") + " | ";
  out += joined(row.syncs, model::kSyncs, "; ", "-") + " | " + std::string(row.why) + " | " + std::string(row.cite);
  out += " |\n";
}

void append_cell(std::string& out, std::span<const Row> rows, std::span<const Row> refusals, Id state, Id event) {
  std::string lines;
  for (const auto table : {rows, refusals})
    for (const Row& row : table)
      if (row.from == state && row.event == event) append_row(lines, row);
  if (lines.empty()) return;
  out += "#### " + std::string(state_name(state)) + ", `" + std::string(event_name(event)) + "`\n\n";
  out += "| row | if | to | actions | syncs | why | source |\n| --- | --- | --- | --- | --- | --- | --- |\n" + lines +
         '\n';
}

std::string overview_cell(std::span<const Row> rows, std::span<const Row> refusals, Id state, Id event) {
  std::string targets;
  for (const Row& row : rows) {
    if (row.from != state || row.event != event) continue;
    const std::string name(row.to == state ? "stays" : state_name(row.to));
    if (targets.find(name) == std::string::npos) targets += (targets.empty() ? "" : ", ") + name;
  }
  std::string rules;
  for (const Row& row : refusals)
    if (row.from == state && row.event == event && rules.find(row.rule) == std::string::npos)
      rules += (rules.empty() ? "" : ", ") + std::string(row.rule);
  if (rules.empty()) return targets;
  return targets + (targets.empty() ? "" : "; ") + "✗ " + rules;
}

void append_machine(std::string& out, std::string_view title, std::span<const Row> rows, std::span<const Row> refusals,
                    Id first, Id end) {
  out += "## " + std::string(title) + "\n\n";
  out +=
      std::to_string(rows.size()) + " transitions, " + std::to_string(refusals.size()) +
      " refusals. In the overview `stays` is a transition that keeps the state, ✗ names the rules of the refusals.\n\n";
  out += "| event |";
  for (Id s = first; s < end; ++s) out += " " + std::string(state_name(s)) + " |";
  out += "\n| --- |";
  for (Id s = first; s < end; ++s) out += " --- |";
  out += '\n';
  for (Id e = 0; e < model::kEventCount; ++e) {
    std::string line;
    bool any = false;
    for (Id s = first; s < end; ++s) {
      const std::string cell = overview_cell(rows, refusals, s, e);
      any = any || !cell.empty();
      line += " " + cell + " |";
    }
    if (any) out += "| `" + std::string(event_name(e)) + "` |" + line + '\n';
  }
  out += '\n';
  for (Id s = first; s < end; ++s) {
    out += "### " + std::string(state_name(s)) + "\n\n" + std::string(model::kStates[s].says) + "\n\n";
    for (Id e = 0; e < model::kEventCount; ++e) append_cell(out, rows, refusals, s, e);
  }
}

void append_edges(std::string& out, std::span<const Row> rows, std::string_view style) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    bool first = true;
    for (std::size_t j = 0; j < i; ++j)
      first = first && !(rows[j].from == rows[i].from && rows[j].to == rows[i].to && rows[j].event == rows[i].event);
    if (!first) continue;
    std::string ids;
    for (const Row& row : rows)
      if (row.from == rows[i].from && row.to == rows[i].to && row.event == rows[i].event)
        ids += (ids.empty() ? "" : " ") + std::string(row.id);
    out += "    \"" + std::string(state_name(rows[i].from)) + "\" -> \"" + std::string(state_name(rows[i].to)) +
           "\" [label=\"" + std::string(event_name(rows[i].event)) + "\", tooltip=\"" + ids + "\"" +
           std::string(style) + "];\n";
  }
}

std::string json_list(const model::Ids& ids, const auto& words) {
  std::string text = "[";
  for (const Id id : ids) text += (text.size() == 1 ? "\"" : ",\"") + std::string(words[id].name) + "\"";
  return text + "]";
}

void append_json_rows(std::string& out, std::span<const Row> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    out += "    {\"id\":\"" + std::string(row.id) + "\",\"from\":\"" + std::string(state_name(row.from)) +
           "\",\"event\":\"" + std::string(event_name(row.event)) +
           "\",\"guards\":" + json_list(row.guards, model::kGuards) +
           ",\"actions\":" + json_list(row.actions, model::kActions) + ",\"to\":\"" + std::string(state_name(row.to)) +
           "\",\"syncs\":" + json_list(row.syncs, model::kSyncs) + ",\"why\":\"" + std::string(row.why) +
           "\",\"cite\":\"" + std::string(row.cite) + "\"";
    if (row.is_refusal()) out += ",\"rule\":\"" + std::string(row.rule) + "\"";
    out += i + 1 < rows.size() ? "},\n" : "}\n";
  }
}

}  // namespace

std::string render_lifetime_markdown() {
  std::string out =
      "<!-- Generated by `custody doc lifetime` from model/*_table.hpp. Do not edit. -->\n\n"
      "# The lifetime of a dma-buf\n\n"
      "Who owns the buffer, and what each call of the dma-buf core does in each state. Every combination of state, "
      "event\n"
      "and guard values has exactly one answer, a transition or a refusal; the compiler proves it. A refusal names "
      "the\n"
      "rule that forbids the event and says where the kernel goes all the same. A call that returns an error changes\n"
      "nothing.\n\n## Words\n\n";
  append_word_table(out, "state", model::kStates);
  append_word_table(out, "event", model::kEvents);
  append_policies(out);
  append_machine(out, "The buffer", model::buffer_rows(), model::buffer_refusals(), 0, model::kBufferStates);
  append_machine(out, "The attachment", model::attachment_rows(), model::attachment_refusals(),
                 model::kFirstAttachmentState, static_cast<Id>(std::size(model::kStates)));
  while (out.size() > 1 && out[out.size() - 2] == '\n') out.pop_back();
  return out;
}

std::string render_lifetime_dot() {
  std::string out =
      "// Generated by `custody doc dot` from model/*_table.hpp.\ndigraph lifetime {\n  node [shape=box, "
      "style=rounded];\n";
  out += "  subgraph cluster_buffer {\n    label=\"buffer\";\n";
  for (Id s = 0; s < model::kBufferStates; ++s) out += "    \"" + std::string(state_name(s)) + "\";\n";
  append_edges(out, model::buffer_rows(), "");
  out += "  }\n  subgraph cluster_attachment {\n    label=\"attachment\";\n";
  for (std::size_t s = model::kFirstAttachmentState; s < std::size(model::kStates); ++s)
    out += "    \"" + std::string(state_name(static_cast<Id>(s))) + "\";\n";
  append_edges(out, model::attachment_rows(), "");
  return out + "  }\n}\n";
}

std::string render_lifetime_json() {
  std::string out = "{\"schema\":\"custody.lifetime/1\",\n  \"rows\":[\n";
  append_json_rows(out, model::buffer_rows());
  out.insert(out.size() - 1, ",");
  append_json_rows(out, model::attachment_rows());
  out += "  ],\n  \"refusals\":[\n";
  append_json_rows(out, model::buffer_refusals());
  out.insert(out.size() - 1, ",");
  append_json_rows(out, model::attachment_refusals());
  return out + "  ]}\n";
}

}  // namespace custody::spec
