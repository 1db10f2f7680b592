# SPDX-License-Identifier: BSD-2-Clause
"""Counts what a replay does for each thing that a trace can have without end: no time, so that it says the same anywhere.

growth_count_test.py CUSTODY: callgrind counts the instructions of each replay, without those that read the lines of an
event log. From n to 2n and from 2n to 4n things they grow by twice as much where the work for each stays the same, by
four times as much where each looks at all others. The fixed costs of a replay are in neither difference."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import growth_traces

CUSTODY = sys.argv.pop(1) if len(sys.argv) > 1 else ""
SIZE = 100
MOST = 2.3
EVENTS = "custody::checker::replay::Engine::on_*"
EACH = "custody::checker::replay::replay_part*"
# A reader may look at all names of a litmus file for each line of it.
LITMUS = [kind for kind, make in growth_traces.KINDS.items() if growth_traces.is_litmus(make(1))]


def counts(paths, folder, *options):
    """Instructions of the replay of each file, by one process."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/count", f"--dump-before={EACH}", *options, CUSTODY,
         "replay", "--quiet", "--fail-on", "never", *map(str, paths)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, text=True, timeout=300)
    if done.returncode not in (0, 3):
        raise AssertionError(done.stderr)
    found = {}
    for path in pathlib.Path(folder).glob("count*"):
        text = path.read_text()
        part, sum_of_part = re.search(r"^part: (\d+)", text, re.M), re.search(r"^(?:totals|summary): (\d+)", text, re.M)
        if part and sum_of_part:
            found[int(part[1])] = int(sum_of_part[1])
        path.unlink()
    # What comes before the first replay is the first part.
    return [found[part] for part in sorted(found)][1:]


class Growth(unittest.TestCase):
    def measure(self, kinds, *options):
        with tempfile.TemporaryDirectory() as folder:
            paths = [growth_traces.write(kind, n, pathlib.Path(folder)) for kind in kinds for n in (SIZE, 2 * SIZE, 4 * SIZE)]
            counted = counts(paths, folder, *options)
        self.assertEqual(len(counted), 3 * len(kinds), "each replay is counted by itself")
        for place, kind in enumerate(kinds):
            least, more, most = counted[3 * place:3 * place + 3]
            with self.subTest(kind):
                self.assertGreater(more - least, 100 * SIZE, "something is counted")
                self.assertLess((most - more) / (more - least), MOST, (least, more, most))

    def test_of_events(self):
        self.measure([kind for kind in growth_traces.KINDS if kind not in LITMUS], f"--toggle-collect={EVENTS}")

    def test_of_litmus_files(self):
        self.measure(LITMUS)


if __name__ == "__main__":
    if "CUSTODY_SANITIZED" in os.environ or shutil.which("valgrind") is None:
        print("skipped: valgrind is not there, or counts a sanitizer")
        sys.exit(77)
    unittest.main()
