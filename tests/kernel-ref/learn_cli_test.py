# SPDX-License-Identifier: BSD-2-Clause
"""`custody learn` from outside: its report against its schema, and drivers' processes that do not keep to their word.
CUSTODY_TOOL is its path. learn_cli_test.py [CLASS...]; Source needs custody-drive, which no sanitizer has."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import jsonschema

TOOL = os.environ["CUSTODY_TOOL"]
SCHEMA = json.loads(pathlib.Path("spec/learn_report.schema.json").read_text())
SMALL = ["--depth", "4", "--random", "50"]


def learn(*words, **more):
    return subprocess.run([TOOL, "learn", "-q", *words], capture_output=True, text=True, timeout=120, check=False,
                          env={**os.environ, **more})


class Report(unittest.TestCase):
    def test_it_fits_its_schema(self):
        done = learn("--format", "json", *SMALL, "heap_helpers_2019")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        report = json.loads(done.stdout)
        jsonschema.validate(report, SCHEMA)
        self.assertIn("heap-helpers-2019", report["equal"])
        self.assertEqual(report["random"]["agreed"], report["random"]["calls"])

    def test_the_schema_refuses_what_is_missing_or_unknown(self):
        report = json.loads(learn("--format", "json", *SMALL, "heap_helpers_2019").stdout)
        for key in list(report):
            with self.subTest(key), self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate({k: v for k, v in report.items() if k != key}, SCHEMA)
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate({**report, "more": 1}, SCHEMA)

    def test_an_unknown_driver_is_told_with_those_that_there_are(self):
        done = learn("systm")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("heap_helpers_2019", done.stderr)


HEAP = pathlib.Path(TOOL).parent / "libexec/custody/linux/drivers/dma-buf/heaps/system_heap.c"
PATCHES = pathlib.Path("kernel-ref/drive/patches")


class Source(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, text, name="my_heap.c"):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def report(self, *words):
        done = learn("--format", "json", *SMALL, *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        report = json.loads(done.stdout)
        jsonschema.validate(report, SCHEMA)
        return report

    def test_a_file_of_any_name_is_built_and_learned(self):
        report = self.report(self.file(HEAP.read_text()))
        self.assertEqual(report["contract"]["name"], "my_heap")
        self.assertIn("system-heap-6.1", report["equal"])
        self.assertIn("system_heap_map_dma_buf", json.dumps(report))

    def test_it_learns_past_calls_in_which_the_driver_stops(self):
        for patch, what, calls in (("system-double-free", "frees twice", ["attach D0", "detach D0"]),
                                   ("system-endless", "does not come back", ["attach D0", "begin TO_DEVICE"])):
            with self.subTest(patch):
                done = learn("--format", "json", *SMALL, "--patch", str(PATCHES / f"bad/{patch}.patch"), "system_heap")
                self.assertEqual((done.returncode, done.stderr), (1, ""))
                report = json.loads(done.stdout)
                jsonschema.validate(report, SCHEMA)
                self.assertIn(calls, [s["calls"] for s in report["stops"] if what in s["what"]])
                self.assertIn("Where the driver stops", learn(*SMALL, "--patch", str(PATCHES / f"bad/{patch}.patch"), "system_heap").stdout)
        self.assertEqual(self.report("system_heap")["stops"], [])

    def test_a_source_and_the_driver_of_its_name_have_one_contract(self):
        for words in (["drivers/dma-buf/udmabuf.c"], ["udmabuf"]):
            with self.subTest(words):
                self.assertIn("udmabuf-after", self.report(*words)["equal"])

    def test_drivers_that_their_subsystem_calls_have_the_contracts_that_are_shipped(self):
        self.assertEqual(self.report("drivers/media/common/videobuf2/videobuf2-dma-sg.c")["equal"], ["vb2-dma-sg"])
        self.assertEqual(self.report("videobuf2-dma-contig-non_coherent")["equal"], ["vb2-dma-contig"])

    def test_a_patch_is_learned_with_its_file(self):
        self.assertEqual(self.report("system_heap", "--patch", str(PATCHES / "equal/system-rename-struct.patch"))["equal"],
                         self.report("system_heap")["equal"])
        lazy = self.report("system_heap", "--patch", str(PATCHES / "bad/system-no-clean-at-end.patch"))
        self.assertEqual(lazy["equal"], [])
        self.assertNotIn("for_device", json.dumps(lazy))

    def test_what_cannot_be_built_is_said(self):
        done = learn(*SMALL, self.file(HEAP.read_text().replace("dma_unmap_sgtable(", "dma_unmop_sgtable(")))
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("misspelt: dma_unmop_sgtable", done.stderr)
        done = learn(*SMALL, self.file("#include <linux/module.h>\n"))
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("registers no heap", done.stderr)

    def test_a_crash_is_told_with_the_calls_that_lead_there(self):
        done = learn(*SMALL, "system_heap", "--patch", str(PATCHES / "bad/system-null-vaddr.patch"))
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        stops = done.stdout.split("Where the driver stops")[1]
        self.assertIn("  attach D0, begin TO_DEVICE\n", stops)
        self.assertIn("follows a NULL pointer, in system_heap_dma_buf_begin_cpu_access", stops)

    def test_the_contract_is_not_written_over_the_source(self):
        heap = self.file(HEAP.read_text())
        done = learn(*SMALL, heap, "-o", heap)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(pathlib.Path(heap).read_text(), HEAP.read_text())

    def test_nothing_is_left_in_the_temporary_folder(self):
        learn(*SMALL, self.file(HEAP.read_text()), TMPDIR=str(self.folder))
        self.assertEqual([p.name for p in self.folder.iterdir()], ["my_heap.c"])


class Process(unittest.TestCase):
    def fails(self, script, *expected):
        """With a driver's process that the script is: exit 2 and one line."""
        with tempfile.TemporaryDirectory() as folder:
            host = pathlib.Path(folder, "host")
            host.write_text(f"#!/bin/sh\n{script}\n")
            host.chmod(0o755)
            done = learn("system", CUSTODY_LEARN=str(host))
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for words in expected:
            self.assertIn(words, done.stderr)

    def test_it_is_not_there(self):
        done = learn("system", CUSTODY_LEARN="/nowhere/custody-learn")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("cannot be started: No such file", done.stderr)

    def test_it_greets_with_something_else(self):
        self.fails("printf 'hello \\033[31m\\n'; cat >/dev/null", 'says "hello \\x1b[31m"', "expected custody-learn 1")

    def test_it_ends_at_once(self):
        self.fails("exit 9", "it ended with status 9", "at its start")

    def test_the_driver_kills_it(self):
        self.fails("echo custody-learn 1 of a test; read line; kill -SEGV $$", "it ended by Segmentation fault",
                   "at the program: ")

    def test_it_answers_what_is_no_answer(self):
        self.fails("echo custody-learn 1 of a test; while read line; do echo maybe; done", "maybe")

    def test_its_line_does_not_end(self):
        self.fails("echo custody-learn 1 of a test; read line; exec cat /dev/zero 2>/dev/null", "its line does not end")


if __name__ == "__main__":
    unittest.main()
