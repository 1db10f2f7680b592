// SPDX-License-Identifier: GPL-2.0-only
// Drivers of the kernel that register nothing themselves: a file of ours calls them as their subsystem does.
#include "kernel-ref/drive/called.hpp"

#include "model/driver_names.hpp"

namespace custody::kernel_ref::drive {

namespace {

// The plane is fresh, and its device does not run: what a catalogue cannot know of this exporter is known here.
constexpr std::string_view kCachedSg =
    "videobuf2_dma_sg:memory=cached,export_is_allocation=true,zeroed_by=cpu,own_device=false";
constexpr std::string_view kCachedContig =
    "videobuf2_dma_contig:memory=cached,export_is_allocation=true,zeroed_by=cpu,own_device=false,sync_via=dma_sg";
constexpr std::string_view kCoherentContig =
    "videobuf2_dma_contig:memory=coherent,export_is_allocation=true,own_device=false";

CalledDriver videobuf2(std::string_view name, std::string_view direction, bool non_coherent, std::string_view says) {
  const bool is_sg = name.starts_with("videobuf2-dma-sg");
  return {name,
          "videobuf2.c",
          {"drivers/media/common/videobuf2/videobuf2-memops.c"},
          {is_sg ? "-DCALLED_OPS=vb2_dma_sg_memops" : "-DCALLED_OPS=vb2_dma_contig_memops", direction,
           non_coherent ? "-DCALLED_NON_COHERENT=1" : "-DCALLED_NON_COHERENT=0"},
          is_sg          ? kCachedSg
          : non_coherent ? kCachedContig
                         : kCoherentContig,
          says,
          model::find_called_driver_name(name)->source};
}

const std::vector<CalledDriver>& called_drivers() {
  constexpr std::string_view kCapture = "-DCALLED_DIRECTION=DMA_FROM_DEVICE";
  static const std::vector<CalledDriver> all{
      videobuf2("videobuf2-dma-sg", kCapture, false, "a capture queue"),
      videobuf2("videobuf2-dma-sg-output", "-DCALLED_DIRECTION=DMA_TO_DEVICE", false, "an output queue"),
      videobuf2("videobuf2-dma-sg-bidirectional", "-DCALLED_DIRECTION=DMA_BIDIRECTIONAL", false,
                "a queue with bidirectional set"),
      videobuf2("videobuf2-dma-contig", kCapture, false, "a capture queue"),
      videobuf2("videobuf2-dma-contig-non_coherent", kCapture, true,
                "a capture queue with V4L2_MEMORY_FLAG_NON_COHERENT"),
  };
  return all;
}

}  // namespace

const CalledDriver* find_called_driver(std::string_view word) {
  const model::CalledDriverName* const known = model::find_called_driver_name(word);
  if (known == nullptr) return nullptr;
  for (const CalledDriver& driver : called_drivers())
    if (driver.name == known->name) return &driver;
  return nullptr;
}

}  // namespace custody::kernel_ref::drive
