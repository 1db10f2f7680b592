# SPDX-License-Identifier: BSD-2-Clause
# One sequence of calls, recorded by tracefs, trace-cmd and perf of a real kernel, gives the report of its capture.
import json
import pathlib
import sys
import unittest

from layouts_test import replay

CAPTURE = pathlib.Path("traces/recorded/pipeline_keep.ftrace.txt")
RECORDED = sorted(pathlib.Path("tests/traces/samples/linux-6.18-uprobes").glob("*.txt"))


def said(report):
    """What is said of the calls, without their times, lines and tasks."""
    found = json.loads(report)
    findings = sorted((f["rule"], f["severity"], f["message"]) for f in found["findings"])
    return findings, found["summary"], found["traces"][0]["events"], found["traces"][0]["warnings"]


class RecordedByTools(unittest.TestCase):
    def test_each_gives_the_report_of_the_capture(self):
        self.assertEqual(len(RECORDED), 4)
        status, report, _ = replay(CAPTURE.read_text(encoding="utf-8"))
        for recorded in RECORDED:
            for stream in (False, True):
                with self.subTest(recorded=recorded.name, stream=stream):
                    again, real, errors = replay(recorded.read_text(encoding="utf-8"), stream=stream)
                    self.assertEqual(again, status, errors)
                    self.assertEqual(said(real), said(report))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
