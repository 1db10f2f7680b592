# SPDX-License-Identifier: BSD-2-Clause
"""What a reader sees in a terminal of 80 and of 200 columns: no word is broken, nothing is lost, no colour is one that a
dark or a light background hides. CUSTODY_TOOL is the path of the executable `custody`.
"""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
INHERITED = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
KEEP = "traces/recorded/pipeline_keep.ftrace.txt"
COMMANDS = (["replay", KEEP], ["replay", "--verbose", KEEP], ["replay", "--contract", "vision-keep", KEEP], ["replay", "--help"],
            ["check", "-q", "vision-keep"], ["check", "--help"], ["explain", "M3", "map-x1", "udmabuf-after/map"],
            ["explain", "nothing-like-it"], ["--help"])
COLOUR = re.compile(r"\x1b\[([0-9;]*)m")
# Bold, and bold red, green, magenta and cyan: neither black, white, yellow nor blue, nor any background.
READABLE = {"0", "1", "1;31", "1;32", "1;35", "1;36"}


def seen(columns, *args, **environment):
    """What arrives at a terminal of so many columns, whatever the one who runs this thinks of colours."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen([TOOL, *args], stdin=subprocess.DEVNULL, stdout=its, stderr=its,
                          env={**INHERITED, "TERM": "xterm", **environment}) as process:
        os.close(its)
        text = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the last writer is gone
                break
            if not part:
                break
            text += part
    os.close(ours)
    assert process.returncode in (0, 1, 2), process.returncode
    return text.decode().replace("\r\n", "\n")


def piped(*args):
    done = subprocess.run([TOOL, *args], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def words(text):
    """But for how long something took."""
    return re.sub(r"\b\d+\.\d\d s,", "TIME,", text).split()


class Terminal(unittest.TestCase):
    def test_lines_end_between_words_and_nothing_is_lost(self):
        for columns in (80, 200):
            for args in COMMANDS:
                text = COLOUR.sub("", seen(columns, *args))
                text = text.split("\r\x1b[K")[-1]
                self.assertEqual(words(text), words(piped(*args)), (columns, args))
                for line in text.splitlines():
                    self.assertTrue(len(line) <= columns or len(line.split()) <= 2, (columns, args, line))

    def test_what_goes_on_is_further_in_than_what_begins(self):
        lines = COLOUR.sub("", seen(80, "replay", KEEP)).splitlines()
        heads = [i for i, line in enumerate(lines) if re.match(r"\S+:\d+: ", line)]
        self.assertGreater(len(heads), 3)
        for head in heads:
            self.assertTrue(lines[head + 1].startswith(" " * 8), lines[head:head + 2])
        lines = seen(80, "replay", "--help").splitlines()
        option = next(i for i, line in enumerate(lines) if "FILE ... REQUIRED" in line)
        self.assertEqual(lines[option + 1][:30].strip(), "")
        for line in lines[option + 1:option + 5]:
            self.assertEqual(line.find(line.strip()), 30, line)

    def test_colours_show_on_dark_and_on_light(self):
        used = set(COLOUR.findall(seen(80, "replay", KEEP)))
        self.assertTrue({"1", "0"} < used <= READABLE, used)
        missing = set(COLOUR.findall(seen(80, "replay", "traces/litmus/T46-negative-control.litmus")))
        self.assertTrue(missing <= READABLE, missing)
        self.assertEqual(COLOUR.findall(seen(80, "replay", KEEP, NO_COLOR="1")), [])

    def test_a_pipe_gets_whole_lines(self):
        self.assertTrue(any(len(line) > 200 for line in piped("replay", KEEP).splitlines()))
        self.assertNotIn("\x1b", piped("replay", KEEP))


if __name__ == "__main__":
    unittest.main()
