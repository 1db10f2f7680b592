// SPDX-License-Identifier: BSD-2-Clause
// The cache line of an exported model: functions of the variable `line`.
#include "checker/explore/translate/line_text.hpp"

#include <algorithm>

namespace custody::checker::explore::translate {

namespace {

constexpr std::string_view kOperationNames[] = {"none", "clean", "inval", "flush"};
constexpr std::string_view kAccessNames[] = {"cpu_read",  "cpu_write",  "cpu_part",    "dev_read",
                                             "dev_write", "snoop_read", "snoop_write", "snoop_dirty"};
static_assert(std::size(kOperationNames) == model::kOperations && std::size(kAccessNames) == model::kAccesses);

template <typename What>
std::string name_of(const auto& names, What what, BlockMask blocks) {
  return std::string(names[static_cast<std::size_t>(what)]) + number(blocks);
}

}  // namespace

std::string LineText::tree(const Value& value, unsigned from, unsigned end) const {
  bool same = true;
  for (unsigned l = from; l < end; ++l) same = same && value(l) == value(from);
  if (same) return number(value(from));
  const unsigned middle = (from + end) / 2;
  return d_.choose("l < " + number(middle), tree(value, from, middle), tree(value, middle, end));
}

std::string LineText::function(const std::string& name, const Value& value) {
  if (known_.insert(name).second) {
    const std::string text = tree(value, 0, lines_.states()), most = number(lines_.states() - 1);
    if (d_.promela) functions_ += "#define " + name + "(l) " + text + "\n";
    else functions_ += "function " + name + "(l: 0.." + most + "): 0.." + most + "; begin return " + text + "; end;\n";
  }
  return name + "(line)";
}

std::string LineText::condition(const std::string& name, const Value& value) {
  bool ever = false;
  for (unsigned l = 0; l < lines_.states(); ++l) ever = ever || value(l) != 0;
  return ever ? d_.equal(function(name, value), "1") : "";
}

std::string LineText::operated(model::Operation op, BlockMask blocks) {
  return function(name_of(kOperationNames, op, blocks), [&](unsigned l) {
    const LineModel::Outcome outcome = lines_.operate(op, blocks, l);
    return outcome.wrong ? lines_.clean() : outcome.next;
  });
}

std::string LineText::accessed(model::Access access, BlockMask blocks) {
  return function(name_of(kAccessNames, access, blocks), [&](unsigned l) {
    return lines_.access(access, blocks, lines_.access(access, blocks, l).wrong ? lines_.clean() : l).next;
  });
}

std::string LineText::rewritten() {
  return function("cpu_rewrite", [&](unsigned l) { return lines_.rewritten(l); });
}

std::string LineText::accessed_clean(model::Access access, BlockMask blocks) const {
  return number(lines_.access(access, blocks, lines_.clean()).next);
}

std::string LineText::is_wrong(model::Operation op, BlockMask blocks) {
  return condition(name_of(kOperationNames, op, blocks) + "_loses",
                   [&](unsigned l) { return lines_.operate(op, blocks, l).wrong ? 1U : 0U; });
}

std::string LineText::is_wrong(model::Access access, BlockMask blocks) {
  return condition(name_of(kAccessNames, access, blocks) + "_meets",
                   [&](unsigned l) { return lines_.access(access, blocks, l).wrong ? 1U : 0U; });
}

std::vector<std::string> LineText::moves() {
  std::size_t most = 0;
  for (unsigned l = 0; l < lines_.states(); ++l) most = std::max(most, lines_.moves(l).size());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < most; ++i)
    out.push_back(
        function("move" + number(i), [&](unsigned l) { return i < lines_.moves(l).size() ? lines_.moves(l)[i] : l; }));
  return out;
}

}  // namespace custody::checker::explore::translate
