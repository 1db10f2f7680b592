# SPDX-License-Identifier: BSD-2-Clause
"""More of one buffer than is told apart: it is not judged, for that reason, and never counts as without a missing sync.

CUSTODY_TOOL is the program. Each bound is tried at its last value, where all is judged, and one beyond it."""
import json
import os
import subprocess
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
FEW = 16  # importers, or mappings, whose bounce buffers are followed
WINDOWS = 64  # with ranges, open together
RUNS = 256  # of lines, in one state each


class Trace:
    def __init__(self, devices, **export):
        self.lines = [{"schema": "custody.trace/1", "source": "bounds", "arch": "arm64-6.1", "observes": ["dma_api"],
                       "devices": devices}]
        self.calls = 0
        self.add("export", exporter="system", **{"size": 65536, **export})

    def add(self, event, **keys):
        self.lines.append({"ts": len(self.lines) / 1e6, "tid": 1, "event": event, "buffer": "b", **keys})

    def call(self, event, *inside, **keys):
        self.calls += 1
        number = self.calls
        self.add(event, phase="enter", call=number, **keys)
        for nested, its in inside:
            self.add(nested, **{"in": number, **its})
        self.add(event, phase="return", call=number, ret=0, **keys)

    def map(self, number, device, direction):
        of = {"attachment": f"a{number}", "device": device}
        self.add("attach", **of)
        of["dir"] = direction
        self.call("map", ("dma_map", of), **of)

    def replay(self):
        text = "\n".join(map(json.dumps, self.lines)) + "\n"
        done = subprocess.run([TOOL, "replay", "--quiet", "--all", "--format", "json", "/dev/stdin"], input=text,
                              capture_output=True, check=False, text=True, timeout=60)
        return done.returncode, json.loads(done.stdout)


def rules(report):
    return [finding["rule"] for finding in report["findings"]]


def judged(report):
    verdict = report["summary"]["verdict"] if "verdict" in report["summary"] else report["summary"]
    return {key: verdict[key] for key in ("judged", "partly_judged", "not_judged", "why_not") if key in verdict}


class Bounds(unittest.TestCase):
    def assert_not_judged(self, trace, reason):
        status, report = trace.replay()
        self.assertEqual(judged(report)["not_judged"], 1, report["summary"])
        self.assertEqual(judged(report)["why_not"].get(reason), 1)
        self.assertEqual(judged(report)["judged"], 0)
        self.assertIn(status, (1, 3), "an all-clear would be 0")
        return report

    def assert_judged(self, trace):
        _, report = trace.replay()
        self.assertEqual(judged(report)["judged"], 1, report["summary"])
        return report

    def bounced(self, count):
        """So many devices behind copies write, and nobody copies what they wrote into what the CPU reads."""
        trace = Trace({f"d{i}": {"bounced": True} for i in range(count)})
        for i in range(count):
            trace.map(i, f"d{i}", "FROM_DEVICE")
        trace.call("begin_cpu_access", dir="FROM_DEVICE")
        trace.call("end_cpu_access", dir="FROM_DEVICE")
        return trace

    def test_copies_of_many_bounced_devices_are_not_told_apart(self):
        self.assertIn("M6", rules(self.assert_judged(self.bounced(FEW))))
        self.assertNotIn("M6", rules(self.assert_not_judged(self.bounced(FEW + 1), "many_copies")))

    def test_mappings_of_one_bounced_device_that_are_never_undone(self):
        def frames(count):
            trace = Trace({"d": {"bounced": True}})
            trace.add("attach", attachment="a", device="d")
            for _ in range(count):
                of = {"attachment": "a", "device": "d", "dir": "TO_DEVICE"}
                trace.call("map", ("dma_map", of), **of)
                trace.call("unmap", **of)
            return trace
        self.assert_judged(frames(FEW))
        self.assert_not_judged(frames(FEW + 1), "many_copies")

    def test_many_devices_without_copies_are_judged_as_few(self):
        trace = Trace({f"d{i}": {"coherent": False} for i in range(3 * FEW)})
        for i in range(3 * FEW):
            trace.map(i, f"d{i}", "FROM_DEVICE" if i == 2 * FEW else "TO_DEVICE")
        trace.call("begin_cpu_access", dir="FROM_DEVICE")
        self.assertIn("M3", rules(self.assert_judged(trace)), "the one that writes is found among all")

    def test_windows_with_ranges_beyond_those_that_are_followed(self):
        def windows(count):
            trace = Trace({"d": {"coherent": False}}, size=1 << 20)
            trace.map(0, "d", "TO_DEVICE")
            for i in range(count):
                trace.call("begin_cpu_access", dir="TO_DEVICE", offset=4096 * i, length=64)
            for i in reversed(range(count)):
                trace.call("end_cpu_access", dir="TO_DEVICE", offset=4096 * i, length=64)
            return trace
        self.assertIn("M1", rules(self.assert_judged(windows(WINDOWS))))
        self.assertNotIn("M1", rules(self.assert_not_judged(windows(WINDOWS + 1), "many_lines")))

    def test_parts_in_more_states_than_are_kept(self):
        def parts(count):
            trace = Trace({"d": {"coherent": False}}, size=1 << 24)
            trace.map(0, "d", "BIDIRECTIONAL")
            trace.call("begin_cpu_access", *(("sync_for_cpu", {
                "device": "d", "attachment": "a0", "dir": "FROM_DEVICE", "offset": 8192 * i, "length": 4096})
                for i in range(count)), dir="FROM_DEVICE")
            return trace
        self.assertIn("M3", rules(self.assert_judged(parts(RUNS // 2 - 1))))
        self.assert_not_judged(parts(RUNS), "many_lines")

    def test_of_many_mixed_devices_each_is_named(self):
        """Not each pair: every new device is told beside the first two of each kind."""
        count = 2 * FEW
        trace = Trace({f"d{i}": {"coherent": i == 0} for i in range(count)})
        for i in range(count):
            trace.map(i, f"d{i}", "BIDIRECTIONAL")
        _, report = trace.replay()
        told = {f["device"] for f in report["findings"] if f["rule"] == "M11"}
        self.assertEqual(told, {f"d{i}" for i in range(1, count)})


if __name__ == "__main__":
    unittest.main()
