#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Ranges of commits of a git tree as what is driven, learned and reviewed: git_test.py CUSTODY. The tree is hostile."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = str(pathlib.Path(sys.argv[1]).resolve())
LINUX = pathlib.Path(TOOL).parent / "libexec/custody/linux"
PATCHES = pathlib.Path("kernel-ref/drive/patches").resolve()
HEAP = "drivers/dma-buf/heaps/system_heap.c"
SMALL = ["-q", "--depth", "4", "--failures", "0", "--interleave", "0", "--mix", "plain", "--client", "legal"]


def custody(*words, **options):
    return subprocess.run([TOOL, *map(str, words)], capture_output=True, text=True, timeout=300, check=False, **options)


class Tree(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.top = pathlib.Path(folder.name)
        cls.tree = cls.top / "linux"
        cls.tree.mkdir()
        cls.git("init", "-q", "-b", "main")
        for name in (HEAP, "drivers/dma-buf/udmabuf.c", "drivers/dma-buf/dma-buf.c", "include/linux/dma-heap.h"):
            (cls.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(LINUX / name, cls.tree / name)
        cls.commit("base")
        cls.apply("equal/system-includes.patch")
        (cls.tree / "Makefile").write_text("all:\n")
        cls.commit("equal")
        cls.apply("bad/system-no-clean-at-end.patch")
        cls.commit("bad")
        cls.apply("bad/core-lock-kept.patch")
        cls.commit("core")
        (cls.tree / "Makefile").write_text("none:\n")
        cls.commit("doc")
        cls.mine()

    @classmethod
    def git(cls, *words):
        subprocess.run(["git", "-C", cls.tree, "-c", "user.name=n", "-c", "user.email=e@example.org", *words], check=True,
                       capture_output=True)

    @classmethod
    def commit(cls, tag):
        cls.git("add", "-A")
        cls.git("commit", "-q", "-m", tag)
        cls.git("tag", tag)

    @classmethod
    def apply(cls, patch):
        subprocess.run(["patch", "-sp1", "-d", cls.tree, "-i", PATCHES / patch], check=True)

    @classmethod
    def mine(cls):
        """Everything of it that can name a program names one."""
        cls.ran = cls.top / "ran"
        program = cls.top / "program"
        program.write_text(f"#!/bin/sh\ntouch {cls.ran}\n")
        program.chmod(0o755)
        for key in ("core.fsmonitor", "diff.external", "diff.c.textconv", "diff.c.command", "core.pager", "core.sshCommand",
                    "core.gitProxy", "filter.f.smudge", "filter.f.clean", "core.editor", "remote.origin.uploadpack",
                    "core.alternateRefsCommand", "gpg.program", "credential.helper"):
            cls.git("config", key, str(program))
        cls.git("config", "remote.origin.url", f"ext::{program}")
        cls.git("config", "remote.origin.promisor", "true")
        cls.git("config", "extensions.partialClone", "origin")
        for file in (cls.tree / ".gitattributes", cls.tree / ".git/info/attributes"):
            file.parent.mkdir(exist_ok=True)
            file.write_text("*.c diff=c filter=f\n")
        for hook in ("post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change"):
            shutil.copy(program, cls.tree / ".git/hooks" / hook)

    def review(self, span, *words, tree=None, driver="system_heap"):
        return custody("review", *SMALL, "--git", tree or self.tree, "--range", span, driver, *words)

    def test_a_range_is_reviewed_from_its_start_to_its_end(self):
        for span, driver, status, says in (("base..equal", "system_heap", 0, "equal: "), ("equal..bad", HEAP, 1, "not any more"),
                                           ("bad", "system_heap", 1, "not any more"), ("base...bad", "system_heap", 1, "not any more"),
                                           ("bad..core", "udmabuf", 1, "deadlock")):
            with self.subTest(span):
                done = self.review(span, driver=driver)
                self.assertEqual((done.returncode, done.stderr), (status, ""))
                self.assertIn(says, done.stdout)
        text = " ".join(self.review("base..equal").stdout.split())
        self.assertIn("not among what is built, and left out: Makefile", text)
        self.assertIn("is no ancestor of its end", " ".join(self.review("bad..base").stdout.split()))

    def test_its_end_is_driven_and_learned(self):
        report = json.loads(custody("drive", *SMALL, "--format", "json", "--git", self.tree, "--range", "base..bad", "system_heap").stdout)
        self.assertIn("M1 in end_cpu_access", {f["key"] for f in report["findings"]})
        words = ["learn", "-q", "--depth", "4", "--random", "50", "--format", "json", "--range"]
        equal = [json.loads(custody(*words, span, HEAP, cwd=self.tree).stdout)["equal"] for span in ("base..equal", "base..bad")]
        self.assertEqual(equal[0], ["system-heap-6.1"])
        self.assertNotIn("system-heap-6.1", equal[1])

    def test_bare_repositories_and_folders_inside_do_too(self):
        bare, work = self.top / "bare.git", self.top / "work"
        self.git("clone", "-q", "--bare", self.tree, bare)
        self.git("worktree", "add", "-q", "--no-checkout", work, "equal")
        for tree, span in ((bare, "base..bad"), (work, "base..bad"), (self.tree / "drivers/dma-buf", "base..main~2"), (work, "..bad")):
            with self.subTest(tree):
                self.assertEqual(self.review(span, tree=tree).returncode, 1)

    def test_what_cannot_be_meant_is_said(self):
        for span, tree, driver, says in (("no..bad", self.tree, HEAP, "no commit no in"), ("base..", self.top, HEAP, "is no git repository"),
                                         ("base..bad", self.top / "nowhere", HEAP, "no such folder"), ("core..doc", self.tree, HEAP, "does not touch"),
                                         ("base..base", self.tree, HEAP, "does not touch"), ("--all..bad", self.tree, HEAP, "no commit --all"),
                                         ("base..bad", self.tree, "drivers/none.c", "is not in"), ("base", self.tree, HEAP, "no commit base^"),
                                         ("base..bad", self.tree, "ownership_heap", "no driver of the kernel"),
                                         ("base..bad", self.tree, "../x.c", "expected the path of a C file")):
            with self.subTest(f"{span} {driver}"):
                done = self.review(span, tree=tree, driver=driver)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(says, done.stderr)
        for words in (["review", "system_heap"], ["review", "--range", "a..b", "system_heap", PATCHES / "good/system-lock-at-unmap.patch"],
                      ["drive", "--git", self.tree, "system_heap"], ["review", "--range", "a..b", "lazy"],
                      ["learn", "--range", "a..b", "--patch", "x", "system_heap"]):
            with self.subTest(words):
                done = custody(*words)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)

    def test_nothing_of_it_is_run(self):
        self.git("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "tag", "-f", "last", "doc")
        self.ran.unlink(missing_ok=True)
        missing = next((self.tree / ".git/objects").glob("[0-9a-f][0-9a-f]"))
        kept = self.top / "kept"
        self.assertEqual(self.review("base..bad").returncode, 1)
        missing.rename(kept)
        self.review("base..bad")
        kept.rename(missing)
        self.assertFalse(self.ran.exists())
        # The test would notice: git itself runs it.
        subprocess.run(["git", "-C", self.tree, "diff", "base..bad"], capture_output=True, check=False)
        self.assertTrue(self.ran.exists())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
