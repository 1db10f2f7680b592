# SPDX-License-Identifier: BSD-2-Clause
"""What is given on the command line, and what files are called, stays text in what is said about it."""
import os
import pathlib
import tempfile
import unittest

from hostile_text import harmless, run

CAPTURE = "traces/recorded/pipeline_keep.ftrace.txt"
LITMUS = "traces/litmus/T01-sync-on-never-mapped.litmus"
HOSTILE = b"\x1b[31mred\n*FAKE: a line of its own \xff \xc2\x9b \xe2\x80\xae `x` $(x)"

# Each is refused, or says where something is not; `HOSTILE` stands for text of any kind.
REFUSED = [
    ["HOSTILE"], ["--HOSTILE"], ["-\x1b"], ["replay", "--HOSTILE"], ["replay", "HOSTILE"], ["replay", CAPTURE, "--format", "HOSTILE"],
    ["replay", CAPTURE, "--fail-on=HOSTILE"], ["replay", CAPTURE, "--policy", "HOSTILE"],
    ["replay", CAPTURE, "--policy", "HOSTILE=HOSTILE"], ["replay", CAPTURE, "--policy", "backing=HOSTILE"],
    ["replay", CAPTURE, "--device", "HOSTILE"], ["replay", CAPTURE, "--device", "HOSTILE=HOSTILE"],
    ["replay", CAPTURE, "--event", "HOSTILE"], ["replay", CAPTURE, "--event", "HOSTILE=HOSTILE"],
    ["replay", CAPTURE, "--exporter", "HOSTILE"], ["replay", CAPTURE, "--exporter", "HOSTILE:memory=HOSTILE"],
    ["replay", CAPTURE, "--exporters", "HOSTILE"], ["replay", CAPTURE, "--arch", "HOSTILE"], ["replay", CAPTURE, "--contract", "HOSTILE"],
    ["replay", CAPTURE, "--output", "/HOSTILE/HOSTILE"], ["replay", "HOSTILE!HOSTILE"], ["replay", CAPTURE, "--cpu-line", "HOSTILE"],
    ["convert", "HOSTILE"], ["convert", CAPTURE, "--to", "HOSTILE"], ["convert", CAPTURE, "-o", "/HOSTILE/HOSTILE"],
    ["minimize", "HOSTILE"], ["minimize", CAPTURE, "--rule", "HOSTILE"], ["minimize", CAPTURE, "--line", "HOSTILE"],
    ["explain", "HOSTILE"], ["explain", "HOSTILE/HOSTILE"], ["list", "HOSTILE"], ["list", "pending", "HOSTILE"], ["doc", "HOSTILE"],
    ["check", "HOSTILE"], ["check", "lazy", "--client", "HOSTILE"], ["check", "lazy", "--arch", "HOSTILE"],
    ["check", "vision-keep", "-q", "--output-litmus", "/HOSTILE/HOSTILE"], ["check", "lazy", "--devices", "HOSTILE"],
    ["export", "HOSTILE"], ["export", "contract", "HOSTILE"], ["export", "promela", "HOSTILE"],
    ["diff", "HOSTILE", "lazy"], ["diff", "lazy", "HOSTILE"], ["review", "lazy", "lazy", "HOSTILE"],
]


class Options(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def refuse(self, arguments, hostile):
        done = run(*(os.fsencode(a).replace(b"HOSTILE", hostile) for a in arguments))
        said = harmless(done.stdout) + harmless(done.stderr)
        self.assertEqual(done.returncode, 2, said)
        self.assertTrue(said)
        self.assertNotRegex(said, r"(?m)^\*FAKE")

    def test_that_are_wrong(self):
        for arguments in REFUSED:
            with self.subTest(arguments=arguments):
                self.refuse(arguments, HOSTILE)

    def test_that_name_files_of_another_kind(self):
        """The file is there, and is not what is wanted."""
        file = os.fsencode(self.folder) + b"/" + HOSTILE
        with open(file, "wb") as out:
            out.write(b'{"x": "' + HOSTILE + b'\0"}')
        for arguments in REFUSED:
            if arguments[-1] == "HOSTILE" and arguments[0] not in ("HOSTILE", "list", "doc", "explain"):
                with self.subTest(arguments=arguments):
                    self.refuse(arguments, file)

    def test_pending_comments_and_their_files(self):
        file = os.fsencode(self.folder) + b"/" + HOSTILE.replace(b"/", b"") + b".litmus"
        with open(file, "wb") as out:
            out.write(b"# pending R9: " + HOSTILE)
        for place in (file, self.folder):
            listed = run("list", "pending", place).stdout
            self.assertEqual((listed.count(b"\t"), listed.count(b"\n")), (1, 1))
            text = harmless(listed.replace(b"\t", b" "))
            self.assertIn("\\x1b[31mred\\x0a*FAKE", text)

    def test_what_is_right_is_not_changed(self):
        done = run("replay", "-q", LITMUS, "--device", "Ger\u00e4t=coherent")
        self.assertEqual((done.returncode, done.stderr), (0, b""))


if __name__ == "__main__":
    unittest.main()
