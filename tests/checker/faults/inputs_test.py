# SPDX-License-Identifier: BSD-2-Clause
"""Inputs that shrink or grow while they are read, in every format: inputs_test.py MAKE_TRACE_DAT"""
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from faults import KEEP, SANITIZED, TOOL, FaultTest, is_blocked, shifted, wait_until

MAKE_TRACE_DAT = pathlib.Path(sys.argv.pop()).resolve()
TIMES = 60 if SANITIZED else 200


class Inputs(FaultTest):
    def write(self, name):
        """A trace that is read long after what is said of its beginning has filled a pipe."""
        text = shifted(TIMES)
        path = self.file("long", text)
        if name == "text out of order":
            path = self.file("long", KEEP * TIMES)
        elif name == "event log":
            path = self.file("long", subprocess.run([TOOL, "convert", path], capture_output=True, check=True).stdout)
        elif name in ("trace.dat", "compressed trace.dat"):
            shape = ["7", "zlib", "3"] if name[0] == "c" else ["6", "none", "3"]
            subprocess.run([MAKE_TRACE_DAT, path, self.folder / "dat", *shape], check=True)
            path = (self.folder / "dat").rename(path)
        self.before = self.contents()
        return path

    def while_it_reads(self, args, change):
        """Reads a part of the input, changes it, and reads on."""
        child = self.start(args)
        wait_until(lambda: is_blocked(child))
        change()
        self.before = self.contents()
        return self.end(child)

    FORMATS = ("text", "text out of order", "event log", "trace.dat", "compressed trace.dat")

    def test_what_shrinks_is_reported_up_to_there(self):
        for name in self.FORMATS:
            for left in (0, 0.3, 0.7):
                with self.subTest(name, left=left):
                    path = self.write(name)
                    size = path.stat().st_size
                    whole = self.run_tool(["replay", "--all", "long"])
                    status, out, err = self.while_it_reads(
                        ["replay", "--all", "long"], lambda: os.truncate(path, int(size * left)))
                    self.assertEqual((status, err), (2, ""))
                    self.assertIn("it shrank while it was read", out)
                    self.assertEqual(out[:10_000], whole[1][:10_000])
                    self.assertLess(len(out), len(whole[1]))
                    self.assertNotIn("is missing in", out)
                    self.accuses_no_more(whole[1], out)

    def accuses_no_more(self, whole, part):
        """What is gone accuses nobody: each finding is one of the whole trace's."""
        findings = set(re.findall(r"^long:\d+: (?:error|warning|note): .* \[\w+\]$", part, re.M))
        self.assertGreater(len(findings), 20)
        self.assertEqual(sorted(findings - set(whole.splitlines()))[:3], [])

    def test_what_shrinks_is_not_converted_in_silence(self):
        for name in ("text", "trace.dat"):
            path = self.write(name)
            status, _, err = self.while_it_reads(["convert", "long"], lambda: os.truncate(path, 4096))
            self.assertEqual(status, 2)
            self.assertIn("it shrank while it was read", err)

    def test_what_grows_is_what_it_was(self):
        for name in self.FORMATS:
            with self.subTest(name):
                path = self.write(name)
                whole = self.run_tool(["replay", "--all", "long"])
                with open(path, "ab", buffering=0) as end:
                    again = self.while_it_reads(["replay", "--all", "long"], lambda: end.write(b"more\n" * 10_000))
                self.assertEqual(again, whole)

    def test_files_of_the_kernel_have_no_size_and_are_read(self):
        for path in ("/proc/self/status", "/sys/kernel/tracing/trace"):
            if not os.access(path, os.R_OK):
                continue
            for command in ("replay", "convert", "minimize"):
                status, out, err = self.run_tool([command, path])
                self.assertEqual(status, 2)
                self.assertIn("no record of a known event" if "tracing" in path else "no trace event found", out + err)
        wide = json.loads(self.run_tool(["replay", "--format", "json", "/proc/self/status"])[1])
        self.assertNotIn("empty", wide["traces"][0]["error"])

    def test_what_is_read_twice_is_a_file(self):
        status, _, err = self.run_tool(["review", "lazy", "lazy", "-"])
        self.assertEqual((status, err), (2, "custody review: error: -: is read more than once, expected a file\n"))


if __name__ == "__main__":
    unittest.main()
