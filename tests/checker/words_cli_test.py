# SPDX-License-Identifier: BSD-2-Clause
"""Words from outside: what was meant, what is explained and listed, the version, defaults, the one form of errors.

CUSTODY_TOOL is the path of the executable `custody`.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
KEEP = "traces/recorded/pipeline_keep.ftrace.txt"
NEGATIVE = "traces/litmus/T46-negative-control.litmus"
LISTS = ("rules", "states", "events", "policies", "vocabulary", "exporters", "archs", "contracts", "unchecked", "ids", "litmus", "pending")


def run(*args, stdin=""):
    return subprocess.run([TOOL, *args], input=stdin, capture_output=True, text=True, timeout=100, check=False)


class Words(unittest.TestCase):
    def refused(self, meant, *args):
        done = run(*args)
        self.assertEqual((done.returncode, done.stdout), (2, ""), args)
        self.assertIn(f"did you mean '{meant}'?", done.stderr, args)
        self.assertRegex(done.stderr, r"^\S.*?: error: ", args)
        return done.stderr

    def test_a_word_of_a_closed_set_is_refused_with_what_was_meant(self):
        for meant, *args in (("json", "replay", "--format", "jsn", KEEP), ("warning", "replay", "--fail-on", "warnin", KEEP),
                             ("always", "replay", "--color", "allways", KEEP), ("mappings", "replay", "--trust", "mapping", KEEP),
                             ("dma-api", "replay", "--price", "dma_api", KEEP), ("M3", "replay", "--rule", "m3", KEEP),
                             ("R3", "minimize", "--rule", "r3", KEEP), ("arm64-6.1", "replay", "--arch", "arm64-61", KEEP),
                             ("arm64-6.1", "check", "--arch", "arm64-61", "lazy"),
                             ("noncoherent", "replay", "--device", "gpu.0=noncoherant", KEEP),
                             ("cached", "replay", "--exporter", "x:memory=cachd", KEEP),
                             ("sync_via", "replay", "--exporter", "x:syncvia=arch", KEEP),
                             ("backing", "replay", "--policy", "baking=at_first_use", KEEP),
                             ("at_first_use", "replay", "--policy", "backing=at_firstuse", KEEP),
                             ("vision-keep", "check", "vision-kep"), ("lazy", "replay", "--contract", "lasy", KEEP),
                             ("legal", "check", "--client", "legl", "lazy"), ("sarif", "check", "--format", "sariff", "lazy"),
                             ("markdown", "review", "--format", "markdwn", "lazy", "lazy"), ("litmus", "convert", "--to", "litmu", KEEP),
                             ("rules", "list", "rule"), ("vocabulary", "doc", "vocabluary"),
                             ("replay", "reply", KEEP), ("--fail-on", "replay", "--failon", "note", KEEP),
                             ("map-x1", "explain", "map_x1"), ("udmabuf-after/map", "explain", "udmabuf-afer/map")):
            self.refused(meant, *args)

    def test_a_word_of_a_contract_is_refused_with_what_was_meant(self):
        contract = json.loads(run("export", "contract", "vision-keep").stdout)
        name = next(iter(contract["clauses"]))
        for meant, change in (("because", lambda c: c.update(becase=c.pop("because"))),
                              ("begin", lambda c: c.update(on="begn"))):
            changed = json.loads(json.dumps(contract))
            change(changed["clauses"][name])
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                json.dump(changed, file)
                file.flush()
                self.refused(meant, "check", file.name)

    def test_what_is_far_from_every_word_is_refused_without_a_guess(self):
        for args in (["replay", "--format", "yaml", KEEP], ["explain", "M9999"], ["frobnicate"]):
            done = run(*args)
            self.assertEqual(done.returncode, 2)
            self.assertNotIn("did you mean", done.stderr)

    def test_ids_are_explained_in_any_case(self):
        for id_ in ("M3", "K-07", "map-x1", "U-01", "udmabuf-after/map", "CpuOwned", "backing"):
            exact = run("explain", id_)
            self.assertEqual(exact.returncode, 0, id_)
            for other in (id_.lower(), id_.upper()):
                self.assertEqual(run("explain", other).stdout, exact.stdout, other)

    def test_a_citation_says_what_the_kernel_does_and_in_which_release(self):
        for citation in json.loads(pathlib.Path("spec/citations.json").read_text())["citations"]:
            text = run("explain", citation["id"]).stdout
            for key in ("function", "file", "shows"):
                self.assertIn(citation[key], text)

    def test_a_clause_alone_is_explained_or_its_contracts_are_listed(self):
        contracts = [line.split("\t")[0] for line in run("list", "contracts").stdout.splitlines()]
        names = {}
        for contract in contracts:
            for clause in json.loads(run("export", "contract", contract).stdout)["clauses"]:
                names.setdefault(clause, []).append(f"{contract}/{clause}")
        alone = {name: of for name, of in names.items() if ": a clause" in run("explain", name).stdout}
        self.assertTrue([n for n, of in alone.items() if len(of) == 1] and [n for n, of in alone.items() if len(of) > 1])
        for name, of in alone.items():
            text = run("explain", name).stdout
            for one in of:
                self.assertIn(one, text)

    def test_every_list_is_records_too(self):
        for what in LISTS:
            document = json.loads(run("list", what, "--format", "json").stdout)
            self.assertEqual((document["schema"], document["what"]), ("custody.list/1", what))
            lines = run("list", what).stdout.splitlines()
            entries = document["entries"]
            self.assertTrue(entries and all(len(set(map(tuple, map(dict.keys, entries)))) == 1 for _ in "x"), what)
            self.assertGreaterEqual(len(entries), len(lines), what)
            if what != "policies":
                self.assertEqual(len(entries), len(lines), what)
            for value in entries[0].values():
                self.assertTrue(what == "rules" or value in "\n".join(lines) or what == "policies", (what, value))
        rules = {e["id"]: e for e in json.loads(run("list", "rules", "--format", "json").stdout)["entries"]}
        self.assertEqual(rules["M3"]["class"], "missing")
        self.assertEqual(rules["R9"]["judged"], "false")

    def test_explanations_are_records_too(self):
        document = json.loads(run("explain", "M3", "map-1", "K-07", "backing", "--format", "json").stdout)
        m3, row, citation, policy = document["entries"]
        self.assertEqual((m3["id"], m3["class"], m3["severity"]), ("M3", "missing", "error"))
        self.assertTrue(row["why"] and row["from"] and row["to"])
        self.assertEqual(citation["function"], "dma_buf_unmap_attachment")
        self.assertIn("at_first_use", policy)
        guards = run("explain", "map-3").stdout.split("  if        ")[1].split("\n  to ")[0]
        self.assertIn("\n", guards, "a row with several guards")
        row, = json.loads(run("explain", "map-3", "--format", "json").stdout)["entries"]
        self.assertEqual(row["if"], guards.replace(" " * 12, ""))
        text = run("explain", "M3").stdout
        for key in ("why", "right", "source", "needs"):
            self.assertIn(f"  {key:9} {m3[key]}\n", text)
        call, sync = json.loads(run("explain", "map", "--format", "json").stdout)["entries"]
        self.assertEqual((call["says"], sync["says"], sync["means"]), ("call", "sync", "dma_map"))
        self.assertIn("owner: map-1, map-2", call["rows"])
        done = run("explain", "M3", "nonsense", "--format", "json")
        self.assertEqual(done.returncode, 2)
        self.assertEqual([e["id"] for e in json.loads(done.stdout)["entries"]], ["M3"])

    def test_no_record_of_an_explanation_says_a_key_twice(self):
        ids = [entry["id"] for entry in json.loads(run("list", "ids", "--format", "json").stdout)["entries"]]
        self.assertGreater(len(ids), 300)

        def once(pairs):
            self.assertEqual(len({key for key, _ in pairs}), len(pairs), pairs)
            return dict(pairs)
        entries = json.loads(run("explain", *ids, "--format", "json").stdout, object_pairs_hook=once)["entries"]
        self.assertLessEqual(set(ids), {entry["id"] for entry in entries})
        for entry in entries:
            self.assertTrue(entry["id"] and entry["says"] and len(entry) > 2, entry)
            for key in set(entry) - {"remark"}:
                self.assertNotRegex(key, r"\s")

    def test_the_version_names_the_commit_and_the_kernel(self):
        release = json.loads(pathlib.Path("spec/citations.json").read_text())["release"]
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, rf"^custody \d+\.\d+\.\d+ \(commit ([0-9a-f]{{12}}|unknown), tables of Linux {release}\)\n$")

    def test_help_shows_defaults(self):
        text = run("replay", "--help").stdout
        for option, default in (("--format", "text"), ("--fail-on", "error"), ("--price", "combined"), ("--trust", "windows")):
            self.assertRegex(text, rf"{option} [^\n ]*={default}\n", option)
        self.assertRegex(run("check", "--help").stdout, r"--devices [^\n]*=\d")
        for command in ("replay", "minimize", "convert", "check", "review", "list", "explain"):
            self.assertNotIn("=[]", run(command, "--help").stdout)

    def test_errors_have_one_form(self):
        with tempfile.TemporaryDirectory() as folder:
            bad = pathlib.Path(folder) / "bad.litmus"
            bad.write_text(pathlib.Path(NEGATIVE).read_text() + "frobnicate b\n")
            wrong = pathlib.Path(folder) / "bad.json"
            wrong.write_text("{\n  \"a\": }\n")
            line = len(bad.read_text().splitlines())
            self.assertIn(f"{bad}:{line}: error: ", run("replay", bad).stdout)
            self.assertTrue(run("convert", bad).stderr.startswith(f"{bad}:{line}: error: "))
            self.assertTrue(run("check", wrong).stderr.startswith(f"{wrong}:2:8: error: "), run("check", wrong).stderr)
            gone = str(pathlib.Path(folder) / "gone")
            self.assertIn(f"{gone}: error: ", run("replay", gone).stdout)
            self.assertTrue(run("check", gone).stderr.startswith("custody: error: "))
            self.assertTrue(run("replay").stderr.startswith("custody: error: "))


if __name__ == "__main__":
    unittest.main()
