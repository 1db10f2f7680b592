# SPDX-License-Identifier: BSD-2-Clause
# Captures, of probes and of the kernel's own tracepoints, as mails, pages, logs and other clocks show them, give the
# report of the original without a warning, from a file and from a stream; what is broken so that it may be read in two
# ways is never a silent 0.
import json
import os
import pathlib
import sys
import unittest

import layouts
import layouts_test
import pasted_layouts
from layouts_test import comparable, replay

CAPTURES = sorted(pathlib.Path("traces/recorded").glob("*.ftrace.txt"))
SAMPLES = sorted(pathlib.Path("tests/traces/samples").glob("*.ftrace.txt"))
if os.environ.get("CUSTODY_SANITIZED"):  # a process takes long to begin
    CAPTURES, SAMPLES = CAPTURES[:1], SAMPLES[:1]


class Pasted(unittest.TestCase):
    def check_each(self, stream):
        self.assertGreater(len(CAPTURES + SAMPLES), 1)
        for capture in CAPTURES + SAMPLES:
            text = capture.read_text(encoding="utf-8")
            status, report, _ = replay(text)
            for name, lay_out in pasted_layouts.PASTED.items():
                with self.subTest(layout=name, capture=capture.name):
                    again, laid_out, said = replay(lay_out(text), stream=stream)
                    self.assertEqual(again, status, said)
                    self.assertEqual(comparable(laid_out), comparable(report))
                    self.assertEqual(warnings(laid_out), warnings(report))

    def test_each_gives_the_same_report(self):
        self.check_each(stream=False)

    def test_a_stream_gives_the_report_of_a_file(self):
        self.check_each(stream=True)


def warnings(report):
    return [w["message"] for w in json.loads(report)["traces"][0]["warnings"]]


def errors(report):
    return {f["message"] for f in json.loads(report)["findings"] if f["severity"] == "error"}


class Ambiguous(unittest.TestCase):
    TEXT = (pathlib.Path("traces/recorded") / "pipeline_keep.ftrace.txt").read_text(encoding="utf-8")
    TRACED = (pathlib.Path("tests/traces/samples") / "synthetic-tracepoints-alone.ftrace.txt").read_text(encoding="utf-8")

    def check_is_damage(self, text, of=TEXT):
        status, report, _ = replay(text)
        self.assertNotEqual(status, 0)
        self.assertLessEqual(errors(report), errors(replay(of)[1]))
        self.assertEqual(json.loads(report)["summary"]["judged"], 0)

    def test_a_direction_said_twice_and_not_alike(self):
        self.check_is_damage(self.TEXT.replace("dir=2\n", "dir=2(TO_DEVICE)\n", 1))

    def test_attributes_beside_pointers_without_prefix(self):
        text = pasted_layouts.POINTER.sub(r"=\1", self.TEXT)
        self.assertEqual(replay(text.replace("attrs=0x0", "attrs=0"))[0], replay(self.TEXT)[0])
        self.check_is_damage(text.replace("attrs=0x0", "attrs=20", 1))

    def test_a_name_that_may_go_on_in_the_next_line(self):
        whole = "is_dynamic=0 dev_name=ac40000.isp\n"
        self.assertIn(whole, self.TRACED)
        self.check_is_damage(self.TRACED.replace(whole, "is_dynamic=0 dev_name=ac40000\n.isp\n", 1), self.TRACED)

    def test_a_number_that_goes_on_in_the_next_line_is_one(self):
        for number in ("ino=3021\n", "fd=41\n"):
            broken = self.TRACED.replace(number, number[:-2] + "\n" + number[-2:], 1)
            self.assertNotEqual(broken, self.TRACED)
            self.assertEqual(comparable(replay(broken)[1]), comparable(replay(self.TRACED)[1]))

    def test_attributes_that_may_go_on_in_the_next_line(self):
        self.check_is_damage(self.TEXT.replace("attrs=0x0\n", "attrs=0x2\n0\n", 1))
        stray = self.TEXT.replace("attrs=0x0\n", "attrs=0x0\nbad\n", 1)
        self.assertEqual(comparable(replay(stray)[1]), comparable(replay(self.TEXT)[1]))

    def test_lines_chopped_inside_words(self):
        for column in range(70, 170, 7):
            for text in (self.TEXT, self.TRACED):
                with self.subTest(column=column):
                    status, report, _ = replay(layouts.chopped(text, column))
                    expected, whole, _ = replay(text)
                    same = (status, comparable(report)) == (expected, comparable(whole))
                    self.assertTrue(same or json.loads(report)["summary"]["judged"] == 0)
                    self.assertLessEqual(errors(report), errors(whole))

    def test_a_time_that_lost_its_point_is_no_other_one(self):
        line = self.TEXT.splitlines()[40]
        self.check_is_damage(self.TEXT.replace(line, line.replace(" 1.0", " 10"), 1))

    def test_a_comment_behind_a_strange_prefix_counts_what_was_lost(self):
        text = self.TEXT.replace("written: 96/96", "written: 96/100")
        lost = [json.loads(replay(pasted_layouts.before(p)(text))[1])["traces"][0]["lost"] for p in ("", "box: ", "| ")]
        self.assertEqual(lost, [4, 4, 4])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
