// SPDX-License-Identifier: GPL-2.0-only
// Reads a program, runs it on a fresh buffer, writes down what was made in each call.
#include "kernel-ref/learn/driver_host.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <new>
#include <optional>
#include <ostream>
#include <stdexcept>

#include "model/driver_names.hpp"
#include "model/suggestion.hpp"

namespace custody::kernel_ref::learn {

using model::Direction;

namespace {

constexpr std::uint64_t kSkip = 1U << 5U;  ///< DMA_ATTR_SKIP_CPU_SYNC
constexpr std::size_t kMostDevices = 8, kPages = 512;

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t end = text.find(at);
    std::string_view part = text.substr(0, end);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    if (!part.empty()) out.push_back(part);
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

/// One buffer and what its client holds.
class Run {
 public:
  Run(client::Client& client, std::uint32_t devices) : client_(client), attachments_(devices), maps_(devices) {
    if (client.export_buffer(machine::kPageBytes, buffer_) != 0) throw std::runtime_error("the export failed");
  }

  /// Does the call and gives its result; nothing where it is none, or where the client holds nothing to call it on.
  std::optional<int> call(const std::vector<std::string_view>& words) {
    const std::string_view name = words[0];
    if (released_) return std::nullopt;
    if (name == "begin" || name == "end") return of_window(words);
    if (name == "vmap") return client_.vmap(buffer_);
    if (name == "vunmap") return client_.vunmap(buffer_), 0;
    if (name == "mmap") return client_.mmap(buffer_);
    if (name == "munmap") return 0;  // the core is not told
    if (name == "release") return release(), 0;
    const std::optional<std::size_t> device = device_of(words);
    return device ? of_device(name, *device, words) : std::nullopt;
  }

  void finish() {
    if (released_) return;
    for (; !windows_.empty(); windows_.pop_back()) client_.end_cpu_access(buffer_, windows_.back());
    for (std::size_t d = 0; d < attachments_.size(); ++d) {
      if (!attachments_[d]) continue;
      for (const Direction dir : maps_[d]) client_.unmap(*attachments_[d], dir);
      client_.detach(*attachments_[d]);
    }
    release();
  }

 private:
  void release() {
    client_.release(buffer_);
    released_ = true;
  }
  std::optional<int> of_window(const std::vector<std::string_view>& words) {
    const std::optional<Direction> dir = words.size() > 1 ? model::find_direction(words[1]) : std::nullopt;
    if (!dir) return std::nullopt;
    if (words[0] == "begin") {
      const bool interrupted = words.size() > 2;
      const int ret = interrupted ? client_.begin_interrupted(buffer_, *dir) : client_.begin_cpu_access(buffer_, *dir);
      if (ret == 0) windows_.push_back(*dir);
      return ret;
    }
    if (windows_.empty()) return std::nullopt;
    windows_.pop_back();
    return client_.end_cpu_access(buffer_, *dir);
  }
  [[nodiscard]] std::optional<std::size_t> device_of(const std::vector<std::string_view>& words) const {
    if (words.size() < 2 || words[1].size() != 1 || words[1][0] < '0') return std::nullopt;
    const auto device = static_cast<std::size_t>(words[1][0] - '0');
    return device < attachments_.size() ? std::optional(device) : std::nullopt;
  }
  std::optional<int> of_device(std::string_view name, std::size_t device, const std::vector<std::string_view>& words) {
    std::optional<std::uint32_t>& attachment = attachments_[device];
    std::vector<Direction>& maps = maps_[device];
    if (name == "attach" && !attachment) {
      std::uint32_t made = 0;
      const int ret = client_.attach(buffer_, static_cast<std::uint32_t>(device), made);
      if (ret == 0) attachment = made;
      return ret;
    }
    if (name == "detach" && attachment && maps.empty()) return client_.detach(*attachment), attachment.reset(), 0;
    const std::optional<Direction> dir = words.size() > 2 ? model::find_direction(words[2]) : std::nullopt;
    if (!attachment || !dir) return std::nullopt;
    if (name == "map") {
      const int ret = client_.map(*attachment, *dir);
      if (ret == 0) maps.push_back(*dir);
      return ret;
    }
    const auto one = std::find(maps.begin(), maps.end(), *dir);
    if (name != "unmap" || one == maps.end()) return std::nullopt;
    maps.erase(one);
    client_.unmap(*attachment, *dir);
    return 0;
  }

