# SPDX-License-Identifier: BSD-2-Clause
"""Buffers without end: how much memory each takes, and what ends a replay that would need too much."""
import json
import os
import re
import resource
import subprocess
import sys
import unittest

from faults import MIB, SANITIZED, TOOL, FaultTest, least_memory, limits

HEADER = {"schema": "custody.trace/1", "source": "live", "arch": "arm64-6.1", "observes": ["dma_api"]}
LINE_OF_FOURTH = 5  # behind the header and three exports
GIB = 1 << 30


def lines_of(events):
    yield json.dumps(HEADER) + "\n"
    for i, event in enumerate(events):
        yield json.dumps({"ts": i / 1e6, "tid": 1, **event}) + "\n"


def log(*events):
    return "".join(lines_of(events))


def export(i):
    return {"event": "export", "buffer": f"b{i}", "size": 4096, "exporter": "system"}


def release(i):
    return {"event": "release", "buffer": f"b{i}"}


def used(i):
    """A buffer that a device has mapped, and keeps."""
    of = {"buffer": f"b{i}", "attachment": f"a{i}", "device": "d"}
    to = {**of, "dir": "TO_DEVICE"}
    return [export(i), {"event": "attach", **of}, {"event": "map", "phase": "enter", "call": i + 1, **to},
            {"event": "dma_map", "in": i + 1, **to}, {"event": "map", "phase": "return", "call": i + 1, "ret": 0, **to}]


def in_window(i):
    """A buffer that the CPU has, and keeps."""
    return [export(i), {"event": "begin_cpu_access", "buffer": f"b{i}", "dir": "TO_DEVICE"}]


class LiveBuffers(FaultTest):
    def replay(self, text, *options, **how):
        self.file("log", text)
        self.before = self.contents()
        return self.run_tool(["replay", *options, "log"], **how)

    def test_more_than_the_limit_end_a_replay_with_what_was_read(self):
        text = log(*map(export, range(6)))
        told = f"log:{LINE_OF_FOURTH}: error: more than 3 buffers are live at once, the most that --max-live allows"
        status, out, err = self.replay(text, "--max-live", "3")
        self.assertEqual(status, 3)
        self.assertIn(told, out)
        self.assertIn(told, err)
        self.assertIn("what was read before is reported", err)
        status, out, _ = self.replay(text, "--max-live", "3", "--format", "json")
        found = json.loads(out)
        self.assertEqual((status, found["traces"][0]["live_buffers"]), (3, 4))
        self.assertIn(told.replace(" error:", ""), json.dumps(found))

    def test_what_was_found_before_the_limit_is_a_violation_all_the_same(self):
        text = log(export(0), release(0), {"event": "begin_cpu_access", "buffer": "b0", "dir": "TO_DEVICE"},
                   *map(export, range(1, 6)))
        status, out, _ = self.replay(text, "--max-live", "2")
        self.assertEqual(status, 1)
        self.assertIn("L10", out)

    def test_up_to_the_limit_and_buffers_that_are_gone_are_no_matter(self):
        for options in (["--max-live", "6"], []):
            self.assertEqual(self.replay(log(*map(export, range(6))), *options)[0], 0)
        in_turn = log(*(e for i in range(500) for e in (export(i), release(i))))
        self.assertEqual(self.replay(in_turn, "--max-live", "1")[0], 0)
        for wrong in ("0", "-1", "many"):
            self.assertEqual(self.replay(in_turn, f"--max-live={wrong}")[0], 2)

    @unittest.skipIf(SANITIZED, "a sanitizer needs terabytes of address space")
    def test_memory_that_runs_out_ends_a_replay_with_what_was_read(self):
        least = least_memory()
        text = log(*(e for i in range(20_000) for e in used(i)))
        status, out, err = self.replay(text, preexec_fn=limits(resource.RLIMIT_AS, (least + 20) * MIB))
        self.assertEqual(status, 3, err)
        told = re.search(r"log:(\d+): error: memory ran out: not read further", out)
        self.assertTrue(told, out)
        self.assertGreater(int(told[1]), 1000)
        self.assertIn("memory ran out", err)
        self.assertRegex(out, r"\d+ buffers")

    def a_million(self, few, more, events):
        """Bytes that a replay needs at most of a million live buffers, by two counts of them: each a power of two, as a
        million nearly is, so that what grows by doubling is full."""
        def peak(count):
            # Line by line: what this process has before the other one is begun counts as that one's.
            with open(self.folder / "log", "w", encoding="utf-8") as file:
                file.writelines(lines_of(e for i in range(count) for e in events(i)))
            # From a pipe: of a file that is mapped the pages count.
            source = subprocess.Popen(["cat", self.folder / "log"], stdout=subprocess.PIPE)
            child = subprocess.Popen([TOOL, "replay", "-q", "-"], stdin=source.stdout, stdout=subprocess.DEVNULL)
            source.stdout.close()
            source.wait()
            usage = os.wait4(child.pid, 0)[2]
            child.returncode = 0
            return usage.ru_maxrss * 1024

        least, most = peak(few), peak(more)
        each = (most - least) / (more - few)
        bytes_of_all = most + each * ((1 << 20) - more)
        print(f"{self.id().rpartition('.')[2]}: {each:.0f} bytes each, {bytes_of_all / GIB:.2f} GiB", file=sys.stderr)
        return bytes_of_all

    @unittest.skipIf(SANITIZED, "a sanitizer keeps what is freed, and notes beside what is not")
    def test_a_million_of_them_take_less_than_one_gibibyte(self):
        self.assertLess(self.a_million(1 << 14, 1 << 16, lambda i: [export(i)]), GIB)

    @unittest.skipIf(SANITIZED, "a sanitizer keeps what is freed, and notes beside what is not")
    def test_a_million_that_devices_have_mapped_take_less_than_one_gibibyte(self):
        # More of them: names of calls that have returned are kept up to 65,536.
        self.assertLess(self.a_million(1 << 16, 1 << 17, used), GIB)

    @unittest.skipIf(SANITIZED, "a sanitizer keeps what is freed, and notes beside what is not")
    def test_a_million_in_windows_of_the_cpu_take_less_than_one_gibibyte(self):
        self.assertLess(self.a_million(1 << 14, 1 << 16, in_window), GIB)


if __name__ == "__main__":
    unittest.main()
