// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/spool.hpp"

#include <vector>

#include "traces/formats/trace_dat/reader.hpp"

namespace custody::traces::formats::trace_dat {

Spool::Spool(input::Lines& lines, const std::string& path) {
  try {
    std::vector<char> piece(std::size_t{1} << 16U);
    while (const std::size_t size = lines.read_bytes(piece.data(), piece.size())) {
      if (file_.size() + size > kMostBytes)
        throw InputError(path, 0, "a trace.dat from a stream may have at most 64 GiB; give the file");
      file_.write({piece.data(), size});
    }
    all_ = file_.map();
  } catch (const input::TemporaryFile::Error& why) {
    throw InputError(path, 0,
                     "a trace.dat from a stream needs a temporary file, " + std::string(why.what()) +
                         "; set TMPDIR, or give the file itself");
  }
}

void read_trace_dat(input::Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                    const std::atomic<bool>* stop, const std::vector<EventName>& own) {
  if (lines.is_whole())
    return read_trace_dat({lines.whole(), lines.mapped() != nullptr, lines.mapped()}, path, sink, statistics, stop,
                          own);
  const Spool spool(lines, path);
  read_trace_dat(spool.bytes(), path, sink, statistics, stop, own);
}

}  // namespace custody::traces::formats::trace_dat
