# SPDX-License-Identifier: BSD-2-Clause
"""Signals: the work ends at once with what there is, and nothing lies around."""
import json
import os
import pathlib
import random
import signal
import subprocess
import time
import unittest

from faults import (EVERY, INTERRUPTED, KEEP, SANITIZED, FaultTest, default_signals, full_pipe, is_blocked, shifted,
                    wait_until)

SENT = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP)


def long_story(windows):
    """One buffer that two devices come to and leave, and the CPU uses, as is legal: at the end a sync is missing."""
    chance = random.Random(7)
    lines = ["custody litmus: long", "device cam", "device gpu", "", "export b 1M"]
    mapped = set()
    for _ in range(windows):
        if device := chance.choice(["", "cam", "gpu"]):
            did = ("map", "dma_map") if device not in mapped else ("unmap", "dma_unmap")
            lines += [f"attach b {device}"] * (device not in mapped)
            lines += [f"{did[0]} b {device} BIDI", f"  {did[1]} {device} BIDI"]
            lines += [f"detach b {device}"] * (device in mapped)
            mapped ^= {device}
        for call, sync in (("begin", "sync_for_cpu"), ("end", "sync_for_device")):
            lines += [f"{call} b BIDI"] + [f"  {sync} {d} BIDI" for d in sorted(mapped)]
    late = ["attach b cam as late", "map b late FROM", "  dma_map late FROM", "begin b FROM", "end b FROM", "release b"]
    return "\n".join(lines + late) + "\n"


