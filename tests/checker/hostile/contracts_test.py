# SPDX-License-Identifier: BSD-2-Clause
"""What a contract is called and says stays text in every output: models for SPIN and Rumur, JSON, SARIF, JUnit, pages.
Each is read by a parser of its language, and has the shape that it has of a contract without such text."""
import html.parser
import json
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

from hostile_text import NAMES, TEXTS, TOOL, harmless, run, shown, squeezed

CLAUSE = {"on": "begin", "do": "buffer:invalidate"}


def contract(name, text, clauses=("more",)):
    return json.dumps({"schema": "custody.contract/2", "name": name, "title": text, "source": text, "base": "vision-keep",
                       "clauses": {clause: {**CLAUSE, "because": text, "cite": text} for clause in clauses}}).encode()


PLAIN = contract("plain", "plain")
ALL = " ".join(TEXTS)
CLAUSES = [name.replace("/", "%") for name in NAMES]


def output(*args, stdin):
    done = run(*args, "-", stdin=stdin)
    if done.returncode not in (0, 1):
        raise AssertionError((args, done.returncode, done.stderr))
    return harmless(done.stdout)


def markdown_tree(text):
    """The shape of a page and its text, as GitHub's own parser sees them."""
    done = subprocess.run(["cmark-gfm", "-e", "table", "-e", "strikethrough", "-e", "footnotes", "--to", "xml"], input=text.encode(),
                          capture_output=True, timeout=20, check=True)
    return tree(xml.etree.ElementTree.fromstring(done.stdout))


def tree(root):
    """Names and levels of the elements but runs of text, and all text."""
    shape, words = [], []

    def walk(element, level):
        name = element.tag.rsplit("}", 1)[-1]
        if name not in ("text", "softbreak"):
            shape.append((level, name))
        words.append(element.text or "")
        for child in element:
            walk(child, level + 1)
            words.append(child.tail or "")
        if name not in ("text", "softbreak"):
            words.append("\n")
    walk(root, 0)
    return shape, squeezed("".join(words))


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.shape, self.words = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.shape.append((tag, attrs))

    def handle_endtag(self, tag):
        self.shape.append(("/" + tag, []))

    def handle_comment(self, data):
        self.shape.append(("comment", data))

    def handle_data(self, data):
        self.words.append(data)


