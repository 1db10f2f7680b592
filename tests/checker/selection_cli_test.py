# SPDX-License-Identifier: BSD-2-Clause
"""Filters, suppressions and baselines from outside. CUSTODY_TOOL is the path of the executable `custody`."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema

TOOL = os.environ["CUSTODY_TOOL"]
SCHEMA = json.loads(pathlib.Path("spec/replay_report.schema.json").read_text())
KEEP = "traces/recorded/pipeline_keep.ftrace.txt"
REMAP = "traces/recorded/pipeline_remap.ftrace.txt"


def run(*args):
    return subprocess.run([TOOL, "replay", *args], capture_output=True, text=True, timeout=100, check=False)


def report(*args):
    document = json.loads(run("--format", "json", *args).stdout)
    jsonschema.validate(document, SCHEMA)
    return document


class Selections(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, content):
        (self.folder / name).write_text(content)
        return str(self.folder / name)

    def test_filters_show_what_is_asked_for_and_count_the_rest(self):
        every = report(KEEP)["findings"]
        for option, value, asked in (("--rule", "R5", lambda f: "R5" in [f["rule"], *f["also"]]),
                                     ("--of-device", "gpu.0", lambda f: f.get("device") == "gpu.0"),
                                     ("--buffer", "b1", lambda f: f["buffer"]["id"] == "b1"),
                                     ("--since", "1.1", lambda f: f["ts"] >= 1.1),
                                     ("--until", "1.1", lambda f: f["ts"] <= 1.1)):
            shown = [f for f in every if asked(f)]
            document = report(option, value, KEEP)
            self.assertEqual(document["findings"], shown, option)
            self.assertEqual(document.get("withheld", {}).get("not_asked_for", 0), len(every) - len(shown), option)
            self.assertEqual(document["summary"], report(KEEP)["summary"], option)
        self.assertEqual(report("--task", "nobody", KEEP)["findings"], [])

    def test_what_is_not_shown_does_not_fail_and_clears_nothing(self):
        broken = "traces/litmus/T13-the-only-sync-removed.litmus"
        text = "".join(l for l in pathlib.Path(broken).read_text().splitlines(keepends=True) if not l.startswith("expect"))
        path = self.file("broken.litmus", text)
        self.assertEqual(run(path).returncode, 1)
        done = run("--rule", "R3", path)
        self.assertEqual(done.returncode, 0)
        self.assertNotIn("nothing is missing", done.stdout)
        self.assertIn("2 findings not shown: 2 not asked for\n", done.stdout)
        self.assertTrue(done.stdout.endswith("; 2 findings not shown.\n"), done.stdout)

    def test_a_suppression_has_a_reason_and_is_told_where_it_is_not_used(self):
        path = self.file("accepted", "# the heap\nrule=R3 call=end_cpu_access: syncs per attachment until 7.2\nrule=M1: gone\n")
        done = run("--suppressions", path, "--fail-on", "warning", KEEP)
        self.assertEqual(done.returncode, 1)
        self.assertIn("12 findings not shown: 12 suppressed\n", done.stdout)
        self.assertEqual(done.stderr, f"{path}:3: warning: matches no finding (gone)\n")
        odd = self.file("odd", "rule=M1: \x1b[31m\u202e\n")
        self.assertIn("matches no finding (\\x1b[31m\\u202e)", run("--suppressions", odd, KEEP).stderr)
        every = self.file("every", "exporter=system: known\n")
        self.assertEqual(run("--suppressions", every, "--fail-on", "note", KEEP).returncode, 0)
        wrong = run("--suppressions", self.file("wrong", "rule=R3\n"), KEEP)
        self.assertEqual((wrong.returncode, wrong.stdout), (2, ""))
        self.assertIn("wrong:1:8: ", wrong.stderr)
        self.assertIn("without a reason", wrong.stderr)

    def test_only_what_is_new_fails_though_lines_times_and_addresses_change(self):
        path = self.folder / "baseline"
        done = run("--write-baseline", path, "--fail-on", "note", KEEP)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = path.read_text().splitlines()
        self.assertEqual(lines[0], "custody baseline 1")
        self.assertEqual(lines[1:], sorted(lines[1:]))
        moved = re.sub(r"(\s)1\.(\d{6}):", r"\g<1>7.\2:", pathlib.Path(KEEP).read_text())
        moved = "# a line more\n" * 5 + re.sub(r"0x[0-9a-f]{8,}", lambda m: hex(int(m[0], 16) + 0x1000), moved)
        shifted = self.file("shifted", moved)
        self.assertNotEqual(report(shifted)["findings"], report(KEEP)["findings"])
        done = run("--baseline", path, "--fail-on", "note", shifted)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("28 findings not shown: 28 in the baseline\n", done.stdout)
        done = run("--baseline", path, "--fail-on", "note", REMAP)
        self.assertEqual(done.returncode, 1)
        shown = report("--baseline", path, REMAP)
        self.assertTrue(shown["findings"])
        self.assertLess(len(shown["findings"]), len(report(REMAP)["findings"]))

    def test_bad_words_are_refused_with_what_was_meant(self):
        for args, meant in ((["--rule", "r3"], "did you mean 'R3'?"), (["--since", "noon"], "expected seconds"),
                            (["--since", "2", "--until", "1"], "--since is later"),
                            (["--baseline", self.file("empty", "")], "is empty"),
                            (["--baseline", "/nonexistent"], "No such file"),
                            (["--write-baseline", KEEP], "is the input")):
            done = run(*args, KEEP)
            self.assertEqual((done.returncode, done.stdout), (2, ""), args)
            self.assertIn(meant, done.stderr)

    def test_a_baseline_of_input_that_cannot_be_read_is_not_written(self):
        path = self.folder / "baseline"
        self.assertEqual(run("--write-baseline", path, KEEP, "/nonexistent").returncode, 2)
        self.assertFalse(path.exists())


if __name__ == "__main__":
    unittest.main()
