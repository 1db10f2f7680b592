# SPDX-License-Identifier: BSD-2-Clause
"""Probes by a kernel's BTF against its debug information (DWARF), as pahole reads it: each offset is that of the member.
Which argument has which type is BTF's word alone. `probes_dwarf_test.py CUSTODY VMLINUX`"""
import os
import re
import shutil
import subprocess
import sys
import unittest

CUSTODY, VMLINUX = sys.argv[1], sys.argv[2]
SKIPPED = 77

# From what type a field is reached, by which members; the way is written as C would: a pointer is followed at `->`.
WAYS = {
    "dmabuf": {"struct dma_buf *": "", "struct dma_buf_attachment *": "dma_buf_attachment.dmabuf",
               "struct dentry *": "dentry.d_fsdata", "struct file *": "file.private_data"},
    "attach": {"struct dma_buf_attachment *": ""},
    "dev": {"struct device *": "device.kobj+kobject.name->",
            "struct dma_buf_attachment *": "dma_buf_attachment.dev->device.kobj+kobject.name->"},
    "dir": {"enum dma_data_direction": ""},
    "sgt": {"struct sg_table *": ""},
    "sgl": {"struct scatterlist *": "", "struct sg_table *": "sg_table.sgl"},
    "nents": {"int": ""},
    "attrs": {"long unsigned int": ""},
    "paddr": {"phys_addr_t": ""},
    "size": {"size_t": "", "struct dma_buf *": "dma_buf.size"},
    "ino": {"struct dma_buf *": "dma_buf.file->file.f_inode->inode.i_ino"},
    "exp_name": {"struct dma_buf *": "dma_buf.exp_name->"},
    "ret": {"int": ""},
}
STRUCTURES = "dma_buf dma_buf_attachment dentry file inode device kobject sg_table".split()


def ran(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def members_of(text):
    """`structure.member`: byte offset, of the outermost level and of structures without name inside."""
    found, structure, named = {}, "", []
    for line in text.splitlines():
        if begin := re.match(r"struct (\w+) \{", line):
            structure, named = begin[1], []
        elif re.search(r"(struct|union)( \w+)? \{$", line):
            named.append(len(found))
        elif member := re.match(r"\s+.*?(\w+)(?:\[\d+\])?;\s+/\*\s+(\d+)", line):
            found.setdefault(f"{structure}.{member[1]}", int(member[2]))
    return found


class Dwarf(unittest.TestCase):
    maxDiff = None

    def test_offsets_of_btf_are_those_of_the_debug_information(self):
        offsets = members_of(ran("pahole", "-F", "dwarf", "-C", ",".join(STRUCTURES), VMLINUX))
        compared = followed = 0
        for line in ran(CUSTODY, "probes", "--vmlinux", VMLINUX).splitlines():
            for field in line.split()[2:] if line[0] != "#" else []:
                with self.subTest(line, field=field):
                    name, value = field.split("=")
                    source = re.search(r"\$\w+", value)[0]
                    self.assertIn(value.rsplit(":", 1)[0], {chain(w, source, offsets) for w in WAYS[name].values()})
                    compared += 1
                    followed += "(" in value
        print(f"{compared} fields compared, {followed} of them by offsets")
        self.assertGreater(compared, 50)
        self.assertGreater(followed, 15)


def chain(way, source, offsets):
    """The way from `source`, as a probe writes it, with the offsets of the debug information."""
    text = source
    for step in filter(None, re.split(r"(?<=->)", way)):
        text = f"+{sum(offsets[m] for m in step.replace('->', '').split('+'))}({text})"
    return f"+0({text})" if way.endswith("->") else text


if __name__ == "__main__":
    if not shutil.which("pahole"):
        print("not run: pahole is missing: apt-get install dwarves, or ./dev capture")
        sys.exit(SKIPPED)
    if not os.path.exists(VMLINUX):
        print(f"not run: {VMLINUX} is missing: ./dev capture builds it")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