class Contracts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def compiled(self, language, text):
        """What a checker's front end makes of a model: its comments are gone."""
        (self.folder / "model").write_text(text)
        if language == "promela":
            subprocess.run(["spin", "-a", "model"], cwd=self.folder, capture_output=True, timeout=20, check=True)
            command = ["cpp", "-P", "-trigraphs", "model", "made"]
        else:
            command = ["rumur", "model", "--output", "made"]
        subprocess.run(command, cwd=self.folder, capture_output=True, timeout=20, check=True)
        return (self.folder / "made").read_text()

    def test_models_are_those_of_a_contract_without_such_text(self):
        for language in ("promela", "murphi"):
            plain = self.compiled(language, output("export", language, "--assert", stdin=PLAIN))
            self.assertGreater(len(plain), 1000)
            # What a title ends with stands before a line end, what it begins with behind the name.
            for name, text in [("plain", text) for text in TEXTS[:7]] + [(name, ALL) for name in NAMES]:
                with self.subTest(language=language, name=name, text=text):
                    model = output("export", language, "--assert", stdin=contract(name, text))
                    self.assertEqual(self.compiled(language, model), plain)
        self.assertFalse((self.folder / "PWNED").exists())

    def test_json_reads_back(self):
        for name, text in [("plain", text) for text in TEXTS] + [(name, ALL) for name in NAMES]:
            with self.subTest(name=name, text=text):
                given = contract(name, text, CLAUSES)
                written = output("export", "contract", stdin=given)
                document = json.loads(written)
                self.assertEqual((document["name"], document["title"], document["source"]), (name, text, text))
                self.assertEqual([document["clauses"][clause]["because"] for clause in CLAUSES], [text] * len(CLAUSES))
                self.assertEqual(output("export", "contract", stdin=written.encode()), written)

    def test_reports_of_a_search(self):
        for name in NAMES:
            given = contract(name, ALL, CLAUSES)
            with self.subTest(name=name):
                self.assertIn(f"{name}: {shown(ALL)}\n", output("check", "-q", stdin=given))
                self.assertEqual(json.loads(output("check", "-q", "--format", "json", stdin=given))["contract"], name)
                shape, _ = tree(xml.etree.ElementTree.fromstring(output("check", "-q", "--format", "junit", stdin=given)))
                self.assertEqual(shape, tree(xml.etree.ElementTree.fromstring(
                    output("check", "-q", "--format", "junit", stdin=PLAIN)))[0])
                document = json.loads(output("check", "-q", "--format", "sarif", stdin=given))
                for result in document["runs"][0]["results"]:
                    message = result["message"]["text"]
                    self.assertNotRegex(message, r"(?<!\\)(?:\\\\)*[\[\]]", "a link")
                    self.assertNotRegex(message.replace("{{", "").replace("}}", ""), "[{}]", "a placeholder")
                    self.assertNotIn("locations", result, "standard input has no address")

    def test_a_file_is_named_by_a_reference(self):
        for name, uri in (("a b#c?d%.json", "a%20b%23c%3fd%25.json"), ("javascript:x", "javascript%3ax"),
                          (b"\xff\n".decode("utf-8", "surrogateescape"), "%ff%0a")):
            (self.folder / name).write_bytes(contract("plain", "plain", ()))
            done = run("check", "-q", "--format", "sarif", name, cwd=self.folder)
            results = json.loads(harmless(done.stdout))["runs"][0]["results"]
            self.assertTrue(results)
            for result in results:
                self.assertEqual(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], uri)

    def test_counterexamples_are_litmus_files(self):
        for name in NAMES:
            path = self.folder / "out.litmus"
            done = run("check", "-q", "--output-litmus", path, "-", stdin=contract(name, ALL, ()))
            self.assertEqual(done.returncode, 1)
            text = harmless(path.read_bytes())
            self.assertEqual(run("replay", path).returncode, 0, text)
            command = text.split("`custody check ", 1)[1].split("`.\n", 1)[0]
            words = subprocess.run(["sh", "-c", "printf %s " + command], capture_output=True, text=True, timeout=20,
                                   cwd=self.folder, check=True)
            self.assertEqual(words.stdout, name, "pasted into a shell it is the contract's name")
        self.assertFalse((self.folder / "PWNED").exists())

    def pages(self, command, form, name, text, clauses=("more",)):
        return output(command, "--format", form, "vision-keep", stdin=contract(name, text, clauses))

    def test_markdown_pages(self):
        plain_names = [f"c{i}" for i in range(len(CLAUSES))]
        for command in ("diff", "review"):
            plain, _ = markdown_tree(self.pages(command, "markdown", "plain", "plain", plain_names))
            shape, words = markdown_tree(self.pages(command, "markdown", NAMES[0], ALL, CLAUSES))
            self.assertEqual(shape, plain)
            self.assertIn(squeezed(f"second: {NAMES[0]}: {shown(ALL)}. Source: {shown(ALL)}"), words)
            for clause in CLAUSES:
                self.assertIn(f"{clause} (on begin) added", words)

    def test_html_pages(self):
        plain = Page(self.pages("review", "html", "plain", "plain"))
        page = Page(self.pages("review", "html", NAMES[3], ALL))
        self.assertEqual(page.shape, plain.shape)
        text = shown(ALL).replace("\\x0a", "\n")
        self.assertIn(f"second: {NAMES[3]}: {text}. Source: {text}", "".join(page.words))

    def test_text_and_json_of_a_review(self):
        self.assertIn(squeezed(f"{shown(ALL)}. Source:"), squeezed(self.pages("review", "text", "plain", ALL)))
        document = json.loads(self.pages("review", "json", "plain", ALL))
        self.assertEqual(document["second"]["title"], ALL)


if __name__ == "__main__":
    unittest.main()
