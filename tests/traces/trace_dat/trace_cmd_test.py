#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""trace-cmd reads what our writer makes, and custody judges text and trace.dat alike: trace_cmd_test.py CUSTODY MAKER"""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

CUSTODY, MAKER = sys.argv[1:3]
# version, compression, processors, an instance too
SHAPES = [("6", "none", "1", "0"), ("6", "none", "3", "1"), ("7", "none", "2", "1"), ("7", "zstd", "3", "1"),
          ("7", "zlib", "2", "0")]
# Where a record stands differs, and what stands beside it: a text has comments.
PLACES = {"path", "line", "call_line", "operation_line", "foreign"}
RECORD = re.compile(r"-(\d+) +(?:\[\d+\]) .*?(\d+\.\d+): (?:\w+:)?(\w+): +(?:\([^)]*\))? ?(.*)$")


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, **more).stdout


def without_places(report):
    if isinstance(report, dict):
        return {key: without_places(value) for key, value in report.items() if key not in PLACES}
    return [without_places(value) for value in report] if isinstance(report, list) else report


def report(path, **more):
    done = subprocess.run([CUSTODY, "replay", "--format", "json", path], capture_output=True, check=False, **more)
    return done.returncode, without_places(json.loads(done.stdout))


def records(text):
    """Task, time, event and fields of each record, but not of what a user wrote to the trace."""
    found = [RECORD.search(line.rstrip()) for line in text.splitlines()]
    return [m.groups() for m in found if m and m.group(3) not in ("print", "tracing_mark_write")]


class TraceCmd(unittest.TestCase):
    def setUp(self):
        self.captures = sorted(glob.glob("traces/recorded/*.ftrace.txt"))
        self.assertEqual(len(self.captures), 4)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def made(self, capture, shape):
        path = os.path.join(self.folder.name, "-".join(shape) + ".dat")
        run(MAKER, capture, path, *shape)
        return path

    def test_reads_the_same_records(self):
        for capture in self.captures:
            with open(capture, encoding="utf-8") as file:
                expected = records(file.read())
            self.assertGreater(len(expected), 10)
            for shape in SHAPES:
                if shape[1] != "zlib":  # Debian's trace-cmd is built without it
                    printed = run("trace-cmd", "report", self.made(capture, shape)).decode()
                    self.assertEqual(records(printed), expected, (capture, shape))

    def test_gives_the_report_of_the_text(self):
        for capture in self.captures:
            expected = report(capture)
            for shape in SHAPES:
                path = self.made(capture, shape)
                self.assertEqual(report(path), expected, (capture, shape))
                with open(path, "rb") as stream:
                    self.assertEqual(report("-", stdin=stream), expected, (capture, shape))

    def test_converts_files_that_are_read_as_before(self):
        for capture in self.captures:
            source, target = self.made(capture, SHAPES[1]), os.path.join(self.folder.name, "converted.dat")
            for compression in ("none", "zstd"):
                run("trace-cmd", "convert", "-i", source, "-o", target, "--file-version", "7", "--compression", compression)
                self.assertEqual(report(target), report(capture), (capture, compression))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
