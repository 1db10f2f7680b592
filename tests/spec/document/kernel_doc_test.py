#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The kernel's own scripts/kernel-doc takes the comments of every shipped contract, and their members are those of the
kernel's header: kernel_doc_test.py KERNEL_TREE."""
import pathlib
import re
import sys
import tempfile
import unittest

from readers import kernel_doc, members
from tool import contracts, run

LINUX = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/dev/linux-6.1")


class KernelDoc(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def written(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def test_the_kernel_takes_them(self):
        files = [self.written(f"{name}.h", run("doc", name, "--format", "kernel-doc")) for name in contracts()]
        self.assertEqual(kernel_doc(LINUX, *files), (0, ""))

    def test_the_kernel_would_complain(self):
        text = run("doc", "ion", "--format", "kernel-doc").replace("@unpin:", "@unpinned:")
        status, output = kernel_doc(LINUX, self.written("broken.h", text))
        self.assertNotEqual(status, 0)
        self.assertIn("unpin", output)

    def test_members_are_those_of_the_header(self):
        text = run("doc", "system-heap-6.1", "--format", "kernel-doc")
        self.assertEqual(members(text), members((LINUX / "include/linux/dma-buf.h").read_text()))
        self.assertEqual(len(members(text)), 13)

    def test_they_say_what_is_due_and_what_is_forbidden(self):
        text = re.sub(r"\s*\n\t \*\s*", " ", run("doc", "system-heap-6.1", "--format", "kernel-doc"))
        self.assertIn("In NonOwnedBacked, DeviceOwned, to CpuOwned. Syncs due: ``mapped:for_cpu``. [begin-1]", text.replace("\\", ""))
        self.assertIn("forbidden by L6. The importer must unmap before it detaches. [attachment-detach-x1]",
                      text.replace("\\", ""))

    def test_text_of_a_contract_stays_text(self):
        hostile = ('{"schema":"custody.contract/2","name":"*/x","title":"*/ int x; /* @y: z","source":"s","base":"ion",'
                   '"clauses":{"begin":{"on":"begin","do":"mapped:for_cpu","because":"*/ @pin: # */","cite":"seed"}}}')
        text = run("doc", "-", "--format", "kernel-doc", stdin=hostile.encode())
        self.assertEqual(members(text), members(run("doc", "ion", "--format", "kernel-doc")))
        self.assertEqual(kernel_doc(LINUX, self.written("hostile.h", text)), (0, ""))


if __name__ == "__main__":
    unittest.main()
