# SPDX-License-Identifier: BSD-2-Clause
"""The recording script in real shells, with a folder in the place of tracefs: what it sets, keeps and leaves behind.
`script_test.py CUSTODY`"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

CUSTODY = os.path.abspath(sys.argv.pop(1))
KERNEL = "tests/traces/recording/kernels/6.1-arm64.btf"
SHELLS = [s for s in (["dash"], ["bash", "--posix"], ["busybox", "sh"]) if shutil.which(s[0])]


def probes(*options):
    done = subprocess.run([CUSTODY, "probes", "--btf", KERNEL, *options], capture_output=True, text=True, check=True)
    return done.stdout


class Tracefs:
    """A folder that looks like tracefs to the script: an instance comes with its files."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder, "tracefs")
        tools = pathlib.Path(folder, "bin")
        self.instance = self.root / "instances" / "custody"
        (self.root / "instances").mkdir(parents=True)
        (self.root / "kprobe_events").touch()
        tools.mkdir()
        self.tools = tools
        self.tool("mkdir", '/bin/mkdir "$1" "$1/events" "$1/events/custody" || exit 1\n'
                  'printf "%s\\n" "# tracer: nop" " a-1 [000] ..... 1.000000: release: (f+0x0/0x8) dmabuf=0x40" >"$1/trace"')
        self.tool("rmdir", 'exec rm -r "$1"')
        self.output = pathlib.Path(folder, "out.txt")
        self.script = pathlib.Path(folder, "record.sh")
        self.script.write_text(probes("--script"))
        self.environment = {"PATH": f"{tools}:/usr/bin:/bin", "TRACEFS": str(self.root)}

    def tool(self, name, script):
        (self.tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.tools / name).chmod(0o755)

    def start(self, shell, *words):
        return subprocess.Popen([*shell, self.script, self.output, *words], env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def wait_for_recording(self):
        for _ in range(500):
            if (self.instance / "tracing_on").exists() and (self.instance / "tracing_on").read_text() == "1\n":
                return
            time.sleep(0.01)
        raise AssertionError("it does not record")

    def set_and_removed(self):
        lines = (self.root / "kprobe_events").read_text().splitlines()
        return [x for x in lines if x[0] != "-"], [x for x in lines if x[0] == "-"]


class Script(unittest.TestCase):
    def each(self):
        for shell in SHELLS:
            with tempfile.TemporaryDirectory() as folder, self.subTest(shell=shell[0]):
                yield shell, Tracefs(folder)

    def left_nothing(self, fs):
        made, removed = fs.set_and_removed()
        self.assertEqual(made, [x for x in probes().splitlines() if x[0] != "#"])
        self.assertEqual(sorted(removed), sorted({"-:custody/" + x.split()[0].split("/")[1] for x in made}))
        self.assertFalse(fs.instance.exists())

    def replays(self, fs):
        done = subprocess.run([CUSTODY, "replay", fs.output], capture_output=True, text=True)
        self.assertIn("1 buffer", done.stdout)
        self.assertIn("# custody: kernel ", fs.output.read_text())

    def test_shells_are_there(self):
        self.assertGreaterEqual(len(SHELLS), 2)

    def test_of_a_command(self):
        for shell, fs in self.each():
            run = fs.start(shell, "sh", "-c", f"echo ran >{fs.root}/ran")
            self.assertIn("1 records", run.communicate()[1])
            self.assertEqual(run.returncode, 0)
            self.assertTrue((fs.root / "ran").exists())
            self.left_nothing(fs)
            self.replays(fs)

    def test_of_seconds(self):
        for shell, fs in self.each():
            run = fs.start(shell, "0")
            run.communicate()
            self.assertEqual(run.returncode, 0)
            self.left_nothing(fs)

    def test_a_signal_ends_it_with_a_trace(self):
        for end in (signal.SIGINT, signal.SIGTERM):
            for shell, fs in self.each():
                run = fs.start(shell)
                fs.wait_for_recording()
                run.send_signal(end)
                run.communicate(timeout=20)
                self.assertEqual(run.returncode, 0)
                self.left_nothing(fs)
                self.replays(fs)

    def test_it_says_which_profile_the_kernel_is(self):
        # As Machine.SaysItsArchitecture of recording_test.cpp.
        machines = {("6.1.0-50-amd64", "x86_64"): "x86", ("6.1.0", "i686"): "x86", ("5.18.19", "aarch64"): "arm64-5.18",
                    ("5.19.0", "aarch64"): "arm64-6.1", ("6.12.1", "aarch64"): "arm64-6.1", ("6.1.1", "armv7l"): "armv7",
                    ("6.5.0", "riscv64"): "riscv-6.1", ("6.6.0", "riscv64"): "riscv-6.6", ("6.6.0", "s390x"): None}
        for (release, machine), profile in machines.items():
            for shell, fs in self.each():
                fs.tool("uname", f"case $1 in -r) echo {release};; -m) echo {machine};; *) echo Linux;; esac")
                fs.start(shell, "0").communicate()
                says = re.findall(r"^# custody: arch (\S+):", fs.output.read_text(), re.M)
                self.assertEqual(says, [profile] if profile else [], (release, machine))

    def test_another_recording_is_left_alone(self):
        for shell, fs in self.each():
            fs.instance.mkdir()
            run = fs.start(shell, "0")
            self.assertIn("another recording runs", run.communicate()[1])
            self.assertEqual(run.returncode, 2)
            self.assertTrue(fs.instance.exists())
            self.assertEqual(fs.set_and_removed(), ([], []))

    def test_without_kprobe_events(self):
        for shell, fs in self.each():
            (fs.root / "kprobe_events").unlink()
            if any(os.path.exists(t + "/kprobe_events") for t in ("/sys/kernel/tracing", "/sys/kernel/debug/tracing")):
                continue
            run = fs.start(shell, "0")
            self.assertIn("no kprobe_events", run.communicate()[1])
            self.assertEqual(run.returncode, 2)

    def test_forms_have_every_probe(self):
        lines = [x for x in probes().splitlines() if x[0] != "#"]
        for option in ("--trace-cmd", "--perfetto"):
            text = probes(option)
            for line in lines:
                self.assertIn(f"'{line}'", text)
            for event in {x.split()[0].split("/")[1] for x in lines}:
                self.assertTrue(option == "--trace-cmd" or f'"custody/{event}"' in text, event)
        subprocess.run(["sh", "-n"], input=probes("--trace-cmd"), text=True, check=True)

    def test_registers(self):
        for arch, first in (("arm64", "%x0"), ("x86_64", "%di"), ("arm", "%r0"), ("riscv64", "%a0")):
            self.assertIn(f"p:custody/detach dma_buf_detach dmabuf={first}:x64 attach=", probes("--arch", arch))


unittest.main()
