// SPDX-License-Identifier: GPL-2.0-only
// Usage of one buffer, step by step, that keeps the rules of a client whatever steps are asked for.
#include "kernel-ref/client/usage.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace custody::kernel_ref::client {

using model::Direction;

namespace {
constexpr Direction kDirections[] = {Direction::kBidirectional, Direction::kToDevice, Direction::kFromDevice};
}

Usage::Usage(Client& client, std::uint64_t bytes, std::uint32_t devices) : client_(client), importers_(devices) {
  if (client_.export_buffer(bytes, buffer_) != 0) throw std::runtime_error("the export failed");
}

bool Usage::write_window() const {
  return std::any_of(windows_.begin(), windows_.end(), [](Direction d) { return d != Direction::kFromDevice; });
}

bool Usage::map(Importer& importer, Direction dir, bool fails) {
  if (importer.mapped || write_window()) return false;
  if (fails) client_.fail_next_map();
  if (client_.map(importer.attachment, dir) == 0) importer.mapped = dir;
  client_.expect_no_failure();
  return true;
}

bool Usage::begin(Direction dir, bool interrupted) {
  // A write window is alone.
  if (write_window() || (dir != Direction::kFromDevice && !windows_.empty())) return false;
  // A task has one window at a time; each window is another task's.
  client_.recorder().as_task(next_task());
  const int ret = interrupted ? client_.begin_interrupted(buffer_, dir) : client_.begin_cpu_access(buffer_, dir);
  if (ret == 0) {
    windows_.push_back(dir);
    tasks_.push_back(next_task());
  }
  client_.recorder().as_task(0);
  return true;
}

void Usage::end() {
  const Direction dir = windows_.back();
  if (windows_.size() == 1 && std::exchange(vmapped_, false)) client_.vunmap(buffer_);
  client_.recorder().as_task(tasks_.back());
  client_.end_cpu_access(buffer_, dir);
  client_.recorder().as_task(0);
  windows_.pop_back();
  tasks_.pop_back();
}

std::uint32_t Usage::next_task() const { return tasks_.empty() ? 0 : tasks_.back() + 1; }

bool Usage::apply(const Step& step) {
  std::optional<Importer>& importer = importers_[step.device % importers_.size()];
  const Direction dir = kDirections[step.direction % 3];
  switch (step.kind) {
    case Step::Kind::kAttach: {
      if (importer) return false;
      Importer made;
      if (client_.attach(buffer_, step.device % static_cast<std::uint32_t>(importers_.size()), made.attachment) != 0)
        return true;
      importer = made;
      return true;
    }
    case Step::Kind::kDetach:
      if (!importer || importer->mapped || (write_window() && client_.detach_unmaps())) return false;
      client_.detach(importer->attachment);
      importer.reset();
      return true;
    case Step::Kind::kMap: return importer && map(*importer, dir, false);
    case Step::Kind::kMapFails: return importer && map(*importer, dir, true);
    case Step::Kind::kUnmap:
      if (!importer || !importer->mapped || write_window()) return false;
      client_.unmap(importer->attachment, *importer->mapped);
      importer->mapped.reset();
      return true;
    case Step::Kind::kBegin: return begin(dir, false);
    case Step::Kind::kBeginInterrupted: return begin(dir, true);
    case Step::Kind::kEnd:
      if (windows_.empty()) return false;
      end();
      return true;
    case Step::Kind::kVmap:
      if (windows_.empty() || vmapped_) return false;
      vmapped_ = client_.vmap(buffer_) == 0;
      return true;
    case Step::Kind::kVunmap:
      if (!vmapped_) return false;
      client_.vunmap(buffer_);
      vmapped_ = false;
      return true;
  }
  return false;
}

void Usage::finish() {
  while (!windows_.empty()) end();
  for (std::optional<Importer>& importer : importers_) {
    if (!importer) continue;
    if (importer->mapped) client_.unmap(importer->attachment, *importer->mapped);
    client_.detach(importer->attachment);
  }
  client_.release(buffer_);
}

}  // namespace custody::kernel_ref::client
