# SPDX-License-Identifier: BSD-2-Clause
"""What all tests of faults share: every command that there is, its inputs, and what a fault may never do.

Whatever happens to it, the program ends by itself, with a status that it documents; what it was given to read stays as
it was, byte for byte; and no temporary file is left. CUSTODY_TOOL is its path."""
import hashlib
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
SANITIZED = "CUSTODY_SANITIZED" in os.environ
KEEP = pathlib.Path("traces/recorded/pipeline_keep.ftrace.txt").read_text()
LITMUS = pathlib.Path("traces/litmus/T13-the-only-sync-removed.litmus").read_text() + "# pending L14: a reason\n"
KERNEL = pathlib.Path("tests/traces/recording/kernels/6.1-arm64.btf").read_bytes()
DOCUMENTED = {0, 1, 2, 3}
MIB = 1 << 20
OUTPUT_LOST = "custody: error: standard output: cannot be written: "
INTERRUPTED = "custody: interrupted before the work was done\n"

LEARN = ["learn", "-q", "--depth", "1", "--devices", "1", "--coherent", "0", "--random", "5", "system_heap"]

# Every command, what it says to standard output, and the status that it ends with.
COMMANDS = {
    "replay": (["replay", "trace"], 0),
    "replay json": (["replay", "--format", "json", "trace"], 0),
    "replay junit": (["replay", "--format", "junit", "trace"], 0),
    "replay html": (["replay", "--format", "html", "trace"], 0),
    "replay perfetto": (["replay", "--format", "perfetto", "trace"], 0),
    "replay sarif": (["replay", "--format", "sarif", "trace"], 0),
    "replay contract": (["replay", "--contract", "contract.json", "trace"], 1),
    "convert": (["convert", "trace"], 0),
    "convert litmus": (["convert", "--to", "litmus", "trace"], 0),
    "probes": (["probes", "--btf", "kernel.btf"], 0),
    **{f"probes {f}": (["probes", "--btf", "kernel.btf", f"--{f}"], 0) for f in ("script", "perfetto", "trace-cmd")},
    "record": (["record", "-q", "--dry-run", "--tracefs", "tracefs", "--btf", "kernel.btf"], 0),
    "minimize": (["minimize", "-q", "trace"], 0),
    "explain": (["explain", "M3"], 0),
    "explain json": (["explain", "--format", "json", "M3", "K-07"], 0),
    "list": (["list", "rules"], 0),
    "list json": (["list", "--format", "json", "rules"], 0),
    "list pending": (["list", "pending", "scenario"], 0),
    "learn": (LEARN, 0),
    "doc": (["doc", "lifetime"], 0),
    **{f"doc {f}": (["doc", "lazy", "--format", f], 0) for f in ("md", "dot", "svg", "mermaid", "rv", "kernel-doc")},
    "doc json": (["doc", "lifetime", "--format", "json"], 0),
    "doc html": (["doc", "lazy", "--format", "html", "--machine", "machine.js"], 0),
    "doc contract": (["doc", "system-heap-6.1", "--format", "rst"], 0),
    "doc kunit": (["doc", "lazy", "--format", "kunit"], 0),
    "doc line": (["doc", "--figure", "line", "--format", "dot"], 0),
    "check": (["check", "-q", "contract.json"], 1),
    "check json": (["check", "-q", "--format", "json", "contract.json"], 1),
    "check junit": (["check", "-q", "--format", "junit", "contract.json"], 1),
    "check sarif": (["check", "-q", "--format", "sarif", "contract.json"], 1),
    "check several": (["check", "-q", "--format", "json", "contract.json", "lazy"], 1),
    "check counterexample": (["check", "-q", "--output-litmus", "/dev/fd/1", "contract.json"], 1),
    "export contract": (["export", "contract", "contract.json"], 0),
    "export promela": (["export", "promela", "contract.json"], 0),
    "export murphi": (["export", "murphi", "contract.json"], 0),
    "--version": (["--version"], 0),
    "--help": (["--help"], 0),
    "help": (["replay", "--help"], 0),
}
# These explore a hundred systems, or run what is not built with the sanitizers.
DRIVE = ["drive", "-q", "--depth", "1", "--failures", "0", "--interleave", "0", "--client", "legal", "--mix", "plain",
         "system_heap"]
