// SPDX-License-Identifier: BSD-2-Clause
// The names of the errors that kernel calls return, with Linux's numbers (asm-generic/errno*.h, linux/errno.h).
#pragma once

#include <cstdint>
#include <string_view>

namespace custody::traces {

struct ErrnoWord {
  std::string_view name;
  std::int32_t number;
};

/// Those that a buffer's calls can return, as arm, arm64, riscv and x86 number them. Not the host's <cerrno>: a
/// trace has Linux's numbers wherever it is read.
inline constexpr ErrnoWord kErrnoWords[] = {
    {"EPERM", 1},          {"ENOENT", 2},      {"ESRCH", 3},       {"EINTR", 4},       {"EIO", 5},
    {"ENXIO", 6},          {"E2BIG", 7},       {"ENOEXEC", 8},     {"EBADF", 9},       {"ECHILD", 10},
    {"EAGAIN", 11},        {"ENOMEM", 12},     {"EACCES", 13},     {"EFAULT", 14},     {"ENOTBLK", 15},
    {"EBUSY", 16},         {"EEXIST", 17},     {"EXDEV", 18},      {"ENODEV", 19},     {"ENOTDIR", 20},
    {"EISDIR", 21},        {"EINVAL", 22},     {"ENFILE", 23},     {"EMFILE", 24},     {"ENOTTY", 25},
    {"ETXTBSY", 26},       {"EFBIG", 27},      {"ENOSPC", 28},     {"ESPIPE", 29},     {"EROFS", 30},
    {"EMLINK", 31},        {"EPIPE", 32},      {"EDOM", 33},       {"ERANGE", 34},     {"EDEADLK", 35},
    {"ENOSYS", 38},        {"ENODATA", 61},    {"ETIME", 62},      {"EPROTO", 71},     {"EOVERFLOW", 75},
    {"EMSGSIZE", 90},      {"EOPNOTSUPP", 95}, {"ENOBUFS", 105},   {"ETIMEDOUT", 110}, {"EALREADY", 114},
    {"EINPROGRESS", 115},  {"ESTALE", 116},    {"EREMOTEIO", 121}, {"ECANCELED", 125}, {"ERESTARTSYS", 512},
    {"EPROBE_DEFER", 517}, {"ENOTSUPP", 524},
};

/// Negative errnos end here (MAX_ERRNO of the kernel).
inline constexpr std::int32_t kMaxErrno = 4095;

/// The number of `name`; 0 where the name is not known.
[[nodiscard]] constexpr std::int32_t errno_number(std::string_view name) {
  for (const ErrnoWord& word : kErrnoWords)
    if (word.name == name) return word.number;
  return 0;
}

/// The name of the positive `number`; empty where it has none here.
[[nodiscard]] constexpr std::string_view errno_name(std::int32_t number) {
  for (const ErrnoWord& word : kErrnoWords)
    if (word.number == number) return word.name;
  return {};
}

}  // namespace custody::traces
