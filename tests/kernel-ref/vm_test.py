# SPDX-License-Identifier: BSD-2-Clause
"""`custody record`, its script and its trace-cmd commands in real kernels, in virtual machines: the same report of the
same scenario, and nothing left behind. `vm_test.py CUSTODY GUESTS KERNEL`; GUESTS is the folder that ./dev capture made."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, "kernel-ref/vm")
import machine  # noqa: E402

CUSTODY, GUESTS, KERNEL = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute(), sys.argv[3]
SKIPPED = 77
WORK = GUESTS / "work" / KERNEL

JOB = r"""
left() { ls /sys/kernel/tracing/instances; cat /sys/kernel/tracing/kprobe_events; }
custody probes --script -o /tmp/record.sh
custody probes --trace-cmd >/tmp/trace-cmd.sh
scenario >scenarios
for s in $(scenario); do
  scenario $s 2>$s.why && rm $s.why || continue
  custody record -q -o $s.record -- scenario $s
  sh /tmp/record.sh $s.script scenario $s
  # Debian's trace-cmd 3.1.6 writes a file without records now and then.
  for again in 1 2 3; do
    sed "s/sleep 10/sh -c 'sleep 1; scenario $s; sleep 1'/; s/trace.dat/$s.trace-cmd/" /tmp/trace-cmd.sh | sh >/dev/null
    trace-cmd report $s.trace-cmd 2>/dev/null | grep -q 'release:' && break
  done
done
left >left.finished

scenario >/dev/null
custody record -q -o killed.txt & p=$!
await() { i=0; while ! "$@" && [ $((i += 1)) -lt 90 ]; do sleep 1; done; }
nothing_left() { [ -z "$(left)" ]; }
await test -s killed.txt
scenario udmabuf_windows || scenario vgem_windows
await grep -q 'begin_cpu_access: ' killed.txt
kill -9 $p
await nothing_left
left >left.killed

mkdir /tmp/small; mount -t tmpfs -o size=16k nodev /tmp/small
custody record -q -o /tmp/small/trace -- sh -c 'while scenario vgem_windows; do :; done' 2>full.said
echo $? >full.status
cp /tmp/small/trace full.txt
left >left.full

t() { /bin/busybox time -f %e "$@" 2>&1 >/dev/null | tail -1; }
t scenario vgem_windows 200 >time.without
t custody record -q -o /tmp/busy.txt -- sh -c 't() { /bin/busybox time -f %e "$@" 2>&1 >/dev/null; }; t scenario vgem_windows 200 >time.with'
grep -E ' (dma_buf_ioctl|dma_buf_begin_cpu_access|dma_buf_end_cpu_access)$' /proc/kallsyms >symbols
"""


def replay(path, *options):
    done = subprocess.run([CUSTODY, "replay", "--format", "json", *options, path], capture_output=True, text=True,
                          check=False)
    return json.loads(done.stdout)


def converted(path):
    """How many calls of each kind are in the event log of the trace."""
    text = subprocess.run([CUSTODY, "convert", path], capture_output=True, text=True, check=True).stdout
    records = [json.loads(line) for line in text.splitlines()]
    return collections.Counter(r.get("event") for r in records if r.get("phase") != "return")


def told(report):
    """What a report says of a scenario, whoever recorded it."""
    summary = report["summary"]
    findings = collections.Counter((f["rule"], f["severity"], f.get("device")) for f in report["findings"])
    return {"findings": dict(findings), "buffers": summary["buffers"], "maintenance": summary["maintenance"],
            "lost": sum(t["lost"] for t in report["traces"])}


class Guest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shutil.rmtree(WORK, ignore_errors=True)
        programs = {"custody": CUSTODY}
        if shutil.which("trace-cmd"):
            programs["trace-cmd"] = shutil.which("trace-cmd")
        guest = machine.Machine(machine.Kernel(GUESTS / KERNEL), programs, WORK, GUESTS / "tools")
        cls.status, cls.said = guest.run(JOB, WORK / "host")
        cls.host = WORK / "host"
        cls.ran = [s for s in (cls.host / "scenarios").read_text().split() if not (cls.host / f"{s}.why").exists()]

    def test_scenarios_ran(self):
        why = {p.stem: p.read_text().strip() for p in self.host.glob("*.why")}
        print(f"{KERNEL}: ran {' '.join(self.ran)}; not there: {why}")
        self.assertIn("vgem_windows", self.ran)
        for name, text in why.items():
            self.assertRegex(text, r"/dev/(dma_heap/system|udmabuf): No such file", name)

    def test_every_recorder_gives_the_same_report(self):
        for scenario in self.ran:
            with self.subTest(scenario):
                ours = told(replay(self.host / f"{scenario}.record"))
                self.assertEqual((ours["buffers"], ours["lost"]), (1, 0))
                self.assertEqual(told(replay(self.host / f"{scenario}.script")), ours)
                if shutil.which("trace-cmd"):
                    self.assertEqual(told(replay(self.host / f"{scenario}.trace-cmd", "--arch", "x86")), ours)

    def test_no_finding_but_those_that_are_explained(self):
        for scenario in self.ran:
            for finding in replay(self.host / f"{scenario}.record")["findings"]:
                self.assertEqual((finding["rule"], finding["severity"]), ("R1", "note"), (scenario, finding["message"]))

    def test_nothing_is_left(self):
        for when in ("finished", "killed", "full"):
            self.assertEqual((self.host / f"left.{when}").read_text(), "", when)

    def test_a_killed_recording_is_readable_up_to_there(self):
        text = (self.host / "killed.txt").read_text()
        self.assertIn("begin_cpu_access: ", text)
        self.assertNotIn("# custody: end", text)
        self.assertEqual(replay(self.host / "killed.txt")["summary"]["buffers"], 1)

    def test_a_full_disk_ends_it_and_leaves_a_trace(self):
        self.assertEqual((self.host / "full.status").read_text(), "2\n")
        self.assertIn("No space left on device", (self.host / "full.said").read_text())
        self.assertGreater(replay(self.host / "full.txt")["summary"]["buffers"], 3)

    def test_windows_end(self):
        """dma_buf_ioctl() may hold a copy of dma_buf_end_cpu_access(), which no probe sees; its own probe tells the end."""
        any_windows = 0
        for scenario in self.ran:
            path = self.host / f"{scenario}.record"
            text, events = path.read_text(), converted(path)
            probed = len(re.findall(r"(?m)^[^#].* end_cpu_access: ", text))
            begins, ends = (events[f"{x}_cpu_access"] for x in ("begin", "end"))
            print(f"{KERNEL} {scenario}: {begins} begins, {ends} ends, {probed} by its own probe")
            self.assertEqual(ends, begins)
            self.assertFalse(re.search("^# custody: blind end_cpu_access", text, re.M), scenario)
            any_windows += begins
        self.assertGreaterEqual(any_windows, 6)

    def test_overhead(self):
        without, with_ = (float((self.host / f"time.{x}").read_text().split()[-1]) for x in ("without", "with"))
        print(f"{KERNEL}: 200 times vgem_windows took {without} s, recorded {with_} s: {with_ / max(without, 0.01):.2f}")


if __name__ == "__main__":
    try:
        machine.tool("qemu-system-x86_64")
        machine.static_busybox(GUESTS / "tools")
        machine.Kernel(GUESTS / KERNEL)
    except machine.Missing as missing:
        print(f"not run: {missing}")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
