// SPDX-License-Identifier: GPL-2.0-only
// The pipeline that the review of the heap helpers argued about.
#include "kernel-ref/client/pipeline.hpp"

#include <vector>

namespace custody::kernel_ref::client {

using model::Direction;

int run_pipeline(Client& client, const PipelineOptions& options) {
  constexpr Direction kStages[] = {Direction::kFromDevice, Direction::kBidirectional, Direction::kToDevice};
  std::vector<std::uint8_t> bytes(options.accesses ? options.bytes : 0);
  std::uint32_t buffer = 0;
  int ret = client.export_buffer(options.bytes, buffer);
  for (unsigned frame = 0; frame < options.frames && ret == 0; ++frame)
    for (std::uint32_t device = 0; device < 3 && ret == 0; ++device) {
      const Direction dir = kStages[device];
      std::uint32_t attachment = 0;
      ret = client.attach(buffer, device, attachment);
      if (ret == 0) ret = client.map(attachment, dir);
      if (ret != 0) break;
      if (options.accesses && model::device_may_read(dir))
        client.device_read(attachment, 0, bytes.data(), bytes.size());
      if (options.accesses && model::device_may_write(dir))
        client.device_write(attachment, 0, bytes.data(), bytes.size());
      client.unmap(attachment, dir);
      client.detach(attachment);
    }
  if (ret == 0) client.release(buffer);
  return ret;
}

}  // namespace custody::kernel_ref::client
