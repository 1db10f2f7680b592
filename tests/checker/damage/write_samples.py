# SPDX-License-Identifier: BSD-2-Clause
"""Runs a test with the environment variable CUSTODY_DAMAGE_SAMPLES: a folder of one capture in every layout and
container, and in Perfetto's forms. `python3 write_samples.py COMMAND...`"""
import bz2
import gzip
import io
import lzma
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

sys.path[:0] = ["tests/traces", "tests/traces/perfetto"]
import encode  # noqa: E402
import layouts  # noqa: E402
import tracepoints  # noqa: E402

CAPTURE = pathlib.Path("traces/recorded/pipeline_keep.ftrace.txt")
TRACED = pathlib.Path("tests/traces/samples/synthetic-tracepoints-beside-probes.ftrace.txt")


def zipped(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("trace", data)
    return out.getvalue()


def tarred(data):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("trace")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def zstandard(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout


CHECKSUM = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "zstd": zstandard,
    "bzip2": bz2.compress,
    "gzip of xz": lambda data: gzip.compress(lzma.compress(data)),
    "atrace -z": lambda data: b"capturing trace... done\nTRACE:\n" + zlib.compress(data),
    "zip": zipped,
    "tar in gzip": lambda data: gzip.compress(tarred(data)),
}
PLAIN = {
    "tar": tarred,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "UTF-16 big without mark": lambda data: data.decode().encode("utf-16-be"),
}


def write(folder):
    text = CAPTURE.read_text(encoding="utf-8")
    faulty = "".join(l for l in text.splitlines(True) if ": sync_for_cpu:" not in l and ": arch_inval:" not in l)
    for part in ("layouts", "checksum", "container", "perfetto", "perfetto text"):
        (folder / part).mkdir()
    for name, lay in layouts.LAYOUTS.items():
        (folder / "layouts" / name.replace("/", "_")).write_bytes(lay(text).encode())
    for what, data in (("", text.encode()), (" without syncs", faulty.encode())):
        for name, pack in CHECKSUM.items():
            (folder / "checksum" / (name + what)).write_bytes(pack(data))
        for name, pack in PLAIN.items():
            (folder / "container" / (name + what)).write_bytes(pack(data))
    traced = TRACED.read_text(encoding="utf-8")
    for shape in encode.SHAPES:
        for what, data in (("", text), (" without syncs", faulty)):
            (folder / "perfetto" / (shape + what)).write_bytes(encode.encode(data, shape, cpus=2))
            (folder / "perfetto text" / (shape + what)).write_bytes(encode.encode(data, shape, form="text"))
        (folder / "perfetto" / (shape + " tracepoints")).write_bytes(tracepoints.binary(traced, shape))
    (folder / "perfetto" / "compressed").write_bytes(encode.encode(text, "described", form="compressed"))


def main():
    with tempfile.TemporaryDirectory() as name:
        write(pathlib.Path(name))
        return subprocess.run(sys.argv[1:], env={**os.environ, "CUSTODY_DAMAGE_SAMPLES": name}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