class Signals(FaultTest):
    def start(self, args, **how):
        return super().start(args, preexec_fn=default_signals, **how)

    def temporary(self):
        return [p for p in self.folder.iterdir() if p.name.startswith("out.")]

    def test_every_command_ends_while_it_waits_to_write(self):
        # The first signal asks a command for its report, which nobody takes; the second one ends it.
        for number, (name, (args, _)) in enumerate(EVERY.items()):
            with self.subTest(name):
                read, write = full_pipe()
                child = self.start(args, stdout=write)
                wait_until(lambda: is_blocked(child))
                for _ in range(2):
                    child.send_signal(SENT[number % len(SENT)])
                    try:
                        child.wait(0.2 if not SANITIZED else 2)
                        break
                    except subprocess.TimeoutExpired:
                        pass
                os.close(read)
                os.close(write)
                status, _, err = self.end(child)
                # Graphviz's own, when what it writes to has gone.
                self.assertEqual((status, err.replace("Error: gvwrite_no_z problem 6\n", "")), (3, INTERRUPTED))

    def test_no_half_report_and_no_temporary_file_stays(self):
        for args, status in ((["minimize", "-o", "out", "fifo"], 3), (["convert", "-o", "out", "fifo"], 2),
                             (["convert", "--to", "litmus", "-o", "out", "fifo"], 2)):
            for sent in SENT:
                with self.subTest(args, sent=sent):
                    os.mkfifo(self.folder / "fifo")
                    child = self.start(args)
                    writer = os.open(self.folder / "fifo", os.O_WRONLY)
                    wait_until(self.temporary)
                    child.send_signal(sent)
                    ended = self.end(child)
                    os.close(writer)
                    (self.folder / "fifo").unlink()
                    self.assertEqual(ended[0], status)
                    self.assertIn("interrupted before", ended[2])

    def test_a_stream_ends_where_it_is_interrupted(self):
        whole = self.run_tool(["replay", "trace"])[1].replace("trace:", "<standard input>:")
        for command, output in ((["replay", "-o", "out", "-"], whole), (["convert", "-o", "out", "-"], None)):
            child = self.start(command, stdin=subprocess.PIPE, bufsize=0)
            child.stdin.write(KEEP.encode())
            wait_until(lambda: is_blocked(child) and self.temporary())
            child.send_signal(signal.SIGTERM)
            child.wait(60)
            status, _, _ = self.end(child, ["out"])
            self.assertEqual(status, 0)
            written = (self.folder / "out").read_text()
            if output is not None:
                self.assertEqual(written, output)
            else:
                self.assertEqual(json.loads(written.splitlines()[0])["schema"], "custody.trace/1")

    def interrupted_while_it_writes(self, args):
        """It has read a part of a file, and the report of that waits for its reader."""
        child = self.start(args)
        wait_until(lambda: is_blocked(child))
        child.send_signal(signal.SIGINT)
        return self.end(child)

    def test_a_file_that_is_read_in_part_gives_no_all_clear(self):
        self.file("long", shifted(400))
        self.file("jumbled", KEEP * 400)
        self.before = self.contents()
        for name in ("long", "jumbled"):
            with self.subTest(name):
                whole = self.run_tool(["replay", "--all", name])[1]
                status, out, err = self.interrupted_while_it_writes(["replay", "--all", name])
                self.assertEqual((status, err), (3, "custody replay: interrupted: what was read before is reported\n"))
                self.assertLess(len(out), len(whole))
                self.assertIn("nothing is missing in", out)
                status, out, err = self.interrupted_while_it_writes(["convert", name])
                self.assertEqual((status, err), (3, f"custody convert: interrupted: {name} was not read to its end\n"))

    def test_the_sorting_of_a_file_ends_at_once(self):
        self.file("jumbled", KEEP * (1500 if SANITIZED else 12000))
        self.before = self.contents()

        def seconds(is_interrupted):
            child = self.start(["replay", "-q", "--fail-on", "never", "jumbled"], bufsize=0)
            maps = pathlib.Path(f"/proc/{child.pid}/maps")
            wait_until(lambda: b"jumbled" in maps.read_bytes())
            begin = time.monotonic()
            if is_interrupted:
                child.send_signal(signal.SIGINT)
            took = time.monotonic() - begin if child.stdout.read(1) else 0
            status, out, _ = self.end(child)
            return status, out, took

        whole = seconds(False)[2]
        status, out, took = seconds(True)
        self.assertEqual(status, 2)
        self.assertIn("error: the reading was interrupted before it came to a known event", out)
        self.assertLess(took, whole / 2, "it sorted on")

    def test_a_minimisation_gives_the_smallest_so_far(self):
        self.file("story", long_story(1500 if SANITIZED else 5000))
        self.before = self.contents()

        def interrupted_in(seconds):
            child = self.start(["minimize", "-o", "out", "story"])
            wait_until(self.temporary)
            time.sleep(seconds)
            child.send_signal(signal.SIGINT)
            return self.end(child, ["out"])

        status, _, err = self.run_tool(["minimize", "-o", "least", "story"], ["least"])
        self.assertEqual((status, err.count("interrupted")), (0, 0))
        self.before = self.contents()
        wait = 0.01
        # Most of the time it minimises; before that there is nothing to write.
        for _ in range(40):
            if "so far" in err:
                break
            self.assertFalse((self.folder / "out").exists())
            status, _, err = interrupted_in(wait)
            if status == 0:  # it was over before the signal came
                (self.folder / "out").unlink()
                wait *= 0.6
                continue
            self.assertEqual(status, 3)
            self.assertIn("interrupted", err)
            wait *= 2
        self.assertIn("so far", err)
        self.assertEqual(self.run_tool(["replay", "--quiet", "out"], ["out"])[0], 0)
        sizes = [(self.folder / name).stat().st_size for name in ("least", "out")]
        self.assertLess(*sizes)

    def test_a_search_keeps_its_counterexample_whole(self):
        large = ["check", "-q", "--devices", "6", "--windows", "2", "--no-symmetry", "--format", "json"]
        child = self.start([*large, "--output-litmus", "out", "vb2-dma-sg"])
        wait_until(self.temporary)
        child.send_signal(signal.SIGTERM)
        status, out, _ = self.end(child, ["out"])
        self.assertIn((status, json.loads(out)["interrupted"]), ((1, True), (3, True)))
        written = self.folder / "out"
        self.assertEqual(written.exists(), status == 1)
        if written.exists():
            self.assertEqual(self.run_tool(["replay", "out"], ["out"])[0], 0)


if __name__ == "__main__":
    unittest.main()
