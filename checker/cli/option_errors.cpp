// SPDX-License-Identifier: BSD-2-Clause
// What is said where the command line is wrong.
#include "checker/cli/option_errors.hpp"

#include "checker/cli/one_of.hpp"
#include "model/escape.hpp"

namespace custody::checker::cli {

std::string option_error(const CLI::App* app, const CLI::Error& error) {
  return "custody: error: " + model::escape_text(error.what() + meant_by(*app)) + "\nRun with " +
         app->get_help_ptr()->get_name() + " for more information.\n";
}

}  // namespace custody::checker::cli
