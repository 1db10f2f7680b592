#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs the benchmarks of a build made with CUSTODY_BENCH: tests/bench/run.sh BUILD_DIRECTORY
set -euo pipefail

if (($# != 1)); then
  echo "usage: $0 BUILD_DIRECTORY" >&2
  exit 2
fi
build=$1
events=${CUSTODY_BENCH_EVENTS:-2000000}
buffers=${CUSTODY_BENCH_BUFFERS:-1000}
runs=${CUSTODY_BENCH_RUNS:-7}

find_tool() {
  local path
  for path in "$build/$1" "$build/checker/$1" "$build/checker/cli/$1" "$build/tests/bench/$1" "$build/tests/traces/$1"; do
    if [[ -x $path && ! -d $path ]]; then
      printf '%s\n' "$path"
      return
    fi
  done
  echo "$0: no $1 in $build; build it with: cmake --workflow --preset bench" >&2
  exit 2
}
custody=$(find_tool custody)
generate=$(find_tool generate_trace)
replay=$(find_tool replay_bench)
step=$(find_tool step_bench)
drivers=$(find_tool drivers_bench)
maker=$(find_tool make_trace_dat)
trace_dat=$(find_tool trace_dat_bench)

traces=$(mktemp -d)
trap 'rm -rf "$traces"' EXIT
"$generate" --events "$events" --buffers "$buffers" --output "$traces/long.ftrace.txt"
"$generate" --events $((events / 4)) --buffers "$buffers" --output "$traces/short.ftrace.txt"

status=0
echo '== replay, end to end'
"$replay" --tool "$custody" --events "$events" --runs "$runs" --shorter "$traces/short.ftrace.txt" \
  "$traces/long.ftrace.txt" || status=1
echo
echo '== trace.dat: read only, beside trace-cmd report; and judged'
"$maker" "$traces/long.ftrace.txt" "$traces/long.dat" 6 none 4 0
"$maker" "$traces/short.ftrace.txt" "$traces/short.dat" 6 none 4 0
"$trace_dat" --tool "$custody" --runs "$runs" --shorter "$traces/short.dat" "$traces/long.dat" || status=1
echo
echo '== one event of the model: step, both beliefs, one cache operation (target: below 50 ns)'
"$step" --benchmark_min_time=0.5 --benchmark_repetitions=3 --benchmark_report_aggregates_only=true \
  --benchmark_out="$traces/step.csv" --benchmark_out_format=csv || status=1
# Columns: name, iterations, real_time, cpu_time. Processor time, as above.
awk -F, '/step_and_beliefs_median/ { seen = 1; ns = $4 }
  END {
    met = seen && ns < 50
    printf "target below 50 ns of processor time an event: %s (%.1f ns)\n", met ? "met" : "MISSED", ns
    exit !met
  }' "$traces/step.csv" || status=1
echo
echo '== growth: processor seconds by how many there are of each thing that a trace can have without end'
"$(dirname "$0")/growth_bench.py" "$custody" || status=1
echo
echo '== states of a contract, beside SPIN and Rumur'
"$(dirname "$0")/search_bench.py" "$custody" 3 || status=1
echo
echo '== calls of the kernel drivers in user space, recorded and judged (target: 200,000 a second)'
"$drivers" --benchmark_min_time=0.5 --benchmark_out="$traces/drivers.csv" --benchmark_out_format=csv || status=1
# Column 7: items a second.
awk -F, '/^"legal_usage/ { if (!seen++ || $7 < least) least = $7 }
  END {
    met = seen && least > 200000
    printf "target 200,000 calls a second and core: %s (least: %.0f)\n", met ? "met" : "MISSED", least
    exit !met
  }' "$traces/drivers.csv" || status=1
echo
echo '== a report page of 100,000 events in Chromium (target: first paint in less than 2 s)'
browser=$(dirname "$0")/../browser
packages=$build/tests/browser/packages
cmake "-DFROM=$browser/package.json" "-DTO=$packages" -P "$browser/packages.cmake" || status=1
met=met
CUSTODY_TOOL=$custody CUSTODY_PACKAGES=$(realpath "$packages") CUSTODY_PAGES=$traces/pages \
  node --test-name-pattern='100,000 events' "$browser/report_test.mjs" >"$traces/paint.txt" || { met=MISSED status=1; }
grep -o 'first paint [0-9]* ms.*' "$traces/paint.txt" || status=1
echo "target first paint in less than 2 s: $met"
exit "$status"
