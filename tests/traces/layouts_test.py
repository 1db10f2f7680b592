# SPDX-License-Identifier: BSD-2-Clause
# A capture in every layout that people have it in gives the same report, from a file and from a stream; what is no
# such layout is refused or damaged, never misread.
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import layouts

CUSTODY = pathlib.Path(sys.argv.pop(1)).resolve()
CAPTURES = sorted(pathlib.Path("traces/recorded").glob("*.ftrace.txt"))


def replay(text, *options, stream=False):
    """Exit status, report and what was said on standard error."""
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        command = [str(CUSTODY), "replay", "--quiet", "--format", "json", *options, "-" if stream else file.name]
        done = subprocess.run(command, input=data if stream else None, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def comparable(report):
    """A report without what names lines, files, and the reader's own counts of other lines."""
    # Some layouts have records of other sources among the probes.
    drop = {"path", "line", "lines", "warnings", "related_lines", "unknown_events", "malformed", "sources", "foreign"}

    def strip(value):
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in drop and not k.endswith("line")}
        if isinstance(value, list):
            return [strip(v) for v in value]
        return value
    return strip(json.loads(report))


class Layouts(unittest.TestCase):
    def check_layout(self, name, stream):
        # Under the sanitizers a process takes long to begin; there every layout is read once.
        for capture in CAPTURES[:1] if os.environ.get("CUSTODY_SANITIZED") else CAPTURES:
            text = capture.read_text(encoding="utf-8")
            status, report, _ = replay(text)
            with self.subTest(layout=name, capture=capture.name):
                again, laid_out, said = replay(layouts.LAYOUTS[name](text), stream=stream)
                self.assertEqual(again, status, said)
                self.assertEqual(comparable(laid_out), comparable(report))

    def test_each_gives_the_same_report(self):
        for name in layouts.LAYOUTS:
            self.check_layout(name, stream=False)

    def test_a_stream_gives_the_report_of_a_file(self):
        for name in layouts.LAYOUTS:
            self.check_layout(name, stream=True)

    def test_warnings_are_not_needed(self):
        text = CAPTURES[2].read_text(encoding="utf-8")
        for name, lay_out in layouts.LAYOUTS.items():
            with self.subTest(layout=name):
                self.assertEqual(json.loads(replay(lay_out(text))[1])["traces"][0]["warnings"], [])

    def test_processors_in_turn_are_one_trace(self):
        text = layouts.per_processor(layouts.noisy(two_tasks()))
        status, report, _ = replay(layouts.merged(text))
        for stream in (False, True):
            again, in_turn, _ = replay(text, stream=stream)
            self.assertEqual((again, comparable(in_turn)), (status, comparable(report)))

    def test_a_long_stream_out_of_order_proves_nothing(self):
        # More than what is kept of a stream before it is judged.
        noise = " a-9  [000] d....     0.000001: sched_switch: prev_comm=a\n" * 160000
        self.assertGreater(len(noise), 8 << 20)
        status, _, _ = replay(noise + layouts.per_processor(layouts.noisy(two_tasks())), stream=True)
        self.assertEqual(status, 3)


def two_tasks():
    """A capture whose CPU windows are another task's."""
    text = next(c for c in CAPTURES if c.name.startswith("pipeline_keep")).read_text(encoding="utf-8")
    lines, depth = [], 0
    for line in text.splitlines():
        depth += bool(re.search(r": (begin|end)_cpu_access: ", line))
        lines.append(line.replace("-26 ", "-27 ", 1) if depth else line)
        depth -= "cpu_access_ret: " in line
    return "\n".join(lines) + "\n"


class Damage(unittest.TestCase):
    def setUp(self):
        self.text = next(c for c in CAPTURES if c.name.startswith("pipeline_keep")).read_text(encoding="utf-8")

    def warnings(self, report):
        return " ".join(w["message"] for w in json.loads(report)["traces"][0]["warnings"])

    def check_is_damaged(self, text, said):
        """No finding that the undamaged text would not give, no all-clear, and a warning."""
        known = {json.dumps(f["message"]) for f in json.loads(replay(self.text)[1])["findings"]}
        status, report, _ = replay(text)
        self.assertEqual(status, 3)
        self.assertLessEqual({json.dumps(f["message"]) for f in json.loads(report)["findings"]}, known)
        self.assertIn(said, self.warnings(report))

    def test_lines_that_a_mail_cut_are_no_other_records(self):
        for column in (90, 100, 120, 140, 160):
            with self.subTest(column=column):
                cut = "".join(line[:column] + "\n" for line in self.text.splitlines())
                if column <= 100:
                    self.assertIn(replay(cut)[0], (2, 3))
                else:
                    self.check_is_damaged(cut, "")

    def test_a_pointer_with_too_few_digits_is_none(self):
        self.check_is_damaged(self.text.replace("sgt=0xffffff8004328d00\n", "sgt=0xffffff8004328\n", 1), "13 digits")

    def test_two_records_in_one_line_are_none(self):
        lines = self.text.splitlines()
        at = next(i for i, l in enumerate(lines) if ": begin_cpu_access: " in l)
        lines[at] += lines.pop(at + 1)
        self.check_is_damaged("\n".join(lines) + "\n", "expected fields key=value")

    def test_attributes_that_nobody_knows_are_not_nought(self):
        self.check_is_damaged(self.text.replace("attrs=0x0", "attrs=0x0x", 1), "0x0x")

    def test_a_call_that_lost_its_attributes_is_not_one_without(self):
        at = self.text.rfind(" attrs=0x0")
        self.check_is_damaged(self.text[:at] + self.text[at + len(" attrs=0x0"):], "without 'attrs'")

    def test_a_name_with_a_wrong_letter_is_not_passed_over(self):
        self.check_is_damaged(self.text.replace(": sync_for_cpu: ", ": sync_for_cpn: ", 1), "did you mean 'sync_for_cpu'")

    def test_a_string_broken_where_a_blank_may_have_been_is_not_guessed(self):
        text = next(c for c in CAPTURES if c.name.startswith("cma")).read_text(encoding="utf-8")
        status, report, _ = replay(layouts.chopped(text, 80))
        self.assertEqual(status, 3)
        self.assertNotIn("rese rved", report)

    def test_losses_are_losses(self):
        for words in ("CPU:0 [LOST 3 EVENTS]", "CPU:0 [3 EVENTS DROPPED]", "CPU:0 [EVENTS DROPPED]", "[LINE TOO BIG]",
                      "LOST 3 events!", "[   12.345678] CPU:0 [LOST 3 EVENTS]"):
            lines = self.text.splitlines()
            lines.insert(30, words)
            with self.subTest(words=words):
                report = json.loads(replay("\n".join(lines) + "\n")[1])
                self.assertEqual(report["traces"][0]["lost"], 3 if "3" in words.split("]", 1)[-1] + words[:16] else 1)

    def test_an_error_of_32_bits_is_one(self):
        def narrow(text):
            return re.sub(r"0xffffff80([0-9a-f]{8})", lambda m: "0x8" + m[1][1:], text)
        line = next(l for l in self.text.splitlines() if ": map_ret: " in l)
        failed = re.sub("sgt=.*", "sgt=0xfffffffffffffff4", line)
        wide = self.text.replace(line, failed, 1)
        small = narrow(wide).replace("0xfffffffffffffff4", "0xfffffff4")
        expected, report = replay(wide)[:2]
        self.assertEqual(replay(small)[0], expected)
        self.assertEqual(comparable(replay(small)[1]), comparable(report))
        self.assertNotEqual(comparable(report), comparable(replay(self.text)[1]))


