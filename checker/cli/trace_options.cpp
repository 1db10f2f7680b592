// SPDX-License-Identifier: BSD-2-Clause
// The options that say what a person knows better than the trace, the same for every command that judges traces.
#include "checker/cli/trace_options.hpp"

#include <charconv>
#include <filesystem>
#include <optional>
#include <sstream>

#include "checker/cli/one_of.hpp"
#include "checker/cli/small_file.hpp"
#include "checker/cli/value_names.hpp"
#include "model/suggestion.hpp"
#include "spec/contract.hpp"
#include "traces/input/input.hpp"

namespace custody::checker::cli {

namespace {

constexpr std::string_view kDeviceWords[] = {"coherent", "noncoherent", "allocates", "bounced", "reads_only"};

/// Of `line:BYTES`; none where it is anything else.
std::optional<std::uint32_t> line_of(std::string_view word) {
  constexpr std::string_view kLine = "line:";
  std::uint32_t bytes = 0;
  if (word.substr(0, kLine.size()) != kLine) return {};
  word.remove_prefix(kLine.size());
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), bytes);
  if (error != std::errc{} || end != word.data() + word.size() || !traces::is_line_size(bytes)) return {};
  return bytes;
}

/// `NAME=word[,word...]`. Empty where it is right.
std::string add_device(replay::Options& options, const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0)
    return "--device '" + text + "': expected NAME=coherent|noncoherent|allocates|bounced|reads_only|line:BYTES";
  replay::DeviceOverride device;
  device.name = text.substr(0, equals);
  std::istringstream words(text.substr(equals + 1));
  const std::string option = "--device '" + text + "': ";
  for (std::string word; std::getline(words, word, ',');) {
    if (word == "coherent" || word == "noncoherent") device.coherent = word == "coherent";
    else if (word == "allocates") device.allocates = true;
    else if (word == "bounced") device.bounced = true;
    else if (word == "reads_only") device.reads_only = true;
    else if (const auto line = line_of(word)) device.line = line;
    else
      return std::string(option)
          .append("found '")
          .append(word)
          .append("', expected coherent, noncoherent, allocates, bounced, reads_only or line:BYTES with ")
          .append(traces::kLineSizes)
          .append(model::did_you_mean(word, kDeviceWords));
  }
  if (device.allocates && !device.coherent.value_or(false))
    return option + "found allocates, expected coherent,allocates: only a coherent device can";
  options.devices.push_back(device);
  return {};
}

}  // namespace

void add_event_option(CLI::App& command, std::vector<std::string>& events) {
  command
      .add_option("--event", events,
                  "NAME=KIND or GROUP:NAME=KIND: what a probe of the trace is called; KIND is its name in "
                  "traces/recorded/README.md")
      ->allow_extra_args(false);
}

std::string parse_events(const std::vector<std::string>& events, std::vector<traces::EventName>& names) {
  for (const std::string& e : events) {
    traces::EventName name;
    if (const std::string wrong = traces::parse_event_name(e, name); !wrong.empty())
      return std::string("--event '").append(e).append("': ").append(wrong);
    names.push_back(std::move(name));
  }
  return {};
}

bool is_stream(const std::string& path) {
  std::error_code unknown;
  const std::string file = traces::input::file_of(path);
  return !std::filesystem::is_regular_file(file, unknown) || std::filesystem::file_size(file, unknown) == 0;
}

std::string parse_trace_options(const TraceOptions& a, replay::Options& options) {
  options.arch = a.arch;
  options.cpu_line = a.cpu_line;
  options.max_live = a.max_live;
  options.price = a.price == "dma-api" ? optimum::Price::kDmaApi : optimum::Price::kCombined;
  options.trust_mappings = a.trust == "mappings";
  for (const std::string& p : a.policies) {
    const std::size_t equals = p.find('=');
    if (equals == std::string::npos) return "--policy '" + p + "': expected NAME=VALUE";
    options.policies.emplace_back(p.substr(0, equals), p.substr(equals + 1));
  }
  for (const std::string& d : a.devices)
    if (std::string wrong = add_device(options, d); !wrong.empty()) return wrong;
  if (std::string wrong = parse_events(a.events, options.event_names); !wrong.empty()) return wrong;
  try {
    if (!a.exporters_file.empty())
      options.exporters.load(read_small_file(a.exporters_file, spec::kMaxContractBytes), a.exporters_file);
    for (const std::string& e : a.exporters) options.exporters.override_with(e);
  } catch (const spec::SpecError& e) {
    return e.what();
  }
  return replay::check_options(options);
}

void add_trace_options(CLI::App& command, TraceOptions& o) {
  command.add_option("--arch", o.arch, "architecture profile; see `custody list archs`")->type_name(kArch);
  command.add_option("--cpu-line", o.cpu_line, "bytes of a line of the CPU cache, else those of the architecture")
      ->check(CLI::IsMember({16U, 32U, 64U, 128U, 256U}))
      ->default_str("");
  command.add_option("--price", o.price, "of clean and invalidate: combined is one pass, dma-api two")
      ->check(one_of({"combined", "dma-api"}));
  command.add_option("--trust", o.trust, "CPU accesses come through windows, or through any mapping that lives")
      ->check(one_of({"windows", "mappings"}));
  command.add_option("--policy", o.policies, "see `custody list policies`")->type_name("NAME=VALUE");
  command
      .add_option("--device", o.devices,
                  "what a device is: NAME=coherent[,allocates]|noncoherent|bounced|reads_only|line:BYTES[,...]")
      ->type_name("NAME=WORDS");
  add_event_option(command, o.events);
  command.add_option("--exporter", o.exporters, "NAME:key=value[,key=value...]; see `custody list exporters`");
  command.add_option("--exporters", o.exporters_file, "a JSON file of exporter profiles; - is standard input")
      ->type_name(kFile);
}

}  // namespace custody::checker::cli
