# SPDX-License-Identifier: BSD-2-Clause
"""Every recorded trace in every container and encoding, as a file, from standard input and through a FIFO."""
import bz2
import gzip
import json
import lzma
import os
import pathlib
import random
import resource
import subprocess
import tempfile
import threading
import unittest
import zlib

import jsonschema

TOOL = os.environ["CUSTODY_TOOL"]
SCHEMA = json.loads(pathlib.Path("spec/replay_report.schema.json").read_text())
RECORDED = sorted(path for path in pathlib.Path("traces/recorded").iterdir() if path.suffix != ".md")
KEEP = pathlib.Path("traces/recorded/pipeline_keep.ftrace.txt")


def piped(*command):
    return lambda data: subprocess.run(command, input=data, capture_output=True, check=True).stdout


def in_archive(*command):
    """What `command`, with the name of a file behind it, makes of a file `trace`."""
    def pack(data):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "trace").write_bytes(data)
            return subprocess.run([*command, "trace"], cwd=folder, capture_output=True, check=True).stdout
    return pack


def in_halves(pack):
    return lambda data: pack(data[: len(data) // 2]) + pack(data[len(data) // 2:])


def utf16(encoding):
    return lambda data: data.decode().encode(encoding)


PACKERS = {
    "gzip": piped("gzip", "-c"),
    "xz": piped("xz", "-c"),
    "zstd": piped("zstd", "-q", "-c"),
    "bzip2": piped("bzip2", "-c"),
    "gzip members": in_halves(gzip.compress),
    "xz streams": in_halves(lzma.compress),
    "zstd frames": in_halves(piped("zstd", "-q", "-c")),
    "bzip2 streams": in_halves(bz2.compress),
    "gzip of xz": lambda data: gzip.compress(lzma.compress(data)),
    "atrace -z": lambda data: b"capturing trace... done\nTRACE:\n" + zlib.compress(data),
    "UTF-16": utf16("utf-16"),
    "UTF-16 little": utf16("utf-16-le"),
    "UTF-16 big": lambda data: b"\xfe\xff" + utf16("utf-16-be")(data),
    "UTF-16 big without mark": utf16("utf-16-be"),
    "UTF-16 in gzip": lambda data: gzip.compress(utf16("utf-16")(data)),
    "tar": in_archive("tar", "-cf", "-"),
    "tar in gzip": in_archive("tar", "-czf", "-"),
    "tar in xz": in_archive("tar", "-cJf", "-"),
    "zip": in_archive("zip", "-q", "-"),
}
# Those with a checksum over all that they hold, or whose damage libarchive finds.
CHECKED = ("gzip", "xz", "zstd", "bzip2", "gzip of xz", "atrace -z", "zip")


def replay(path, **how):
    done = subprocess.run([TOOL, "replay", "--format", "json", path], capture_output=True, timeout=60, check=False, **how)
    document = json.loads(done.stdout)
    for place in document["findings"] + document["traces"]:
        place["path"] = ""
    return done.returncode, document


def gives_all_clear(document):
    summary = document["summary"]
    return summary["judged"] > 0 and summary["by_class"]["missing"] == 0 and summary["by_class"]["mixed"] == 0


class Containers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, data, name="input"):
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def fifo(self, data, size):
        """A FIFO that gets `data` in pieces of `size` bytes."""
        path = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "fifo"
        os.mkfifo(path)

        def feed():
            with open(path, "wb", buffering=0) as out:
                for at in range(0, len(data), size):
                    out.write(data[at: at + size])
        thread = threading.Thread(target=feed)
        thread.start()
        self.addCleanup(thread.join)
        return str(path)

    def test_every_recorded_trace_in_every_container_gives_the_same_report(self):
        for trace in RECORDED:
            data = trace.read_bytes()
            expected = replay(str(trace))
            self.assertNotIn("error", expected[1]["traces"][0])
            for name, pack in PACKERS.items():
                path = self.file(pack(data))
                self.assertEqual(replay(path), expected, (trace, name, "file"))

    def test_standard_input_and_a_fifo_give_the_same_report(self):
        for trace in RECORDED[:2] + [KEEP]:
            data = trace.read_bytes()
            expected = replay(str(trace))
            for name, pack in {"plain": lambda d: d, **PACKERS}.items():
                packed = pack(data)
                with open(self.file(packed), "rb") as stream:
                    self.assertEqual(replay("-", stdin=stream), expected, (trace, name, "standard input"))
                self.assertEqual(replay(self.fifo(packed, 4000)), expected, (trace, name, "FIFO"))

    def test_a_stream_may_come_byte_by_byte(self):
        expected = replay(str(KEEP))
        for name in ("gzip", "tar", "zip", "UTF-16 big", "atrace -z"):
            self.assertEqual(replay(self.fifo(PACKERS[name](KEEP.read_bytes()), 1)), expected, name)

    def test_damage_never_crashes_nor_gives_an_all_clear_that_there_is_not(self):
        # A driver that leaves the syncs of its windows out: there is a missing sync to be missed.
        lines = [line for line in KEEP.read_bytes().splitlines(True) if b"sync_for_cpu" not in line and b"arch_inval" not in line]
        data = b"".join(lines)
        undamaged = replay(self.file(data))[1]
        self.assertGreater(undamaged["summary"]["by_class"]["missing"], 0)
        chance = random.Random(17)
        refused = 0
        for name in CHECKED:
            packed = PACKERS[name](data)
            for turn in range(40):
                broken = bytearray(packed)
                at = chance.randrange(len(broken))
                if turn % 2 == 0:
                    del broken[at:]
                else:
                    broken[at] ^= 1 << chance.randrange(8)
                status, document = replay(self.file(bytes(broken)))
                self.assertIn(status, (0, 1, 2, 3), (name, turn, at))
                self.assertFalse(gives_all_clear(document), (name, turn, at))
                if status == 2:
                    refused += 1
                    self.assertIn("error", document["traces"][0])
                else:
                    self.assertEqual(document, undamaged, (name, turn, at))
        self.assertGreater(refused, 200)

    def test_what_was_read_before_the_cut_is_reported_with_its_place(self):
        packed = PACKERS["gzip"](KEEP.read_bytes())
        path = self.file(packed[: len(packed) * 3 // 4], "cut.gz")
        done = subprocess.run([TOOL, "replay", path], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stdout, r"cut\.gz:\d+: error: the compressed data are damaged or cut at their byte \d+")
        self.assertIn("[R3]", done.stdout)
        self.assertNotIn("is missing in", done.stdout)

    def test_a_wrong_checksum_takes_the_verdicts_back(self):
        packed = bytearray(PACKERS["gzip"](KEEP.read_bytes()))
        packed[-6] ^= 1
        status, document = replay(self.file(bytes(packed)))
        self.assertEqual(status, 2)
        self.assertIn("incorrect data check", document["traces"][0]["error"])
        self.assertEqual(document["summary"]["judged"], 0)
        self.assertEqual(document["summary"]["why_not"]["unread_record"], 1)

    def test_memory_does_not_follow_what_a_stream_unpacks_to(self):
        zeros = bytes(1 << 20)
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        bomb = b"".join(packer.compress(zeros) for _ in range(400)) + packer.flush()
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        for packed in (bomb, gzip.compress(bomb)):
            status, _ = replay(self.file(packed))
            self.assertEqual(status, 2)
        grown = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before
        self.assertLess(grown, 300_000, "KiB, of 400 MiB")


class Archives(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "keep").write_bytes(KEEP.read_bytes())
        (self.folder / "remap.gz").write_bytes(gzip.compress(pathlib.Path("traces/recorded/pipeline_remap.ftrace.txt").read_bytes()))
        (self.folder / "notes").write_bytes(b"no trace at all\n")
        (self.folder / "folder").mkdir()

    def pack(self, name, *members):
        path = self.folder / name
        command = ["zip", "-q", "-r", name] if name.endswith(".zip") else ["tar", "-caf", name]
        subprocess.run([*command, *members], cwd=self.folder, check=True)
        return str(path)

    def replay(self, *paths):
        done = subprocess.run([TOOL, "replay", "--format", "json", *paths], capture_output=True, timeout=60, check=False)
        document = json.loads(done.stdout)
        jsonschema.validate(document, SCHEMA)
        return done.returncode, document

    def test_each_member_is_a_trace_and_what_is_none_is_named(self):
        for name in ("all.zip", "all.tar", "all.tar.xz"):
            path = self.pack(name, "keep", "notes", "folder", "remap.gz")
            status, document = self.replay(path)
            self.assertEqual(status, 0, name)
            self.assertEqual([t["path"] for t in document["traces"]], [path + "!keep", path + "!remap.gz"])
            self.assertEqual([s["path"] for s in document["skipped"]], [path + "!notes"])
            self.assertEqual(document["summary"]["maintenance"]["operations"], 49)
            self.assertEqual({f["path"] for f in document["findings"]}, {path + "!keep", path + "!remap.gz"})
            text = subprocess.run([TOOL, "replay", path], capture_output=True, text=True, check=False).stdout
            self.assertIn(f"skipped: {path}!notes:1: no trace event found", text)

    def test_a_folder_of_tracefs_has_one_trace_and_files_beside_it(self):
        beside = {
            "kprobe_events": "p:custody/map dma_buf_map_attachment attach=%x0:x64 dmabuf=+0(%x0):x64 dir=%w1:u32\n"
                             "r64:custody/map_ret dma_buf_map_attachment sgt=$retval:x64\n",
            "dynamic_events": "p:custody/detach dma_buf_detach dmabuf=%x0:x64 attach=%x1:x64\n",
            "error_log": "[   12.345678] trace_kprobe: error: Invalid argument expression\n"
                         "  Command: p:custody/map dma_buf_map_attachment attach=%q dmabuf=+0(%x0):x64\n"
                         "                                                      ^\n",
            "format": "name: map\nID: 1404\nformat:\n"
                      "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"
                      "\tfield:u64 attach;\toffset:16;\tsize:8;\tsigned:0;\n\n"
                      'print fmt: "(%lx) attach=0x%Lx dmabuf=0x%Lx", REC->__probe_ip, REC->attach, REC->dmabuf\n',
            "hist": "# event histogram\n#\n\n{ attach: 18446743523954742528 } hitcount:          3\n",
            "saved_cmdlines": "25 camera\n", "trace_clock": "[local] global counter\n",
            "kprobe_profile": "  map                        12               0\n"}
        for name, text in beside.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        status, document = self.replay(self.pack("tracing.tar", *beside, "keep"))
        self.assertEqual((status, len(document["traces"])), (0, 1))
        self.assertEqual([s["path"].rpartition("!")[2] for s in document["skipped"]], list(beside))
        (self.folder / "mail").write_bytes((self.folder / "kprobe_events").read_bytes() + KEEP.read_bytes())
        status, document = self.replay(str(self.folder / "mail"))
        self.assertEqual((status, document["summary"]["judged"], document["traces"][0]["warnings"]), (0, 1, []))

    def test_a_member_can_be_named(self):
        path = self.pack("all.tar.gz", "notes", "keep", "remap.gz")
        status, document = self.replay(path + "!keep")
        self.assertEqual((status, document["summary"]["maintenance"]["operations"]), (0, 29))
        for wrong in (path + "!none", str(self.folder / "keep") + "!keep"):
            status, document = self.replay(wrong)
            self.assertEqual(status, 2)
            self.assertIn("member", document["traces"][0]["error"])

    def test_an_archive_without_a_trace_is_status_2(self):
        for path in (self.pack("notes.zip", "notes"), self.pack("empty.tar", "folder"),
                     self.pack("outer.zip", pathlib.Path(self.pack("inner.zip", "keep")).name),
                     self.pack("outer.tar", pathlib.Path(self.pack("inner.tar", "keep")).name)):
            status, document = self.replay(path)
            self.assertEqual(status, 2, path)
            self.assertIn("holds no trace", document["traces"][-1]["error"])

    def test_a_damaged_member_does_not_hide_the_others(self):
        path = pathlib.Path(self.pack("all.tar", "keep", "remap.gz"))
        data = path.read_bytes()
        at = data.index(b"\x1f\x8b\x08")
        path.write_bytes(data[: at + 200])
        status, document = self.replay(str(path))
        self.assertEqual(status, 2)
        self.assertNotIn("error", document["traces"][0])
        self.assertIn("error", document["traces"][1])

    def test_a_member_of_which_no_record_can_be_read_is_not_passed_over(self):
        lines = (self.folder / "keep").read_text(encoding="utf-8").splitlines()
        (self.folder / "torn").write_text("".join(line[:72] + "\n" for line in lines), encoding="utf-8")
        path = self.pack("torn.zip", "torn", "keep")
        status, document = self.replay(path)
        self.assertEqual((status, document["skipped"] if "skipped" in document else []), (2, []))
        self.assertIn("no record of a known event could be read", document["traces"][0]["error"])
        self.assertNotIn("error", document["traces"][1])

    def test_a_damaged_header_of_a_member_is_said(self):
        path = pathlib.Path(self.pack("all.tar", "keep", "remap.gz", "notes"))
        whole = path.read_bytes()
        for member in (b"remap.gz", b"notes"):
            data = bytearray(whole)
            data[data.index(member + b"\0")] ^= 1
            path.write_bytes(data)
            status, document = self.replay(str(path))
            self.assertEqual(status, 2, member)
            self.assertIn("damaged", document["traces"][-1]["error"])
        path.write_bytes(whole[: whole.index(b"remap.gz") + 100])
        status, document = self.replay(str(path))
        self.assertEqual((status, len(document["traces"])), (2, 2))

    def test_a_review_prices_the_traces_in_an_archive(self):
        path = self.pack("all.zip", "keep", "notes", "remap.gz")
        done = subprocess.run([TOOL, "review", "--format", "json", "system-heap-6.1", "lazy", path], capture_output=True,
                              text=True, timeout=100, check=False)
        costs = [cost["workload"] for cost in json.loads(done.stdout)["costs"]]
        self.assertEqual(costs[-2:], [path + "!keep", path + "!remap.gz"])
        self.assertIn(path + "!notes: no trace, skipped", done.stderr)

    def test_other_commands_take_a_member_and_ask_for_one(self):
        path = self.pack("all.zip", "keep", "remap.gz")
        for command in (["minimize"], ["convert"], ["convert", "--to", "litmus"]):
            done = subprocess.run([TOOL, *command, path], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"an archive of 2 files, expected one of them: {path}!keep, {path}!remap.gz", done.stderr)
            self.assertEqual(subprocess.run([TOOL, *command, path + "!keep"], capture_output=True, check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main()
