// SPDX-License-Identifier: BSD-2-Clause
// The options that say what of a contract is explored, the same for every command that explores.
#include "checker/cli/configuration_options.hpp"

#include "checker/cli/one_of.hpp"
#include "checker/cli/value_names.hpp"
#include "model/suggestion.hpp"

namespace custody::checker::cli {

void add_configuration(CLI::App& command, ConfigurationOptions& o) {
  explore::Configuration& c = o.configuration;
  command.add_option("--devices", c.devices, "devices that may attach")->check(CLI::Range(1U, explore::kMaxDevices));
  command.add_option("--coherent", c.coherent, "how many of them snoop")->check(CLI::Range(0U, explore::kMaxDevices));
  command.add_option("--bounced", c.bounced, "how many of them reach the buffer through copies only")
      ->check(CLI::Range(0U, explore::kMaxDevices));
  const CLI::IsMember lines({64U, 128U});
  command.add_option("--cpu-line", c.cpu_line, "bytes of a line of the CPU cache; of a contract that syncs ranges")
      ->check(lines);
  command.add_option("--device-line", c.device_line, "the same of the devices")->check(lines);
  command.add_option("--windows", c.windows, "CPU access windows open at a time")->check(CLI::Range(1U, 2U));
  command.add_option("--arch", o.arch, "architecture profile; see `custody list archs`")->type_name(kArch);
  std::vector<std::string> clients = {"any"};  // as `overlapping` was called
  for (const explore::Client client : explore::kClients) clients.emplace_back(name_of(client));
  command
      .add_option("--client", o.client,
                  "legal; overlapping (maps and opens windows across write windows); unpaired; never-brackets; vmap")
      ->check(one_of(clients));
  command.add_flag("--in-turn", c.in_turn,
                   "devices that reach the buffer in different ways (snooping, not snooping, through copies) are never "
                   "mapped together");
  command.add_flag("--no-failures", o.no_failures, "calls do not fail");
}

std::optional<explore::Configuration> configuration_of(const ConfigurationOptions& o, std::string& complaint) {
  explore::Configuration c = o.configuration;
  c.arch = model::find_arch(o.arch);
  bool is_known = false;
  for (const explore::Client client : explore::kClients)
    if (name_of(client) == o.client || (client == explore::Client::kOverlapping && o.client == "any")) {
      c.client = client;
      is_known = true;
    }
  c.failing_begins = !o.no_failures;
  if (c.arch == nullptr)
    complaint = "--arch: unknown architecture '" + o.arch + "', expected one of `custody list archs`" +
                model::did_you_mean(o.arch, model::names_of(model::kArchProfiles));
  else if (!is_known) complaint = "--client: no client of a contract is called '" + o.client + "'";
  else if (c.coherent + c.bounced > c.devices) complaint = "--coherent and --bounced are more than --devices";
  else return c;
  return std::nullopt;
}

}  // namespace custody::checker::cli
