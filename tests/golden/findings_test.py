# SPDX-License-Identifier: BSD-2-Clause
"""What `custody replay` prints of the demo and of one trace for each kind of finding; `--update` writes it again.

CUSTODY_TOOL is the path of the executable `custody`.
"""
import os
import pathlib
import re
import subprocess
import sys
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
FOLDER = pathlib.Path("tests/golden")
DEMO = "traces/recorded/pipeline_keep.ftrace.txt"
# A missing clean and invalidate, a copy, a lost write, a mixed pair, lines that differ; calls of each rule of the
# lifetime; advice; nothing wrong; not judged.
TRACES = ["T13-the-only-sync-removed", "T14-dirty-hand-off", "T28-invalidate-before-fence", "T18-merged-nents",
          "bounced-job-inside-a-window", "rule-M10-lost-write", "snooping-writer-and-plain-reader-together",
          "rule-M9-part-of-a-line", "T04-vmap-read-outside-lock", "T70-task-exits-in-its-window",
          "T06-two-maps-one-flag", "T16-lazy-init-race", "T77-device-goes-on-after-its-fence", "T86-unmapped-twice",
          "T39-touched-after-last-reference", "rule-R6-back-to-back", "T21-sync-on-coherent-memory",
          "T75-user-mapping-beside-a-writer", "T46-negative-control", "older-than-the-trace"]
FINDING = re.compile(r"^\S+:\d+: (?:error|warning|note): .* \[[MRLA]\d+\]$")


def replay(*arguments):
    done = subprocess.run([TOOL, "replay", *arguments], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode not in (0, 3) or done.stderr:
        raise RuntimeError(done.stderr or done.stdout)
    return done.stdout


def pages():
    """Every golden text by the name of its file."""
    return {"demo.txt": replay(DEMO), "demo_verbose.txt": replay("--verbose", DEMO),
            "findings.txt": "".join(replay(f"traces/litmus/{name}.litmus") for name in TRACES)}


class Findings(unittest.TestCase):
    maxDiff = None

    def test_texts_are_as_they_were(self):
        for name, text in pages().items():
            self.assertEqual((FOLDER / name).read_text(), text, f"{name}: look at it, then run ./dev doc")

    def test_a_finding_has_one_line_and_at_most_four_under_it(self):
        under = None
        for line in (FOLDER / "findings.txt").read_text().splitlines():
            if FINDING.match(line):
                under = 0
            elif under is not None and line.startswith("    "):
                under += 1
                self.assertLessEqual(under, 4, line)
            else:
                under = None

    def test_the_brief_form_is_the_same_without_what_stands_under_it(self):
        short = [line for line in replay(DEMO).splitlines() if not line.startswith("    ")]
        self.assertEqual(replay("--brief", DEMO).splitlines(), short)

    def test_the_demo_is_what_dev_runs_and_the_readme_shows(self):
        self.assertIn(f"build/release/custody replay {DEMO}\n", pathlib.Path("dev").read_text())
        blocks = [b for b in pathlib.Path("README.md").read_text().split("```")[1::2] if f"{DEMO}:22: warning" in b]
        self.assertEqual(len(blocks), 1)
        demo = replay(DEMO)
        for part in blocks[0].strip("\n").split("...\n"):
            self.assertIn(part, demo)


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        for file, content in pages().items():
            (FOLDER / file).write_text(content)
    else:
        unittest.main()
