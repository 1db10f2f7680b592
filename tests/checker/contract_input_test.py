# SPDX-License-Identifier: BSD-2-Clause
"""Where contracts, patches and profiles come from, and which are refused: files, pipes, devices; patches that do not apply,
JSON that misleads, more than there may be. CUSTODY_TOOL is the executable."""
import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
TRACE = "traces/litmus/T01-sync-on-never-mapped.litmus"
BASE = "vision-keep"
PATCH = b'{"clauses": {"begin": null}}'
PROFILES = b'{"schema": "custody.exporters/1", "exporters": [{"name": "mine", "memory": "cached"}]}'
# Each takes a contract where {} is, and says the same wherever it comes from.
TAKES_CONTRACT = [["check", "-q", "{}"], ["check", "-q", "--format", "sarif", "{}"], ["export", "contract", "{}"],
                  ["export", "promela", "{}"], ["export", "murphi", "{}"], ["diff", "{}", "lazy"], ["diff", "lazy", "{}"],
                  ["review", "{}", "lazy"], ["replay", "-q", "--contract", "{}", TRACE]]
TAKES_PATCH = [["diff", "-", "{}"], ["review", "-", "{}"]]
if os.environ.get("CUSTODY_SANITIZED"):  # to compare contracts takes them long, whatever brought the contracts
    TAKES_CONTRACT = [command for command in TAKES_CONTRACT if command[0] not in ("diff", "review")]
    TAKES_PATCH = TAKES_PATCH[:1]
TAKES_PROFILES = [["replay", "-q", "--exporters", "{}", TRACE], ["minimize", "-q", "--exporters", "{}", TRACE]]


def run(arguments, stdin=b""):
    return subprocess.run([TOOL, *arguments], input=stdin, capture_output=True, timeout=100, check=False)


def with_path(arguments, path):
    return [path if a == "{}" else BASE if a == "-" else a for a in arguments]


@contextlib.contextmanager
def pipe(content):
    """The path of a pipe as process substitution makes one."""
    out, into = os.pipe()

    def write():
        with contextlib.suppress(BrokenPipeError), os.fdopen(into, "wb") as file:
            file.write(content)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield f"/dev/fd/{out}", out
    finally:
        os.close(out)
        writer.join()


