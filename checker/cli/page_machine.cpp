// SPDX-License-Identifier: BSD-2-Clause
// Looks for the machine.
#include "checker/cli/page_machine.hpp"

#include <filesystem>

#include "checker/cli/small_file.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::checker::cli {

namespace {

constexpr std::size_t kMostBytes = std::size_t{32} << 20U;
constexpr std::string_view kMachineScript = "custody_page.js";

/// The first place where it is; empty: nowhere.
std::string found_machine() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const std::filesystem::path& place : {folder / kMachineScript, folder.parent_path() / "page" / kMachineScript})
    if (std::filesystem::is_regular_file(place, error)) return place.string();
  return {};
}

}  // namespace

PageMachine page_machine(const std::string& path) {
  const std::string file = path.empty() ? found_machine() : path;
  if (file.empty())
    return {{},
            "--format html: the page runs this program as WebAssembly, which is not built: `cmake --workflow --preset "
            "page` makes it, with the package emscripten; --machine FILE names it elsewhere"};
  try {
    PageMachine machine{read_small_file(file, kMostBytes), {}};
    if (machine.script.find("CustodyMachine") == std::string::npos)
      machine.complaint = file + ": is no machine of a page, expected custody_page.js of the preset `page`";
    return machine;
  } catch (const spec::SpecError& e) {
    return {{}, e.what()};
  }
}

}  // namespace custody::checker::cli
