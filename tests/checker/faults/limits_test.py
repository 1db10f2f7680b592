# SPDX-License-Identifier: BSD-2-Clause
"""Limits: memory, threads, open files, the size of a file, time, and a disk that is full."""
import json
import os
import resource
import shutil
import subprocess
import unittest

from faults import COMMANDS, EVERY, MIB, SANITIZED, TOOL, FaultTest, least_memory, limits, shifted

# A hundred megabytes, and seconds.
LARGE = ["check", "-q", "--devices", "6", "--windows", "2", "--client", "overlapping", "--no-symmetry", "--format", "json",
         "vb2-dma-sg"]


class Limits(FaultTest):
    @unittest.skipIf(SANITIZED, "a sanitizer needs terabytes of address space")
    def test_memory_that_runs_out_ends_a_search_with_what_was_explored(self):
        least = least_memory()
        for threads in (1, 2, 8):
            for more in (45, 50):
                status, out, err = self.run_tool([*LARGE, "--threads", threads],
                                                 preexec_fn=limits(resource.RLIMIT_AS, (least + more) * MIB))
                found = json.loads(out)
                self.assertEqual((status, found["verdict"], found["complete"]), (1, "violated", False), err)
                self.assertTrue(found["out_of_memory"])
                self.assertGreater(found["states"], 1000)
                self.assertTrue(found["violations"])

    @unittest.skipIf(SANITIZED, "a sanitizer needs terabytes of address space")
    def test_little_memory_is_told_of_by_every_command(self):
        least = least_memory()
        for name, (args, expected) in EVERY.items():
            for more in (0, 8):
                with self.subTest(name, more=more):
                    status, _, err = self.run_tool(args, preexec_fn=limits(resource.RLIMIT_AS, (least + more) * MIB))
                    # Graphviz is a program of its own.
                    lost = 2 if "Graphviz" in err else 3
                    self.assertIn(status, (expected, lost))
                    if status == 3 != expected:
                        self.assertIn("memory ran out", err)

    @unittest.skipIf(SANITIZED, "a sanitizer needs terabytes of address space")
    def test_a_review_that_cannot_explore_gives_no_all_clear(self):
        least = least_memory()
        told = 0
        for more in range(0, 12, 3):
            done = self.run_tool(["review", "lazy", "lazy"], preexec_fn=limits(resource.RLIMIT_AS, (least + more) * MIB))
            told += done[0] == 3 and done[1] == "" and "memory ran out" in done[2]
            self.assertIn(done[0], (0, 3))
        self.assertGreater(told, 0)

    def as_nobody(self, processes):
        """A user whose processes are counted; the limits of root are not."""
        def become():
            resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
            os.setgroups([])
            os.setresuid(65534, 65534, 65534)
        return become

    @unittest.skipIf(SANITIZED, "a sanitizer looks for leaks with a process of its own")
    @unittest.skipIf(os.getuid() != 0, "only root can become a user that has no other processes")
    def test_where_there_are_fewer_threads_fewer_work(self):
        free = shutil.copy(TOOL, self.folder / "tool")
        self.folder.chmod(0o755)
        self.before = self.contents()
        whole = subprocess.run([free, *COMMANDS["check json"][0]], cwd=self.folder, capture_output=True, check=False)
        for processes in (1, 3):
            done = subprocess.run([free, *COMMANDS["check json"][0], "--threads", "8"], cwd=self.folder, check=False,
                                  capture_output=True, preexec_fn=self.as_nobody(processes), text=True, timeout=100)
            self.unharmed(done.returncode, done.stderr, done.args)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"the system gave {processes} threads of 8", done.stderr)
            one, other = json.loads(whole.stdout), json.loads(done.stdout)
            for report in (one, other):
                report.pop("seconds")
                report.pop("stored_bytes")
            self.assertEqual(other, one)

    @unittest.skipIf(SANITIZED, "a sanitizer opens files of its own")
    def test_without_descriptors_the_trace_is_named(self):
        for command in ("replay", "convert", "minimize"):
            # One more than the standard streams, which the temporary file has.
            status, out, err = self.run_tool([command, "-o", "out", "trace"], changed=["out"],
                                             preexec_fn=limits(resource.RLIMIT_NOFILE, 4))
            out += (self.folder / "out").read_text() if (self.folder / "out").exists() else ""
            self.assertEqual(status, 2)
            self.assertIn("trace: error: cannot be opened: Too many open files", out + err)

    def test_a_file_that_may_not_grow_is_no_output(self):
        little = limits(resource.RLIMIT_FSIZE, 1000)
        for args, out in ((["replay", "-o"], "out"), (["convert", "-o"], "out"), (["convert", "-o"], "was there")):
            self.file("was there", "what was there")
            self.before = self.contents()
            status, _, err = self.run_tool([*args, out, "trace"], preexec_fn=little)
            self.assertEqual(status, 2)
            self.assertIn(f"{out}: cannot be written: File too large", err)
        status, _, err = self.run_tool(["check", "-q", "--output-litmus", "out", "contract.json"],
                                       preexec_fn=limits(resource.RLIMIT_FSIZE, 10))
        self.assertEqual((status, err), (2, "custody check: error: out: cannot be written: File too large\n"))

    def test_a_temporary_file_without_room_is_named(self):
        dat = self.file("dat", b"\x17\x08\x44tracing" + b"6" * 100_000)
        self.before = self.contents()
        for how in ({"preexec_fn": limits(resource.RLIMIT_FSIZE, 1000)}, {}):
            with open(dat, "rb") as stream:
                env = {**os.environ, "TMPDIR": str(self.room) if how else "/proc"}
                done = subprocess.run([TOOL, "replay", "-"], stdin=stream, capture_output=True, check=False, env=env,
                                      timeout=60, text=True, **how)
            self.unharmed(done.returncode, done.stderr, how)
            self.assertEqual(done.returncode, 2)
            self.assertIn("needs a temporary file, ", done.stdout)

    def test_a_disk_that_is_full_keeps_what_was_there(self):
        mount = self.folder / "disk"
        mount.mkdir()
        self.file("long", shifted(20))
        script = (f"mount -t tmpfs -o size=16k none {mount} || exit 77; cd {mount}; printf before >out; "
                  f"{TOOL} convert -o out {self.folder}/long; echo $?; cat out; ls")
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, check=False, timeout=60)
        if done.returncode in (1, 77):
            self.skipTest(f"no small file system can be mounted here: {done.stderr.strip()}")
        self.assertEqual(done.stdout, "2\nbeforeout\n")
        self.assertEqual(done.stderr, "custody convert: error: out: cannot be written: No space left on device\n")

    def test_time_that_is_over_ends_with_what_was_explored(self):
        status, out, err = self.run_tool(LARGE, preexec_fn=limits(resource.RLIMIT_CPU, 1, 60))
        self.assertEqual((status, json.loads(out)["interrupted"]), (1, True), err)


if __name__ == "__main__":
    unittest.main()
