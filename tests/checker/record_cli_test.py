# SPDX-License-Identifier: BSD-2-Clause
"""`custody record`: what it says where something is missing, what it writes, and, on the kernel at hand where that can
be traced, what it leaves behind when it is interrupted or killed. `record_cli_test.py CUSTODY [here]`"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

CUSTODY = os.path.abspath(sys.argv[1])
KERNEL = os.path.abspath("tests/traces/recording/kernels/6.12-x86_64.btf")
HERE = pathlib.Path("/sys/kernel/tracing")
SKIPPED = 77


def start(*words, **how):
    return subprocess.Popen([CUSTODY, "record", *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **how)


def run(*words, **how):
    """Its status, outputs, and process."""
    child = start(*words, **how)
    out, err = child.communicate(timeout=60)
    done = subprocess.CompletedProcess(child.args, child.returncode, out, err)
    done.pid = child.pid
    return done


def wait_until(condition):
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("what was waited for did not happen")


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder)
        self.tracefs = self.folder / "tracefs"
        self.out = self.folder / "out.txt"

    def make_tracefs(self, *files):
        for name in ("tracing_on", *files):
            path = self.tracefs / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("0\n")

    def refused(self, what, *words, **how):
        done = run(*words, **how)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertIn(what, done.stderr)


class Missing(Case):
    def test_no_tracefs(self):
        self.refused("expected tracefs: a kernel with CONFIG_TRACING, and `mount -t tracefs nodev", "--tracefs", self.tracefs)
        self.tracefs.mkdir()
        self.refused("is no tracefs, expected it there: `mount -t tracefs nodev", "--tracefs", self.tracefs)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
    def test_no_privileges(self):
        self.make_tracefs("kprobe_events")
        self.refused("tracing_on: cannot be written: to record needs root", "--tracefs", self.tracefs, user=65534)
        self.tracefs.chmod(0o700)
        self.refused("Permission denied: to record needs root", "--tracefs", self.tracefs, user=65534)

    def test_neither_probes_nor_tracepoints(self):
        self.make_tracefs()
        self.refused("kprobe_events: is not there, expected a kernel with CONFIG_KPROBE_EVENTS", "--tracefs", self.tracefs)

    def test_tracepoints_alone(self):
        self.make_tracefs("events/dma/enable", "events/dma/dma_map_sg/enable")
        done = run("--tracefs", self.tracefs, "--dry-run")
        self.assertEqual(done.returncode, 0)
        self.assertIn("without it only the kernel's own tracepoints are recorded", done.stderr)
        self.assertIn("# custody: tracepoint dma\n", done.stdout)
        self.assertNotIn("dma_map_sg", done.stdout)
        self.assertIn("# custody: blind all calls of the dma-buf core", done.stdout)

    def test_types(self):
        self.make_tracefs("kprobe_events")
        for wrong, what in ((self.folder / "none", "No such file"), (CUSTODY, "BTF")):
            self.refused(what, "--tracefs", self.tracefs, "--btf", wrong)
        if not os.path.exists("/sys/kernel/btf/vmlinux"):
            self.refused("CONFIG_DEBUG_INFO_BTF, or --vmlinux", "--tracefs", self.tracefs)

    def test_a_command_needs_a_file(self):
        self.refused("--output: is missing, expected a file", "--tracefs", self.tracefs, "--", "true")

    def test_an_instance_that_cannot_be_made(self):
        self.make_tracefs("kprobe_events")
        self.refused("cannot be made: No such file or directory", "--tracefs", self.tracefs, "--btf", KERNEL, "-o", self.out)
        self.assertEqual((self.tracefs / "kprobe_events").read_text(), "0\n")

    def test_another_kernel_is_told_by_its_probes(self):
        self.make_tracefs("kprobe_events", "events/dma/enable", "events/dma/dma_map_sg/enable")
        done = run("--tracefs", self.tracefs, "--btf", KERNEL, "--dry-run")
        probes = subprocess.run([CUSTODY, "probes", "--btf", KERNEL], capture_output=True, text=True, check=True).stdout
        for line in probes.splitlines():
            if line[0] != "#":
                self.assertIn(line.split("/", 1)[1], done.stdout)
        self.assertIn("# custody: tracepoint dma/dma_map_sg\n", done.stdout)
        self.assertEqual(done.returncode, 0)


class Here(Case):
    """On the kernel that runs: an instance of its tracefs is made, and taken away."""

    def left_by(self, pid):
        """Instance and probes of the recording of that process; others may be under way."""
        name = f"custody_{pid}"
        probes = HERE / "kprobe_events"
        set_ = probes.read_text().splitlines() if probes.exists() else []
        return [i for i in os.listdir(HERE / "instances") if i == name] + [p for p in set_ if f":{name}/" in p]

    def start(self, *words):
        """It records: a new instance is on before it is set up, so that its head is what tells."""
        self.out.unlink(missing_ok=True)
        child = start("-q", "-o", self.out, *words)
        instance = HERE / "instances" / f"custody_{child.pid}" / "tracing_on"
        wait_until(lambda: instance.exists() and self.out.exists() and self.out.read_text().endswith("\n")
                   and instance.read_text() == "1\n")
        return child

    def ends_well(self, text, pid):
        self.assertTrue(text.startswith("# tracer: nop\n# custody: kernel Linux "), text[:80])
        self.assertIn("\n# custody: end ", text)
        self.assertEqual(self.left_by(pid), [])

    def test_for_a_while(self):
        done = run("--seconds", "0.3", "-o", self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.ends_well(self.out.read_text(), done.pid)
        self.assertRegex(done.stderr, r"custody record: \d+ records in ")

    def test_while_a_command_runs(self):
        done = run("-o", self.out, "--", "sh", "-c", "exit 3")
        self.assertEqual(done.returncode, 0)
        self.assertIn("the command ended with status 3", done.stderr)
        self.ends_well(self.out.read_text(), done.pid)
        done = run("-o", self.out, "--", self.folder / "none")
        self.assertEqual(done.returncode, 2)
        self.assertIn("none: cannot be run: No such file or directory", done.stderr)
        self.assertEqual(self.left_by(done.pid), [])

    def test_until_a_signal(self):
        for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            child = self.start()
            child.send_signal(end)
            self.assertEqual(child.wait(timeout=20), 0)
            self.ends_well(self.out.read_text(), child.pid)
            child.communicate()

    def test_a_signal_ends_the_command(self):
        child = self.start("--", "sleep", "100")
        child.send_signal(signal.SIGINT)
        began = time.monotonic()
        self.assertEqual(child.wait(timeout=20), 0)
        self.assertLess(time.monotonic() - began, 10)
        self.ends_well(self.out.read_text(), child.pid)
        child.communicate()

    def test_killed(self):
        child = self.start()
        child.kill()
        child.communicate()
        wait_until(lambda: self.left_by(child.pid) == [])
        self.assertTrue(self.out.read_text().startswith("# tracer: nop\n# custody: kernel "))

    def test_killed_with_its_supervisor(self):
        child = self.start()
        children = pathlib.Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
        self.assertEqual(len(children), 1)
        running = run("--cleanup")
        self.assertEqual(running.returncode, 2)
        self.assertIn("Device or resource busy, a recording is running", running.stderr)
        os.kill(int(children[0]), signal.SIGKILL)
        child.kill()
        child.communicate()
        self.assertNotEqual(self.left_by(child.pid), [])
        done = run("--cleanup")
        self.assertEqual(self.left_by(child.pid), [], done.stderr)
        self.assertIn(f"removed custody_{child.pid}", done.stderr)

    def test_two_at_once(self):
        first = self.start()
        done = run("--seconds", "0.2", "-o", self.folder / "second")
        self.assertEqual(done.returncode, 0, done.stderr)
        first.send_signal(signal.SIGINT)
        self.assertEqual(first.wait(timeout=20), 0)
        first.communicate()
        self.ends_well((self.folder / "second").read_text(), done.pid)
        self.ends_well(self.out.read_text(), first.pid)

    def test_a_disk_that_is_full(self):
        done = run("--seconds", "5", "-o", "/dev/full")
        self.assertEqual(done.returncode, 2)
        self.assertIn("/dev/full: cannot be written: No space left on device", done.stderr)
        self.assertEqual(self.left_by(done.pid), [])

    def test_an_old_trace_stays_where_nothing_is_recorded(self):
        self.out.write_text("old")
        run("--seconds", "1", "-o", self.out, "--btf", self.folder / "none", "--tracefs", self.folder)
        self.assertEqual(self.out.read_text(), "old")

    def test_live_ends_with_what_replay_says(self):
        done = run("--live", "--seconds", "0.3", "-o", self.out)
        alone = subprocess.run([CUSTODY, "replay", "-"], stdin=open(self.out, encoding="utf-8"), capture_output=True, check=False)
        self.assertEqual(done.returncode, alone.returncode, done.stderr)
        self.assertEqual(done.stdout, alone.stdout.decode())
        self.assertEqual(self.left_by(done.pid), [])


if __name__ == "__main__":
    is_here = sys.argv[2:] == ["here"]
    if is_here and not os.access(HERE / "instances", os.W_OK):
        print("not run: the kernel at hand cannot be traced; run it as root, with tracefs at /sys/kernel/tracing")
        sys.exit(SKIPPED)
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Here if is_here else Missing)
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())
