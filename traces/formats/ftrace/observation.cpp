// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/observation.hpp"

#include "traces/formats/ftrace/tracepoint_text.hpp"

namespace custody::traces::formats::ftrace {

void Observation::note(std::string_view line) {
  bytes_ += line.size() + 1;
  Head head;
  if (!parse_head(line, head) && layouts_.read(line, head) != LineIs::kRecord) return;
  const TracepointName traced = recognise_tracepoint(head.group, head.event, head.rest);
  if (traced.found) return seen_.note(traced.kind);
  if (const ProbeName* probe = names_.find(head)) seen_.note(*probe);
}

}  // namespace custody::traces::formats::ftrace
