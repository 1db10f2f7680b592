# SPDX-License-Identifier: BSD-2-Clause
"""The program from outside: exit statuses, bad input, the report's schema, streams. CUSTODY_TOOL is its path."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

import jsonschema

TOOL = os.environ["CUSTODY_TOOL"]
SCHEMA = json.loads(pathlib.Path("spec/replay_report.schema.json").read_text())
KEEP = "traces/recorded/pipeline_keep.ftrace.txt"
REMAP = "traces/recorded/pipeline_remap.ftrace.txt"
BROKEN = """custody litmus: a sync is missing
device D

export b 64K
attach b D
map b D FROM
  dma_map D FROM
begin b FROM
end b FROM
unmap b D FROM
  dma_unmap D FROM
detach b D
release b
"""


def run(*args, stdin=b""):
    return subprocess.run([TOOL, *args], input=stdin, capture_output=True, timeout=100, check=False)


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, content, name="input"):
        path = pathlib.Path(self.folder.name) / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def report(self, *args, stdin=b""):
        done = run("replay", "--format", "json", *args, stdin=stdin)
        document = json.loads(done.stdout)
        jsonschema.validate(document, SCHEMA)
        return done.returncode, document

    def test_a_trace_with_warnings_only_holds_unless_asked_otherwise(self):
        self.assertEqual(run("replay", KEEP).returncode, 0)
        self.assertEqual(run("replay", "--fail-on", "warning", KEEP).returncode, 1)

    def test_a_missing_sync_violates(self):
        status, document = self.report(self.file(BROKEN))
        self.assertEqual(status, 1)
        self.assertEqual([(f["rule"], f["line"]) for f in document["findings"] if f["severity"] == "error"], [("M3", 8)])
        self.assertEqual(run("replay", "--fail-on", "never", self.file(BROKEN)).returncode, 0)

    def test_an_expected_error_holds(self):
        expected = BROKEN.replace("device D\n", 'device D\nexpect M3 at "begin b FROM"\n')
        self.assertEqual(run("replay", self.file(expected)).returncode, 0)

    def test_an_expectation_of_an_unknown_rule_is_status_2_with_its_line(self):
        for expectation, rule in (("expect no M12", "M12"), ("expect once error R10 owes client", "R10")):
            path = self.file(BROKEN.replace("device D\n", f"device D\n{expectation}\n"))
            done = run("replay", path)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{path}:3: error: unknown rule '{rule}', expected one of: M1, ".encode(), done.stdout + done.stderr)

    def test_a_device_is_said_to_allocate_only_where_it_is_said_to_snoop(self):
        self.assertEqual(run("replay", "--device", "D=coherent,allocates", self.file(BROKEN)).returncode, 0)
        for words in ("allocates", "noncoherent,allocates"):
            done = run("replay", "--device", f"D={words}", self.file(BROKEN))
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"expected coherent,allocates", done.stderr)

    def test_bad_usage_is_status_2(self):
        for args in (["replay"], ["replay", "--arch", "z80", KEEP], ["replay", "--policy", "backing=wet", KEEP],
                     ["replay", "--device", "gpu.0", KEEP], ["replay", "--exporter", "drm", KEEP], ["explain", "M99"],
                     ["replay", "--format", "yaml", KEEP], ["frobnicate"], []):
            done = run(*args)
            self.assertEqual(done.returncode, 2, args)
            self.assertTrue(done.stderr, args)

    def test_unreadable_input_is_status_2_and_does_not_stop_the_other_files(self):
        for bad in ("/nonexistent/trace", self.folder.name, self.file(b"", "empty"), self.file(b"\0\xff\x01" * 1000, "binary")):
            status, document = self.report(bad, KEEP)
            self.assertEqual(status, 2, bad)
            self.assertIn("error", document["traces"][0])
            self.assertNotIn("error", document["traces"][1])
            self.assertEqual(document["summary"]["maintenance"]["operations"], 29)

    def test_the_order_of_files_does_not_matter(self):
        one, two = self.report(KEEP, REMAP)[1]["summary"], self.report(REMAP, KEEP)[1]["summary"]
        self.assertEqual(one, two)
        self.assertEqual(one["maintenance"]["operations"], 49)

    def test_a_line_of_100_megabytes_loses_nothing_else(self):
        text = pathlib.Path(KEEP).read_bytes()
        path = self.file(text + b"x" * 100_000_000 + b"\n" + text.split(b"#              | |", 1)[1])
        status, document = self.report(path)
        self.assertEqual(status, 0)
        self.assertEqual(document["summary"]["maintenance"]["operations"], 58)
        self.assertGreater(document["traces"][0]["malformed"], 0)
        with open(path, "rb") as stream:
            done = subprocess.run([TOOL, "replay", "--format", "json", "-"], stdin=stream, capture_output=True, timeout=100, check=False)
        self.assertEqual(json.loads(done.stdout)["summary"]["maintenance"]["operations"], 58)

    def test_a_truncated_last_line_keeps_what_came_before(self):
        text = pathlib.Path(KEEP).read_bytes()
        status, document = self.report(self.file(text[:text.rindex(b"release:") + 3]))
        self.assertEqual(status, 0)
        self.assertTrue(document["traces"][0]["truncated"])
        self.assertEqual(document["summary"]["maintenance"]["operations"], 29)

    def test_unknown_fields_are_warned_of(self):
        text = pathlib.Path(KEEP).read_text().replace("dir=2 attrs", "colour=7 dir=2 attrs")
        _, document = self.report(self.file(text))
        self.assertEqual(document["summary"]["maintenance"]["operations"], 29)
        self.assertIn("colour", document["traces"][0]["warnings"][0]["message"])

    def test_what_is_passed_over_is_counted(self):
        text = pathlib.Path(KEEP).read_text()
        noise = " a-1  [000] d....  1.000001: sched_switch: prev_comm=a\n => dma_buf_attach\n"
        _, document = self.report(self.file(text + noise))
        self.assertEqual(document["traces"][0]["foreign"] - self.report(KEEP)[1]["traces"][0]["foreign"], 2)
        self.assertEqual(document["traces"][0]["unread_fields"], 0)
        _, document = self.report(self.file(text.replace("size=1048576 exp_name", "size=x exp_name")))
        self.assertEqual(document["traces"][0]["unread_fields"], 1)

    def test_a_wrong_schema_version_and_deep_json_are_located_errors(self):
        for bad in ('{"schema":"custody.trace/9","source":"x"}\n', "[" * 100_000 + "\n", '{"a":' * 100_000 + "\n"):
            done = run("replay", self.file(bad))
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"input", done.stdout + done.stderr)

    def test_a_loss_makes_the_verdict_inconclusive(self):
        lines = pathlib.Path(KEEP).read_text().splitlines(keepends=True)
        lines.insert(30, "CPU:0 [LOST 12 EVENTS]\n")
        status, document = self.report(self.file("".join(lines)))
        self.assertEqual(status, 3)
        self.assertEqual(document["traces"][0]["lost"], 12)
        self.assertFalse([f for f in document["findings"] if f["severity"] == "error"])

    def test_entries_overwritten_before_the_trace_begins_make_it_inconclusive(self):
        text = pathlib.Path(KEEP).read_text()
        head = next(line for line in text.splitlines() if "entries-in-buffer" in line)
        status, document = self.report(self.file(text.replace(head, "# entries-in-buffer/entries-written: 90/340   #P:1")))
        self.assertEqual(status, 3)
        self.assertEqual(document["traces"][0]["lost"], 250)

    def test_a_capture_that_begins_late_is_not_judged(self):
        lines = pathlib.Path(KEEP).read_text().splitlines(keepends=True)
        first = next(i for i, line in enumerate(lines) if ": begin_cpu_access:" in line)
        late = "".join(l for l in lines[first:] if ": sync_for_cpu:" not in l and ": arch_inval:" not in l)
        path = self.file(late)
        status, document = self.report(path)
        self.assertEqual((status, document["summary"]["not_judged"]), (3, 1))
        self.assertIn("mapped_before_trace", document["summary"]["why_not"])
        text = run("replay", path).stdout
        self.assertNotIn(b"is missing in", text)
        self.assertIn(b"1 not judged: mapped before the trace began", text)

    def test_a_file_and_a_stream_of_the_same_bytes_have_the_same_status(self):
        keep = pathlib.Path(KEEP).read_bytes()
        lines = keep.splitlines(keepends=True)
        dma = (b": dma_", b": sync_for_", b": arch_")
        cases = {0: keep, 1: BROKEN.encode(), 2: b"  <idle>-0     [000] d.h.. 1.000000: sched_switch: prev=foo\n",
                 3: b"".join(l for l in lines if not any(w in l for w in dma))}
        for status, text in cases.items():
            self.assertEqual(run("replay", self.file(text)).returncode, status)
            self.assertEqual(run("replay", "-", stdin=text).returncode, status)
        damaged = b"".join(lines[:30] + [lines[30].replace(b"=", b"~")] + lines[31:])
        self.assertEqual(run("replay", "-", stdin=damaged).returncode, run("replay", self.file(damaged)).returncode)

    def test_a_record_that_could_not_be_read_is_inconclusive(self):
        text = pathlib.Path(KEEP).read_text().replace("dir=2 attrs", "dir=7 attrs", 1)
        status, document = self.report(self.file(text))
        self.assertEqual(status, 3)
        self.assertEqual(document["summary"]["why_not"]["unread_record"], 1)
        self.assertFalse([f for f in document["findings"] if f["severity"] == "error"])

    def test_a_figure_that_cannot_be_computed_is_null(self):
        whole = self.report(KEEP)[1]["summary"]["maintenance"]
        self.assertEqual(whole["not_computed"], {})
        self.assertEqual(whole["computed"], {"buffers": 1, **{figure: whole[figure] for figure in (
            "operations", "bytes", "optimum_operations", "optimum_bytes")}})
        broken = BROKEN.replace("attach b D\n", "attach b D\nend b FROM\n", 1)
        maintenance = self.report(self.file(broken))[1]["summary"]["maintenance"]
        self.assertIsNone(maintenance["optimum_operations"])
        self.assertIsNone(maintenance["subset_operations"])
        self.assertEqual(maintenance["not_computed"]["subset"], ["client_broke_rules"])
        self.assertEqual(maintenance["computed"]["buffers"], 0)
        self.assertIn(b"not computed: a client broke the rules", run("replay", self.file(broken)).stdout)

    def test_a_figure_of_a_buffer_that_is_not_judged_is_null(self):
        older = "traces/litmus/window-of-a-buffer-mapped-before-the-trace.litmus"
        maintenance = self.report(older)[1]["summary"]["maintenance"]
        for figure in ("optimum_operations", "optimum_bytes", "subset_operations"):
            self.assertIsNone(maintenance[figure])
        self.assertEqual(maintenance["not_computed"], {"optimum": ["not_judged"], "subset": ["not_judged"]})
        self.assertEqual(run("replay", older).stdout.count(b"not computed: a buffer is not judged"), 2)

    def test_an_option_that_contradicts_the_trace_is_refused_with_the_line(self):
        done = run("replay", "--device", "gpu.0=coherent", KEEP)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b":22: error: --device gpu.0=coherent contradicts the trace", done.stdout)

    def test_a_signal_ends_the_reading_with_a_summary(self):
        for sent in (signal.SIGINT, signal.SIGTERM):
            with subprocess.Popen([TOOL, "replay", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
                child.stdin.write(pathlib.Path(KEEP).read_bytes())
                child.stdin.flush()
                while b"warning" not in child.stdout.readline():
                    pass
                child.send_signal(sent)
                self.assertIn(b"nothing is missing in 1 buffer", child.stdout.read())
                self.assertEqual(child.wait(), 0)

    def test_findings_of_a_stream_appear_while_it_is_written(self):
        text = pathlib.Path(KEEP).read_bytes().splitlines(keepends=True)
        with subprocess.Popen([TOOL, "replay", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            child.stdin.write(b"".join(text[:60]))
            child.stdin.flush()
            self.assertIn(b"warning", child.stdout.readline())
            child.stdin.close()
            child.stdout.read()

    def test_strings_of_the_trace_are_escaped(self):
        text = pathlib.Path(KEEP).read_bytes().replace(b'"gpu.0"', b'"g\x1b[31m\xff.0"')
        done = run("replay", self.file(text))
        self.assertNotIn(b"\x1b", done.stdout)
        self.assertIn(b"\\x1b[31m\\xff", done.stdout)
        self.report(self.file(text))

    def test_every_litmus_file_gives_a_valid_report(self):
        files = sorted(str(p) for p in pathlib.Path("traces/litmus").glob("*.litmus"))
        status, _ = self.report(*files)
        self.assertEqual(status, 0)

    def test_costs_are_explained_and_priced(self):
        self.assertNotIn("costs", self.report(REMAP)[1])
        _, document = self.report("--explain-cost", REMAP)
        maintenance = document["summary"]["maintenance"]
        for payer in ("device", "exporter", "site"):
            ranked = [c for c in document["costs"] if c["payer"] == payer]
            savings = [c["no_effect_bytes"] + c["unobserved_bytes"] for c in ranked]
            self.assertEqual(savings, sorted(savings, reverse=True))
            self.assertEqual(sum(c["bytes"] for c in ranked), maintenance["bytes"])
        self.assertIn(b"unmap > dma_unmap BIDIRECTIONAL: invalidate", run("replay", "--explain-cost", REMAP).stdout)
        self.assertEqual(self.report("--price", "dma-api", REMAP)[1]["summary"]["maintenance"]["optimum_operations"], 1)
        self.assertEqual(run("replay", "--price", "free", REMAP).returncode, 2)

    def test_one_fault_is_one_finding(self):
        for path, rule in (("T86-unmapped-twice", "L5"), ("T72-task-exits-in-its-write-window", "M1"), ("T70-task-exits-in-its-window", "L7")):
            findings = self.report(f"traces/litmus/{path}.litmus")[1]["findings"]
            self.assertEqual([f["rule"] for f in findings if f["severity"] != "note"], [rule], path)

    def test_mappings_are_taken_at_their_word_where_the_user_says_so(self):
        path = "traces/litmus/T75-user-mapping-beside-a-writer.litmus"
        rules = {f["rule"] for f in self.report(path)[1]["findings"]}
        self.assertEqual(rules & {"A2", "M3"}, {"A2"})
        rules = {f["rule"] for f in self.report("--trust", "mappings", path)[1]["findings"]}
        self.assertEqual(rules & {"A2", "M3"}, {"M3"})
        self.assertEqual(run("replay", "--trust", "nobody", path).returncode, 2)

    def test_a_contract_is_compared(self):
        status, document = self.report("--contract", "system-heap-6.1", KEEP)
        self.assertEqual(status, 0)
        self.assertEqual(document["contract"]["followed"], 22)
        self.assertEqual(document["contract"]["departures"], [])
        status, document = self.report("--contract", "udmabuf-after", KEEP, REMAP)
        self.assertEqual(status, 1)
        first, second = document["contract"]["departures"]
        self.assertEqual((first["row"], first["kind"], first["line"], first["buffer"]), ("clause map", "wrong_attributes", 16, "b1"))
        self.assertEqual((first["path"], second["path"]), (KEEP, REMAP))
        self.assertNotIn("contract", self.report(KEEP)[1])
        text = run("replay", "--contract", "spec/contracts/udmabuf-after.json", KEEP)
        self.assertEqual(text.returncode, 1)
        self.assertIn(b"contract udmabuf-after: departs\n  4 calls followed, 14 departed, 4 not judged\n", text.stdout)
        for bad in ("nonsense", KEEP):
            self.assertEqual(run("replay", "--contract", bad, KEEP).returncode, 2, bad)

    def test_a_trace_that_shows_no_syncs_is_inconclusive(self):
        lines = [l for l in pathlib.Path(KEEP).read_text().splitlines(keepends=True)
                 if not any(w in l for w in (": dma_map:", ": dma_unmap:", ": sync_for_", ": arch_"))]
        done = run("replay", "--contract", "system-heap-6.1", self.file("".join(lines)))
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn(b"cannot be judged: the trace carries no DMA API calls", done.stdout)

    def test_a_leak_is_told_of_its_own_buffer_though_the_id_is_used_again(self):
        lines = [{"schema": "custody.trace/1", "arch": "arm64-6.1", "observes": ["dma_api"]}]
        def call(number, **fields):
            lines.append({"ts": len(lines) / 1e6, "tid": 1, "buffer": f"b{number}", **fields})
        for number in range(5000):
            call(number, event="export", exporter="system", size=4096)
            if number == 3:
                call(number, event="dma_map", device="D", dir="TO_DEVICE", mapping=7)
            call(number, event="release")
        status, document = self.report(self.file("".join(json.dumps(line) + "\n" for line in lines)))
        self.assertEqual(status, 1)
        self.assertEqual([f["buffer"]["id"] for f in document["findings"] if f["rule"] == "L5"], ["b3"])

    def test_a_minimised_trace_replays(self):
        path = str(pathlib.Path(self.folder.name) / "small.litmus")
        done = run("minimize", "--rule", "R3", "--line", "22", "--output", path, KEEP)
        self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
        self.assertIn(b"R3 of line 22: 7 of 52 events", done.stderr)
        self.assertEqual(run("replay", path).returncode, 0)
        stream = run("minimize", "--quiet", "-", stdin=pathlib.Path(KEEP).read_bytes())
        self.assertEqual((stream.returncode, stream.stderr), (0, b""))
        self.assertIn(b"\nexpect R3 at ", stream.stdout)

    def test_an_output_that_is_an_input_is_refused_and_stays_as_it_was(self):
        text = pathlib.Path(KEEP).read_bytes()
        trace, link = self.file(text, "trace"), pathlib.Path(self.folder.name) / "link"
        os.link(trace, link)
        profiles = b'{"schema":"custody.exporters/1","exporters":[]}'
        settings = self.file(profiles, "exporters")
        for args in (["replay", "-o", link, trace], ["minimize", "-o", link, trace], ["replay", "-o", trace, KEEP, trace],
                     ["replay", "--exporters", settings, "-o", settings, trace]):
            done = run(*args)
            self.assertEqual(done.returncode, 2, args)
            self.assertIn(b"is the input", done.stderr, args)
        self.assertEqual(pathlib.Path(trace).read_bytes(), text)
        self.assertEqual(pathlib.Path(settings).read_bytes(), profiles)

    def test_a_report_appears_whole_or_not_at_all(self):
        out = pathlib.Path(self.folder.name) / "report"
        out.write_bytes(b"what was there")
        self.assertEqual(run("replay", "-o", out, KEEP).returncode, 0)
        self.assertEqual(out.read_bytes(), run("replay", KEEP).stdout)
        out.write_bytes(b"what was there")
        self.assertEqual(run("replay", "-o", out, "--contract", "/nonexistent", KEEP).returncode, 2)
        self.assertEqual(run("minimize", "-o", out, "--rule", "M1", KEEP).returncode, 2)
        self.assertEqual(out.read_bytes(), b"what was there")
        self.assertEqual([p.name for p in pathlib.Path(self.folder.name).iterdir()], ["report"])

    def test_minimize_complains_with_status_2(self):
        for args in (["--rule", "R99", KEEP], ["--rule", "M1", KEEP], ["--line", "0", KEEP], ["/nonexistent"], [],
                     ["--output", "/nonexistent/x", KEEP], ["--arch", "z80", KEEP],
                     [self.file(b"\0\xff\x01" * 1000, "binary")]):
            done = run("minimize", *args)
            self.assertEqual((done.returncode, done.stdout), (2, b""), args)
            self.assertTrue(done.stderr, args)

    def test_lists_and_explanations_print(self):
        for what in ("rules", "states", "events", "policies", "exporters", "archs", "unchecked", "pending"):
            self.assertTrue(run("list", what).stdout, what)
        self.assertIn(b"DMA masks", run("list", "pending", "traces/litmus").stdout)
        self.assertIn(b"M3", run("explain", "M3").stdout)
        self.assertTrue(run("doc", "lifetime", "--format", "json").stdout.startswith(b"{"))
        done = run("doc", "lifetime", "--format", "dot")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"formats md, json, found dot; contracts have the others: `custody doc system-heap-6.1 --format dot", done.stderr)


if __name__ == "__main__":
    unittest.main()
