# SPDX-License-Identifier: BSD-2-Clause
"""custody convert from outside: what it writes, where, and that it leaves nothing half done."""
import gzip
import json
import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

import jsonschema

TOOL = os.environ["CUSTODY_TOOL"]
SCHEMA = json.loads(pathlib.Path("traces/event_log.schema.json").read_text())
KEEP = "traces/recorded/pipeline_keep.ftrace.txt"
CAPTURES = sorted(str(path) for path in pathlib.Path("traces/recorded").glob("*.ftrace.txt"))


def convert(*args, **how):
    return subprocess.run([TOOL, "convert", *args], capture_output=True, timeout=60, check=False, **how)


def report(path):
    done = subprocess.run([TOOL, "replay", "--format", "json", path], capture_output=True, timeout=60, check=False)
    return json.loads(done.stdout)


class ConvertCli(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_the_event_log_obeys_its_schema(self):
        check = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
        for path in CAPTURES + sorted(map(str, pathlib.Path("traces/litmus").glob("*.litmus")))[::8]:
            for line in convert(path).stdout.splitlines():
                check.validate(json.loads(line))

    def test_a_damaged_trace_keeps_its_gaps(self):
        damaged = self.folder / "damaged"
        damaged.write_bytes(pathlib.Path(KEEP).read_bytes().replace(b"begin_cpu_access: ", b"begin_cpu_access: x", 1).replace(b"dmabuf=", b"dmabxf=", 3))
        log = [json.loads(line) for line in convert(str(damaged)).stdout.splitlines()]
        check = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
        for line in log:
            check.validate(line)
        self.assertGreater(sum(line.get("event") == "gap" for line in log), 0)
        self.assertGreater(log[-1]["malformed"], 0)
        done = convert("--to", "litmus", str(damaged))
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"gaps, which no litmus file can say", done.stderr)

    def test_a_litmus_file_shows_what_the_capture_shows(self):
        for path in CAPTURES:
            out = self.folder / "x.litmus"
            self.assertEqual(convert("--to", "litmus", "-o", str(out), path).returncode, 0)
            was, now = report(path)["summary"], report(str(out))["summary"]
            for key in ("by_rule", "by_class", "maintenance", "buffers", "judged", "partly_judged", "not_judged", "why_not"):
                self.assertEqual(now[key], was[key], (path, key))

    def test_a_litmus_file_claims_no_more_than_its_trace(self):
        # Without the probe of a call there is no all-clear, in whatever form the trace is.
        lines = pathlib.Path(KEEP).read_bytes().splitlines(True)
        bare, silent, out = self.folder / "bare", self.folder / "silent", self.folder / "x.litmus"
        bare.write_bytes(b"".join(line for line in lines if b" detach:" not in line))
        self.assertEqual(convert("--to", "litmus", "-o", str(out), str(bare)).returncode, 0)
        was, now = report(str(bare))["summary"], report(str(out))["summary"]
        self.assertEqual(was["judged"], 0)
        self.assertEqual(now["judged"], 0)
        words = (b" dma_map:", b" dma_unmap:", b" sync_for_", b" arch_")
        silent.write_bytes(b"".join(line for line in lines if not any(word in line for word in words)))
        done = convert("--to", "litmus", str(silent))
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"no calls of the DMA API", done.stderr)

    def test_a_log_of_a_compressed_trace_or_of_a_stream_is_the_same(self):
        log = convert(KEEP).stdout
        packed = self.folder / "x.gz"
        packed.write_bytes(gzip.compress(pathlib.Path(KEEP).read_bytes()))
        self.assertEqual(convert(str(packed)).stdout, log)
        self.assertEqual(convert("-", input=packed.read_bytes()).stdout, log)

    def test_the_output_appears_whole_or_not_at_all(self):
        out = self.folder / "out.jsonl"
        out.write_bytes(b"what was there")
        cut = self.folder / "cut.gz"
        cut.write_bytes(gzip.compress(pathlib.Path(KEEP).read_bytes())[:700])
        empty = self.folder / "notes"
        empty.write_bytes(b"notes\n")
        for bad in (str(cut), str(empty), "/nonexistent"):
            self.assertEqual(convert(bad, "-o", str(out)).returncode, 2)
            self.assertEqual(out.read_bytes(), b"what was there")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["cut.gz", "notes", "out.jsonl"])
        self.assertEqual(convert(KEEP, "-o", str(out)).returncode, 0)
        self.assertEqual(out.read_bytes(), convert(KEEP).stdout)
        new = self.folder / "new.jsonl"
        self.assertEqual(convert(KEEP, "-o", str(new)).returncode, 0)
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(stat.S_IMODE(new.stat().st_mode), 0o666 & ~mask)

    def test_an_output_that_is_the_input_is_refused(self):
        text = pathlib.Path(KEEP).read_bytes()
        trace, link = self.folder / "trace", self.folder / "link"
        trace.write_bytes(text)
        os.link(trace, link)
        with open(trace, "rb") as stream:
            for done in (convert(str(trace), "-o", str(link)), convert("-", "-o", str(trace), stdin=stream)):
                self.assertEqual(done.returncode, 2)
                self.assertIn(b"is the input", done.stderr)
        self.assertEqual(trace.read_bytes(), text)

    def test_what_cannot_be_written_is_said(self):
        for out in ("/nonexistent/out", "/dev/full"):
            done = convert(KEEP, "-o", out)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"cannot be written", done.stderr)


if __name__ == "__main__":
    unittest.main()
