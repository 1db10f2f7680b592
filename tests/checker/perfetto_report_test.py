#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""replay --format perfetto, read as Perfetto's importer of JSON reads it (src/trace_processor/importers/json of Perfetto):
times become nanoseconds by rounding down, events are sorted by them and keep the order of the file where they are equal,
an end closes the open slice of its name, a thread is named by its number alone. browser.report opens one in speedscope.

CUSTODY_TOOL is the path of the executable `custody`.
"""
import collections
import json
import os
import random
import subprocess
import tempfile
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
KEEP = "traces/recorded/pipeline_keep.ftrace.txt"
RANDOM = "traces/recorded/driver-system-random.jsonl"
UNTIMED = "traces/litmus/T13-the-only-sync-removed.litmus"


def run(*args):
    return subprocess.run([TOOL, *args], capture_output=True, text=True, timeout=100, check=False).stdout


def written(*paths):
    return json.loads(run("replay", "-q", "--format", "perfetto", *paths))


class Import:
    """Processes, threads and slices as Perfetto makes them; `wrong` is what its statistics would count."""

    def __init__(self, trace):
        self.wrong = ["displayTimeUnit"] if "displayTimeUnit" in trace else []
        self.processes, self.names, self.slices, self.instants = {}, {}, [], []
        self.threads = collections.defaultdict(list)  # by number: the processes that have one, the newest last
        events = trace["traceEvents"]
        for event in events:
            if event["ph"] == "M":
                self.name(event)
        timed = [event for event in events if event["ph"] != "M"]
        self.open = collections.defaultdict(list)
        for event in sorted(timed, key=lambda event: int(float(event["ts"]) * 1000.0)):
            self.take(event, int(float(event["ts"]) * 1000.0))
        self.wrong += [("not closed", track) for track, stack in self.open.items() if stack]

    def thread(self, process, number):
        if process not in self.processes:
            self.processes[process] = None
            if process not in self.threads[process]:
                self.threads[process].append(process)  # its main thread
        if process not in self.threads[number]:
            self.threads[number].append(process)
        return (process, number)

    def name(self, event):
        self.thread(event["pid"], event["tid"])
        if event["name"] == "process_name":
            self.processes[event["pid"]] = event["args"]["name"]
        else:
            self.names[self.threads[event["tid"]][-1], event["tid"]] = event["args"]["name"]

    def take(self, event, at):
        track = self.thread(event["pid"], event["tid"])
        if track not in self.names:
            self.wrong.append(("no name", track))
        stack = self.open[track]
        if event["ph"] == "B":
            stack.append((event["name"], at))
        elif event["ph"] == "E":
            if not stack or stack[-1][0] != event["name"]:
                self.wrong.append(("misplaced end", event))
                return
            name, begin = stack.pop()
            self.slices.append((track, name, begin, at))
        elif event["ph"] == "X":
            end = at + int(float(event["dur"]) * 1000.0)
            self.wrong += [("overlaps", event) for other in self.slices if other[0] == track and other[2] < at < other[3] < end]
            self.slices.append((track, event["name"], at, end))
        elif event["ph"] == "i" and event.get("s") == "t":
            self.instants.append((track, event["name"], at, event["args"]))
        else:
            self.wrong.append(("phase", event))

    def on(self, track_name):
        return [(name, begin, end) for track, name, begin, end in self.slices if self.names[track] == track_name]


class PerfettoReport(unittest.TestCase):
    def test_what_is_written_is_imported_without_complaint(self):
        for paths in ((KEEP,), (RANDOM,), (UNTIMED,), (KEEP, RANDOM, UNTIMED)):
            trace = written(*paths)
            imported = Import(trace)
            self.assertEqual(imported.wrong, [], paths)
            report = json.loads(run("replay", "-q", "--format", "json", *paths))
            buffers = [name for pid, name in imported.processes.items() if pid != 0]
            self.assertEqual(len(buffers), report["summary"]["buffers"])
            self.assertTrue(all(buffers), buffers)
            named = [event for event in trace["traceEvents"] if event["name"] == "thread_name"]
            self.assertEqual(len(imported.names), len(named))
            for event in named:
                self.assertEqual(imported.names[event["pid"], event["tid"]], event["args"]["name"])
            for process in imported.processes:
                if process != 0:
                    self.assertIn("owner", [name for (pid, _), name in imported.names.items() if pid == process])
            found = [(name.split()[0], args["line"], args["severity"])
                     for track, name, _, args in imported.instants if imported.names[track] == "findings"]
            self.assertEqual(sorted(found), sorted((f["rule"], f["line"], f["severity"]) for f in report["findings"]))

    def test_no_number_is_given_twice(self):
        events = written(KEEP, RANDOM, RANDOM)["traceEvents"]
        processes = {event["pid"] for event in events}
        owners = collections.defaultdict(set)
        for event in events:
            owners[event["tid"]].add(event["pid"])
        for number, of in owners.items():
            self.assertEqual(len(of), 1, number)
            self.assertTrue(number not in processes or of == {number}, number)

    def test_no_slice_is_lost_at_any_time(self):
        dice = random.Random(1)
        for start in (0, 10 ** 9, 3 * 10 ** 14):
            lines = ['{"schema":"custody.trace/1","source":"generated","devices":{"gpu.0":{}},"observes":["dma_api"]}']
            at, call = start, 0

            def say(**record):
                nonlocal at
                at += dice.randrange(1, 10 ** 7)
                lines.append(json.dumps(record | {"ts": float(f"{at // 10 ** 9}.{at % 10 ** 9:09}")}))

            say(event="export", buffer="b", exporter="system", size=4096)
            say(event="attach", buffer="b", attachment="a", device="gpu.0")
            for _ in range(400):
                call += 1
                say(event="map", buffer="b", attachment="a", dir="TO_DEVICE")
                say(event="unmap", buffer="b", attachment="a", dir="TO_DEVICE")
            with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
                file.write("\n".join(lines) + "\n")
                file.flush()
                imported = Import(written(file.name))
            self.assertEqual(imported.wrong, [], start)
            owners = imported.on("owner")
            self.assertGreater(len(owners), 800)
            for (_, _, end), (_, begin, _) in zip(owners, owners[1:]):
                self.assertEqual(begin, end)

    def test_it_shows_who_owns_a_buffer_when(self):
        imported = Import(written(KEEP))
        owners = imported.on("owner")
        self.assertEqual([name for name, _, _ in owners],
                         ["NonOwnedBacked", "DeviceOwned"] + 4 * ["CpuOwned", "DeviceOwned"] + ["NonOwnedBacked", "Freed"])
        windows = [begin for _, name, begin, _ in imported.slices if name == "CPU window"]
        self.assertEqual(windows, [begin for name, begin, _ in owners if name == "CpuOwned"])


if __name__ == "__main__":
    unittest.main()
