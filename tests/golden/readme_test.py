# SPDX-License-Identifier: BSD-2-Clause
"""What the README and the pages that it links show is what the tool does; `--update` draws the README's figure again.

In a block of commands, `$ build/release/custody ...` is run here, and what stands under it is what it printed: in that
order, without what `...` stands for and without what stands in brackets. A line that begins with `...` ends so, and one that ends with `, ...` begins so.

CUSTODY_TOOL is the path of the executable `custody`.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
PAGES = ["README.md", "spec/TRACES.md", "spec/CONTRACTS.md", "spec/LIMITS.md", "spec/MEASUREMENTS.md"]
FIGURES = {pathlib.Path("spec/figures/owners.svg"): ["doc", "system-heap-6.1", "--format", "svg", "--figure", "owners"],
           pathlib.Path("spec/figures/line.svg"): ["doc", "--format", "svg", "--figure", "line"]}
MOST_LINES = 150
MAIL = '{"clauses": {"unmap": {"on": "unmap", "do": "own:unmap:skip", "because": "An unmap alone needs no operation."}}}\n'


def run(words):
    """What a person sees in a terminal."""
    with tempfile.TemporaryDirectory() as folder:
        mail = pathlib.Path(folder, "mail.json")
        mail.write_text(MAIL)
        words = [str(mail) if word == "mail.json" else word for word in words]
        done = subprocess.run([TOOL, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=200,
                              check=False)
        if done.returncode not in (0, 1, 3):
            raise RuntimeError(f"{words}: {done.stdout}")
        return done.stdout.replace(folder + "/", "")


def examples(page):
    """Commands of the tool under which something stands, and the lines of it."""
    for block in pathlib.Path(page).read_text().split("\n```\n")[1::2]:
        command, shown = None, []
        for line in [*block.splitlines(), "$ end"]:
            if line.startswith("$ "):
                if command is not None and shown:
                    yield command, shown
                command, shown = None, []
                if line.startswith("$ build/release/custody "):
                    command = shlex.split(line[2:], comments=True)[1:]
            elif command is not None:
                shown.append(line)


def is_shown(line, wanted):
    if wanted.startswith("..."):
        return line.endswith(wanted[3:])
    return line.startswith(wanted[:-3]) if wanted.endswith(", ...") else line == wanted


class Readme(unittest.TestCase):
    def test_examples_are_what_the_tool_prints(self):
        count = 0
        for page in PAGES:
            for command, shown in examples(page):
                lines = [line.rstrip() for line in run(command).splitlines()]
                at = 0
                for line in shown:
                    if line == "..." or line.startswith("[") or not line:
                        continue
                    wanted = line.rstrip()
                    found = [i for i in range(at, len(lines)) if is_shown(lines[i], wanted)]
                    self.assertTrue(found, f"{page}: {shlex.join(command)} prints no line `{wanted}`")
                    at = found[0] + 1
                count += 1
        self.assertGreaterEqual(count, 12)

    def test_every_link_leads_somewhere(self):
        for page in PAGES:
            text = pathlib.Path(page).read_text()
            for link in re.findall(r"\]\(([^)#\s]*)(#[^)\s]*)?\)", text):
                path = pathlib.Path(page).parent / link[0] if link[0] else pathlib.Path(page)
                if link[0].startswith("http"):
                    continue
                self.assertTrue(path.exists(), f"{page}: {link[0]}")
                if link[1]:
                    titles = re.findall(r"^#+ (.*)", path.read_text(), re.M)
                    anchors = [re.sub(r"[^\w -]", "", t.lower()).replace(" ", "-") for t in titles]
                    self.assertIn(link[1][1:], anchors, f"{page}: {link}")

    def test_it_is_read_in_five_minutes(self):
        self.assertLessEqual(len(pathlib.Path("README.md").read_text().splitlines()), MOST_LINES)

    def test_the_figures_are_as_the_tool_draws_them(self):
        self.assertEqual(set(pathlib.Path("spec/figures").iterdir()), set(FIGURES))
        for file, made_by in FIGURES.items():
            self.assertEqual(file.read_text(), run(made_by), f"{file}: look at it, then run ./dev doc")


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        for file, made_by in FIGURES.items():
            file.write_text(run(made_by))
    else:
        unittest.main()
