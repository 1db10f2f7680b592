#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""How the processor time of a replay grows with each thing that a trace can have without end.

growth_bench.py CUSTODY [SIZE [KIND...]]: replays each kind at SIZE, at twice and at four times it, and prints seconds
of processor time and the exponent between the first and the last. Exit status 1 where an exponent is over 1.3, a replay
fails or takes more than a minute of them.
"""
import math
import pathlib
import resource
import subprocess
import sys
import tempfile

import growth_traces

MOST = 1.3
LONGEST = 60
RUNS = 3


def seconds(custody, path):
    """Processor seconds of one replay, the least of several; None where it fails or takes too long."""
    least = math.inf
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [custody, "replay", "--quiet", "--fail-on", "never", str(path)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST)))
        # 3: what the trace cannot bear out is not judged.
        if done.returncode not in (0, 3):
            return None
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


def measure(custody, kind, size, folder):
    """Prints the row of a kind; whether it grows as it may."""
    times = []
    for n in (size, 2 * size, 4 * size):
        path = growth_traces.write(kind, n, folder)
        times.append(seconds(custody, path))
        path.unlink()
        if times[-1] is None:
            print(f"{kind:28} failed, or took longer than {LONGEST} s, at {n}", flush=True)
            return False
    exponent = math.log2(times[2] / times[0]) / 2
    grows = "" if exponent <= MOST else "  GROWS TOO FAST"
    print(f"{kind:28}" + "".join(f"{t:9.3f}" for t in times) + f"{exponent:9.2f}{grows}", flush=True)
    return exponent <= MOST


def main():
    custody = sys.argv[1]
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 25000
    kinds = sys.argv[3:] or list(growth_traces.KINDS)
    print(f"{'':28}" + "".join(f"{'n=' + str(n):>9}" for n in (size, 2 * size, 4 * size)) + f"{'exponent':>9}")
    with tempfile.TemporaryDirectory() as folder:
        good = [measure(custody, kind, size, pathlib.Path(folder)) for kind in kinds]
    print(f"exponents up to {MOST}: {sum(good)} of {len(good)} kinds: {'met' if all(good) else 'MISSED'}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
