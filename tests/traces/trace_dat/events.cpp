// SPDX-License-Identifier: BSD-2-Clause
#include "tests/traces/trace_dat/events.hpp"

#include <algorithm>
#include <charconv>

#include "tests/traces/trace_dat/tracepoints.hpp"

namespace custody::traces::test {

using formats::ftrace::Head;

namespace {

struct Value {
  std::string_view key, text;
};

/// `(where) a=1 b="x y"`: the pairs, strings without their quotes.
std::vector<Value> values_of(std::string_view rest) {
  std::vector<Value> values;
  rest.remove_prefix(std::min(rest.size(), rest.find(')') + 1));
  while (!rest.empty()) {
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) break;
    Value v{rest.substr(0, equals), rest.substr(equals + 1)};
    const bool quoted = !v.text.empty() && v.text[0] == '"';
    if (quoted) v.text.remove_prefix(1);
    v.text = v.text.substr(0, v.text.find(quoted ? '"' : ' '));
    rest.remove_prefix(std::min<std::size_t>(rest.size(), equals + 1 + v.text.size() + (quoted ? 2 : 0)));
    values.push_back(v);
  }
  return values;
}

struct Type {
  const char* name;
  unsigned size;
  bool is_signed;
  const char* print;
};

Type type_of(std::string_view field) {
  if (field == "dev" || field == "exp_name") return {"__data_loc char[]", 4, true, "\\\"%s\\\""};
  if (field == "dir" || field == "nents" || field == "orig_nents") return {"u32", 4, false, "%u"};
  if (field == "ret") return {"s32", 4, true, "%d"};
  if (field == "size" || field == "ino") return {"u64", 8, false, "%Lu"};
  return {"u64", 8, false, "0x%Lx"};
}

std::string field_line(std::string_view type, std::string_view name, std::size_t offset, unsigned size,
                       bool is_signed) {
  const std::size_t bracket = type.find('[') == std::string_view::npos || type[0] == '_' ? type.size() : type.find('[');
  return "\tfield:" + std::string(type.substr(0, bracket)) + " " + std::string(name) +
         std::string(type.substr(bracket)) + ";\toffset:" + std::to_string(offset) + ";\tsize:" + std::to_string(size) +
         ";\tsigned:" + (is_signed ? "1" : "0") + ";\n";
}

std::string head_of(std::string_view name, unsigned id) {
  return "name: " + std::string(name) + "\nID: " + std::to_string(id) + "\nformat:\n" +
         field_line("unsigned short", "common_type", 0, 2, false) +
         field_line("unsigned char", "common_flags", 2, 1, false) +
         field_line("unsigned char", "common_preempt_count", 3, 1, false) +
         field_line("int", "common_pid", 4, 4, true) + "\n";
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t n = 0;
  if (text.substr(0, 2) == "0x") std::from_chars(text.data() + 2, text.data() + text.size(), n, 16);
  else if (std::int64_t i = 0;
           text.substr(0, 1) == "-" && std::from_chars(text.data(), text.data() + text.size(), i).ptr)
    n = static_cast<std::uint64_t>(i);
  else std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

/// `iommu:map` and the probe `map` are two.
std::string key_of(const Head& head) { return std::string(tracepoint_group(head)) + ":" + std::string(head.event); }

}  // namespace

void DatEvents::learn(const Head& head) {
  if (head.event == "tracing_mark_write") return;
  const std::string_view group = tracepoint_group(head);
  const auto [at, added] = by_name_.try_emplace(key_of(head), events_.size());
  if (added)
    events_.push_back({std::string(group.empty() ? "custody" : group),
                       std::string(head.event),
                       static_cast<std::uint16_t>(1800 + events_.size()),
                       head.rest.find(" <- ") != std::string_view::npos,
                       {}});
  if (!group.empty()) return;
  std::vector<std::string>& fields = events_[at->second].fields;
  for (const Value& v : values_of(head.rest))
    if (std::find(fields.begin(), fields.end(), v.key) == fields.end()) fields.emplace_back(v.key);
}

std::string DatEvents::format(const DatEvent& event) {
  if (event.group != "custody") return head_of(event.name, event.id) + tracepoint_fields(event.name);
  std::string text = head_of(event.name, event.id), print = "(%lx", names = ", REC->__probe_ip";
  std::size_t at = 8;
  for (const char* ip : {"__probe_ip", "__probe_func", "__probe_ret_ip"}) {
    if ((ip == std::string_view("__probe_ip")) == event.is_return) continue;
    text += field_line("unsigned long", ip, at, 8, false);
    at += 8;
  }
  if (event.is_return) print += " <- %lx", names = ", REC->__probe_func, REC->__probe_ret_ip";
  print += ")";
  for (const std::string& field : event.fields) {
    const Type type = type_of(field);
    text += field_line(type.name, field, at, type.size, type.is_signed);
    at += type.size;
    print += " " + field + "=" + type.print;
    names += type.name[0] == '_' ? ", __get_str(" + field + ")" : ", REC->" + field;
  }
  return text + "\nprint fmt: \"" + print + "\"" + names + "\n";
}

std::string DatEvents::print_format() {
  return head_of("print", kPrint) + field_line("unsigned long", "ip", 8, 8, false) +
         field_line("char[]", "buf", 16, 0, false) + "\nprint fmt: \"%ps: %s\", (void *)REC->ip, REC->buf\n";
}

std::string DatEvents::record(const Head& head, bool big_endian, bool all_flags) const {
  const auto found = by_name_.find(key_of(head));
  const DatEvent* event = found == by_name_.end() ? nullptr : &events_[found->second];
  constexpr std::uint8_t kHardirq = 8, kAll = 0xff;
  const std::uint8_t all = all_flags && event != nullptr && event->group == "custody" ? kAll : 0;
  const auto flags = static_cast<std::uint8_t>(all | (head.in_interrupt ? kHardirq : 0));
  Output out(big_endian);
  out.put(event != nullptr ? event->id : kPrint).put(flags).put(all).put(static_cast<std::uint32_t>(head.pid));
  if (event != nullptr && event->group != "custody") return out.put(tracepoint_bytes(head, big_endian)).bytes();
  out.put(std::uint64_t{0xffffffc008123456});
  if (event == nullptr) return out.string(head.rest).bytes();
  if (event->is_return) out.put(std::uint64_t{0xffffffc008654321});
  const std::vector<Value> values = values_of(head.rest);
  std::size_t strings = out.size();
  for (const std::string& field : event->fields) strings += type_of(field).size;
  std::string away;
  for (const std::string& field : event->fields) {
    const Type type = type_of(field);
    const auto v = std::find_if(values.begin(), values.end(), [&](const Value& x) { return x.key == field; });
    const std::string_view text = v == values.end() ? std::string_view() : v->text;
    if (type.name[0] == '_') {
      out.put(static_cast<std::uint32_t>((text.size() + 1) << 16U | (strings + away.size())));
      away.append(text).push_back('\0');
    } else if (type.size == 8) {
      out.put(number_of(text));
    } else {
      out.put(static_cast<std::uint32_t>(number_of(text)));
    }
  }
  return out.put(away).bytes();
}

}  // namespace custody::traces::test
