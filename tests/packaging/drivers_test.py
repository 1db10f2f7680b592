#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The installed tool drives, learns and reviews drivers where it finds what runs them, and says what to install where not."""
import os
import shutil
import unittest

from installed import Installed, run

HEAPS = "libexec/custody/linux/drivers/dma-buf/heaps"
SMALL = ["--depth", "2", "--failures", "0", "--interleave", "0"]


class Drivers(Installed):
    def custody(self, *words, **environment):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CUSTODY_")}
        return run(self.tool, *words, env=kept | environment)

    def gone(self, path):
        """Takes a file of the installation away, for one test."""
        away = self.prefix / "away"
        shutil.move(self.prefix / path, away)
        self.addCleanup(shutil.move, away, self.prefix / path)

    def test_it_runs_them(self):
        heap = self.prefix / "my_heap.c"
        heap.write_text((self.prefix / HEAPS / "system_heap.c").read_text())
        for words, status, says in ((["drive", "-q", *SMALL, heap], 0, "Explored:"),
                                    (["drive", "-q", *SMALL, "drivers/dma-buf/udmabuf.c"], 1, "[M1]"),
                                    (["learn", "-q", "--depth", "4", "system_heap"], 0, "made by system_heap_map_dma_buf()"),
                                    (["learn", "-q", "--depth", "4", heap], 0, "made by system_heap_map_dma_buf()"),
                                    (["review", "-q", *SMALL, "system_heap", heap], 0, "equal"),
                                    (["review", "-q", "system-heap-6.1", heap], 0, "0 of 180 cells go from safe")):
            with self.subTest(words):
                done = self.custody(*words)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(says, done.stdout)

    def test_without_a_compiler_it_says_what_to_install(self):
        for words in (["drive", "-q", "system_heap"], ["learn", "-q", "x.c"], ["review", "system_heap", "x.c"]):
            with self.subTest(words):
                done = self.custody(*words, CC="no-such-compiler")
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn("apt-get install gcc", done.stderr)

    def test_without_the_sources_it_says_what_to_install(self):
        self.gone("libexec/custody/linux")
        for words in (["drive", "-q", "system_heap"], ["learn", "-q", "x.c"]):
            with self.subTest(words):
                done = self.custody(*words)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn("linux-source-6.1", done.stderr)

    def test_without_the_programs_it_says_what_to_install(self):
        self.gone("libexec")
        for words in (["drive", "-q", "system_heap"], ["learn", "-q", "system_heap"], ["learn", "-q", "x.c"],
                      ["review", "system_heap", "x.c"], ["review", "system-heap-6.1", "x.c"]):
            with self.subTest(words):
                done = self.custody(*words)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn("linux-source-6.1", done.stderr)
                self.assertIn("--component drivers", done.stderr)


if __name__ == "__main__":
    unittest.main()
