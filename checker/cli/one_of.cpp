// SPDX-License-Identifier: BSD-2-Clause
// Says what was meant where a word is not one of a closed set.
#include "checker/cli/one_of.hpp"

#include <algorithm>
#include <utility>

#include "model/suggestion.hpp"

namespace custody::checker::cli {

namespace {

std::vector<std::string_view> views(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

std::string braced(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "{" : ",") + word;
  return text + "}";
}

/// The subcommands, or the options of the one that was read.
std::vector<std::string> takes(const CLI::App& app) {
  std::vector<std::string> words;
  const std::vector<CLI::App*> read = app.get_subcommands();
  if (read.empty())
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
      words.push_back(sub->get_name());
  const CLI::App& of = read.empty() ? app : *read.front();
  for (const CLI::Option* option : of.get_options())
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  return words;
}

}  // namespace

CLI::Validator one_of(std::vector<std::string> words) {
  const std::string shown = braced(words);
  return {[words = std::move(words)](std::string& word) {
            if (std::find(words.begin(), words.end(), word) != words.end()) return std::string();
            const std::vector<std::string_view> all = views(words);
            return "found '" + word + "', expected " + model::alternatives(all) + model::did_you_mean(word, all);
          },
          shown};
}

std::vector<std::string> words_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();  // with the descriptions of its validators, as `braced`
  const std::size_t begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

std::string meant_by(const CLI::App& app) {
  const std::vector<std::string> words = takes(app);
  for (const std::string& given : app.remaining(true)) {
    const std::string word = given.substr(0, given.find('='));
    if (std::string meant = model::did_you_mean(word, views(words)); !meant.empty()) return meant;
  }
  return {};
}

}  // namespace custody::checker::cli
