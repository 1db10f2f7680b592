# SPDX-License-Identifier: BSD-2-Clause
"""SARIF and JUnit XML of replay and check: the shape that their schemas ask for, and what is in them.

CUSTODY_TOOL is the path of the executable `custody`. CUSTODY_SARIF_SCHEMA and CUSTODY_JUNIT_SCHEMA, where they are set,
are paths of the schemas themselves, which are not ours to ship; everything that is printed here is then held to them.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

import jsonschema

TOOL = os.environ["CUSTODY_TOOL"]
KEEP = "traces/recorded/pipeline_keep.ftrace.txt"
BROKEN = "traces/litmus/T13-the-only-sync-removed.litmus"
RULES = {r["id"] for r in json.loads(subprocess.run([TOOL, "list", "rules", "--format", "json"], capture_output=True,
                                                    text=True, check=True).stdout)["entries"]}
PLACE = {
    "type": "object", "required": ["physicalLocation"], "properties": {"physicalLocation": {
        "type": "object", "required": ["artifactLocation"], "additionalProperties": False, "properties": {
            "artifactLocation": {"type": "object", "required": ["uri"],
                                 "properties": {"uri": {"type": "string", "pattern": "^[A-Za-z0-9%./_~-]+$"}}},
            "region": {"type": "object", "required": ["startLine"],
                       "properties": {"startLine": {"type": "integer", "minimum": 1}}}}}}}
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
# What SARIF 2.1.0 demands of the objects that we write, and no property that it does not know.
SARIF = {
    "type": "object", "required": ["version", "runs"], "additionalProperties": False,
    "properties": {"$schema": {"type": "string"}, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": {
        "type": "object", "required": ["tool", "results"], "additionalProperties": False, "properties": {
            "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
                "type": "object", "required": ["name", "version", "rules"], "properties": {"rules": {
                    "type": "array", "uniqueItems": True, "items": {
                        "type": "object", "required": ["id", "shortDescription"], "additionalProperties": False,
                        "properties": {"id": {"type": "string"}, "shortDescription": TEXT, "fullDescription": TEXT,
                                       "help": TEXT, "defaultConfiguration": {"properties": {"level": LEVEL}}}}}}}}},
            "invocations": {"type": "array", "items": {
                "type": "object", "required": ["executionSuccessful"], "additionalProperties": False, "properties": {
                    "executionSuccessful": {"type": "boolean"}, "toolExecutionNotifications": {"type": "array", "items": {
                        "type": "object", "required": ["message"], "additionalProperties": False,
                        "properties": {"message": TEXT, "level": LEVEL, "locations": {"items": PLACE}}}}}}},
            "results": {"type": "array", "items": {
                "type": "object", "required": ["message"], "additionalProperties": False, "properties": {
                    "ruleId": {"type": "string"}, "level": LEVEL, "message": TEXT, "locations": {"items": PLACE},
                    "relatedLocations": {"items": PLACE}, "occurrenceCount": {"type": "integer", "minimum": 1},
                    "partialFingerprints": {"type": "object",
                                            "additionalProperties": {"type": "string"}}}}}}}}}}


def run(*args, stdin=""):
    return subprocess.run([TOOL, *args], input=stdin, capture_output=True, text=True, timeout=100, check=False)


def sarif(*args, **more):
    document = json.loads(run(*args, "--format", "sarif", **more).stdout)
    jsonschema.validate(document, SARIF)
    if schema := os.environ.get("CUSTODY_SARIF_SCHEMA"):
        jsonschema.validate(document, json.loads(pathlib.Path(schema).read_text()))
    only, = document["runs"]
    known = {r["id"] for r in only["tool"]["driver"]["rules"]}
    assert {r["ruleId"] for r in only["results"]} <= known
    return only


def junit(*args, **more):
    """The root, after its counts were compared with its cases."""
    text = run(*args, "--format", "junit", **more).stdout
    if schema := os.environ.get("CUSTODY_JUNIT_SCHEMA"):
        subprocess.run(["xmllint", "--noout", "--schema", schema, "-"], input=text, text=True, check=True,
                       capture_output=True)
    root = xml.etree.ElementTree.fromstring(text)
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases)
        for attribute, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{element}")), attribute
        assert all(len(case) <= 1 and case.get("name") and case.get("classname") for case in cases)
    return root


class Formats(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def broken(self, name="a b#.litmus"):
        """The file without its expectations."""
        lines = pathlib.Path(BROKEN).read_text().splitlines(keepends=True)
        path = self.folder / name
        path.write_text("".join(line for line in lines if not line.startswith("expect")))
        return str(path)

    def test_sarif_has_one_result_for_each_cause_with_its_place_and_its_help(self):
        found = sarif("replay", KEEP)
        self.assertEqual([(r["ruleId"], r["level"], r.get("occurrenceCount", 1)) for r in found["results"]],
                         [("R3", "warning", 2), ("R4", "note", 4), ("R5", "warning", 8), ("R3", "warning", 12),
                          ("R4", "note", 2)])
        first = found["results"][0]
        self.assertEqual(first["locations"][0]["physicalLocation"],
                         {"artifactLocation": {"uri": KEEP}, "region": {"startLine": 22}})
        self.assertIn("fix: Clean only where", first["message"]["text"])
        self.assertEqual(first["relatedLocations"][0]["physicalLocation"]["region"], {"startLine": 16})
        self.assertEqual(len({r["partialFingerprints"]["custody/v1"] for r in found["results"]}), 5)
        driver = found["tool"]["driver"]
        self.assertTrue(run("--version").stdout.startswith(f"custody {driver['version']}"))
        self.assertLess({r["id"] for r in driver["rules"]}, RULES)
        self.assertTrue(all(r["help"]["text"] for r in driver["rules"]))

    def test_sarif_says_what_could_not_be_read(self):
        cut = self.folder / "cut"
        cut.write_text("no trace\n")
        found = sarif("replay", str(cut), self.broken())
        self.assertFalse(found["invocations"][0]["executionSuccessful"])
        notice, = found["invocations"][0]["toolExecutionNotifications"]
        self.assertIn("cut", notice["message"]["text"])
        self.assertEqual([r["ruleId"] for r in found["results"]], ["M2", "M3"])
        self.assertTrue(sarif("replay", KEEP)["invocations"][0]["executionSuccessful"])

    def test_sarif_says_what_is_not_shown(self):
        found = sarif("replay", "--rule", "R5", KEEP)
        self.assertEqual([r["ruleId"] for r in found["results"]], ["R5"])
        notice, = found["invocations"][0]["toolExecutionNotifications"]
        self.assertEqual((notice["level"], notice["message"]["text"]), ("note", "20 findings not shown: 20 not asked for"))
        self.assertTrue(found["invocations"][0]["executionSuccessful"])

    def test_sarif_names_files_by_references_and_standard_input_not_at_all(self):
        found = sarif("replay", self.broken())
        self.assertTrue(found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith(
            "/a%20b%23.litmus"))
        streamed = sarif("replay", "-", stdin=pathlib.Path(KEEP).read_text())
        self.assertEqual(len(streamed["results"]), 5)
        self.assertNotIn("locations", streamed["results"][0])

    def test_sarif_is_whole_where_nothing_is_found(self):
        self.assertEqual(sarif("replay", "traces/recorded/cpu_unattached.ftrace.txt")["results"], [])
        self.assertEqual(sarif("check", "lazy")["results"], [])
        self.assertTrue(sarif("check", "vision-keep")["results"])

    def test_junit_fails_what_fails_the_status(self):
        for least, failed in (("error", 0), ("warning", 3), ("note", 5), ("never", 0)):
            suite, = junit("replay", "--fail-on", least, KEEP).findall("testsuite")
            self.assertEqual(int(suite.get("failures")), failed, least)
            self.assertEqual([c.get("name") for c in suite.findall("testcase")],
                             ["line 22: R3", "line 31: R4", "line 33: R5", "line 39: R3", "line 95: R4", "verdict"])
        self.assertIn("nothing is missing in 1 buffer of 1", suite.findall("testcase/system-out")[-1].text)

    def test_junit_fails_expectations_and_not_what_they_expect(self):
        suite, = junit("replay", BROKEN).findall("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("5", "0"))
        suite, = junit("replay", self.broken()).findall("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("3", "2"))
        failure = suite.find("testcase/failure")
        self.assertEqual(failure.get("type"), "M2")
        self.assertIn("responsible: the exporter (udmabuf)", failure.text)

    def test_junit_has_a_suite_for_each_trace_and_an_error_for_what_could_not_be_read(self):
        one, two = junit("replay", "/nonexistent", KEEP).findall("testsuite")
        self.assertEqual((one.get("errors"), two.get("errors")), ("1", "0"))
        self.assertIn("No such file", one.find("testcase/error").get("message"))

    def test_junit_skips_the_verdict_where_nothing_is_judged(self):
        suite, = junit("replay", "traces/litmus/window-of-a-buffer-mapped-before-the-trace.litmus").findall("testsuite")
        self.assertEqual([c.get("name") for c in suite.findall("testcase") if c.find("skipped") is not None], ["verdict"])

    def test_junit_of_a_search_has_the_same_shape(self):
        for contract in ("vision-keep", "system-heap-6.1"):
            self.assertEqual(junit("check", contract).tag, "testsuite")

    def test_what_disturbs_a_document_is_escaped(self):
        text = pathlib.Path(KEEP).read_bytes().replace(b'"gpu.0"', b'"g]]><\x1b[31m{0}[x](y)\xff.0"')
        path = self.folder / "odd"
        path.write_bytes(text)
        self.assertTrue(sarif("replay", str(path))["results"])
        self.assertTrue(junit("replay", str(path)).findall("testsuite"))
        self.assertNotIn("\x1b", run("replay", "--format", "junit", str(path)).stdout)


if __name__ == "__main__":
    unittest.main()
