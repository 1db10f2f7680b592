# SPDX-License-Identifier: BSD-2-Clause
"""`custody diff` and `custody review` from outside. CUSTODY_TOOL is the tool's path."""
import copy
import functools
import html.parser
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema

TOOL = os.environ["CUSTODY_TOOL"]
SCHEMA = json.loads(pathlib.Path("spec/review_report.schema.json").read_text())
REMAP = "traces/recorded/pipeline_remap.ftrace.txt"
PAIRS = (("system-heap-6.1", "vision-keep"), ("udmabuf-before", "udmabuf-between"), ("heap-helpers-5.6", "system-heap-6.1"),
         ("system-heap-6.1", "lazy"), ("system-heap-6.1", "spec/proposals/mapped-throughout.json"))
if os.environ.get("CUSTODY_SANITIZED"):  # each pair makes the same code search 180 times
    PAIRS = PAIRS[:1]


def run(*args):
    return subprocess.run([TOOL, *args], capture_output=True, text=True, timeout=100, check=False)


def report(command, *args):
    fresh = any(a.startswith(tempfile.gettempdir()) for a in args)
    return (judge if fresh else known)(command, *args)


def judge(command, *args):
    done = run(command, "--format", "json", *args)
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    return done.returncode, document


known = functools.cache(judge)  # what it says of files that no test writes


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.ids, self.links, self.classes = set(), [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        for name, value in attrs:
            {"id": self.ids, "href": self.links, "class": self.classes}.get(name, []).append(value)


class Review(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, text, name="proposal.json"):
        path = pathlib.Path(self.folder.name) / name
        path.write_text(text)
        return str(path)

    def test_own_names_of_probes_can_be_told(self):
        text = pathlib.Path(REMAP).read_text()
        renamed = self.file(text.replace(": map: ", ": my_map: "), "renamed.txt")
        plain = self.file(text, "plain.txt")

        def cost(*args):
            line = report("review", "system-heap-6.1", "lazy", *args)[1]["costs"][-1]
            return {key: value for key, value in line.items() if key not in ("workload", "title")}
        said, told, untold = cost(plain), cost("--event", "my_map=map", renamed), cost(renamed)
        self.assertEqual(told, said)
        self.assertNotEqual(untold, said)
        done = run("review", "--event", "my_map=mapp", "system-heap-6.1", "lazy", renamed)
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean map?", done.stderr)

    def test_json_fits_its_schema(self):
        for pair in PAIRS:
            self.assertEqual(report("diff", *pair)[0], 1, pair)
            status, document = report("review", *pair, REMAP)
            self.assertEqual(status, 1 if document["regressions"] else 0, pair)
            self.assertEqual(document["costs"][-1]["workload"], REMAP)
        broken = copy.deepcopy(document)
        broken["cells"][0]["client"] = "other"
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)

    def test_a_contract_does_not_differ_from_its_own_export(self):
        for name in {first for first, _ in PAIRS} | {"vb2-dma-sg"}:
            exported = self.file(run("export", "contract", name).stdout, "export.json")
            for pair in ((name, exported), (exported, name), (name, name)):
                status, document = report("diff", *pair)
                self.assertEqual((status, document["clauses"], document["policies"]), (0, [], []))
                self.assertEqual(document["calls"]["relation"], "equal")

    def test_the_mirror_swaps_what_it_should(self):
        relations = {"equal": "equal", "refines": "extends", "extends": "refines", "incomparable": "incomparable"}
        for first, second in PAIRS[:4]:
            there, back = report("diff", first, second)[1], report("diff", second, first)[1]
            self.assertEqual((there["regressions"], there["mended"]), (back["mended"], back["regressions"]))
            self.assertEqual(relations[there["calls"]["relation"]], back["calls"]["relation"])
            self.assertEqual([(c["first"], c["second"]) for c in there["cells"]],
                             [(c["second"], c["first"]) for c in back["cells"]])
            self.assertEqual({c["name"] for c in there["clauses"]}, {c["name"] for c in back["clauses"]})

    def test_the_matrix_is_whole(self):
        cells = report("diff", *PAIRS[0])[1]["cells"]
        self.assertEqual(len({(c["client"], c["arch"], c["devices"]) for c in cells}), len(cells))
        self.assertEqual(len(cells), 5 * 6 * 6)

    def test_every_example_is_judged_as_it_says(self):
        examples = 0
        for pair in PAIRS:
            for example in report("review", *pair, REMAP)[1]["examples"]:
                path = self.file(example["litmus"], "example.litmus")
                done = run("replay", path)
                self.assertEqual(done.returncode, 0, example["litmus"] + done.stdout)
                self.assertIn(f"expect {example['violates']}", example["litmus"])
                examples += 1
        self.assertGreater(examples, len(PAIRS))

    def test_the_recorded_driver_costs_what_its_capture_says(self):
        maintenance = json.loads(run("replay", "--format", "json", REMAP).stdout)["summary"]["maintenance"]
        cost = report("review", "system-heap-6.1", "lazy", REMAP)[1]["costs"][-1]
        for figure in ("operations", "bytes", "no_effect_operations", "no_effect_bytes", "optimum_operations"):
            self.assertEqual(cost["first"][figure], maintenance[figure], figure)
        self.assertEqual(cost["second"]["operations"], maintenance["optimum_operations"])

    def test_proposals_may_be_patches(self):
        merge = self.file('{"policies": {"cpu_unattached": "refuse"}}', "merge.json")
        patch = self.file('[{"op": "replace", "path": "/policies/cpu_unattached", "value": "refuse"}]', "patch.json")
        for proposal in (merge, patch):
            status, document = report("review", "system-heap-6.1", proposal)
            self.assertEqual(status, 0)
            self.assertEqual([p["name"] for p in document["policies"]], ["cpu_unattached"])
            self.assertEqual(document["second"]["name"], pathlib.Path(proposal).stem)
            self.assertIsNotNone(document["calls"]["only_first"])

    def test_the_legal_client_comes_first_and_the_rest_is_folded(self):
        text = run("review", "--format", "markdown", "system-heap-6.1", "vision-keep").stdout
        shown, folded = text.split("<details>", 1)
        self.assertIn("| legal | non-coherent |", shown)
        self.assertNotIn("| unpaired |", shown)
        self.assertIn("| unpaired |", folded)
        self.assertNotIn("| legal |", folded)
        self.assertEqual(text.count("<details>"), text.count("</details>"))
        only_others = run("review", "--format", "markdown", "udmabuf-before", "udmabuf-before").stdout
        self.assertNotIn("<details>", only_others)

    def test_every_word_of_the_table_is_explained(self):
        for pair in PAIRS[:2]:
            text, document = run("review", "--format", "markdown", *pair).stdout, report("review", *pair)[1]
            changed = [c for c in document["cells"] if c["first"] != c["second"]]
            for rule in {r for c in changed for side in ("first", "second") for r in c[side]}:
                self.assertRegex(text, rf"(?m)^- {rule}: \w", pair)
            for word in {c[k] for c in changed for k in ("client", "devices")}:
                self.assertRegex(text, rf"(?m)^- {re.escape(word)}: \w", pair)

    def test_what_does_not_change_is_said_to(self):
        text = run("review", "udmabuf-before", "udmabuf-before").stdout
        self.assertIn("in the workloads, unchanged", " ".join(text.split()))
        self.assertNotRegex(" ".join(text.split()), r"(\d+) \w+ \w+ instead of \1\b")

    def test_a_page_ends_with_what_made_it(self):
        version = run("--version").stdout.split()[1]
        for command in ("diff", "review"):
            for form in ("text", "markdown", "html"):
                words = [command, "--format", form, "lazy", "lazy"]
                text = " ".join(re.sub(r"<[^>]*>|[\\`]", "", run(*words).stdout).split())
                self.assertTrue(text.endswith(f"Made by custody {version} from lazy and lazy: custody {' '.join(words)}."), text[-300:])

    def test_html_has_anchors_and_colours(self):
        tags = Tags()
        tags.feed(run("review", "--format", "html", "system-heap-6.1", "vision-keep").stdout)
        self.assertEqual([f"#{i}" for i in tags.ids], tags.links)
        self.assertGreater(len(tags.ids), 3)
        self.assertLessEqual({"bad", "doubtful"}, set(tags.classes))
        self.assertIn("details", tags.seen)

    def test_a_counterexample_names_the_clause_that_acts_or_that_none_does(self):
        example = report("review", "system-heap-6.1", "vision-keep")[1]["examples"][0]["litmus"]
        clauses = json.loads(run("export", "contract", "vision-keep").stdout)["clauses"]
        named = re.findall(r"# clause (\S+)$", example, re.M)
        self.assertTrue(named)
        self.assertLessEqual(set(named), set(clauses))
        for call, below in re.findall(r"(?m)^((?:map|unmap|begin|end) .*)\n(.*)$", example):
            self.assertNotEqual("# no clause syncs here" in call, "# clause" in below, example)

    def test_plain_text_fits_a_mail(self):
        for pair in PAIRS:
            for line in run("review", *pair).stdout.splitlines():
                self.assertTrue(len(line) <= 72 or line.startswith("    "), line)

    def test_hostile_words_stay_words(self):
        title = "</script><b>|`\u001b[31m\n# x"
        contract = {"schema": "custody.contract/2", "name": "<img>|`x`", "title": title, "source": title,
                    "base": "system-heap-6.1", "policies": {"cpu_unattached": "refuse"}}
        path = self.file(json.dumps(contract))
        for form in ("text", "markdown", "html", "json"):
            done = run("review", "--format", form, "system-heap-6.1", path)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("\x1b", done.stdout)
            if form == "html":
                tags = Tags()
                tags.feed(done.stdout)
                self.assertFalse(tags.seen & {"script", "b", "img", "link"}, tags.seen)
                self.assertTrue(all(link.startswith("#") for link in tags.links), tags.links)
            if form == "markdown":
                self.assertNotIn("<b>", done.stdout)
                self.assertNotIn("\n# x", done.stdout)

    def test_bad_input_has_status_2_and_a_place(self):
        for args in (("system-heap-6.1", "nonsense"), ("nonsense", "lazy"), ("system-heap-6.1",),
                     ("system-heap-6.1", self.file('{"policies": {"cpu_unattached": "maybe"}}'))):
            for command in ("diff", "review"):
                done = run(command, *args)
                self.assertEqual((done.returncode, done.stdout), (2, ""), args)
                self.assertTrue(done.stderr)
        self.assertIn("/policies/cpu_unattached", done.stderr)
        self.assertEqual(run("review", "system-heap-6.1", "lazy", "/nonexistent").returncode, 2)


if __name__ == "__main__":
    unittest.main()