class Inputs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.contract = run(["export", "contract", BASE]).stdout

    def file(self, content, name="f.json"):
        (self.folder / name).write_bytes(content)
        return str(self.folder / name)

    def test_come_from_anywhere(self):
        for commands, content in ((TAKES_CONTRACT, self.contract), (TAKES_PATCH, PATCH), (TAKES_PROFILES, PROFILES)):
            path = self.file(content, "p.json")
            for command in commands:
                with self.subTest(command=command), pipe(content) as (piped, descriptor):
                    of_file = run(with_path(command, path))
                    self.assertIn(of_file.returncode, (0, 1), of_file.stderr)
                    given = run(with_path(command, "-"), content)
                    substituted = subprocess.run([TOOL, *with_path(command, piped)], capture_output=True, timeout=100,
                                                 check=False, pass_fds=(descriptor,))
                    self.assertEqual(self.answer(given), self.answer(of_file))
                    self.assertEqual(self.answer(substituted), self.answer(of_file))

    def answer(self, done):
        """Without what tells the places apart: addresses, the name of what a patch makes, the command, and seconds."""
        text = done.stdout.decode()
        if "sarif-2.1.0" in text:
            document = json.loads(text)
            for result in document["runs"][0]["results"]:
                result.pop("locations", None)
                result.pop("relatedLocations", None)
            text = json.dumps(document)
        text = text.replace(f"{BASE}-proposed", "p").split("\nMade by ")[0]
        lines = [line for line in text.splitlines() if "explored completely" not in line]
        return done.returncode, done.stderr, " ".join(" ".join(lines).replace("-", "").split())

    def test_standard_input_is_read_once(self):
        for command in (["diff", "-", "-"], ["diff", "-", "/dev/stdin"], ["review", "lazy", "-", "-"],
                        ["replay", "--contract", "-", "-"], ["replay", "--exporters", "-", "--contract", "-", TRACE],
                        ["minimize", "--exporters", "/dev/fd/0", "-"]):
            done = run(command, self.contract)
            self.assertEqual((done.returncode, done.stdout), (2, b""), command)
            self.assertIn(b"standard input is named twice", done.stderr)

    def test_a_base_is_beside_a_file_and_in_the_folder_of_a_stream(self):
        self.file(self.contract.replace(b'"vision-keep"', b'"mine"'), "mine.json")
        based = b'{"schema": "custody.contract/2", "name": "n", "title": "t", "source": "s", "base": "mine"}'
        self.assertEqual(run(["check", "-q", self.file(based)]).returncode, 1)
        tool = os.path.abspath(TOOL)
        for folder, status in ((self.folder, 1), ("/", 2)):
            with pipe(based) as (path, descriptor):
                done = subprocess.run([tool, "check", "-q", path], capture_output=True, timeout=100, check=False,
                                      cwd=folder, pass_fds=(descriptor,))
            self.assertEqual(done.returncode, status, done.stderr)

    def test_that_do_not_end_stop_at_a_limit(self):
        fifo = str(self.folder / "fifo")
        os.mkfifo(fifo)

        def feed():
            with contextlib.suppress(BrokenPipeError), open(fifo, "wb", buffering=0) as out:
                while True:
                    out.write(b" " * 65536)
        for command in TAKES_CONTRACT + TAKES_PATCH + TAKES_PROFILES + [["list", "pending", "{}"]]:
            for path in ("/dev/zero", fifo):
                if path == fifo:
                    threading.Thread(target=feed, daemon=True).start()
                bound = [] if os.environ.get("CUSTODY_SANITIZED") else ["prlimit", f"--as={512 << 20}"]
                done = subprocess.run([*bound, TOOL, *with_path(command, path)], capture_output=True, timeout=20, check=False)
                self.assertEqual((done.returncode, done.stdout), (2, b""), command)
                self.assertRegex(done.stderr.decode(), rf"{path}: more than \d+ bytes, expected at most \d+\n")

    def test_that_cannot_be_read(self):
        for command in TAKES_CONTRACT + TAKES_PATCH + TAKES_PROFILES:
            for path, says in ((str(self.folder), "Is a directory"), ("/nonexistent", "o such file")):
                done = run(with_path(command, path))
                self.assertEqual((done.returncode, done.stdout), (2, b""), command)
                self.assertIn(f"{path}: ", done.stderr.decode())
                self.assertIn(says, done.stderr.decode())

    def test_that_standard_output_goes_to(self):
        path = self.file(self.contract)
        for command in TAKES_CONTRACT:
            with open(path, "ab") as out:
                done = subprocess.run([TOOL, *with_path(command, path)], stdout=out, stderr=subprocess.PIPE, timeout=100,
                                      check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"is where standard output goes", done.stderr)
        self.assertEqual(pathlib.Path(path).read_bytes(), self.contract)

    def refused(self, content, *says):
        """Of each command that takes it."""
        path = self.file(content)
        for command in TAKES_PATCH:
            start = time.monotonic()
            done = run(with_path(command, path))
            self.assertLess(time.monotonic() - start, 10)
            self.assertEqual((done.returncode, done.stdout), (2, b""), content[:200])
            self.assertLess(len(done.stderr), 1000)
            for text in says:
                self.assertIn(text, done.stderr.decode())

    def test_patches_that_do_not_apply(self):
        path = str(self.folder / "f.json")
        for operation, says in (('"add","path":"/name/x","value":1', '/0/path: found "/name/x", but "vision-keep" has no'),
                                ('"remove","path":"/clauses/begin/on/x"', "/0/path: found "),
                                ('"replace","path":"/clauses/begin/on/0/id","value":1', "/0/path: found "),
                                ('"test","path":"/name/x","value":1', "/0/path: found "),
                                ('"remove","path":"/clauses/-"', "/0/path: found "),
                                ('"add","path":"/clauses/begin/on/01","value":"map"', "/0/path: found "),
                                ('"move","from":"/name","path":"/title"', '/0/op: found "move"'),
                                ('"copy","from":"/name","path":"/title"', '/0/op: found "copy"')):
            self.refused(b'[{"op":' + operation.encode() + b"}]", f"{path}: {says}")
        self.refused(b'{"clauses": {"begni": null}}', f"{path}: /clauses/begni: found null")
        self.refused(b'"text"', f"{path}: /: found ")
        self.refused(b"3", f"{path}: /: found 3")

    def test_json_that_misleads(self):
        path = str(self.folder / "f.json")
        self.refused(b'{"title": "a",\n "title": "b"}', f'{path}:2:8: error: the key "title" is there twice')
        self.refused(b'[{"op": "add",\n"path": "/title",\n"path": "/name", "value": "x"}]', f'{path}:3:6: error: the key "path"')
        for number in (b"1e999", b"-1e999", b"9" * 400):
            self.refused(b'{\n"x": ' + number + b"}", f":2:{len(number) + 5}: error: a number that is out of range")
        self.refused(b"[" * 1000000, f"{path}:1:9: error: JSON nests deeper than")
        self.refused(b'{"a":' * 600000, f"{path}:1:41: error: JSON nests deeper than")
        self.refused(b'{"title": "' + b"x" * 5000000 + b'"}', f"{path}: 5000013 bytes, expected at most")
        self.refused(b'{"' + b"k" * 4000000 + b'": 1}', f"{path}: /kkkk")
        self.refused(b'{"schema": "' + b"k" * 4000000 + b'"}', f"{path}: /schema: found")
        self.refused(b"{" + b",".join(b'"%d":1' % i for i in range(300000)) + b"}", "members")
        self.refused(b"[" + b",".join([b'{"op":"add","path":"/clauses/begin/if/0","value":1}'] * 70000) + b"]", "70000 operations")
        clauses = b",".join(b'"%d":{"on":"map"}' % i for i in range(500))
        self.refused(b'{"clauses": {' + clauses + b"}}", "clauses, expected at most")


if __name__ == "__main__":
    unittest.main()