SLOW = {
    **{f"drive {f}": ([*DRIVE, "--format", f], 0) for f in ("text", "json")},
    "learn json": ([*LEARN, "--format", "json"], 0),
    **{f"diff {f}": (["diff", "--format", f, "contract.json", "lazy"], 1) for f in ("text", "markdown", "html", "json")},
    **{f"review {f}": (["review", "--format", f, "lazy", "lazy", "trace"], 0) for f in ("text", "markdown", "html", "json")},
}
EVERY = COMMANDS if SANITIZED else COMMANDS | SLOW


def closes(*fds):
    def close():
        for fd in fds:
            os.close(fd)
    return close


def limits(what, soft, hard=None):
    return lambda: resource.setrlimit(what, (soft, hard if hard is not None else soft))


def least_memory():
    """Address space, in MiB, in which the program begins."""
    for mib in range(16, 400, 4):
        done = subprocess.run([TOOL, "explain", "M3"], capture_output=True, check=False,
                              preexec_fn=limits(resource.RLIMIT_AS, mib * MIB))
        if done.returncode == 0:
            return mib
    raise AssertionError("the program does not begin in 400 MiB")


def shifted(times):
    """The capture so many times, one after the other: its times go on."""
    stamp = re.compile(r" (\d+)\.(\d{6}): ")
    lines = KEEP.splitlines(keepends=True)
    body = "".join(line for line in lines if line[0] != "#")
    copies = (stamp.sub(lambda m, by=10 * i: f" {int(m[1]) + by}.{m[2]}: ", body) for i in range(times))
    return "".join(line for line in lines if line[0] == "#") + "".join(copies)


class FaultTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.room = self.folder / "room"  # for temporary files
        self.room.mkdir()
        self.file("trace", KEEP)
        self.file("scenario", LITMUS)
        exported = subprocess.run([TOOL, "export", "contract", "vision-keep"], capture_output=True, check=True, timeout=60)
        self.file("contract.json", exported.stdout)
        self.file("kernel.btf", KERNEL)
        # What a dry run looks at.
        (self.folder / "tracefs").mkdir()
        self.file("tracefs/tracing_on", "0\n")
        self.file("tracefs/kprobe_events", "")
        self.file("machine.js", "const CustodyMachine = 1;\n")
        self.before = self.contents()

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def contents(self):
        files = (p for p in sorted(self.folder.rglob("*")) if p.is_file())
        return {str(p.relative_to(self.folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    def start(self, args, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        how.setdefault("stdout", subprocess.PIPE)
        how.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen([TOOL, *map(str, args)], cwd=self.folder, env={**os.environ, "TMPDIR": str(self.room)},
                                **how)

    def end(self, child, changed=(), timeout=120):
        """Waits for it, and judges what every fault has to leave: `changed` are files that may be others, or new."""
        out, err = child.communicate(timeout=timeout)
        self.unharmed(child.returncode, err, child.args, changed)
        return child.returncode, (out or b"").decode(), (err or b"").decode()

    def unharmed(self, status, err, what, changed=()):
        self.assertIn(status, DOCUMENTED, (what, err))
        after = self.contents()
        for name in changed:
            after.pop(name, None)
        self.assertEqual(after, {k: v for k, v in self.before.items() if k not in changed}, what)

    def run_tool(self, args, changed=(), **how):
        return self.end(self.start(args, **how), changed)


def wait_until(condition, seconds=60):
    for _ in range(seconds * 100):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("what was waited for did not happen")


def is_blocked(child):
    """It sleeps, and did so all the time for a while."""
    def state():
        return pathlib.Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return all(state() == "S" and time.sleep(0.01) is None for _ in range(10))


def full_pipe():
    """Ends of a pipe into which nothing more can be written."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    for size in (65536, 1):
        try:
            while True:
                os.write(write, b"x" * size)
        except BlockingIOError:
            pass
    os.set_blocking(write, True)
    return read, write


def default_signals():
    """A shell that starts tests in the background has them ignore an interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
