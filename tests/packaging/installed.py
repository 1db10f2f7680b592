# SPDX-License-Identifier: BSD-2-Clause
"""An installation in a scratch folder, as `cmake --install` makes it. CUSTODY_BUILD is the folder of the build."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["CUSTODY_BUILD"])


def run(*args, **how):
    how.setdefault("timeout", 120)
    return subprocess.run([str(a) for a in args], capture_output=True, text=True, check=False, **how)


class Installed(unittest.TestCase):
    """`prefix` is where everything is; its tool is `tool`."""

    @classmethod
    def setUpClass(cls):
        cls.prefix = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.prefix)
        done = run("cmake", "--install", BUILD, "--prefix", cls.prefix, "--strip")
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)
        cls.tool = cls.prefix / "bin/custody"

    def ran(self, *args, **how):
        done = run(*args, **how)
        self.assertEqual(done.returncode, 0, (args, done.stdout, done.stderr))
        return done.stdout
