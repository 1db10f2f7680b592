# SPDX-License-Identifier: BSD-2-Clause
"""`custody check` from outside: its formats, exit statuses and refusals. CUSTODY_TOOL is its path."""
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

import jsonschema

TOOL = os.environ["CUSTODY_TOOL"]
SCHEMA = json.loads(pathlib.Path("spec/check_report.schema.json").read_text())


def run(*args):
    return subprocess.run([TOOL, "check", "-q", *args], capture_output=True, text=True, timeout=100, check=False)


class Check(unittest.TestCase):
    def test_json_fits_its_schema_and_lists_the_properties(self):
        for contract, status in (("system-heap-6.1", 0), ("vision-keep", 1)):
            done = run("--format", "json", contract)
            self.assertEqual(done.returncode, status)
            document = json.loads(done.stdout)
            jsonschema.validate(document, SCHEMA)
            always = {p["property"]: p["answer"] for p in document["properties"] if p["modality"] == "always"}
            sometimes = {p["property"] for p in document["properties"] if p["modality"] == "sometimes"}
            self.assertEqual(set(always), sometimes, "each always has what shows that it is not vacuous")
            self.assertEqual(always["M3"], "violated" if status else "holds")
            self.assertEqual(always["M6"], "vacuous")
            for violation in document["violations"]:
                self.assertIn("breaks M3", violation["sequence"]["messages"][-1]["text"])

    def test_junit_has_a_case_for_each_property(self):
        suite = xml.etree.ElementTree.fromstring(run("--format", "junit", "vision-keep").stdout)
        cases = suite.findall("testcase")
        self.assertEqual(int(suite.get("tests")), len(cases))
        self.assertEqual([c.get("name")[:9] for c in cases if c.find("failure") is not None], ["always M3"])
        self.assertEqual(int(suite.get("failures")), 1)
        self.assertIn("expect M3", suite.find("testcase/failure").text)
        clean = xml.etree.ElementTree.fromstring(run("--format", "junit", "system-heap-6.1").stdout)
        self.assertEqual(clean.get("failures"), "0")

    def test_sarif_names_the_contract_file(self):
        path = "spec/contracts/vision-keep.json"
        document = json.loads(run("--format", "sarif", path).stdout)
        (result,) = document["runs"][0]["results"]
        self.assertEqual(result["ruleId"], "M3")
        self.assertEqual(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], path)
        rules = [r["id"] for r in document["runs"][0]["tool"]["driver"]["rules"]]
        self.assertEqual(len(rules), len(set(rules)))
        self.assertEqual(json.loads(run("--format", "sarif", "lazy").stdout)["runs"][0]["results"], [])

    def test_a_signal_ends_the_search_with_what_there_is(self):
        for sent in (signal.SIGINT, signal.SIGTERM):
            command = [TOOL, "check", "--devices", "6", "--windows", "2", "--no-symmetry", "--format", "json", "vb2-dma-sg"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
                child.stderr.read(1)  # its progress: the search is under way
                child.send_signal(sent)
                document = json.loads(child.communicate(timeout=60)[0])
                self.assertEqual(child.returncode, 1)  # what was found is found
            jsonschema.validate(document, SCHEMA)
            self.assertTrue(document["interrupted"])
            self.assertFalse(document["complete"])
            self.assertEqual(document["verdict"], "violated")
            self.assertTrue(document["violations"])

    def test_several_contracts_are_checked_in_one_command(self):
        names = ("system-heap-6.1", "vision-keep", "udmabuf-after")
        alone = [json.loads(run("--format", "json", name).stdout) for name in names]
        done = run("--format", "json", *names)
        document = json.loads(done.stdout)
        self.assertEqual((done.returncode, document["schema"]), (1, "custody.checks/1"))
        for one, other in zip(document["checks"], alone, strict=True):
            jsonschema.validate(one, SCHEMA)
            self.assertEqual({**one, "seconds": 0}, {**other, "seconds": 0})
        suites = xml.etree.ElementTree.fromstring(run("--format", "junit", *names).stdout)
        self.assertEqual([s.get("name") for s in suites], [f"custody check {n}" for n in names])
        text = run(*names).stdout
        self.assertEqual([text.count(f"{n}:") > 0 for n in names], [True] * 3, text[:300])
        self.assertEqual(run("system-heap-6.1", "lazy").returncode, 0)

    def test_a_contract_that_is_none_loses_no_other(self):
        done = run("--format", "json", "vision-keep", "nonsense", "system-heap-6.1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("nonsense", done.stderr)
        self.assertEqual([c["contract"] for c in json.loads(done.stdout)["checks"]], ["vision-keep", "system-heap-6.1"])
        sarif = json.loads(run("--format", "sarif", "system-heap-6.1", "nonsense").stdout)
        self.assertFalse(sarif["runs"][0]["invocations"][0]["executionSuccessful"])
        self.assertEqual(run("-", "-").returncode, 2)

    def test_sarif_names_the_line_of_the_clause_that_acted(self):
        with tempfile.TemporaryDirectory() as folder:
            whole, based = pathlib.Path(folder) / "whole.json", pathlib.Path(folder) / "based.json"
            whole.write_text(subprocess.run([TOOL, "export", "contract", "udmabuf-before"], capture_output=True, text=True,
                                            timeout=100, check=True).stdout)
            based.write_text('{"schema": "custody.contract/2",\n "name": "b", "title": "t", "source": "s",\n'
                             ' "base": "udmabuf-before"}\n')
            found = json.loads(run("--format", "sarif", whole, based).stdout)["runs"][0]["results"]
            of = {str(p): [r for r in found if r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == str(p)]
                  for p in (whole, based)}
            lines = whole.read_text().splitlines()
            self.assertTrue(of[str(whole)] and of[str(based)])
            for result in of[str(whole)]:
                acted = re.findall(r"# clause (\S+)", result["message"]["text"])
                place = result["locations"][0]["physicalLocation"]
                if not acted:
                    self.assertNotIn("region", place)
                    continue
                self.assertRegex(lines[place["region"]["startLine"] - 1], rf'^ *"{re.escape(acted[-1])}": ')
                for other in result["relatedLocations"]:
                    name = re.match(r"clause (\S+) acts", other["message"]["text"])[1]
                    line = lines[other["physicalLocation"]["region"]["startLine"] - 1]
                    self.assertRegex(line, rf'^ *"{re.escape(name)}": ')
            self.assertTrue(any("region" in r["locations"][0]["physicalLocation"] for r in of[str(whole)]))
            for result in of[str(based)]:
                region = result["locations"][0]["physicalLocation"].get("region", {"startLine": 3})
                self.assertEqual(region, {"startLine": 3})

    def test_every_format_says_that_devices_are_mixed(self):
        for contract, status in (("system-heap-6.1", 1), ("one-domain", 0)):
            done = run("--coherent", "1", "--format", "json", contract)
            self.assertEqual(done.returncode, status)
            document = json.loads(done.stdout)
            jsonschema.validate(document, SCHEMA)
            self.assertEqual([v["property"] for v in document["violations"]], ["M11"] * status)
            answers = {p["property"]: p["answer"] for p in document["properties"] if p["modality"] == "always"}
            self.assertEqual(answers["M11"], "violated" if status else "holds")
        sarif = json.loads(run("--coherent", "1", "--format", "sarif", "system-heap-6.1").stdout)
        self.assertEqual([r["ruleId"] for r in sarif["runs"][0]["results"]], ["M11"])
        suite = xml.etree.ElementTree.fromstring(run("--coherent", "1", "--format", "junit", "system-heap-6.1").stdout)
        self.assertIn("expect M11", suite.find("testcase/failure").text)
        self.assertRegex(run("--coherent", "1", "system-heap-6.1").stdout, r"map \w+_DEVICE [^\n]+\n.+  <- breaks M11\n")

    def test_clients_that_map_mixed_devices_in_turn(self):
        document = json.loads(run("--coherent", "1", "--in-turn", "--format", "json", "system-heap-6.1").stdout)
        jsonschema.validate(document, SCHEMA)
        self.assertTrue(document["bound"]["in_turn"])
        self.assertEqual(document["verdict"], "holds")
        self.assertNotIn("M11", {p["property"] for p in document["properties"]})

    def test_text_draws_the_counterexample(self):
        text = run("vision-keep").stdout
        self.assertIn("|- begin FROM_DEVICE -->|", text)
        self.assertIn("|<- map FROM_DEVICE ----|", text)
        self.assertRegex(text, r"\|- reads -+>\| +\|  <- breaks M3\n")

    def test_a_bound_makes_it_inconclusive(self):
        done = run("--max-states", "50", "--format", "json", "system-heap-6.1")
        self.assertEqual(done.returncode, 3)
        document = json.loads(done.stdout)
        self.assertEqual(document["verdict"], "inconclusive")
        self.assertIn("undecided", {p["answer"] for p in document["properties"]})

    def test_a_counterexample_is_of_this_run_and_no_input(self):
        with tempfile.TemporaryDirectory() as folder:
            out, contract = pathlib.Path(folder) / "out.litmus", pathlib.Path(folder) / "c.json"
            self.assertEqual(run("--output-litmus", out, "udmabuf-before").returncode, 1)
            self.assertTrue(out.read_text().startswith("custody litmus: "))
            self.assertEqual(run("--output-litmus", out, "one-domain").returncode, 0)
            self.assertFalse(out.exists(), "the counterexample of another run")
            contract.write_text(subprocess.run([TOOL, "export", "contract", "vision-keep"], capture_output=True, text=True,
                                               timeout=100, check=True).stdout)
            text = contract.read_text()
            done = run("--output-litmus", contract, contract)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("is the input", done.stderr)
            self.assertEqual(contract.read_text(), text)
            self.assertEqual([p.name for p in pathlib.Path(folder).iterdir()], ["c.json"])

    def test_a_huge_file_is_refused_by_its_size(self):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.truncate(50 << 20)
            done = run(file.name)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"\.json: 52428800 bytes, expected at most \d+")

    def test_a_name_that_would_disturb_a_terminal_is_refused(self):
        contract = {"schema": "custody.contract/2", "name": "a\x1b[31m", "title": "t", "source": "s", "base": "lazy"}
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(contract, file)
            file.flush()
            done = run(file.name)
        self.assertEqual(done.returncode, 2)
        self.assertIn("/name: found", done.stderr)
        self.assertNotIn("\x1b", done.stderr)


if __name__ == "__main__":
    unittest.main()
