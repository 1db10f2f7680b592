# SPDX-License-Identifier: BSD-2-Clause
"""The tool, and the contracts that documents are asked of."""
import os
import subprocess

TOOL = os.path.abspath(os.environ["CUSTODY_TOOL"])
# Under the sanitizers fewer of them run through the same code.
FEWER = ("android-uncached", "ion", "lazy", "one-domain", "state-graph-2019", "system-heap-6.1", "vb2-dma-sg", "vision-keep",
         "vision-release")


def run(*args, stdin=b""):
    """What the tool prints; it must hold, and say nothing beside."""
    done = subprocess.run([TOOL, *args], input=stdin, capture_output=True, timeout=100, check=False)
    if done.returncode != 0 or done.stderr:
        raise AssertionError((args, done.returncode, done.stderr))
    return done.stdout.decode()


def contracts():
    names = [line.split()[0] for line in run("list", "contracts").splitlines() if line.strip()]
    return [name for name in names if name in FEWER] if os.environ.get("CUSTODY_SANITIZED") else names
