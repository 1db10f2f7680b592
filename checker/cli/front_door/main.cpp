// SPDX-License-Identifier: BSD-2-Clause
// custody_front_door FOLDER: writes the man pages and the completions of shells below FOLDER, for the installation.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "checker/cli/front_door/description.hpp"
#include "checker/cli/program.hpp"

namespace custody::checker::cli::front_door {

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out;
  out.exceptions(std::ios::failbit | std::ios::badbit);
  out.open(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
}

void write_all_files(const std::filesystem::path& folder) {
  int status = 0;
  const std::unique_ptr<CLI::App> app = make_program(status);
  const Command program = describe(*app);
  write(folder / "man1" / "custody.1", man_page(program, program));
  for (const Command& command : program.commands)
    write(folder / "man1" / ("custody-" + command.name + ".1"), man_page(program, command));
  write(folder / "bash" / "custody", bash_completion(program));
  write(folder / "zsh" / "_custody", zsh_completion(program));
  write(folder / "fish" / "custody.fish", fish_completion(program));
}

}  // namespace

}  // namespace custody::checker::cli::front_door

int main(int argc, char** argv) {
  if (argc != 2) {
    static_cast<void>(std::fputs("usage: custody_front_door FOLDER\n", stderr));
    return 2;
  }
  try {
    custody::checker::cli::front_door::write_all_files(argv[1]);
  } catch (const std::exception& e) {
    static_cast<void>(std::fprintf(stderr, "custody_front_door: %s: %s\n", argv[1], e.what()));
    return 2;
  }
  return 0;
}
