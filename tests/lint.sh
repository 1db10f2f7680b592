#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What `./dev lint` runs: lint.sh [JOBS]. Every step runs; the exit status is 0 when all of them were clean.
set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." || exit

jobs=${1:-2}
failed=()
folders=(model spec traces checker tests)
if [[ -d kernel-ref ]]; then folders+=(kernel-ref); fi

step() {
  printf '== lint: %s\n' "$1"
  "$2" || failed+=("$1")
}

layout() { python3 tests/architecture/check.py .; }

format() {
  find "${folders[@]}" \( -name '*.hpp' -o -name '*.cpp' \) -print0 | xargs -0 -r clang-format --dry-run -Werror
}

scripts() {
  local found=()
  mapfile -t found < <(grep -rlE --exclude-dir=.git --exclude-dir=build -m1 '^#!.*\b(ba)?sh$' .)
  shellcheck "${found[@]}"
}

clang_build() {
  cmake --preset lint >/dev/null && cmake --build --preset lint --parallel "$jobs"
}

# A header compiles without what its includer happened to include before.
headers() {
  # shellcheck disable=SC2016  # the inner shell expands $1
  find "${folders[@]}" -name '*.hpp' -print0 |
    xargs -0 -r -n 1 -P "$jobs" bash -c \
      'clang++ -std=c++20 -Wall -Wextra -Wno-pragma-once-outside-header -fconstexpr-steps=100000000 -I. -fsyntax-only \
        -x c++ "$1" || { echo "$1 does not compile alone"; exit 1; }' _
}

# C++ only: the C of kernel-ref is written in the kernel's style.
tidy() {
  local log status=0
  log=$(mktemp)
  run-clang-tidy -quiet -p build/lint -j "$jobs" "^$PWD/($(IFS='|'; echo "${folders[*]}"))/.*\.cpp\$" >"$log" 2>&1 || status=1
  # It prints each command and counts what it did not show of other people's headers.
  sed 's/\x1b\[[0-9;]*m//g' "$log" |
    grep -vE '^clang-tidy|^[0-9]+ warnings? generated|^Suppressed|^Use -header-filter|^$' || true
  rm -f "$log"
  return "$status"
}

step 'layout, dependencies, licence lines' layout
step 'formatting' format
step 'shell scripts' scripts
step 'clang, warnings are errors' clang_build
step 'headers alone' headers
step 'clang-tidy' tidy

if ((${#failed[@]} > 0)); then
  printf '== lint: not clean:\n'
  printf '   %s\n' "${failed[@]}"
  exit 1
fi
echo '== lint: clean'
