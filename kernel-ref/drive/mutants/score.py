#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Scores custody drive by mutants of the drivers' sources.

score.py CUSTODY [--sample N] [--only WORD] [--patches FOLDER]

A mutant is killed where something is found of it that is not found of the unmutated driver, of a rule or kind that its
operator expects. What `exceptions.json` calls equal has to be equal to `custody review`, and what it says to mend the driver has
to take a finding away and bring none. Exit status 1: another mutant survives, or an exception is none."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

from c_source import Source
from mutate import mutants_of

HERE = pathlib.Path(__file__).resolve().parent
# Where the sources are below the folder that custody-drive has at run time.
SOURCES = ("linux/drivers/dma-buf/heaps/system_heap.c", "linux/drivers/dma-buf/heaps/cma_heap.c",
           "linux/drivers/dma-buf/udmabuf.c", "drivers/heap_helpers_2019.c", "drivers/ownership_heap.c")
# How a class of faults is looked for: no further than it takes.
PLANS = {
    "syncs": ("--depth", "4", "--failures", "0", "--interleave", "0", "--mix", "plain", "--client", "legal"),
    "deep": ("--depth", "6", "--failures", "0", "--interleave", "0", "--mix", "plain", "--client", "legal"),
    "failures": ("--depth", "3", "--failures", "3", "--interleave", "0", "--mix", "plain", "--client", "legal"),
    "pairs": ("--depth", "2", "--failures", "0", "--interleave", "2", "--mix", "plain", "--client", "legal"),
    "together": ("--depth", "7", "--failures", "0", "--interleave", "0", "--mix", "together", "--client", "legal"),
    "twice": ("--depth", "5", "--failures", "0", "--interleave", "0", "--mix", "plain", "--client", "maps-twice"),
}
# The policies under which a driver is driven, its own behind them: a mutant is killed under one of them.
POLICY = "struct ownership_policy ownership_heap_policy"
SETTINGS = {"ownership_heap": tuple((f"{POLICY};", f"{POLICY} = {{ {fields} }};")
                                    for fields in (".end_sync = 1", ".lazy = 1", ".end_sync = 1, .until_last_detach = 1", ""))}


class Tool:
    """Runs custody on sources that are kept in a folder."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.known = {}

    def run(self, command, *words):
        done = subprocess.run([self.program, command, "--quiet", "--format", "json", *map(str, words)], capture_output=True,
                              text=True, timeout=300, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"custody {command} {' '.join(map(str, words))}: {done.returncode}\n{done.stderr}")
        return json.loads(done.stdout)

    def file_with(self, source, text, what, setting):
        """A file with the driver's own name: it takes the driver's place."""
        folder = self.folder / f"{what}_{setting}".replace(":", "_")
        file = folder / f"{source.name}.c"
        if not folder.exists():
            folder.mkdir()
            file.write_text(text.replace(*SETTINGS[source.name][setting]) if source.name in SETTINGS else text)
        return file

    def found(self, file, plan):
        """What is found, and by which rule or of which kind."""
        report = self.run("drive", *PLANS[plan], file)
        return {f["key"]: f["rule"] or f["kind"] for f in report["findings"]}

    def found_unmutated(self, source, plan, setting):
        key = source.name, plan, setting
        if key not in self.known:
            self.known[key] = self.found(self.file_with(source, source.text, source.name, setting), plan)
        return self.known[key]

    def new_of(self, mutant, setting):
        """By rule or kind, what is found of the mutant and not of the driver."""
        before = self.found_unmutated(mutant.source, mutant.operator.plan, setting)
        found = self.found(self.file_with(mutant.source, mutant.text, mutant.id, setting), mutant.operator.plan)
        return {what: key for key, what in found.items() if key not in before}

    def review(self, mutant):
        own = settings_of(mutant.source)[-1]
        return self.run("review", self.file_with(mutant.source, mutant.source.text, mutant.source.name, own),
                        self.file_with(mutant.source, mutant.text, mutant.id, own))


def settings_of(source):
    return range(len(SETTINGS.get(source.name, (None,))))


def verdict_of(tool, mutant, exceptions):
    """A word of VERDICTS, and why."""
    exception = exceptions.get(mutant.id)
    if exception is not None:
        report = tool.review(mutant)
        holds = {"equal": report["equal"], "undriven": report["equal"],
                 "mends": report["gone"] and not report["new"] and not report["regression"]}
        if holds[exception["is"]]:
            return exception["is"], exception["why"]
        return "survives", f"it is not as exceptions.json says: {exception['is']}, as {exception['why']}"
    every = {}
    for setting in settings_of(mutant.source):
        new = tool.new_of(mutant, setting)
        hit = sorted(mutant.expected & new.keys())
        if hit:
            return "killed", f"{hit[0]}: {new[hit[0]]}"
        every |= new
    return "survives", f"expected {' '.join(sorted(mutant.expected))}, new are {' '.join(sorted(every)) or 'none'}"


def exceptions():
    return json.loads((HERE / "exceptions.json").read_text())


def sample_of(mutants, most):
    """Every so many of them, always the same ones."""
    return mutants if not most or most >= len(mutants) else [mutants[i * len(mutants) // most] for i in range(most)]


def all_mutants(program):
    home = pathlib.Path(program).resolve().parent / "libexec/custody"
    return [m for path in SOURCES for m in mutants_of(Source(pathlib.Path(path).stem, (home / path).read_text()))]


def main():
    arguments = argparse.ArgumentParser(description="Scores custody drive by mutants of the drivers' sources.")
    arguments.add_argument("tool", metavar="CUSTODY")
    arguments.add_argument("--sample", type=int, default=0, metavar="N", help="so many of the mutants; all without it")
    arguments.add_argument("--only", default="", metavar="WORD", help="mutants with this in their names")
    arguments.add_argument("--patches", metavar="FOLDER", help="write them as patches, and drive none")
    given = arguments.parse_args()
    mutants = [m for m in all_mutants(given.tool) if given.only in m.id]
    if given.patches:
        pathlib.Path(given.patches).mkdir(parents=True, exist_ok=True)
        for m in mutants:
            pathlib.Path(given.patches, m.id.replace(":", "_") + ".patch").write_text(m.diff())
        return 0
    return score(given.tool, sample_of(mutants, given.sample), exceptions())


def score(program, mutants, exceptions):
    """Prints what became of each, and the score. 1 where one survives."""
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tool = Tool(program, pathlib.Path(folder))
        for source, plan in dict.fromkeys((m.source, m.operator.plan) for m in mutants):
            for setting in settings_of(source):
                tool.found_unmutated(source, plan, setting)
        verdicts = list(pool.map(lambda m: verdict_of(tool, m, exceptions), mutants))
    counts = {}
    for mutant, (verdict, why) in zip(mutants, verdicts):
        counts[verdict] = counts.get(verdict, 0) + 1
        print(f"{verdict:9}{mutant.id}: {why}")
    judged = counts.get("killed", 0) + counts.get("survives", 0)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{len(mutants)} mutants: {counts.get('killed', 0)} killed, {counts.get('survives', 0)} survive, "
          f"{counts.get('equal', 0)} equal, {counts.get('mends', 0)} mend the driver, {counts.get('undriven', 0)} not driven; "
          f"score {100 * counts.get('killed', 0) / max(judged, 1):.4g} per cent, "
          f"{spent.ru_utime + spent.ru_stime:.0f} s of processor time")
    return 1 if counts.get("survives") else 0


if __name__ == "__main__":
    sys.exit(main())
