# SPDX-License-Identifier: BSD-2-Clause
"""What was recorded in real kernels (kernel-ref/vm/recorded/) is replayed as its README says. CUSTODY_TOOL is the tool."""
import json
import os
import pathlib
import subprocess
import unittest

FOLDER = pathlib.Path("kernel-ref/vm/recorded")
# Findings, buffers judged, why others are not, syncs that cost nothing.
EXPECTED = {
    "6.1-heap_vivid": (["R1"], 1, {}, 8),
    "6.1-udmabuf_vgem": (["R1"], 1, {}, 10),
    "6.12-heap_vivid": ([], 0, {"missing_probe": 1, "unjudged_refusal": 1}, 2),
    "6.12-heap_vivid-ioctl": ([], 1, {}, 2),
}


class GuestTraces(unittest.TestCase):
    def test_each_is_told_as_it_was(self):
        self.assertEqual({p.name.split(".ftrace")[0] for p in FOLDER.glob("*.txt")}, set(EXPECTED))
        for name, expected in EXPECTED.items():
            with self.subTest(name):
                done = subprocess.run([os.environ["CUSTODY_TOOL"], "replay", "--format", "json", FOLDER / f"{name}.ftrace.txt"],
                                      capture_output=True, text=True, check=False)
                report = json.loads(done.stdout)
                summary = report["summary"]
                self.assertEqual(([f["rule"] for f in report["findings"]], summary["judged"], summary["why_not"],
                                  summary["maintenance"]["free_syncs"]), expected)
                self.assertEqual([t["lost"] for t in report["traces"]], [0])


unittest.main()
