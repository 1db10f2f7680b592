#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Recorded captures as traces of Perfetto, in each form, give the report of their text: perfetto_files_test.py CUSTODY

protoc encodes them with our own messages (encode.py)."""

import glob
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import unittest

import encode
import tracepoints

CUSTODY = sys.argv[1]
FORMS = ("binary", "compressed", "text")
# Where a record stands differs, and what stands beside it: a text has comments.
PLACES = {"path", "line", "call_line", "operation_line", "foreign"}
KEEP = "traces/recorded/pipeline_keep.ftrace.txt"


TRACED_FILE = "tests/traces/samples/synthetic-tracepoints-alone.ftrace.txt"
with open(TRACED_FILE, encoding="utf-8") as sample:
    TRACED = "".join(line for line in sample if "dma_fence_" not in line)


def without_places(report):
    if isinstance(report, dict):
        return {key: without_places(value) for key, value in report.items() if key not in PLACES}
    return [without_places(value) for value in report] if isinstance(report, list) else report


def report(path, *options, **more):
    done = subprocess.run([CUSTODY, "replay", "--format", "json", *options, path], capture_output=True, check=False,
                          timeout=60, **more)
    return done.returncode, without_places(json.loads(done.stdout))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class PerfettoFiles(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, data, name="trace"):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as out:
            out.write(data)
        return path

    def test_give_the_report_of_the_text(self):
        captures = sorted(glob.glob("traces/recorded/*.ftrace.txt"))
        self.assertEqual(len(captures), 4)
        for capture in captures:
            expected = report(capture)
            self.assertGreater(expected[1]["summary"]["events"], 10)
            for shape in encode.SHAPES:
                for form in FORMS:
                    path = self.file(encode.encode(read(capture), shape, form=form))
                    self.assertEqual(report(path), expected, (capture, shape, form))

    def test_of_tracepoints_give_the_report_of_the_text(self):
        text = tracepoints.each_alone(TRACED)
        self.assertEqual(text.count("dma_map_phys"), 2)
        expected = report(self.file(text.encode()))
        self.assertEqual({f["rule"] for f in expected[1]["findings"]} & {"L1", "L5"}, {"L1", "L5"})
        self.assertEqual(expected[1]["traces"][0]["malformed"], 0)
        for shape in encode.SHAPES:
            self.assertEqual(report(self.file(tracepoints.binary(text, shape))), expected, shape)
            as_text = "".join(tracepoints.packets(text, shape)).encode()
            self.assertEqual(report(self.file(as_text)), expected, shape)

    def test_of_tracepoints_beside_probes_give_the_report_of_the_text(self):
        path = TRACED_FILE.replace("alone", "beside-probes")
        expected = report(path)
        self.assertIn("M3", {f["rule"] for f in expected[1]["findings"]})
        for shape in encode.SHAPES:
            self.assertEqual(report(self.file(tracepoints.binary(read(path), shape))), expected, shape)

    def test_of_tables_accuse_nobody_as_their_addresses_are_not_there(self):
        for shape in encode.SHAPES:
            status, said = report(self.file(tracepoints.binary(TRACED, shape)))
            self.assertEqual(status, 3)
            self.assertEqual(said["findings"], [])
            self.assertEqual(said["traces"][0]["malformed"], 0)
            self.assertEqual(said["summary"]["judged"], 0)

    def test_put_processors_into_the_order_of_time(self):
        expected = report(KEEP)
        for shape in encode.SHAPES:
            self.assertEqual(report(self.file(encode.encode(read(KEEP), shape, cpus=3))), expected)

    def test_give_the_same_from_streams(self):
        expected = report(KEEP)
        for form in FORMS:
            data = encode.encode(read(KEEP), "described", form=form)
            for packed in (data, gzip.compress(data)):
                with open(self.file(packed), "rb") as stream:
                    self.assertEqual(report("-", stdin=stream), expected, form)
                self.assertEqual(report(self.fifo(packed)), expected, form)

    def fifo(self, data):
        path = os.path.join(tempfile.mkdtemp(dir=self.folder.name), "fifo")
        os.mkfifo(path)

        def feed():
            with open(path, "wb", buffering=0) as out:
                for at in range(0, len(data), 1000):
                    out.write(data[at:at + 1000])
        thread = threading.Thread(target=feed)
        thread.start()
        self.addCleanup(thread.join)
        return path

    def test_take_names_that_the_user_gives(self):
        text = read(KEEP).replace(": map: (", ": my_map: (")
        data = encode.encode(text, "described")
        self.assertEqual(report(self.file(data), "--event", "my_map=map"), report(KEEP))
        self.assertNotEqual(report(self.file(data)), report(KEEP))

    def test_keep_the_error_of_a_call_that_failed(self):
        text = read("traces/recorded/cma.ftrace.txt").replace("ret=0", "ret=-4")
        expected = json.dumps(report(self.file(text.encode())))
        for shape in encode.SHAPES:
            self.assertEqual(json.dumps(report(self.file(encode.encode(text, shape)))), expected)

    def test_are_converted(self):
        source = self.file(encode.encode(read(KEEP), "generic"))
        target = os.path.join(self.folder.name, "log.jsonl")
        subprocess.run([CUSTODY, "convert", source, "-o", target], check=True, capture_output=True)
        self.assertEqual(report(target)[1]["summary"], report(KEEP)[1]["summary"])

    def test_that_are_cut_off_are_reported_up_to_there(self):
        data = encode.encode(read(KEEP), "described")
        status, said = report(self.file(data[:len(data) * 3 // 4]))
        self.assertEqual(status, 2)
        self.assertIn("at byte", said["traces"][0]["error"])
        self.assertGreater(said["summary"]["events"], 10)
        self.assertEqual(said["summary"]["judged"], 0)

    def test_with_an_edited_byte_clear_and_accuse_of_nothing_but_other_values(self):
        """A value that is another one cannot be told: a device, a pointer, a size. A record that is gone can, but for
        one whose number became that of an event without names."""
        # Another device or direction than that of the map; a buffer that nobody detached from.
        of_values = {"L1", "L2", "L3", "L5", "L6"}
        draw, hurt, silent = random.Random(11), 0, 0
        for shape in encode.SHAPES:
            data = encode.encode(read(KEEP), shape)
            events = report(self.file(data))[1]["summary"]["events"]
            for _ in range(250):
                edited = bytearray(data)
                at = draw.randrange(len(edited))
                edited[at] = draw.randrange(256)
                status, said = report(self.file(bytes(edited)))
                self.assertIn(status, (0, 1, 2, 3))
                hurt += said["summary"]["judged"] == 0
                errors = {f["rule"] for f in said["findings"] if f["severity"] == "error"}
                self.assertLessEqual(errors, of_values, (shape, at, edited[at]))
                is_clear = status == 0 and said["summary"]["judged"] == 1
                silent += is_clear and said["summary"]["events"] != events
        self.assertGreater(hurt, 200)
        self.assertLess(silent, 4)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
