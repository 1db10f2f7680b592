// SPDX-License-Identifier: BSD-2-Clause
// Says of a value what it may be, instead of its type in C++.
#include "checker/cli/help_format.hpp"

namespace custody::checker::cli {

namespace {

class HelpFormat final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text;
    if (option->get_type_size() != 0) {
      const std::string label = value_label(*option), value = option->get_default_str();
      if (!label.empty()) text += " " + label;
      if (!value.empty()) text.append(label.empty() ? " =" : "=").append(value);
      if (option->get_expected_max() == CLI::detail::expected_max_vector_size) text += " ...";
      if (option->get_required()) text += " " + get_label("REQUIRED");
    }
    if (!option->get_excludes().empty()) text += " " + get_label("Excludes") + ":";
    for (const CLI::Option* const other : option->get_excludes()) text += " " + other->get_name();
    return text;
  }
};

}  // namespace

std::string value_label(const CLI::Option& option) {
  if (option.get_type_size() == 0) return {};
  const std::string type = option.get_type_name();
  const std::size_t colon = type.find(':');
  std::string label = colon == std::string::npos ? type : type.substr(colon + 1);
  if (label == "POSITIVE") label = type.substr(0, colon);
  const bool says_less = label == "TEXT" || label == option.get_name(true);
  return option.get_positional() && says_less ? std::string() : label;
}

std::shared_ptr<CLI::Formatter> help_format() { return std::make_shared<HelpFormat>(); }

}  // namespace custody::checker::cli
