#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints the measures of the design, and fails where one is over its limit: measures.py ROOT."""

import glob
import json
import os
import re
import sys
from dataclasses import dataclass

from cpp_classes import classes

FOLDERS = ("model", "spec", "checker", "traces")
MAX_METHODS, MAX_MEMBERS = 25, 15
MAX_TRANSITIONS, MAX_REFUSALS = 30, 30
TABLES = ("model/*_table*.hpp", "model/facts.hpp", "model/guards.hpp", "model/notes.hpp", "model/policy.hpp",
          "model/row.hpp", "model/sync.hpp", "model/vocabulary.hpp")
MAX_COLUMNS = 140
MAX_ENGINE_LINES = 199
MAX_CLAUSES = {"sync-at-windows": 4}
MAX_CLAUSES_OF_ANY = 12

ROW = re.compile(r'^\s*\{"([\w-]+)",\s*From\{', re.M)


@dataclass(frozen=True)
class Measure:
    what: str
    value: int
    limit: int
    where: str = ""

    def is_over(self):
        return self.value > self.limit

    def __str__(self):
        verdict = "OVER" if self.is_over() else "ok"
        return f"{verdict:4}  {self.value:4} of {self.limit:<4} {self.what}" + (f": {self.where}" if self.where else "")


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def found(root, pattern):
    return sorted(os.path.relpath(p, root) for p in glob.glob(os.path.join(root, pattern), recursive=True))


def class_measures(root):
    """The largest class by methods and by members, and every other one that is over."""
    counts = [(count, path) for folder in FOLDERS for ending in ("hpp", "cpp")
              for path in found(root, f"{folder}/**/*.{ending}") for count in classes(read(root, path))]
    for what, limit, of in (("methods of a class", MAX_METHODS, lambda c: c.methods),
                            ("data members of a class", MAX_MEMBERS, lambda c: c.members)):
        ordered = sorted(counts, key=lambda entry: (-of(entry[0]), entry[1]))
        for place, (count, path) in enumerate(ordered):
            if place == 0 or of(count) > limit:
                yield Measure(what, of(count), limit, f"{count.name} in {path}")


def row_counts(text):
    """Transitions and refusals of a table; the id of a refusal says so."""
    ids = ROW.findall(text)
    refusals = sum(1 for row in ids if re.search(r"-x\d+$", row))
    return len(ids) - refusals, refusals


def table_measures(root):
    path = "model/owner_table.hpp"
    transitions, refusals = row_counts(read(root, path))
    yield Measure("transitions of the owner's table", transitions or sys.maxsize, MAX_TRANSITIONS, path)
    yield Measure("refusals of the owner's table", refusals or sys.maxsize, MAX_REFUSALS, path)


def column_measures(root):
    """The longest line of the tables and their words; every line that is over."""
    lines = [(len(line), f"{path}:{number}") for pattern in TABLES for path in found(root, pattern)
             for number, line in enumerate(read(root, path).split("\n"), 1)]
    lines.sort(key=lambda line: (-line[0], line[1]))
    for place, (columns, where) in enumerate(lines):
        if place == 0 or columns > MAX_COLUMNS:
            yield Measure("columns of a table", columns, MAX_COLUMNS, where)


def resolve(contract, contracts, base_of_patch=None):
    """The clauses that a contract or a merge patch ends up with, by name."""
    base = contract.get("base", base_of_patch)
    clauses = resolve(contracts[base], contracts) if base else {}
    for name, clause in (contract.get("clauses") or {}).items():
        clauses.pop(name, None) if clause is None else clauses.update({name: clause})
    return clauses


def patched(patch, base, contracts):
    """The same of a JSON Patch: what it adds and removes below /clauses."""
    clauses = resolve(contracts[base], contracts)
    for operation in patch:
        where = operation["path"].split("/")[1:]
        if where[:1] != ["clauses"] or len(where) != 2:
            continue
        if operation["op"] == "remove":
            clauses.pop(where[1], None)
        elif operation["op"] in ("add", "replace"):
            clauses[where[1]] = operation["value"]
    return clauses


def clause_counts(root):
    """How many clauses each shipped contract and each proposal ends up with, those of its base included."""
    contracts = {os.path.basename(p)[:-5]: json.loads(read(root, p)) for p in found(root, "spec/contracts/*.json")}
    counts = {name: len(resolve(contract, contracts)) for name, contract in contracts.items()}
    bases = {e["proposal"]: e["base"] for e in json.loads(read(root, "spec/proposals/proposals.json"))}
    for path in found(root, "spec/proposals/*.json"):
        file = os.path.basename(path)
        if file == "proposals.json":
            continue
        proposal = json.loads(read(root, path))
        if isinstance(proposal, list):
            counts[file[:-5]] = len(patched(proposal, bases[file], contracts))
        else:
            base = None if "schema" in proposal else bases[file]
            counts[file[:-5]] = len(resolve(proposal, contracts, base))
    return counts


def contract_measures(root):
    counts = clause_counts(root)
    for name, limit in MAX_CLAUSES.items():
        yield Measure("clauses", counts.get(name, sys.maxsize), limit, name)
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    for place, (name, count) in enumerate(ordered):
        if place == 0 or count > MAX_CLAUSES_OF_ANY:
            yield Measure("clauses of a contract", count, MAX_CLAUSES_OF_ANY, name)


def engine_measures(root):
    paths = found(root, "checker/replay/engine.*")
    lines = sum(read(root, path).count("\n") for path in paths)
    yield Measure("lines of the replay engine", lines or sys.maxsize, MAX_ENGINE_LINES, " and ".join(paths))


def measures(root):
    for of in (class_measures, table_measures, column_measures, contract_measures, engine_measures):
        yield from of(root)


def main(root):
    results = list(measures(root))
    for result in results:
        print(result)
    return 1 if any(result.is_over() for result in results) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: measures.py ROOT")
    sys.exit(main(sys.argv[1]))
