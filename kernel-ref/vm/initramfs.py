# SPDX-License-Identifier: GPL-2.0-only
"""Writes an initramfs: files by their name in the guest, as a newc archive (Documentation/driver-api/early-userspace)."""
import gzip
import os
import re
import stat
import subprocess

NODE = 0o600 | stat.S_IFCHR


def entry(number, name, mode, data=b"", device=(0, 0)):
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % f for f in fields) + name.encode() + b"\0"
    return padded(head) + padded(data)


def padded(data):
    return data + b"\0" * (-len(data) % 4)


def libraries(program):
    """Everything that the dynamic linker loads for it, by the name it is looked for."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return {path: os.path.realpath(path) for path in re.findall(r"(/\S+) \(0x", listed)}


def write(path, files):
    """`files`: what is where in the guest, a file of the host each."""
    folders = sorted({part for name in files for part in parents(name)})
    number, archive = 1, entry(0, "dev", 0o755 | stat.S_IFDIR) + entry(0, "dev/console", NODE, device=(5, 1))
    for folder in folders:
        archive += entry(number, folder, 0o755 | stat.S_IFDIR)
        number += 1
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(archive)
        for name, source in sorted(files.items()):
            with open(source, "rb") as file:
                out.write(entry(number, name.lstrip("/"), 0o755 | stat.S_IFREG, file.read()))
            number += 1
        out.write(entry(0, "TRAILER!!!", 0))


def parents(name):
    parts = name.strip("/").split("/")[:-1]
    return ["/".join(parts[:i + 1]) for i in range(len(parts))]
