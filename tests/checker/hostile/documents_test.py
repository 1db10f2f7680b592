# SPDX-License-Identifier: BSD-2-Clause
"""What a contract is called and says stays text in every document of it. Sphinx, Graphviz, GitHub's parser and the
kernel's dot2c read what they would read of a contract without such text."""
import json
import pathlib
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

from contracts_test import markdown_tree, tree
from hostile_text import NAMES, TEXTS, harmless, run, shown, squeezed

HOSTILE = [name.replace("/", "%") for name in NAMES]
CLAUSES = [f"c{i}" for i in range(len(NAMES))]
ALL = " ".join(TEXTS)
RST = [": field", ":field: x", ".. note:: x", "::", "x::", "__ x", "word_ `a`_ |sub| [1]_", "+---+", "==== ====", "--opt x", ">>> 1",
       ":ref:`x`", "a@b.org http://h.org", "| line", "(a) b", "A. b", "#. x", "title\n!!!!!!!!!!!!", "*open", "``open", "\\"]


def contract(name, text, clauses):
    return json.dumps({"schema": "custody.contract/2", "name": name, "title": text, "source": text, "base": "vision-keep",
                       "clauses": {clause: {"on": "begin", "do": "buffer:invalidate", "because": text, "cite": text}
                                   for clause in clauses}}).encode()


def document(form, name, text, clauses, *more):
    done = run("doc", "-", "--format", form, *more, stdin=contract(name, text, clauses))
    if done.returncode != 0:
        raise AssertionError((form, name, done.stderr))
    # The kernel indents with tabs.
    return harmless(done.stdout.replace(b"\n\t", b"\n  ").replace(b"  \t", b"    "))


def docutils_tree(folder, text, name):
    """What Sphinx makes of the page: its shape and its text."""
    (folder / "conf.py").write_text("extensions = ['sphinx.ext.graphviz']\nsmartquotes = False\nexclude_patterns = ['out']\n")
    (folder / "index.rst").write_text(text)
    done = subprocess.run(["sphinx-build", "-q", "-W", "-b", "xml", folder, folder / "out"], capture_output=True, text=True,
                          timeout=100, check=False)
    if done.returncode != 0 or done.stderr:
        raise AssertionError((name, done.stderr))
    root = xml.etree.ElementTree.parse(folder / "out" / "index.xml").getroot()
    for comment in root.iter("comment"):
        comment.text = ""
    return tree(root)


class Documents(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_pages_for_sphinx(self):
        plain, _ = docutils_tree(self.folder, document("rst", "plain", "plain", CLAUSES), "plain")
        self.assertGreater(len(plain), 500)
        for name, text in ((NAMES[0], ALL), (NAMES[3], " ".join(RST)), (NAMES[4], "\n".join(RST[::-1]))):
            shape, words = docutils_tree(self.folder, document("rst", name, text, HOSTILE), name)
            self.assertEqual([s for s in shape if s[1] != "graphviz"], [s for s in plain if s[1] != "graphviz"], name)
            self.assertIn(squeezed(f"{shown(text)}. Source: {shown(text)}."), words)

    def test_pages_for_github(self):
        plain, _ = markdown_tree(document("md", "plain", "plain", CLAUSES))
        for name in (NAMES[0], NAMES[4], NAMES[15]):
            shape, words = markdown_tree(document("md", name, ALL, HOSTILE))
            self.assertEqual(shape, plain)
            self.assertIn(squeezed(f"{shown(ALL)}. Source: {shown(ALL)}."), words)

    def drawn(self, text):
        done = subprocess.run(["dot", "-Tplain"], input=text.encode(), capture_output=True, timeout=20, check=True)
        self.assertEqual(done.stderr, b"")
        return done.stdout

    def test_figures(self):
        for figure in ("complete", "owners"):
            plain = self.drawn(document("dot", "plain", "plain", ["more"], "--figure", figure))
            for name in NAMES:
                self.assertEqual(self.drawn(document("dot", name, ALL, ["more"], "--figure", figure)), plain)
            svg = document("svg", NAMES[0], ALL, ["more"], "--figure", figure)
            self.assertTrue(xml.etree.ElementTree.fromstring(svg).tag.endswith("svg"))

    def test_diagrams_of_mermaid(self):
        plain = document("mermaid", "plain", "plain", ["more"]).splitlines()
        for name in NAMES:
            lines = document("mermaid", name, ALL, ["more"]).splitlines()
            self.assertEqual(lines[2:], plain[2:])
            for line in lines[:2]:
                self.assertRegex(line, r"^%% [\w ,.()/=+_:?!#;\u0080-\U0010ffff-]*$")
                self.assertNotIn("--", line)

    def test_automata(self):
        edges = re.compile(r'^  (?:\{node|").*$', re.M)
        plain = edges.findall(document("rv", "plain", "plain", ["more"]))
        for name in NAMES:
            text = document("rv", name, ALL, ["more"])
            self.assertEqual(edges.findall(text), plain)
            self.drawn(text)

    def code_of_suite(self, name, text):
        """What a compiler reads of a suite: no comments; the suite's own name is an identifier with dashes."""
        done = run("doc", "-", "--format", "kunit", stdin=contract(name, text, ["more"]))
        self.assertEqual(done.returncode, 0, done.stderr)
        code = re.sub(r"/\*.*?\*/", "", harmless(done.stdout.replace(b"\t", b"    ")), flags=re.S)
        self.assertEqual(len(re.findall(r'^ *\.name = "custody-[A-Za-z0-9-]{1,64}",$', code, re.M)), 1)
        return re.sub(r'"custody-[A-Za-z0-9-]{1,64}",\n( *\.init)', r'\1', code)

    def test_suites_for_kunit(self):
        plain = self.code_of_suite("plain", "plain")
        self.assertGreater(plain.count("KUNIT_CASE("), 100)
        for name in NAMES:
            self.assertEqual(self.code_of_suite(name, ALL), plain, name)


if __name__ == "__main__":
    unittest.main()
