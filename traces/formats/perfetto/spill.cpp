// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/spill.hpp"

#include <stdexcept>

namespace custody::traces::formats::perfetto {

namespace {

[[noreturn]] void no_room(const input::TemporaryFile::Error& why) {
  throw std::runtime_error("a trace of Perfetto with that many known events needs a temporary file, " +
                           std::string(why.what()) + "; set TMPDIR");
}

}  // namespace

void Spill::write() {
  try {
    file_.write(buffer_);
  } catch (const input::TemporaryFile::Error& why) {
    no_room(why);
  }
  buffer_.clear();
}

void Spill::close() {
  if (file_.size() == 0) {
    all_ = buffer_;
    return;
  }
  write();
  try {
    all_ = file_.map();
  } catch (const input::TemporaryFile::Error& why) {
    no_room(why);
  }
  buffer_ = {};
}

}  // namespace custody::traces::formats::perfetto
