// SPDX-License-Identifier: BSD-2-Clause
// Events for the tests of single rooms.
#pragma once

#include "traces/event.hpp"

namespace custody::checker::test {

/// An event of buffer 0 by `task`, as one record.
inline traces::Event event(traces::EventKind kind, std::uint32_t task = 1) {
  traces::Event e;
  e.kind = kind;
  e.buffer = 0;
  e.task = task;
  e.at.line = 1;
  return e;
}

inline traces::Event entry(traces::EventKind kind, std::uint32_t call, std::uint32_t task = 1) {
  traces::Event e = event(kind, task);
  e.phase = traces::Phase::kEnter;
  e.call = call;
  return e;
}

inline traces::Event return_of(const traces::Event& entered, std::int32_t ret = 0) {
  traces::Event e = entered;
  e.phase = traces::Phase::kReturn;
  e.ret = ret;
  return e;
}

}  // namespace custody::checker::test
