#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""States a second of `custody check` beside SPIN and Rumur, on the same exported model, in the same run.

search_bench.py CUSTODY [RUNS]: exits 1 where a ratio misses its target or the tools disagree on the number of states.
Times are processor time of the search alone; compiling the other tools' verifiers is not counted. Each tool runs with
the fastest of its exact modes: SPIN depth first and breadth first, Rumur with its options for speed.
"""
import json
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile

CONFIGURATION = ["system-heap-6.1", "--devices", "6", "--windows", "2", "--client", "overlapping", "--arch", "arm64-6.1"]
SPIN_FLAGS = ["-O3", "-march=native", "-DSAFETY", "-DNOREDUCE", "-DNOCLAIM", "-DMEMLIM=8192"]
RUMUR_FLAGS = ["--threads", "1", "--pack-state", "off", "--set-capacity", "1073741824", "--deadlock-detection", "off",
               "--counterexample-trace", "off", "--symmetry-reduction", "off"]
LEAST = {"SPIN": 30, "Rumur": 75}


def measure(command, cwd, states_pattern):
    """Processor seconds, states and output of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.communicate()[0]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = re.search(states_pattern, output)
    if not found:
        sys.exit(f"search_bench: no number of states from {command}:\n{output[-2000:]}")
    return seconds, int(found.group(1)), output


def build_peers(custody, folder):
    """Compiles every variant; a list of (tool, variant, command, pattern)."""
    peers = []
    for language, name in (("promela", "model.pml"), ("murphi", "model.m")):
        text = subprocess.run([custody, "export", language, *CONFIGURATION], check=True, capture_output=True, text=True)
        (folder / name).write_text(text.stdout)
    subprocess.run(["spin", "-a", "-o1", "-o2", "-o3", "model.pml"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    for variant, flags in (("depth first", []), ("breadth first", ["-DBFS"])):
        program = "pan_" + variant.split()[0]
        subprocess.run(["gcc", "-w", *SPIN_FLAGS, *flags, "-o", program, "pan.c"], cwd=folder, check=True)
        # -w: the hash table is big enough from the start; -m: no path is cut.
        command = ["./" + program, "-E", "-w24"] + ([] if flags else ["-m10000000"])
        peers.append(("SPIN", variant, command, r"(\d+) states, stored"))
    subprocess.run(["rumur", *RUMUR_FLAGS, "--output", "model.c", "model.m"], cwd=folder, check=True)
    subprocess.run(["gcc", "-w", "-O3", "-march=native", "-o", "rumur_model", "model.c", "-lpthread", "-latomic"],
                   cwd=folder, check=True)
    peers.append(("Rumur", "breadth first", ["./rumur_model"], r"(\d+) states, \d+ rules fired in"))
    return peers


def main():
    custody = str(pathlib.Path(sys.argv[1]).resolve())
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    check = [custody, "check", *CONFIGURATION, "--no-symmetry", "--quiet", "--format", "json"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        peers = build_peers(custody, folder)
        times, walls, best, counts = [], {1: [], 2: []}, {}, set()
        for run in range(max(runs, 1)):  # in turns, so that what else the machine does hits all of them
            for threads in (1, 2):
                seconds, states, output = measure([*check, "--threads", str(threads)], folder, r'"states": (\d+)')
                walls[threads].append(json.loads(output)["seconds"])
                counts.add(states)
                if threads == 1:
                    times.append(seconds)
            for tool, variant, command, pattern in peers:
                seconds, peer_states, _ = measure(command, folder, pattern)
                counts.add(peer_states)
                best.setdefault(tool, {}).setdefault(variant, []).append(seconds)
    ours = statistics.median(times)
    print(f"{' '.join(CONFIGURATION)}: {states} states")
    print(f"custody check, one thread: {ours:.3f} s, {states / ours / 1e6:.2f} M states/s")
    failed = len(counts) != 1
    if failed:
        print(f"the tools do not agree on the number of states: {sorted(counts)}")
    for tool, variants in best.items():
        variant, seconds = min(((v, statistics.median(t)) for v, t in variants.items()), key=lambda pair: pair[1])
        ratio = seconds / ours
        met = ratio >= LEAST[tool]
        failed |= not met
        print(f"{tool}, {variant}: {seconds:.2f} s; custody is {ratio:.1f} times as fast "
              f"(target {LEAST[tool]}: {'met' if met else 'MISSED'})")
    one, two = (statistics.median(walls[threads]) for threads in (1, 2))
    print(f"two threads: {two:.3f} s of wall time against {one:.3f} s, {one / two / 2 * 100:.0f} percent efficiency "
          f"(target 90: {'met' if one / two / 2 >= 0.9 else 'MISSED'})")
    return 1 if failed or one / two / 2 < 0.9 else 0


if __name__ == "__main__":
    sys.exit(main())