  client::Client& client_;
  std::uint32_t buffer_ = 0;
  std::vector<std::optional<std::uint32_t>> attachments_;
  std::vector<std::vector<Direction>> maps_;
  std::vector<Direction> windows_;
  bool released_ = false;
};

}  // namespace

Driver find_driver(std::string_view name) {
  const std::vector<std::string_view> parts = split(name, '-');
  const model::DriverName* const driver = model::find_driver_name(parts.empty() ? name : parts[0]);
  Driver out{driver != nullptr ? std::string(driver->export_name) : "", {}};
  ownership_policy policy{};
  bool known = driver != nullptr && (parts.size() == 1 || out.name == "ownership_heap");
  for (std::size_t i = 1; known && i < parts.size(); ++i) {
    if (parts[i] == "lazy") policy.lazy = 1;
    else if (parts[i] == "end_sync") policy.end_sync = 1;
    else if (parts[i] == "until_last_detach") policy.until_last_detach = 1;
    else if (parts[i] == "refuse_unattached") policy.refuse_unattached = 1;
    else if (parts[i] == "refuse_map_in_window") policy.refuse_map_in_window = 1;
    else known = false;
  }
  out.policy = policy;
  if (known) return out;
  throw std::invalid_argument(
      "found " + std::string(name) + ", expected " + model::driver_names(" or ") +
      ", this with -lazy, -end_sync, -until_last_detach, -refuse_unattached and -refuse_map_in_window behind it" +
      model::did_you_mean(name, model::names_of(model::kDriverNames)));
}

DriverHost::Machinery::Machinery(std::vector<machine::Device> devices)
    : machine({model::find_arch(model::kDefaultArch), std::move(devices), kPages, 64}) {}

void DriverHost::make_client() {
  if (driver_.name.empty()) driver_.name = kernel_->first_exporter();
  if (driver_.name.empty()) throw std::invalid_argument("the driver registers no heap, and nothing as udmabuf");
  machinery_->client.reset();
  machinery_->client.emplace(machinery_->machine, machinery_->sink, client::ClientOptions{driver_.name, 0, false});
  machinery_->machine.on_dma = [this](const machine::DmaCall& call) {
    constexpr std::array<std::string_view, 4> kNames = {"map", "unmap", "for_cpu", "for_device"};
    note(kNames[static_cast<std::size_t>(call.kind)], call.device, call.dir, (call.attrs & kSkip) != 0);
  };
  machinery_->machine.on_flush = [this](std::uint64_t) { note("flush", importers_, Direction::kBidirectional, false); };
}

void DriverHost::boot(std::string_view devices) {
  if (machinery_ && devices_ == devices) {
    if (!kernel_->put_back()) return;
    machinery_->machine.forget();
    return make_client();
  }
  std::vector<machine::Device> made;
  for (const std::string_view kind : split(devices, ',')) {
    if (made.size() == kMostDevices || (kind != "plain" && kind != "snoops"))
      throw std::invalid_argument("found \"" + std::string(devices) + "\", expected up to 8 of plain and snoops");
    made.push_back({"d" + std::to_string(made.size()), kind == "snoops"});
  }
  importers_ = static_cast<std::uint32_t>(made.size());
  machinery_.reset();
  kernel_->before_boot();
  machinery_ = std::make_unique<Machinery>(std::move(made));
  kernel_->after_boot();
  make_client();
  devices_ = devices;
}

void DriverHost::note(std::string_view call, std::uint32_t device, Direction dir, bool skip) {
  made_.append(" ").append(call).append(":").append(device < importers_ ? std::to_string(device) : "x");
  made_.append(":").append(model::name(dir)).append(skip ? ":skip:" : ":-:");
  const std::string_view function = kernel_->function_at(machinery_->machine.caller);
  made_.append(function.empty() ? "-" : function);
}

std::string DriverHost::run(const std::vector<std::string_view>& calls) {
  Run run(*machinery_->client, importers_);
  std::string& out = answer_;
  out = "ok";
  for (std::size_t i = 0; i < calls.size(); ++i) {
    made_.clear();
    const std::optional<int> ret = run.call(split(calls[i], ' '));
    kernel_->after_call();
    if (!ret && i != 0) break;
    if (!ret) {
      run.finish();
      return "bad call: " + std::string(calls[i]);
    }
    out.append(i == 0 ? " " : "; ").append(std::to_string(*ret)).append(made_);
  }
  run.finish();
  return out;
}

std::string DriverHost::answer(std::string_view request) {
  std::vector<std::string_view> parts = split(request, ';');
  if (parts.empty()) return "bad request: it is empty";
  try {
    std::string out;
    answer_.clear();
    const std::string stopped = kernel_->guarded([&] {
      if (driver_.policy) kernel_->set_policy(*driver_.policy);
      boot(parts.front());
      parts.erase(parts.begin());
      out = run(parts);
    });
    if (stopped.empty()) return out;
    if (!answer_.starts_with("ok") || !kernel_->put_back()) return "bug " + stopped;
    std::string what = stopped;
    std::replace(what.begin(), what.end(), ';', ',');
    return answer_ + (answer_ == "ok" ? " stop " : "; stop ") + what;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    return std::string("bad request: ") + e.what();
  }
}

bool DriverHost::serve(std::istream& in, std::ostream& out) {
  out << "custody-learn 1 linux " << client::kernel_release() << std::endl;
  for (std::string line; std::getline(in, line);) {
    const std::string said = answer(line);
    out << said << std::endl;
    if (said.starts_with("bug")) return false;
  }
  return true;
}

}  // namespace custody::kernel_ref::learn
