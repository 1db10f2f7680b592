# SPDX-License-Identifier: BSD-2-Clause
"""Standard streams that are full, closed, or that nobody reads any more."""
import os
import re
import subprocess
import unittest

from faults import COMMANDS, EVERY, LITMUS, OUTPUT_LOST, SLOW, TOOL, FaultTest, closes, shifted, wait_until


class Streams(FaultTest):
    def test_every_command_is_tried(self):
        text = subprocess.run([TOOL, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout
        there = re.findall(r"^  ([a-z]+) ", text.split("Subcommands:")[1], re.M)
        self.assertGreater(len(there), 5)
        self.assertLessEqual(set(there), {args[0] for args, _ in (COMMANDS | SLOW).values()})

    def test_every_format_is_tried(self):
        for command in sorted({args[0] for args, _ in (COMMANDS | SLOW).values() if args[0].isalpha()}):
            text = subprocess.run([TOOL, command, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout
            told = re.search(r"--format \{(.*)\}=(\S+)", text)
            if told is None:
                continue
            tried = [args[args.index("--format") + 1] if "--format" in args else told[2]
                     for args, _ in (COMMANDS | SLOW).values() if args[0] == command]
            self.assertLessEqual(set(told[1].split(",")), set(tried), command)

    def test_a_report_that_finds_no_room_is_said_to_be_lost(self):
        for name, (args, _) in EVERY.items():
            with self.subTest(name), open("/dev/full", "wb") as full:
                status, _, err = self.run_tool(args, stdout=full)
                self.assertEqual((status, err), (2, OUTPUT_LOST + "No space left on device\n"))

    def test_a_closed_pipe_is_the_same_everywhere(self):
        for name, (args, _) in EVERY.items():
            with self.subTest(name):
                read, write = os.pipe()
                os.close(read)
                status, _, err = self.run_tool(args, stdout=write)
                os.close(write)
                self.assertEqual((status, err), (2, OUTPUT_LOST + "Broken pipe\n"))

    def test_a_closed_output_loses_no_report_in_silence(self):
        for name, (args, _) in COMMANDS.items():
            with self.subTest(name):
                status, _, err = self.run_tool(args, preexec_fn=closes(1))
                self.assertEqual((status, err), (2, OUTPUT_LOST + "Bad file descriptor\n"))

    def test_a_closed_error_output_or_input_changes_nothing(self):
        for name, (args, expected) in COMMANDS.items():
            with self.subTest(name):
                status, out, _ = self.run_tool(args)
                self.assertEqual(status, expected)
                for fds in ((2,), (0,), (0, 2)):
                    again, same, _ = self.run_tool(args, preexec_fn=closes(*fds))
                    without_times = [re.sub(r"\d+\.\d+ s|\"seconds\":[^,]+|time=\"[^\"]+", "", text) for text in (out, same)]
                    self.assertEqual(again, status)
                    self.assertEqual(*without_times)

    def test_no_file_gets_the_number_of_a_closed_stream(self):
        # The report would be mixed with progress, or the input with the report.
        command = ["replay", "-o", "report", "-"]
        child = self.start(command, stdin=subprocess.PIPE, preexec_fn=closes(1, 2))
        wait_until(lambda: any(p.name.startswith("report.") for p in self.folder.iterdir()))
        links = {fd: os.readlink(f"/proc/{child.pid}/fd/{fd}") for fd in (1, 2)}
        self.assertEqual(links, {1: "/dev/null", 2: "/dev/null"})
        child.stdin.write(LITMUS.encode())
        status, _, _ = self.end(child, ["report"])
        with open(self.folder / "scenario", "rb") as scenario:
            report = self.run_tool(["replay", "-"], ["report"], stdin=scenario)[1]
        self.assertEqual(((self.folder / "report").read_text(), status), (report, 0))

    def test_a_closed_input_is_no_empty_trace(self):
        for command in ("replay", "convert", "minimize"):
            status, out, err = self.run_tool([command, "-"], preexec_fn=closes(0))
            self.assertEqual(status, 2)
            self.assertIn("cannot be read behind byte 0: Bad file descriptor", out + err)

    def test_an_endless_trace_is_read_no_longer_than_its_report_is(self):
        for args in (["replay", "-"], ["replay", "--format", "json", "-"], ["convert", "-"]):
            with self.subTest(args):
                child = self.start(args, stdin=subprocess.PIPE, bufsize=0)
                child.stdout.close()
                child.stdout = None
                times, pipe_broke = 0, False
                while not pipe_broke and times < 400:
                    try:
                        child.stdin.write(shifted(20).encode())
                    except BrokenPipeError:
                        pipe_broke = True
                    times += 1
                self.assertTrue(pipe_broke)
                status, _, err = self.end(child)
                self.assertEqual(status, 2)
                self.assertIn(OUTPUT_LOST + "Broken pipe", err)

    def test_a_pipe_that_does_not_wait_loses_nothing(self):
        read, write = os.pipe()
        os.set_blocking(write, False)
        self.file("long", shifted(200))
        self.before = self.contents()
        child = self.start(["convert", "long"], stdout=write)
        os.close(write)
        with open(read, "rb") as pipe:
            out = pipe.read()
        self.assertEqual(self.end(child)[0], 0)
        self.assertEqual(out.decode(), self.run_tool(["convert", "long"])[1])


if __name__ == "__main__":
    unittest.main()
