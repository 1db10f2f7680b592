#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Pages of every shipped contract: Sphinx and GitHub's parser take them, they say from what they were made, and hold
every cell of the matrix."""
import concurrent.futures
import pathlib
import re
import subprocess
import tempfile
import unittest

from readers import sphinx
from tool import TOOL, contracts, run

COLUMNS = 100
STATES = ("Unborn", "NonOwnedNonBacked", "NonOwnedBacked", "CpuOwned", "DeviceOwned", "Freed")
CALLS = ("export attach detach map unmap begin_cpu_access end_cpu_access vmap vunmap mmap munmap pin unpin move_notify "
         "release").split()


def pages(form):
    """The pages of all contracts, and a page of all policies."""
    jobs = [(name, ("doc", name, "--format", form)) for name in contracts()]
    jobs.append(("all-policies", ("doc", "system-heap-6.1", "--format", form, "--all-policies")))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return dict(zip([name for name, _ in jobs], pool.map(lambda job: run(*job[1]), jobs)))


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rst, cls.markdown = pages("rst"), pages("md")

    def test_sphinx_builds_them_without_a_warning(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            done = sphinx(folder, self.rst)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(len(list(folder.glob("html/_images/*.svg"))), len(set(self.rst)), "a figure each")
            self.rendered((folder / "html" / "system-heap-6.1.html").read_text())

    def rendered(self, html):
        """Nothing of the markup is left to be seen."""
        body = re.sub(r"<[^>]*>", "", html.split('<div class="body"', 1)[1].split('<div class="sphinxsidebar"', 1)[0])
        for left in ("``", "**", "\\", ".. "):
            self.assertNotIn(left, body)

    def test_sphinx_would_complain(self):
        with tempfile.TemporaryDirectory() as name:
            broken = self.rst["ion"].replace("==\n\n", "=\n\n", 1).replace("\\*", "*")
            self.assertNotEqual(sphinx(pathlib.Path(name), {"ion": broken + "\n**open\n"}).returncode, 0)

    def test_no_line_is_too_long_but_for_a_word(self):
        for name, text in self.rst.items():
            for line in re.sub(r"\.\. graphviz::\n(?:   .*\n|\n)*", "", text).splitlines():
                self.assertTrue(len(line) <= COLUMNS or " " not in line.strip(" -*"), f"{name}: {line}")

    def test_they_say_from_what_they_were_made(self):
        # Without the commit: a page that is kept would be stale with each.
        version = run("--version").split(" (")[0]
        for form, texts in (("rst", self.rst), ("md", self.markdown)):
            for name in contracts():
                command = f"{version} from the contract {name}: custody doc {name} --format {form}"
                self.assertIn(command, re.sub(r"\s+", " ", texts[name].replace("\\", "")))

    def test_every_state_has_an_answer_to_every_call(self):
        for name, text in self.markdown.items():
            head, *rows = re.search(r"^\| call \| Unborn .*\n(?:\|.*\n)+", text, re.M).group(0).splitlines()
            states = [cell.strip() for cell in head.split("|")[2:-1]]
            self.assertEqual([s for s in STATES if s in states], states, name)
            self.assertEqual([row.split("|")[1].strip(" `") for row in rows[1:]], CALLS, name)
            for row in rows[1:]:
                cells = [cell.strip() for cell in row.split("|")[2:-1]]
                self.assertEqual(len(cells), len(states), row)
                self.assertTrue(all(cell and cell != "-" for cell in cells), f"{name}: {row}")

    def test_folded_pages_say_nothing_of_other_policies(self):
        folded, unfolded = self.markdown["system-heap-6.1"], self.markdown["all-policies"]
        for other in ("no\\_effect", "NonOwnedNonBacked", "at\\_first\\_use", "`refuse`", "detach-4", "begin-x1"):
            self.assertNotIn(other, folded)
        for other in ("NonOwnedNonBacked", "at\\_first\\_use", "`refuse`", "### detach-4", "### begin-x1"):
            self.assertIn(other, unfolded)
        self.assertIn("NonOwnedNonBacked", self.markdown["vision-release"])

    def test_a_page_of_searches_says_what_policies_break(self):
        text = run("doc", "android-uncached", "--searched")
        self.assertRegex(text, r"\| legal \| non-coherent \| [^|]*arm64-6\.1[^|]* \| safe \|")
        self.assertRegex(text, r"\| legal \| bounced, together \| [^|]*arm64-6\.1[^|]* \| [^|]*M6[^|]* \|")
        self.assertIn("Not alone: leaves = release needs backing", text)
        self.assertNotIn("Where it is safe", self.markdown["android-uncached"])
        with tempfile.TemporaryDirectory() as name:
            patch = pathlib.Path(name) / "patch.json"
            patch.write_text('{"policies": {"cpu_unattached": "refuse"}}')
            told = subprocess.run([TOOL, "diff", "android-uncached", patch], capture_output=True, text=True, timeout=100, check=False).stdout
        self.assertIn("Safety: the same in all 180 cells", told)
        self.assertRegex(text, r"\| `cpu_unattached` \| `refuse` \| Of 180 kinds of client, architecture and devices 0 "
                               r"become unsafe and 0 safe\. It accepts fewer calls\. \| \d+ operations instead of \d+")

    def test_github_sees_every_table(self):
        done = subprocess.run(["cmark-gfm", "-e", "table", "--to", "xml"], input=self.markdown["lazy"].encode(),
                              capture_output=True, timeout=20, check=True)
        tables = done.stdout.decode().count("<table>")
        self.assertEqual(tables, self.markdown["lazy"].count("\n| --- "))
        self.assertGreater(tables, 6)

    def test_ids_can_be_explained(self):
        ids = {i for text in self.markdown.values() for group in re.findall(r" \\\[([^\]\\]+)\\\]", text)
               for i in group.replace("\\", "").split(", ")}
        self.assertGreater(len(ids), 150)
        for name in sorted(i for i in ids if re.fullmatch(r"[a-z][\w.-]*(?:/[\w.-]+)?", i) and i != "seed")[::9]:
            run("explain", name)


if __name__ == "__main__":
    unittest.main()
