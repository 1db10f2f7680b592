# SPDX-License-Identifier: BSD-2-Clause
"""What a trace calls its devices, tasks, buffers and exporters, and what its file is called, stays text in every report,
log and litmus file that is made of it."""
import io
import json
import os
import pathlib
import shlex
import subprocess
import tarfile
import tempfile
import unittest

import jsonschema

from hostile_text import BYTES, TEXTS, TOOL, harmless, run

SCHEMA = json.loads(pathlib.Path("spec/replay_report.schema.json").read_text())
CAPTURE = pathlib.Path("traces/recorded/pipeline_keep.ftrace.txt").read_bytes()
LOG = pathlib.Path("traces/recorded/driver-system-pipeline.jsonl").read_text().splitlines()
ALL = " ".join(TEXTS)
FILE = b"tr\xff\n\x1b[31m `x` <b> \xe2\x80\xae.txt"


def capture(text):
    """A recorded trace with other names; no field of it holds a quote or a line end."""
    name = text.replace(b"\n", b"").replace(b'"', b"'")
    return (CAPTURE.replace(b'"cam.0"', b'"' + name + b'"').replace(b'"system"', b'"' + name + b'"')
            .replace(b"11_pipeline_kee", name[:15].ljust(15, b"x")))


def log(text):
    """A recorded log with other names."""
    renamed = []
    for line in LOG:
        record = json.loads(line)
        for key in ("buffer", "attachment", "device", "comm", "source", "title"):
            if key in record:
                record[key] += text
        if "devices" in record:
            record["devices"] = {name + text: {} for name in record["devices"]}
        renamed.append(json.dumps(record))
    return "\n".join(renamed).encode()


class Traces(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.fsencode(folder.name)

    def file(self, content, name=FILE):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as out:
            out.write(content)
        return path

    def output(self, *args):
        done = run(*args)
        self.assertEqual(harmless(done.stderr), "", args)
        self.assertIn(done.returncode, (0, 1, 3), args)
        return harmless(done.stdout)

    def check(self, content, device, plain):
        """Everything that is made of one trace. `device` is a name in it, as JSON can say it; `plain` is the same trace
        with other names."""
        path = self.file(content)
        options = ("--all", "--explain-cost", "--contract", "vision-keep")
        text = self.output("replay", "-q", *options, path)
        self.assertTrue(all("tr\\xff\\x0a\\x1b[31m" in line for line in text.splitlines() if "warning: " in line))
        report = json.loads(self.output("replay", "-q", "--format", "json", *options, path))
        jsonschema.validate(report, SCHEMA)
        self.assertTrue(report["findings"])
        self.assertIn(device, {f.get("device") for f in report["findings"]})
        for form in ("html", "perfetto"):
            self.output("replay", "-q", "--format", form, *options, path)
        converted = self.output("convert", path)
        for line in converted.splitlines():
            json.loads(line)
        self.findings_are_the_same(report, json.loads(self.output(
            "replay", "-q", "--format", "json", *options, self.file(converted.encode(), b"log"))))
        litmus = self.output("convert", "--to", "litmus", path)
        self.assertEqual(litmus.count("\n"), self.output("convert", "--to", "litmus", self.file(plain, b"plain")).count("\n"))
        again = json.loads(self.output("replay", "-q", "--format", "json", self.file(litmus.encode(), b"litmus")))
        self.assertEqual(again["summary"]["by_rule"], report["summary"]["by_rule"])
        least = self.output("minimize", "-q", path)
        self.assertEqual(run("replay", "-q", self.file(least.encode(), b"least")).returncode, 0, least)

    def findings_are_the_same(self, one, other):
        self.assertEqual([(f["rule"], f["line"], f.get("device"), f["message"]) for f in one["findings"]],
                         [(f["rule"], f["line"], f.get("device"), f["message"]) for f in other["findings"]])

    def test_of_a_capture(self):
        for text in BYTES:
            with self.subTest(text=text):
                name = text.replace(b"\n", b"").replace(b'"', b"'")
                self.check(capture(text), self.as_spelled(name), capture(b"plain"))

    @staticmethod
    def as_spelled(name):
        """Of a name that is no UTF-8, bytes that are none are spelled."""
        try:
            return name.decode("utf-8")
        except UnicodeDecodeError:
            return name.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")

    def test_devices_whose_names_are_no_utf8_stay_two(self):
        text = CAPTURE.replace(b"cam.0", b"c\xe9m.0").replace(b"disp.0", b"c\xeam.0")
        path = self.file(text)
        logged = self.file(self.output("convert", path).encode(), b"log")
        for of in (path, logged):
            report = json.loads(self.output("replay", "-q", "--all", "--format", "json", of))
            self.assertLessEqual({"c\\xe9m.0", "c\\xeam.0"}, {f.get("device") for f in report["findings"]})

    def test_of_an_event_log(self):
        self.check(log(ALL), "cam.0" + ALL, log("plain"))

    def test_options_that_settle_are_words_of_a_shell(self):
        for text in TEXTS:
            name = text.replace("\0", "") + "\'~ = : ,"
            of = {"buffer": "b", "attachment": "a", "device": name, "dir": "FROM_DEVICE"}
            records = [{"schema": "custody.trace/1", "source": "s", "devices": {name: {}}, "observes": ["dma_api"]},
                       {"ts": 1, "event": "export", "buffer": "b", "exporter": name, "size": 4096},
                       {"ts": 2, "event": "attach", **of},
                       {"ts": 3, "event": "map", "phase": "enter", "call": 1, **of},
                       {"ts": 4, "event": "dma_map", "in": 1, "mapping": 1, "by": "nesting", **of},
                       {"ts": 5, "event": "map", "phase": "return", "call": 1, "ret": 0, **of}]
            path = os.fsdecode(self.file("\n".join(json.dumps(record) for record in records).encode(), b"log"))
            with self.subTest(name=name):
                options = json.loads(self.output("replay", "--format", "json", path))["summary"]["settling"]
                self.assertEqual(len(options), 2)
                self.assertEqual([shlex.split(option)[1] for option in options],
                                 [name + "=noncoherent", name + ":memory=cached"])
                command = " ".join([shlex.quote(TOOL), "replay --format json", *options, shlex.quote(path)])
                settled = subprocess.run(["sh", "-c", command], capture_output=True, timeout=20, check=False,
                                         cwd=self.folder).stdout
                self.assertEqual(json.loads(settled)["summary"]["settling"], [])
        self.assertFalse(os.path.exists(os.path.join(self.folder, b"PWNED")))

    def test_of_members_of_an_archive(self):
        path = os.path.join(self.folder, b"\x1b[31m\n.tar")
        with tarfile.open(path, "w") as archive:
            for name, content in (("\x1b]0;\x07\n*/.txt", CAPTURE), ("\u202eno\x85", b"no trace"), ("\u2028", log(ALL))):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        text = self.output("replay", path)
        self.assertIn("\\u202eno\\u0085", text)
        self.assertEqual(len(json.loads(self.output("replay", "--format", "json", path))["traces"]), 2)


if __name__ == "__main__":
    unittest.main()
