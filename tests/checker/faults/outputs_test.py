# SPDX-License-Identifier: BSD-2-Clause
"""Outputs that are inputs by another name, links, descriptors, pipes, or in a place where nothing can be written."""
import os
import subprocess
import threading
import unittest

from faults import KEEP, TOOL, FaultTest

# Every option that names a file to be written, and the inputs of its command.
WRITERS = (
    (["replay", "-o"], ["trace"]),
    (["replay", "--contract", "contract.json", "-o"], ["trace"]),
    (["replay", "-q", "--write-baseline"], ["trace"]),
    (["convert", "-o"], ["trace"]),
    (["convert", "--to", "litmus", "-o"], ["trace"]),
    (["minimize", "-q", "-o"], ["trace"]),
    (["check", "-q", "--output-litmus"], ["contract.json"]),
    (["learn", "-q", "--depth", "2", "--random", "5", "-o"], ["system"]),
)


class Outputs(FaultTest):
    def names_of(self, path):
        """Other names of a file: a hard link, a symbolic one, one to that, and ways through folders."""
        os.link(self.folder / path, self.folder / "hard")
        os.symlink(path, self.folder / "soft")
        os.symlink("soft", self.folder / "softer")
        return ("hard", "soft", "softer", f"./{path}", f"room/../{path}", str(self.folder / path))

    def test_an_input_is_no_output_by_any_name(self):
        for path in ("trace", "contract.json"):
            names = self.names_of(path)
            self.before = self.contents()
            for args, inputs in WRITERS:
                for name in names if path in args + inputs else ():
                    with self.subTest(args, name=name):
                        status, out, err = self.run_tool([*args, name, *inputs])
                        self.assertEqual((status, out), (2, ""))
                        self.assertIn(f"{name}: is the input, expected another file\n", err)
            for name in ("hard", "soft", "softer"):
                (self.folder / name).unlink()
            self.before = self.contents()

    def test_an_input_that_output_is_appended_to_is_no_output(self):
        for args in (["replay", "trace"], ["convert", "trace"], ["minimize", "trace"], ["check", "contract.json"],
                     ["diff", "contract.json", "lazy"], ["diff", "lazy", "contract.json"], ["export", "contract", "contract.json"],
                     ["review", "lazy", "lazy", "trace"], ["list", "pending", "scenario"]):
            path = next(a for a in args if (self.folder / a).is_file())
            with self.subTest(args), open(self.folder / path, "ab") as end:
                status, _, err = self.run_tool(args, stdout=end)
                self.assertEqual(status, 2)
                self.assertRegex(err, "is the input|is where standard output goes")

    def test_a_link_stays_and_what_it_names_is_written(self):
        for args, inputs in WRITERS:
            for target in ("there", "not yet"):
                with self.subTest(args, target=target):
                    self.file("there", "what was there")
                    os.symlink(target, self.folder / "link")
                    self.run_tool([*args, "link", *inputs], ["there", "not yet", "link"])
                    self.assertTrue((self.folder / "link").is_symlink())
                    written = (self.folder / target).read_text()
                    self.assertGreater(len(written), 100)
                    for name in ("link", "there", "not yet"):
                        (self.folder / name).unlink(missing_ok=True)

    def test_a_descriptor_is_written_where_it_stands(self):
        for args, inputs in WRITERS:
            self.run_tool([*args, "expected", *inputs], ["expected"])
            expected = (self.folder / "expected").read_text()
            # As /dev/stdout is a link, which a tool that takes it for a file would destroy.
            os.symlink("/proc/self/fd/1", self.folder / "stdout")
            for name in ("stdout", "/dev/fd/1", "/proc/self/fd/1"):
                with self.subTest(args, name=name):
                    with open(self.folder / "out", "wb", buffering=0) as out:
                        out.write(b"before\n")
                        self.run_tool([*args, name, *inputs], ["out", "expected", "stdout"], stdout=out)
                        out.write(b"behind\n")
                    text = (self.folder / "out").read_text()
                    self.assertTrue(text.startswith("before\n" + expected.split("\n", 1)[0]))
                    self.assertIn(expected[-200:] if "check" not in args else expected, text)
                    self.assertTrue(text.endswith("behind\n"))
            self.assertTrue((self.folder / "stdout").is_symlink())
            for name in ("expected", "out", "stdout"):
                (self.folder / name).unlink()

    def test_a_pipe_is_written_as_it_is(self):
        for args, inputs in WRITERS:
            with self.subTest(args):
                self.run_tool([*args, "expected", *inputs], ["expected"])
                expected = (self.folder / "expected").read_text()
                os.mkfifo(self.folder / "fifo")
                got = []
                reader = threading.Thread(target=lambda: got.append((self.folder / "fifo").read_text()))
                reader.start()
                self.run_tool([*args, "fifo", *inputs], ["expected"])
                reader.join()
                self.assertEqual(got, [expected])
                self.assertTrue((self.folder / "fifo").is_fifo())
                for name in ("fifo", "expected"):
                    (self.folder / name).unlink()

    def test_where_nothing_can_be_written_the_file_is_named(self):
        for args, inputs in WRITERS:
            for out, why in (("/proc/out", "a file beside it: "), ("none/out", "a file beside it: No such file or directory"),
                             ("room", "Is a directory"), ("/dev/full", "No space left on device")):
                with self.subTest(args, out=out):
                    status, _, err = self.run_tool([*args, out, *inputs])
                    self.assertEqual(status, 2)
                    self.assertIn(f"{out}: cannot be written: {why}", err)

    def test_a_file_or_a_folder_that_is_read_only_stays(self):
        script = ("mount --bind ro ro && mount -o remount,bind,ro ro || exit 77; "
                  f"for o in ro/old ro/new; do {TOOL} convert -o $o trace; echo $?; done; ls ro; cat ro/old")
        (self.folder / "ro").mkdir()
        self.file("ro/old", "old")
        self.before = self.contents()
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], cwd=self.folder, capture_output=True, text=True,
                              check=False, timeout=60)
        if done.returncode in (1, 77):
            self.skipTest(f"nothing can be mounted here: {done.stderr.strip()}")
        self.assertEqual(done.stdout, "2\n2\nold\nold")
        self.assertEqual(done.stderr.count("cannot be written: "), 2)
        self.assertEqual(done.stderr.count("Read-only file system"), 2)

    def test_a_trace_of_standard_input_is_no_output(self):
        for command in ("replay", "convert", "minimize"):
            with open(self.folder / "trace", "rb") as stream:
                status, _, err = self.run_tool([command, "-o", "trace", "-"], stdin=stream)
            self.assertEqual(status, 2)
            self.assertIn("trace: is the input", err)
        self.assertEqual((self.folder / "trace").read_text(), KEEP)


if __name__ == "__main__":
    unittest.main()
