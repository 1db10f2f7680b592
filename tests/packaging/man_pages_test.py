# SPDX-License-Identifier: BSD-2-Clause
"""The man pages: each command has one, it says what `--help` says, and who reads man pages finds nothing wrong."""
import gzip
import os
import re
import unittest

from installed import Installed, run

ENTRY = re.compile(r"^  (-\S+|[A-Z]+)(?: |$)")

DEFAULT = re.compile(r"  -\S+ (?:(?!NAME=)[A-Z]+(?: in \[[^]]*\])?|\{[^}]*\})=(\S+)")


def parts_of(text):
    """The headings of a help with the lines below each."""
    parts, at = {}, None
    for line in text.splitlines():
        if re.match(r"\S.*:$", line):
            at = parts.setdefault(line[:-1], [])
        elif at is not None:
            at.append(line)
    return parts


class ManPages(Installed):
    def help_of(self, *command):
        return self.ran(self.tool, *command, "--help")

    def commands(self, *above):
        lines = parts_of(self.help_of(*above)).get("Subcommands", [])
        return [line.split()[0] for line in lines if re.match(r"  [a-z]", line)]

    def page(self, name):
        file = self.prefix / f"share/man/man1/{name}.1.gz"
        self.assertTrue(file.is_file(), f"no page {name}")
        return file

    def rendered(self, name):
        """The page's text on one line, without what roff does to lines."""
        text = self.ran("man", "-l", self.page(name), env={**os.environ, "MANWIDTH": "1000", "LC_ALL": "C.UTF-8",
                                                           "MANPAGER": "cat", "MAN_KEEP_FORMATTING": ""})
        return " ".join(re.sub(r"(.)\x08", "", text).split())

    def test_every_command_has_a_page_and_no_other_is_there(self):
        pages = {p.name for p in (self.prefix / "share/man/man1").iterdir()}
        self.assertEqual(pages, {"custody.1.gz"} | {f"custody-{c}.1.gz" for c in self.commands()})
        self.assertGreater(len(pages), 10)

    def test_a_page_says_what_the_help_says(self):
        for command in self.commands():
            below = self.commands(command)
            page = self.rendered(f"custody-{command}")
            for path in [[command]] + [[command, sub] for sub in below]:
                for heading, lines in parts_of(self.help_of(*path)).items():
                    if heading in ("Subcommands", "Examples"):
                        continue
                    self.entries(page, path, lines)

    def entries(self, page, path, lines):
        seen = 0
        for line, after in zip(lines, lines[1:] + [""]):
            if not (entry := ENTRY.match(line)):
                continue
            seen += 1
            for name in entry[1].split(","):
                self.assertRegex(page, rf"(?<![\w-]){re.escape(name)}(?![\w-])", path)
            if default := DEFAULT.match(line):
                self.assertIn(f"The default is {default[1]}.", page, (path, line))
            says = line[30:] if line[29:30] == " " and line[30:31] != " " and line[30:] else after.strip()
            says = says.strip().replace("`", "").rstrip(".")
            if says and not says.startswith("Excludes"):
                self.assertIn(" ".join(says.split()), page, (path, line))
        return seen

    def test_a_page_has_the_examples_and_statuses_of_the_help(self):
        seen = 0
        for command in self.commands():
            page, parts = self.rendered(f"custody-{command}"), parts_of(self.help_of(command))
            for example in parts.get("Examples", []):
                self.assertIn(" ".join(example.split()), page)
                seen += 1
            self.assertIn("EXIT STATUS", page)
        self.assertGreater(seen, 10)

    def test_the_program_page_names_every_command_and_status(self):
        page = self.rendered("custody")
        for command in self.commands():
            self.assertIn(f"custody-{command}(1)", page)
        self.assertIn("0 holds; 1 violated; 2 bad usage", page)
        self.assertIn("a bug of this program", page)

    def test_man_and_mandoc_find_nothing_wrong(self):
        for page in (self.prefix / "share/man/man1").iterdir():
            done = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page,
                       env={**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"})
            self.assertEqual((done.returncode, done.stderr), (0, ""), page.name)
            done = run("mandoc", "-Tlint", page)
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""), page.name)

    def test_a_page_that_is_wrong_is_seen_to_be(self):
        bad = self.prefix / "bad.1"
        bad.write_text(gzip.decompress(self.page("custody").read_bytes()).decode().replace(".SH NAME", ".SH NAME\n.nosuchrequest\n.TP"))
        self.assertNotEqual(run("mandoc", "-Tlint", bad).returncode, 0)


if __name__ == "__main__":
    unittest.main()