class Refusals(unittest.TestCase):
    TEXT = CAPTURES[0].read_text(encoding="utf-8")

    def check_refused(self, text, *words):
        for stream in (False, True):
            status, report, said = replay(text, stream=stream)
            self.assertEqual(status, 2)
            for word in words:
                self.assertIn(word, report + said)

    def test_differences_of_times_are_no_times(self):
        def differ(m):
            return f'{layouts.task(m)} [{m["cpu"]}] (+12)  {m["event"]}: {m["rest"]}'
        self.check_refused("cpus=1\n" + layouts.each(self.TEXT, differ), "--ts-diff")

    def test_a_text_without_a_known_event_says_what_it_seems_to_be(self):
        self.check_refused("# tracer: function\n#\n  a-1  [000] d....  1.000001: dma_buf_attach <-dma_buf_get\n",
                           "trace of functions")
        self.check_refused("  a-1  [000] d....  1.000001: sched_switch: prev_comm=a\n", "sched_switch")
        self.check_refused("Dear all,\nno trace here.\n", "Dear all")

    def test_a_text_of_which_no_record_can_be_read_says_so(self):
        renamed = layouts.each(self.TEXT, lambda m: layouts.trace_cmd(m).replace(m["event"] + ":", f"my_{m['event']}:", 1))
        self.check_refused(renamed, "no record of a known event could be read", "did you mean 'map'?", "my_map=map")
        kinds = sorted({m["event"] for _, m in layouts.records(self.TEXT) if m})
        status, report, _ = replay(self.TEXT)
        again = replay(renamed, *(f"--event=my_{kind}={kind}" for kind in kinds))
        self.assertEqual((again[0], comparable(again[1])), (status, comparable(report)))
        self.check_refused("p:custody/map dma_buf_map_attachment attach=%x0:x64 dmabuf=+0(%x0):x64\n",
                           "definitions of events")
        # One that can be read is enough.
        self.assertEqual(replay(renamed + self.TEXT.splitlines()[-1] + "\n")[0], 3)

    def test_an_unknown_kind_of_event_names_those_that_are_known(self):
        status, _, said = replay(self.TEXT, "--event", "my_map=mapp")
        self.assertEqual(status, 2)
        self.assertIn("begin_cpu_access_ret", said)
        self.assertIn("did you mean map?", said)

    def test_own_names_of_probes_can_be_told(self):
        status, report, _ = replay(self.TEXT)
        renamed = self.TEXT.replace(": map: ", ": my_map: ").replace(": release: ", ": mine:gone: ")
        again = replay(renamed, "--event", "my_map=map", "--event", "mine:gone=release")
        self.assertEqual((again[0], comparable(again[1])), (status, comparable(report)))
        self.assertNotEqual(comparable(replay(renamed)[1]), comparable(report))


class Observation(unittest.TestCase):
    def test_a_first_operation_late_is_judged_alike_in_a_file_and_a_stream(self):
        """A coherent device first, whose calls have no operation, far more than a page of them."""
        text = next(c for c in CAPTURES if c.name.startswith("pipeline_keep")).read_text(encoding="utf-8")
        lines = [l for l in text.splitlines() if layouts.RECORD.match(l)]
        silent = [re.sub(r"(0x|-)(ffffff80)", r"\1ffffff90", l).replace(" 1.", " 0.").replace("cam.0", "usb.0").replace(
            "gpu.0", "usb.1").replace("disp.0", "usb.2") for l in lines if "arch_" not in l]
        late = "\n".join(silent + lines) + "\n"
        self.assertGreater(late.find("arch_"), 2 * 4096)
        status, report, _ = replay(late)
        again, streamed, _ = replay(late, stream=True)
        self.assertEqual((again, comparable(streamed)), (status, comparable(report)))


if __name__ == "__main__":
    unittest.main()
