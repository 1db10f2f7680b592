// SPDX-License-Identifier: BSD-2-Clause
// The files are embedded when the program is built.
#include "checker/report/page_assets.hpp"

#include "checker/report/page/page.hpp"

namespace custody::checker::report {

std::string_view page_asset(std::string_view file) {
  for (const auto& [name, text] : kPage)
    if (name == file) return text;
  return {};
}

void write_page(std::string_view page, const std::function<std::string(std::string_view)>& part,
                const std::function<void(std::string_view)>& write) {
  for (std::size_t at = page.find("@{"); at != std::string_view::npos; at = page.find("@{")) {
    const std::size_t end = page.find('}', at);
    write(page.substr(0, at));
    write(part(page.substr(at + 2, end - at - 2)));
    page.remove_prefix(end + 1);
  }
  write(page);
}

}  // namespace custody::checker::report
